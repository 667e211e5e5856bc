// A clerk's editor without a screen: real ProseMirror state, the real y-prosemirror binding, seeded operations of a person.
// It owns one editor on one Y.Doc; it knows nothing of providers or servers.

const KINDS = ['speech', 'note', 'heading']
const LETTERS = '审判员书记原告被告代理人借款合同利息还清是的没有abcXYZ0123456789，。？😀𠮷👍é '

export function seeded(seed) {
  let a = seed >>> 0
  return () => {
    a = (a + 0x6d2b79f5) >>> 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

export function makeSchema({ Schema }) {
  const attribute = { default: null } // an absent attribute is never written: the court repairs a missing id, kind or at
  return new Schema({
    nodes: {
      doc: { content: 'turn*' },
      turn: {
        content: 'text*',
        attrs: { id: attribute, kind: attribute, speaker: attribute, role: attribute, at: attribute, origin: attribute }
      },
      text: {}
    },
    marks: { bold: {}, underline: {}, unsure: { attrs: { at: {} } } }
  })
}

// what ySyncPlugin and yUndoPlugin need of an EditorView
class ScreenlessView {
  constructor(state) {
    this.state = state
    this.plugins = []
    for (const plugin of state.plugins) if (plugin.spec.view) this.plugins.push(plugin.spec.view(this))
  }

  hasFocus() { return false }

  dispatch(transaction) {
    const before = this.state
    this.state = this.state.apply(transaction)
    for (const plugin of this.plugins) plugin.update?.(this, before)
  }

  destroy() { for (const plugin of this.plugins) plugin.destroy?.() }
}

export class Editor {
  constructor(require, doc, { seed, name, mostTurns = 120 }) {
    const model = require('prosemirror-model')
    const { EditorState } = require('prosemirror-state')
    const binding = require('y-prosemirror')
    this.model = model
    this.undoKey = binding.yUndoPluginKey
    this.random = seeded(seed)
    this.name = name
    this.mostTurns = mostTurns
    this.number = 0
    this.counts = {}
    this.schema = makeSchema(model)
    const plugins = [binding.ySyncPlugin(doc.getXmlFragment('transcript')), binding.yUndoPlugin()]
    this.view = new ScreenlessView(EditorState.create({ schema: this.schema, plugins }))
  }

  get doc() { return this.view.state.doc }
  get undoManager() { return this.undoKey.getState(this.view.state).undoManager }
  below(n) { return Math.floor(this.random() * n) }
  pick(list) { return list[this.below(list.length)] }

  words(length) {
    let out = ''
    const letters = Array.from(LETTERS)
    for (let i = 0; i < length; i++) out += this.pick(letters)
    return out
  }

  newTurn(text) {
    const attrs = {
      id: `${this.name}-${++this.number}-${this.below(1e9)}`, kind: this.pick(KINDS), speaker: this.name, role: '', origin: '',
      at: new Date(1.77e12 + this.number * 1000).toISOString()
    }
    return this.schema.node('turn', attrs, text ? [this.schema.text(text)] : [])
  }

  // [{node, pos, index}] of the turns a clerk may change
  ownTurns() {
    const turns = []
    this.doc.forEach((node, pos, index) => {
      if (node.attrs.kind !== 'procedure' && !node.attrs.origin) turns.push({ node, pos, index })
    })
    return turns
  }

  // an offset into the text that does not divide a surrogate pair
  offset(text, at) {
    const code = text.charCodeAt(at)
    return at > 0 && at < text.length && code >= 0xdc00 && code < 0xe000 ? at - 1 : at
  }

  range(node, most) {
    const text = node.textContent
    const from = this.offset(text, this.below(text.length + 1))
    const to = this.offset(text, Math.min(text.length, from + 1 + this.below(most)))
    return [from, Math.max(from, to)]
  }

  boundary() {
    const places = [this.doc.content.size, ...this.ownTurns().map(({ pos }) => pos)]
    return this.pick(places)
  }

  type() {
    const turns = this.ownTurns()
    if (turns.length === 0) return this.paste()
    const { node, pos } = this.pick(turns)
    const at = this.offset(node.textContent, this.below(node.textContent.length + 1))
    this.view.dispatch(this.view.state.tr.insertText(this.words(1 + this.below(2)), pos + 1 + at))
    return true
  }

  delete() {
    const turns = this.ownTurns()
    if (turns.length === 0) return false
    const { node, pos } = this.pick(turns)
    if (turns.length > this.mostTurns || node.textContent.length > 400) return this.dispatchDelete(pos, pos + node.nodeSize)
    const [from, to] = this.range(node, 6)
    return from < to && this.dispatchDelete(pos + 1 + from, pos + 1 + to)
  }

  dispatchDelete(from, to) {
    this.view.dispatch(this.view.state.tr.delete(from, to))
    return true
  }

  split() {
    const turns = this.ownTurns().filter(({ node }) => node.textContent.length > 0)
    if (turns.length === 0) return false
    const { node, pos } = this.pick(turns)
    const at = this.offset(node.textContent, this.below(node.textContent.length + 1))
    const { type, attrs } = this.newTurn('')
    this.view.dispatch(this.view.state.tr.split(pos + 1 + at, 1, [{ type, attrs: { ...node.attrs, id: attrs.id } }]))
    return true
  }

  join() {
    const turns = this.ownTurns()
    const pairs = turns.filter((turn, n) => n > 0 && turns[n - 1].index === turn.index - 1)
    if (pairs.length === 0) return false
    this.view.dispatch(this.view.state.tr.join(this.pick(pairs).pos))
    return true
  }

  move() {
    const turns = this.ownTurns()
    if (turns.length < 3) return false
    const { node, pos } = this.pick(turns)
    const tr = this.view.state.tr.delete(pos, pos + node.nodeSize)
    tr.insert(tr.mapping.map(this.boundary()), node)
    this.view.dispatch(tr)
    return true
  }

  paste() {
    const turns = this.ownTurns()
    const tr = this.view.state.tr
    if (turns.length > 0 && (turns.length > this.mostTurns || this.random() < 0.4)) {
      const { node, pos } = this.pick(turns)
      const [from, to] = this.range(node, 4)
      tr.insertText(this.words(5 + this.below(60)), pos + 1 + from, pos + 1 + to)
    } else {
      const pasted = Array.from({ length: 1 + this.below(4) }, () => this.newTurn(this.words(this.below(40))))
      tr.insert(this.boundary(), this.model.Fragment.from(pasted))
    }
    this.view.dispatch(tr)
    return true
  }

  format() {
    const turns = this.ownTurns().filter(({ node }) => node.textContent.length > 0)
    if (turns.length === 0) return false
    const { node, pos } = this.pick(turns)
    const [from, to] = this.range(node, 12)
    if (from === to) return false
    const name = this.pick(['bold', 'underline', 'unsure'])
    const mark = this.schema.mark(name, name === 'unsure' ? { at: new Date(1.77e12).toISOString() } : null)
    const [a, b] = [pos + 1 + from, pos + 1 + to]
    const tr = this.view.state.tr
    this.view.dispatch(this.doc.rangeHasMark(a, b, mark.type) ? tr.removeMark(a, b, mark.type) : tr.addMark(a, b, mark))
    return true
  }

  undo() { return this.undoManager.undo() !== null }
  redo() { return this.undoManager.redo() !== null }

  // one operation of this kind; whether it did something
  operate(kind) {
    const done = this[kind]()
    if (done) this.counts[kind] = (this.counts[kind] ?? 0) + 1
    this.last = kind
    if (kind !== 'undo' && kind !== 'redo' && this.random() < 0.7) this.undoManager.stopCapturing()
    return done
  }
}

const WEIGHTS = { type: 50, delete: 14, split: 5, join: 5, move: 3, paste: 4, format: 7, undo: 7, redo: 5 }
const BAG = Object.entries(WEIGHTS).flatMap(([kind, weight]) => Array(weight).fill(kind))

const tick = () => new Promise(resolve => setImmediate(resolve))

async function until(condition, what, limit = 120000) {
  const end = Date.now() + limit
  while (!condition()) {
    if (Date.now() > end) throw new Error('waited for ' + what)
    await new Promise(resolve => setTimeout(resolve, 2))
  }
}

// Two people at one transcript: `operations` each, with offline periods and typing during the handshake.
export class Session {
  constructor(clients, editors, { operations, offlines, handshakes, seed }) {
    this.clients = clients
    this.editors = editors
    this.operations = operations
    this.random = seeded(seed)
    this.offlines = offlines
    this.handshakes = handshakes
    this.done = clients.map(() => 0)
  }

  // one operation that does something; an undo is often taken back at once, before another edit forgets it
  step(n) {
    const editor = this.editors[n]
    if (!(editor.last === 'undo' && this.random() < 0.6 && editor.operate('redo'))) {
      for (let tries = 0; tries < 20; tries++) if (editor.operate(editor.pick(BAG))) break
    }
    this.done[n]++
  }

  // units of n that the other copy does not have yet
  lag(n) {
    const { doc } = this.clients[n]
    return doc.store.clients.size && this.known(doc, doc.clientID) - this.known(this.clients[1 - n].doc, doc.clientID)
  }

  known(doc, client) {
    const structs = doc.store.clients.get(client)
    if (!structs) return 0
    const last = structs[structs.length - 1]
    return last.id.clock + last.length
  }

  // nobody runs ahead of the wire: otherwise it would be one long offline period
  async paced(n) {
    await tick()
    if (this.clients.every(client => client.provider.connected())) await until(() => this.lag(n) < 3000, 'the other copy')
  }

  // the providers notice later than they are told
  async gone(provider) {
    provider.offline()
    await until(() => !provider.connected() && !provider.synced(), 'being offline')
  }

  async offline(n) {
    const { provider } = this.clients[n]
    await this.gone(provider)
    const count = 5 + Math.floor(this.random() * 25)
    for (let i = 0; i < count; i++) {
      this.step(n)
      this.step(1 - n)
      if (i % 4 === 0) await tick()
    }
    provider.online()
    await until(() => provider.synced(), 'being back in step')
    this.count(n, 'offline')
  }

  // types from the moment the socket is being opened until the handshake is over
  async handshake(n) {
    const { provider } = this.clients[n]
    await this.gone(provider)
    provider.online()
    let typed = 0
    while (!provider.synced()) {
      if (typed < 40) {
        this.editors[n].operate('type')
        this.done[n]++
        typed++
      }
      await new Promise(resolve => setTimeout(resolve, provider.connected() ? 0 : 1))
    }
    if (typed > 0) this.count(n, 'handshake')
  }

  count(n, kind) {
    const { counts } = this.editors[n]
    counts[kind] = (counts[kind] ?? 0) + 1
  }

  async run() {
    const rounds = Math.max(this.offlines, this.handshakes)
    const share = Math.ceil(this.operations / (rounds + 1))
    for (let round = 0; round <= rounds; round++) {
      const goals = this.done.map(done => Math.min(this.operations, done + share))
      while (this.done.some((done, n) => done < goals[n])) {
        for (const n of [0, 1]) if (this.done[n] < goals[n]) { this.step(n); await this.paced(n) }
      }
      for (const n of [0, 1]) {
        if (round < this.offlines) await this.offline(n)
        if (round < this.handshakes) await this.handshake(n)
      }
    }
    return this.editors.map(editor => editor.counts)
  }
}
