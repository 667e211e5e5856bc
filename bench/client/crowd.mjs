// Many connections: what an idle one costs in memory, and how long a whole crowd needs to come back.
import * as Y from 'yjs'
import { Connection, openMany, updateFrame } from './wire.mjs'
import { typing } from './updates.mjs'
import { now, residentKilobytes, sleep, until } from './measure.mjs'

const SETTLE = 1500 // ms for the server to let go of what the handshakes needed
const AWAY = 20 // keys typed while the crowd is away

/** job: {target, pid, reader, before, connections}: `before` are there already when the counting begins. */
export async function measureIdle (job) {
  const first = await openMany(job.target, job.reader, job.before)
  await sleep(SETTLE)
  const before = residentKilobytes(job.pid)
  const crowd = await openMany(job.target, job.reader, job.connections)
  await sleep(SETTLE)
  const after = residentKilobytes(job.pid)
  const closed = [...first, ...crowd].filter(connection => connection.closed).length
  for (const connection of [...first, ...crowd]) connection.close()
  return { kb_per_connection: (after - before) / job.connections, before_kb: before, after_kb: after, closed }
}

async function write (connection, target, script, from, to) {
  for (let key = from; key < to; key++) connection.send(updateFrame(target, script.updates[key]))
}

/** job: {target, writers, reader, clients, keys}: `keys` are in the document; the crowd misses AWAY more and comes back at once. */
export async function measureReconnect (job) {
  const script = typing(0, job.keys + AWAY)
  const reach = { clock: 0 }
  const note = update => { reach.clock = Math.max(reach.clock, Y.parseUpdateMeta(update).to.get(script.client) ?? 0) }
  const writer = new Connection(job.target, job.writers[0])
  const watcher = new Connection(job.target, job.reader, { onUpdate: note })
  await Promise.all([writer.synced, watcher.synced])
  await write(writer, job.target, script, 0, job.keys)
  if (!await until(() => reach.clock >= script.ends[job.keys - 1], 60_000)) throw new Error('the document was not written')
  const crowd = await openMany(job.target, job.reader, job.clients)
  for (const connection of crowd) connection.close()
  await sleep(500)
  await write(writer, job.target, script, job.keys, job.keys + AWAY)
  if (!await until(() => reach.clock >= script.ends.at(-1), 20_000)) throw new Error('the last keys were not written')
  await sleep(200)
  const known = Y.encodeStateVectorFromUpdate(Y.mergeUpdates(script.updates.slice(0, job.keys)))
  const begin = now()
  const back = Array.from({ length: job.clients }, () => new Connection(job.target, job.reader, {}, known))
  const states = await Promise.all(back.map(connection => connection.synced))
  const all = now() - begin
  const behind = states.filter(state => Y.parseUpdateMeta(state).to.get(script.client) !== script.ends.at(-1)).length
  for (const connection of [...back, writer, watcher]) connection.close()
  return { all_in_sync_ms: all, behind }
}
