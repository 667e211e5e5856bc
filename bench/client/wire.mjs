// One socket on one document, speaking the Hocuspocus wire ('collab') or the y-websocket wire ('yjs').
// Owns frames; knows nothing of what the updates say. Both wires run the same code path, so their cost is the same.
import WebSocket from 'ws'
import * as encoding from 'lib0/encoding'

const SYNC = 0
const AUTH = 2
const SYNC_REPLY = 4
const CLOSE = 7
const SYNC_STATUS = 8
const STEP1 = 0
const STEP2 = 1
const UPDATE = 2
const EMPTY_UPDATE = new Uint8Array([0, 0])
export const EMPTY_STATE = new Uint8Array([0])

function prefixOf (target) {
  const encoder = encoding.createEncoder()
  if (target.wire === 'collab') encoding.writeVarString(encoder, target.document)
  return encoding.toUint8Array(encoder)
}

function frame (target, type, step, bytes) {
  const encoder = encoding.createEncoder()
  encoding.writeUint8Array(encoder, target.prefix ?? prefixOf(target))
  encoding.writeVarUint(encoder, type)
  encoding.writeVarUint(encoder, step)
  encoding.writeVarUint8Array(encoder, bytes)
  return encoding.toUint8Array(encoder)
}

function authFrame (target, token) {
  const encoder = encoding.createEncoder()
  encoding.writeVarString(encoder, target.document)
  encoding.writeVarUint(encoder, AUTH)
  encoding.writeVarUint(encoder, 0)
  encoding.writeVarString(encoder, token)
  encoding.writeVarString(encoder, '4.8.0')
  return encoding.toUint8Array(encoder)
}

/** The target with its document's frame prefix worked out once. */
export const prepare = target => ({ ...target, prefix: prefixOf(target) })

/** The frame that carries `update`; made before the clock runs. */
export const updateFrame = (target, update) => frame(target, SYNC, UPDATE, update)

function address (target) {
  return target.wire === 'collab' ? `${target.url}${target.path}` : `${target.url}${target.path}/${target.document}`
}

export class Connection {
  /** handlers: onUpdate(bytes), onState(bytes), onAck(saved), onClose(code, reason) — each optional. */
  constructor (target, token, handlers = {}, state = EMPTY_STATE) {
    this.target = target
    this.handlers = handlers
    this.state = state
    this.waiting = [] // what the server owes an ack for, oldest first: true = an update, false = a handshake answer
    this.owed = 0
    this.closed = null
    const headers = target.wire === 'yjs' && token ? { authorization: `Bearer ${token}` } : {}
    this.socket = new WebSocket(address(target), { perMessageDeflate: false, skipUTF8Validation: true, headers })
    this.synced = new Promise((resolve, reject) => {
      this.resolve = resolve
      this.reject = reject
    })
    this.synced.catch(() => {})
    this.socket.on('open', () => this.greet(token))
    this.socket.on('message', (message) => this.receive(message))
    this.socket.on('error', (error) => this.end(0, String(error)))
    this.socket.on('close', (code, reason) => this.end(code, String(reason)))
  }

  greet (token) {
    if (this.target.wire === 'collab') this.socket.send(authFrame(this.target, token ?? ''))
    this.socket.send(frame(this.target, SYNC, STEP1, this.state))
  }

  send (prepared) {
    this.waiting.push(true)
    this.socket.send(prepared)
  }

  receive (message) {
    let at = this.target.prefix.length
    const type = message[at++]
    if (type === SYNC || type === SYNC_REPLY) this.receiveSync(message, at)
    else if (type === SYNC_STATUS && this.target.wire === 'collab') this.receiveAck(message[at] === 1)
    else if (this.target.wire === 'collab' && type === AUTH && message[at] === 1) this.end(4403, 'permission denied')
    else if (this.target.wire === 'collab' && type === CLOSE) this.end(1000, 'closed in band')
  }

  receiveSync (message, at) {
    const step = message[at++]
    let length = 0
    for (let shift = 0; ; shift += 7) {
      const byte = message[at++]
      length += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) break
    }
    const bytes = message.subarray(at, at + length)
    if (step === UPDATE) this.handlers.onUpdate?.(bytes)
    else if (step === STEP2) this.receiveState(bytes)
    else if (step === STEP1) this.answer()
  }

  receiveState (bytes) {
    this.handlers.onState?.(bytes)
    this.resolve(bytes)
  }

  answer () {
    this.waiting.push(false)
    this.socket.send(frame(this.target, SYNC, STEP2, EMPTY_UPDATE))
  }

  receiveAck (saved) {
    const isUpdate = this.waiting[this.owed++]
    if (this.owed > 4096) this.forget()
    if (isUpdate) this.handlers.onAck?.(saved)
  }

  forget () {
    this.waiting = this.waiting.slice(this.owed)
    this.owed = 0
  }

  end (code, reason) {
    if (this.closed) return
    this.closed = { code, reason }
    this.reject(new Error(`${this.target.url} closed: ${code} ${reason}`))
    this.handlers.onClose?.(code, reason)
  }

  close () {
    this.closed ??= { code: 1000, reason: 'own' }
    this.socket.terminate()
  }
}

/** Open `count` connections, at most `width` handshakes under way at once, and wait until each has the state. */
export async function openMany (target, token, count, handlersOf, width = 50) {
  const connections = []
  for (let done = 0; done < count; done += width) {
    const batch = []
    for (let i = done; i < Math.min(count, done + width); i++) batch.push(new Connection(target, token, handlersOf?.(i)))
    await Promise.all(batch.map(connection => connection.synced))
    connections.push(...batch)
  }
  return connections
}
