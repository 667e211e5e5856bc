// Unmodified JavaScript providers driven by JSON lines: {"id", "command", ...} in, {"id", "result"} or {"id", "error"} out.
// It owns providers and their documents by name; it never judges what they hold.
import { createRequire } from 'node:module'
import readline from 'node:readline'
import { Editor, Session } from './editor.mjs'

const packages = process.env.YUNTING_TEST_PACKAGES ?? new URL('../interop/package.json', import.meta.url)
const require = createRequire(packages)
const Y = require('yjs')
const WebSocket = require('ws')
const { HocuspocusProvider, HocuspocusProviderWebsocket } = require('@hocuspocus/provider')
const { WebsocketProvider } = require('y-websocket')

const clients = new Map()

// a `ws` socket that counts openings and remembers how each ended
function counted(client) {
  return class extends WebSocket {
    constructor(url, protocols) {
      super(url, Array.isArray(protocols) && protocols.length === 0 ? undefined : protocols)
      client.connections++
      this.on('close', (code, reason) => client.socketCloses.push([code, reason.toString()]))
      this.on('message', () => { client.frames++ })
      this.on('error', () => {})
    }
  }
}

function hocuspocus(client, { url, document, token, flushDelay = false, offline = false }) {
  const websocketProvider = new HocuspocusProviderWebsocket({
    url: url.replace('http', 'ws') + '/collab', WebSocketPolyfill: counted(client), autoConnect: !offline
  })
  const provider = new HocuspocusProvider({
    websocketProvider, name: document, document: client.doc, token, flushDelay,
    onAuthenticated: ({ scope }) => { client.scope = scope },
    onAuthenticationFailed: ({ reason }) => client.denied.push(reason),
    onClose: ({ event }) => { if (event.code === 1000 && event.reason) client.closes.push([event.code, event.reason]) }, // in band
    onStateless: ({ payload }) => client.stateless.push(JSON.parse(payload)),
    onOutgoingMessage: () => { client.sent++ }
  })
  if (!offline) provider.attach()
  return {
    awareness: provider.awareness,
    synced: () => provider.synced,
    connected: () => websocketProvider.status === 'connected',
    unsynced: () => provider.unsyncedChanges,
    offline: () => websocketProvider.disconnect(),
    online: () => { provider.attach(); return websocketProvider.connect() && undefined },
    destroy: () => { provider.destroy(); websocketProvider.destroy() }
  }
}

function yWebsocket(client, { url, document, token, offline = false }) {
  const provider = new WebsocketProvider(url.replace('http', 'ws') + '/yjs', document, client.doc, {
    protocols: ['yunting', 'bearer.' + token], WebSocketPolyfill: counted(client), disableBc: true, connect: !offline
  })
  provider.on('closed', ({ code, reason }) => client.closes.push([code, reason]))
  return {
    awareness: provider.awareness,
    synced: () => provider.synced,
    connected: () => provider.wsconnected,
    unsynced: () => null,
    offline: () => provider.disconnect(),
    online: () => provider.connect(),
    destroy: () => provider.destroy()
  }
}

const KINDS = { hocuspocus, 'y-websocket': yWebsocket }

function client(name) {
  const found = clients.get(name)
  if (!found) throw new Error(`no provider named ${name}`)
  return found
}

function findTurn(doc, id) {
  const found = doc.getXmlFragment('transcript').toArray().find(turn => turn.getAttribute('id') === id)
  if (!found) throw new Error(`no turn ${id}`)
  return found
}

const words = turn => turn.toArray().map(text => text.toDelta().map(part => part.insert).join('')).join('')

// typed keys of one client, `interval` ms apart, until all are typed
function typeKeys({ doc }, { turn, keys, interval = 0, at = null }) {
  const text = findTurn(doc, turn).get(0)
  let place = at
  return new Promise(resolve => {
    const rest = Array.from(keys)
    const step = () => {
      if (rest.length === 0) return resolve(keys.length)
      const key = rest.shift()
      text.insert(place ?? text.length, key)
      if (place !== null) place += key.length
      setTimeout(step, interval)
    }
    step()
  })
}

