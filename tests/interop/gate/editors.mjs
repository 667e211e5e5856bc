// Real editors as a child process: one JSON command a line in, one JSON answer a line out.
// An editor is plain Yjs, or ProseMirror bound by y-prosemirror or y-tiptap; what it does is told by numbers.
import { createInterface } from 'node:readline'
import { JSDOM } from 'jsdom'
import * as Y from 'yjs'

const dom = new JSDOM('<!doctype html><body></body>')
for (const name of ['window', 'document', 'Node', 'Element', 'HTMLElement', 'MutationObserver', 'getSelection', 'DOMParser', 'Event', 'InputEvent']) {
  globalThis[name] ??= dom.window[name]
}
globalThis.requestAnimationFrame ??= (call) => setTimeout(call, 0)
globalThis.cancelAnimationFrame ??= clearTimeout

const { AllSelection, EditorState } = await import('prosemirror-state')
const { EditorView } = await import('prosemirror-view')
const { Fragment, Schema, Slice } = await import('prosemirror-model')
const bindings = { prosemirror: await import('y-prosemirror'), tiptap: await import('@tiptap/y-tiptap') }

const AT = '2026-03-02T09:30:00+08:00'
const WORDS = ['好', '请讲。', 'ab', '😀', '𠮷野家', 'x', '被告答辩', 'é', '。']
const CHANGES = { kind: ['speech', 'heading', 'note'], speaker: ['', 'p-1', 'p-2'], role: ['', '审', '书记员'] }
const ATTRIBUTES = ['id', 'kind', 'speaker', 'role', 'at', 'origin']

const schema = new Schema({
  nodes: {
    doc: { content: 'turn*' },
    turn: {
      content: 'text*',
      attrs: Object.fromEntries(ATTRIBUTES.map((name) => [name, { default: '' }])),
      toDOM: () => ['p', 0],
    },
    text: {},
  },
  marks: {
    bold: { toDOM: () => ['b', 0] },
    underline: { toDOM: () => ['u', 0] },
    unsure: { attrs: { at: { default: '' } }, toDOM: () => ['mark', 0] },
  },
})

class Editor {
  constructor({ client, undo = true }) {
    this.doc = new Y.Doc()
    this.doc.clientID = client
    this.root = this.doc.getXmlFragment('transcript')
    this.sent = []
    this.made = 0
    this.doc.on('update', (update, origin, doc, transaction) => {
      if (transaction.local) this.sent.push(Buffer.from(update).toString('base64'))
    })
    this.undoManager = undo ? new Y.UndoManager(this.root, { captureTimeout: 0, trackedOrigins: new Set([this.origin()]) }) : null
  }

  origin() {
    return 'me'
  }

  newId() {
    this.made += 1
    return `t${this.doc.clientID}-${this.made}`
  }

  attributes(more = {}) {
    return { id: this.newId(), kind: 'speech', speaker: '', role: '审', at: AT, origin: '', ...more }
  }

  take(sent) {
    this.sent = []
    return sent
  }

  undo() {
    this.undoManager?.undo()
  }

  redo() {
    this.undoManager?.redo()
  }
}

class PlainEditor extends Editor {
  change(edit) {
    this.doc.transact(edit, 'me')
  }

  own() {
    return this.root.toArray().filter((turn) => !turn.getAttribute('origin'))
  }

  turn(a) {
    const own = this.own()
    return own[a % own.length]
  }

  text(a) {
    const texts = this.own().flatMap((turn) => turn.toArray())
    return texts[a % texts.length]
  }

  insert(at, attributes, words) {
    const turn = new Y.XmlElement('turn')
    this.root.insert(at, [turn])
    for (const [key, value] of Object.entries(attributes)) turn.setAttribute(key, value)
    if (words) turn.insert(0, [new Y.XmlText(words)])
  }

  type(a, b) {
    const text = this.text(a)
    if (text) this.change(() => text.insert(cut(plain(text), b), WORDS[b % WORDS.length]))
  }

  erase(a, b) {
    const text = this.text(a)
    if (!text) return
    const [from, to] = span(plain(text), a, b)
    if (to > from) this.change(() => text.delete(from, to - from))
  }

  split(a, b) {
    const text = this.text(a)
    if (!text) return
    const words = plain(text)
    const from = cut(words, b)
    this.change(() => {
      const at = this.root.toArray().indexOf(text.parent)
      if (from < words.length) text.delete(from, words.length - from)
      this.insert(at + 1, this.attributes(), words.slice(from))
    })
  }

