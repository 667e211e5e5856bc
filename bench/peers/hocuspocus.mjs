// @hocuspocus/server with its SQLite extension, as its documentation starts it. PORT=0 takes a free port.
import { Server } from '@hocuspocus/server'
import { SQLite } from '@hocuspocus/extension-sqlite'

const debounce = process.env.DEBOUNCE === undefined ? {} : { debounce: Number(process.env.DEBOUNCE), maxDebounce: Number(process.env.DEBOUNCE) }
const server = new Server({
  ...debounce,
  address: '127.0.0.1',
  port: Number(process.env.PORT ?? 0),
  quiet: true,
  extensions: [new SQLite({ database: process.env.DATABASE })]
})
await server.listen()
console.log(`listening on http://127.0.0.1:${server.address.port}`)