async function until(condition, limit) {
  const end = Date.now() + limit
  while (!condition()) {
    if (Date.now() > end) throw new Error('waited ' + limit + ' ms')
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}

function status(c) {
  return {
    synced: c.provider.synced(), connected: c.provider.connected(), unsynced: c.provider.unsynced(),
    connections: c.connections, scope: c.scope, denied: c.denied, closes: c.closes, socketCloses: c.socketCloses,
    stateless: c.stateless, frames: c.frames, sent: c.sent, client: c.doc.clientID,
    pending: c.doc.store.pendingStructs !== null || c.doc.store.pendingDs !== null
  }
}

const waiting = {
  synced: c => c.provider.synced(),
  saved: c => c.provider.synced() && c.provider.unsynced() === 0,
  closed: c => c.closes.length > 0,
  denied: c => c.denied.length > 0,
  offline: c => !c.provider.connected()
}

const COMMANDS = {
  make({ name, kind, ...options }) {
    const made = {
      doc: new Y.Doc(), connections: 0, frames: 0, sent: 0, scope: '', denied: [], closes: [], socketCloses: [], stateless: []
    }
    if (options.client !== undefined) made.doc.clientID = options.client
    made.provider = KINDS[kind](made, options)
    clients.set(name, made)
    return made.doc.clientID
  },
  status: ({ name }) => status(client(name)),
  read: ({ name }) => client(name).doc.getXmlFragment('transcript').toArray().map(turn => [turn.getAttribute('id'), words(turn)]),
  // every turn with its attributes, as the transcript over HTTP has them
  read_turns: ({ name }) => client(name).doc.getXmlFragment('transcript').toArray().map(turn => (
    { role: '', speaker: '', origin: '', ...turn.getAttributes(), text: words(turn) })),
  read_annotations: ({ name }) => client(name).doc.getMap('annotations').toJSON(),
  state: ({ name }) => Buffer.from(Y.encodeStateAsUpdate(client(name).doc)).toString('hex'),
  add_turn({ name, turn, text, speaker = '', index = null, at = new Date().toISOString() }) {
    const { doc } = client(name)
    doc.transact(() => {
      const element = new Y.XmlElement('turn')
      for (const [key, value] of Object.entries({ id: turn, kind: 'speech', speaker, at })) element.setAttribute(key, value)
      element.insert(0, [new Y.XmlText(text)])
      const root = doc.getXmlFragment('transcript')
      root.insert(index ?? root.length, [element])
    })
    return turn
  },
  type: async options => typeKeys(client(options.name), options),
  delete({ name, turn, at, length }) {
    findTurn(client(name).doc, turn).get(0).delete(at, length)
    return length
  },
  format({ name, turn, at, length, mark }) {
    const value = mark === 'unsure' ? { at: new Date().toISOString() } : {}
    findTurn(client(name).doc, turn).get(0).format(at, length, { [mark]: value })
    return mark
  },
  remove_turn({ name, turn }) {
    const root = client(name).doc.getXmlFragment('transcript')
    root.delete(root.toArray().findIndex(element => element.getAttribute('id') === turn), 1)
    return turn
  },
  apply({ name, update }) {
    Y.applyUpdate(client(name).doc, Buffer.from(update, 'hex'))
    return true
  },
  show({ name, user }) {
    client(name).provider.awareness.setLocalStateField('user', user)
    return true
  },
  seen: ({ name }) => Array.from(client(name).provider.awareness.getStates(), ([number, state]) => [number, state]),
  // from now on every text as it stood after each update, and every string that an update brought
  keep({ name }) {
    const c = client(name)
    c.kept = { texts: new Set(), inserted: [] }
    c.doc.on('update', update => {
      for (const turn of c.doc.getXmlFragment('transcript').toArray()) c.kept.texts.add(words(turn))
      for (const struct of Y.decodeUpdate(update).structs) if (struct.content?.str) c.kept.inserted.push(struct.content.str)
    })
    c.kept.before = c.doc.getXmlFragment('transcript').toArray().map(words)
    return true
  },
  kept: ({ name }) => {
    const { texts, inserted, before } = client(name).kept
    return { texts: [...texts].filter(text => !before.includes(text)), inserted }
  },
  // writes from now on under another number: a twin of somebody else's page
  become({ name, number }) { client(name).doc.clientID = number; return number },
  offline({ name }) { client(name).provider.offline(); return true },
  online({ name }) { client(name).provider.online(); return true },
  async wait({ name, what, limit = 30000 }) {
    await until(() => waiting[what](client(name)), limit)
    return status(client(name))
  },
  async wait_words({ name, text, limit = 30000 }) {
    const { doc } = client(name)
    await until(() => doc.getXmlFragment('transcript').toArray().some(turn => words(turn).includes(text)), limit)
    return true
  },
  // real editors on two clients, seeded operations; answers with the counts of each kind
  async edit({ names, seed, ...options }) {
    const both = names.map(client)
    both.forEach((c, n) => { c.editor ??= new Editor(require, c.doc, { seed: seed + n, name: names[n] }) })
    return new Session(both, both.map(c => c.editor), { seed, ...options }).run()
  },
  // what the person sees, what the document holds, and its state vector
  picture({ name }) {
    const c = client(name)
    const vector = Array.from(Y.decodeStateVector(Y.encodeStateVector(c.doc))).sort((a, b) => a[0] - b[0])
    return { screen: c.editor.doc.toJSON(), xml: c.doc.getXmlFragment('transcript').toString(), vector, turns: COMMANDS.read({ name }) }
  },
  destroy({ name }) { client(name).provider.destroy(); clients.delete(name); return true }
}

async function answer(line) {
  const { id, command, ...options } = JSON.parse(line)
  try {
    const result = await COMMANDS[command](options)
    process.stdout.write(JSON.stringify({ id, result: result ?? null }) + '\n')
  } catch (error) {
    process.stdout.write(JSON.stringify({ id, error: String(error?.stack ?? error) }) + '\n')
  }
}

readline.createInterface({ input: process.stdin }).on('line', answer).on('close', () => process.exit(0))