  join(a) {
    const turns = this.root.toArray()
    const at = a % turns.length
    const [left, right] = [turns[at], turns[at + 1]]
    if (!right || left.getAttribute('origin') || right.getAttribute('origin')) return
    this.change(() => {
      const words = right.toArray().map(plain).join('')
      if (words) left.insert(left.length, [new Y.XmlText(words)])
      this.root.delete(at + 1, 1)
    })
  }

  move(a, b) {
    const turn = this.turn(a)
    if (!turn) return
    this.change(() => {
      const attributes = turn.getAttributes()
      const words = turn.toArray().map(plain).join('')
      this.root.delete(this.root.toArray().indexOf(turn), 1)
      this.insert(b % (this.root.length + 1), attributes, words)
    })
  }

  paste(a, b) {
    this.change(() => {
      for (let n = 0; n < 1 + (b % 3); n++) this.insert(a % (this.root.length + 1), this.attributes(), WORDS[(b + n) % WORDS.length])
    })
  }

  remove(a) {
    const turn = this.turn(a)
    if (turn && this.own().length > 1) this.change(() => this.root.delete(this.root.toArray().indexOf(turn), 1))
  }

  mark(a, b) {
    const text = this.text(a)
    if (!text) return
    const [from, to] = span(plain(text), a, b)
    const marks = [{ bold: {} }, { underline: {} }, { unsure: { at: '09:31' } }, { bold: null }]
    if (to > from) this.change(() => text.format(from, to - from, marks[a % 4]))
  }

  describe(a, b) {
    const turn = this.turn(a)
    const key = Object.keys(CHANGES)[b % 3]
    if (turn) this.change(() => turn.setAttribute(key, CHANGES[key][a % 3]))
  }
}

class BoundEditor extends Editor {
  constructor(options) {
    super({ ...options, undo: false })
    this.binding = bindings[options.kind]
    const { ySyncPlugin, yUndoPlugin, ySyncPluginKey } = this.binding
    const undoManager = new Y.UndoManager(this.root, { captureTimeout: 0, trackedOrigins: new Set([ySyncPluginKey]) })
    const plugins = [ySyncPlugin(this.root), yUndoPlugin({ undoManager })]
    const mount = document.body.appendChild(document.createElement('div'))
    this.view = new EditorView(mount, { state: EditorState.create({ schema, plugins }) })
  }

  undo() {
    this.binding.undo(this.view.state)
  }

  redo() {
    this.binding.redo(this.view.state)
  }

  turns() {
    const found = []
    this.view.state.doc.forEach((node, pos, index) => found.push({ node, pos, index }))
    return found
  }

  own(a) {
    const own = this.turns().filter(({ node }) => !node.attrs.origin)
    return own[a % own.length]
  }

  // With a caret, y-tiptap throws while it restores the selection after a remote change (RangeError in a headless view).
  dispatch(tr) {
    this.view.dispatch(tr.setSelection(new AllSelection(tr.doc)))
  }

  get tr() {
    return this.view.state.tr
  }

  type(a, b) {
    const turn = this.own(a)
    if (turn) this.dispatch(this.tr.insertText(WORDS[b % WORDS.length], turn.pos + 1 + cut(turn.node.textContent, b)))
  }

  erase(a, b) {
    const turn = this.own(a)
    if (!turn) return
    const [from, to] = span(turn.node.textContent, a, b)
    if (to > from) this.dispatch(this.tr.delete(turn.pos + 1 + from, turn.pos + 1 + to))
  }

  split(a, b) {
    const turn = this.own(a)
    if (!turn) return
    const at = turn.pos + 1 + cut(turn.node.textContent, b)
    this.dispatch(this.tr.split(at, 1, [{ type: schema.nodes.turn, attrs: this.attributes() }]))
  }

  join(a) {
    const turns = this.turns()
    const [left, right] = [turns[a % turns.length], turns[(a % turns.length) + 1]]
    if (right && !left.node.attrs.origin && !right.node.attrs.origin) this.dispatch(this.tr.join(right.pos))
  }

