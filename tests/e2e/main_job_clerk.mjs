// One person at a transcript through an unmodified provider: a clerk's hands that type key by key, make mistakes and
// put them right, and a reader's eyes. JSON lines: {"id", "command", ...} in, {"id", "result"} or {"id", "error"} out.
import { createRequire } from 'node:module'
import readline from 'node:readline'

const require = createRequire(new URL('../interop/package.json', import.meta.url))
const Y = require('yjs')
const WebSocket = require('ws')
const { HocuspocusProvider, HocuspocusProviderWebsocket } = require('@hocuspocus/provider')
const { WebsocketProvider } = require('y-websocket')

const WRONG = Array.from('的了是在不有和人这中大为上个国我以要他时来用们')
const doc = new Y.Doc()
const root = doc.getXmlFragment('transcript')
const seen = { keys: 0, corrections: 0, connections: 0, denied: [], closes: [], stateless: [] }
let provider = null
let pace = null // milliseconds between keys, in place of those that were asked for

class Counted extends WebSocket {
  constructor(url, protocols) {
    super(url, Array.isArray(protocols) && protocols.length === 0 ? undefined : protocols)
    seen.connections++
    this.on('error', () => {}) // a server that is down: the provider comes back by itself
  }
}

const KINDS = {
  hocuspocus({ url, document, token }) {
    const websocketProvider = new HocuspocusProviderWebsocket({ url: url.replace('http', 'ws') + '/collab', WebSocketPolyfill: Counted })
    const made = new HocuspocusProvider({
      websocketProvider, name: document, document: doc, token,
      onAuthenticationFailed: ({ reason }) => seen.denied.push(reason),
      onStateless: ({ payload }) => seen.stateless.push(JSON.parse(payload))
    })
    made.attach()
    return {
      synced: () => made.synced, connected: () => websocketProvider.status === 'connected', unsynced: () => made.unsyncedChanges,
      offline: () => websocketProvider.disconnect(), online: () => websocketProvider.connect()
    }
  },
  'y-websocket'({ url, document, token }) {
    const made = new WebsocketProvider(url.replace('http', 'ws') + '/yjs', document, doc, {
      protocols: ['yunting', 'bearer.' + token], WebSocketPolyfill: Counted, disableBc: true
    })
    made.on('closed', ({ code, reason }) => seen.closes.push([code, reason]))
    return {
      synced: () => made.synced, connected: () => made.wsconnected, unsynced: () => null,
      offline: () => made.disconnect(), online: () => made.connect()
    }
  }
}

// ---- hands ------------------------------------------------------------------------------------------------------

// small seeded generator (mulberry32): the same mistakes in every run
function dice(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

// the keys that end in `text`: {at, put} or {at, cut}, places counted in characters of what this hand has typed
function* keys(text, roll) {
  const rest = Array.from(text)
  let typed = 0
  while (rest.length > 0) {
    const chunk = rest.splice(0, 1 + Math.floor(roll() * 3))
    const luck = roll()
    if (luck < 0.08) { // a wrong character, seen at once
      yield { at: typed, put: [WRONG[Math.floor(roll() * WRONG.length)]], mistake: true }
      yield { at: typed, cut: 1 }
    } else if (luck < 0.13 && chunk.length > 1) { // a character left out, put in afterwards
      yield { at: typed, put: chunk.slice(1), mistake: true }
      yield { at: typed, put: chunk.slice(0, 1) }
      typed += chunk.length
      continue
    } else if (luck < 0.17 && typed > 4) { // a stray character in the middle, found a little later
      const place = Math.floor(roll() * typed)
      yield { at: place, put: [WRONG[Math.floor(roll() * WRONG.length)]], mistake: true }
      yield { at: typed + 1, put: chunk }
      yield { at: place, cut: 1 }
      typed += chunk.length
      continue
    }
    yield { at: typed, put: chunk }
    typed += chunk.length
    if (luck > 0.97 && typed > 6) { // rubbed out and typed again
      yield { at: typed - chunk.length, cut: chunk.length, mistake: true }
      yield { at: typed - chunk.length, put: chunk }
    }
  }
}

const find = id => root.toArray().find(turn => turn.getAttribute('id') === id)
const words = turn => turn.toArray().map(text => text.toDelta().map(part => part.insert).join('')).join('')

function element(turn) {
  const made = new Y.XmlElement('turn')
  for (const name of ['id', 'kind', 'speaker', 'role', 'at', 'origin']) if (turn[name]) made.setAttribute(name, turn[name])
  if (turn.start) made.insert(0, [new Y.XmlText(turn.start)])
  return made
}

function textOf(turn) {
  if (turn.length === 0) turn.insert(0, [new Y.XmlText()])
  return turn.get(0)
}

// side 'start': this hand's words stand before whatever else the turn holds; side 'end': behind it
function press(turn, side, mine, key) {
  const text = textOf(turn)
  const before = mine.slice(0, key.at).join('').length
  const base = side === 'start' ? 0 : text.length - mine.join('').length
  if (key.put) {
    text.insert(base + before, key.put.join(''))
    mine.splice(key.at, 0, ...key.put)
  } else {
    text.delete(base + before, mine.slice(key.at, key.at + key.cut).join('').length)
    mine.splice(key.at, key.cut)
  }
  seen.keys++
  if (key.mistake) seen.corrections++
}

const pause = ms => new Promise(resolve => setTimeout(resolve, ms))

async function until(condition, what, limit) {
  const end = Date.now() + limit
  while (!condition()) {
    if (Date.now() > end) throw new Error(`waited ${limit} ms for ${what}`)
    await pause(5)
  }
}

// ---- commands ---------------------------------------------------------------------------------------------------

const COMMANDS = {
  connect({ kind, ...options }) { provider = KINDS[kind](options); return doc.clientID },
  status: () => ({ ...seen, synced: provider.synced(), connected: provider.connected(), unsynced: provider.unsynced() }),
  read: () => root.toArray().map(turn => ({ ...turn.getAttributes(), text: words(turn) })),
  offline() { provider.offline(); return true },
  online() { provider.online(); return true },
  pace({ milliseconds }) { pace = milliseconds; return true },
  // empty turns, or turns with their first characters, at the end of the transcript
  lay_out({ turns }) { root.insert(root.length, turns.map(element)); return turns.length },
  // types the turns one after another; a turn with `after` is made first, behind that one
  async type({ turns, interval, seed, limit = 60000 }) {
    const roll = dice(seed)
    for (const turn of turns) {
      if (turn.after) root.insert(root.toArray().findIndex(one => one.getAttribute('id') === turn.after) + 1, [element(turn)])
      await until(() => find(turn.id), `turn ${turn.id}`, limit)
      const mine = []
      for (const key of keys(turn.text, roll)) {
        press(find(turn.id), turn.side ?? 'end', mine, key)
        await pause(pace ?? interval)
      }
    }
    return seen.keys
  },
  async wait({ what, limit = 60000 }) {
    const met = { synced: () => provider.synced(), saved: () => provider.synced() && provider.unsynced() === 0 }[what]
    await until(met, what, limit)
    return true
  }
}

async function answer(line) {
  const { id, command, ...options } = JSON.parse(line)
  try {
    process.stdout.write(JSON.stringify({ id, result: (await COMMANDS[command](options)) ?? null }) + '\n')
  } catch (error) {
    process.stdout.write(JSON.stringify({ id, error: String(error?.stack ?? error) }) + '\n')
  }
}

readline.createInterface({ input: process.stdin }).on('line', answer).on('close', () => process.exit(0))