  move(a) {
    const turns = this.turns()
    const at = a % turns.length
    const [left, right] = [turns[at], turns[at + 1]]
    if (!right || left.node.attrs.origin || right.node.attrs.origin) return
    this.dispatch(this.tr.delete(left.pos, right.pos).insert(right.pos + right.node.nodeSize - left.node.nodeSize, left.node))
  }

  paste(a, b) {
    const turn = this.own(a)
    if (!turn) return
    const made = Array.from({ length: 1 + (b % 3) }, (_, n) => schema.nodes.turn.create(this.attributes(), schema.text(WORDS[(b + n) % WORDS.length])))
    if (b % 2) this.dispatch(this.tr.insert(turn.pos, made))
    else this.dispatch(this.tr.replace(turn.pos + turn.node.nodeSize, turn.pos + turn.node.nodeSize, new Slice(Fragment.from(made), 0, 0)))
  }

  remove(a) {
    const turn = this.own(a)
    if (turn && this.turns().length > 2) this.dispatch(this.tr.delete(turn.pos, turn.pos + turn.node.nodeSize))
  }

  mark(a, b) {
    const turn = this.own(a)
    if (!turn) return
    const [from, to] = span(turn.node.textContent, a, b).map((at) => turn.pos + 1 + at)
    const { bold, underline, unsure } = schema.marks
    if (to <= from) return
    if (a % 4 === 3) this.dispatch(this.tr.removeMark(from, to, bold))
    else this.dispatch(this.tr.addMark(from, to, [bold.create(), underline.create(), unsure.create({ at: '09:31' })][a % 4]))
  }

  describe(a, b) {
    const turn = this.own(a)
    const key = Object.keys(CHANGES)[b % 3]
    if (turn) this.dispatch(this.tr.setNodeMarkup(turn.pos, null, { ...turn.node.attrs, [key]: CHANGES[key][a % 3] }))
  }
}

// A place in a text, never between the halves of a surrogate pair.
function cut(words, n) {
  const places = [0]
  for (const character of words) places.push(places.at(-1) + character.length)
  return places[n % places.length]
}

function span(words, a, b) {
  const ends = [cut(words, a), cut(words, b)]
  return [Math.min(...ends), Math.max(...ends)]
}

function plain(text) {
  return text.toDelta().map((part) => part.insert).join('')
}

function content(doc) {
  return doc.getXmlFragment('transcript').toArray().map((turn) => [turn.getAttributes(), turn.toArray().map((text) => text.toDelta())])
}

const editors = new Map()
const EDITS = ['type', 'type', 'type', 'erase', 'split', 'join', 'move', 'paste', 'remove', 'mark', 'describe', 'undo', 'redo']

const commands = {
  make(options) {
    editors.set(options.name, options.kind === 'plain' ? new PlainEditor(options) : new BoundEditor(options))
  },
  edit({ name, edit, a, b }) {
    const editor = editors.get(name)
    editor[EDITS[edit % EDITS.length]](a, b)
    return editor.take(editor.sent)
  },
  // Other people's updates; the answer is what the replica then sends on its own account.
  apply({ name, updates }) {
    const editor = editors.get(name)
    for (const update of updates) Y.applyUpdate(editor.doc, Buffer.from(update, 'base64'), 'server')
    return editor.take(editor.sent)
  },
  diff({ name, vector }) {
    return Buffer.from(Y.encodeStateAsUpdate(editors.get(name).doc, Buffer.from(vector, 'base64'))).toString('base64')
  },
  vector({ name }) {
    return Buffer.from(Y.encodeStateVector(editors.get(name).doc)).toString('base64')
  },
  content({ name }) {
    return content(editors.get(name).doc)
  },
  shown({ name }) {
    const { view } = editors.get(name)
    return view ? view.state.doc.toJSON() : null
  },
  load({ update }) {
    const doc = new Y.Doc()
    Y.applyUpdate(doc, Buffer.from(update, 'base64'))
    return content(doc)
  },
  merge({ updates }) {
    return Buffer.from(Y.mergeUpdates(updates.map((update) => Buffer.from(update, 'base64')))).toString('base64')
  },
}

for await (const line of createInterface({ input: process.stdin })) {
  const { command, ...rest } = JSON.parse(line)
  try {
    process.stdout.write(JSON.stringify({ answer: (await commands[command](rest)) ?? null }) + '\n')
  } catch (error) {
    process.stdout.write(JSON.stringify({ error: String(error.stack ?? error) }) + '\n')
  }
}
