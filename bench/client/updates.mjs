// The updates that every server gets: made by yjs before the clock runs, in the shape of a transcript or of annotations.
// Client ids, turn ids and words follow from the writer's number, so each server receives the same bytes.
import * as Y from 'yjs'

const WORDS = '审判员问原告对被告提交的证据有无异议原告代理人答对真实性没有异议但认为该转账记录不能证明借款已经还清被告代理人补充说明'
const AT = '2024-09-12T01:30:00.000Z'
export const KEYS_A_TURN = 120
export const PAGE = 'annotations' // the root that holds the marks

/** Chance that follows from a number and is the same everywhere. */
export function shake (seed) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

export function startTurn (doc, id) {
  const text = new Y.XmlText()
  const turn = new Y.XmlElement('turn')
  const attributes = { id, kind: 'speech', speaker: '', role: '审', at: AT, origin: '' }
  for (const [name, value] of Object.entries(attributes)) turn.setAttribute(name, value)
  turn.insert(0, [text])
  const fragment = doc.getXmlFragment('transcript')
  fragment.insert(fragment.length, [turn])
  return text
}

export function writerDoc (writer) {
  const doc = new Y.Doc()
  doc.clientID = 4_000_001 + writer
  return doc
}

/** One update for each transaction that `edit` makes: {client, updates, ends}; ends[i] = the clock after update i. */
function recorded (doc, edit) {
  const updates = []
  const ends = []
  doc.on('update', update => {
    updates.push(update)
    ends.push(Y.getState(doc.store, doc.clientID))
  })
  edit()
  return { client: doc.clientID, updates, ends }
}

/** `count` keystrokes of one writer; each turn of KEYS_A_TURN keys begins with an update that makes the turn. */
export function typing (writer, count) {
  const doc = writerDoc(writer)
  return recorded(doc, () => {
    let text
    for (let key = 0; key < count; key++) {
      const place = key % KEYS_A_TURN
      if (place === 0) text = startTurn(doc, `w${writer}-${key}`)
      else text.insert(place - 1, WORDS[key % WORDS.length])
    }
  })
}

/** The editing trace as one writer's updates, `editsAnUpdate` edits in each; the first makes the turn. */
export function fromTrace (edits, editsAnUpdate) {
  const doc = writerDoc(0)
  const recording = recorded(doc, () => {
    const text = doc.transact(() => startTurn(doc, 'trace'))
    for (let at = 0; at < edits.length; at += editsAnUpdate) {
      doc.transact(() => {
        for (const [place, removed, added] of edits.slice(at, at + editsAnUpdate)) {
          if (removed) text.delete(place, removed)
          if (added) text.insert(place, added)
        }
      })
    }
  })
  return { ...recording, text: doc.getXmlFragment('transcript').get(0).get(0).toString() }
}

const places = (random, count) => Array.from({ length: count }, () => Math.round(random() * 50_000) / 100)

/** What is drawn in turn: words, a marked line, a stroke of the pen. */
const SHAPES = [
  random => ({ kind: 'freetext', rect: places(random, 4), body: WORDS.slice(0, 1 + random() * WORDS.length) }),
  random => ({ kind: 'highlight', quads: [places(random, 8)], quote: { exact: WORDS.slice(0, 12) } }),
  random => ({ kind: 'ink', paths: [places(random, 80)] })
]
const ACTS = ['draw', 'draw', 'answer', 'draw', 'reword', 'draw', 'answer', 'draw', 'reword', 'draw', 'remove']

class Marker {
  constructor (doc, writer, author) {
    this.page = doc.getMap(PAGE)
    this.writer = writer
    this.author = author
    this.random = shake(writer + 1)
    this.ids = []
  }

  make (values) {
    const id = `00000000-0000-4000-8000-${(this.writer * 10_000 + this.ids.length).toString(16).padStart(12, '0')}`
    this.ids.push(id)
    this.page.set(id, new Y.Map(Object.entries({ id, v: 1, page: 0, author: this.author, created: AT, ...values })))
  }

  pick () {
    return this.page.get(this.ids[Math.floor(this.random() * this.ids.length)])
  }

  draw () {
    this.make({ ...SHAPES[this.ids.length % SHAPES.length](this.random), style: { color: '#d32f2f', width: 1.5 } })
  }

  answer () {
    this.make({ kind: 'reply', reply_to: this.pick().get('id'), body: WORDS.slice(0, 20) })
  }

  reword () {
    const mark = this.pick()
    mark.set('body', WORDS.slice(0, 1 + this.random() * 20))
    mark.set('modified', AT)
  }

  remove () {
    this.pick().set('deleted', { by: this.author, at: AT })
  }
}

/** One person's work on one page, `count` updates: marks, answers to them, new words, deletions; `ids`: the entries made. */
export function marking (writer, author, count) {
  const doc = writerDoc(writer)
  const marker = new Marker(doc, writer, author)
  const recording = recorded(doc, () => {
    for (let done = 0; done < count; done++) doc.transact(() => marker[ACTS[done % ACTS.length]]())
  })
  return { ...recording, ids: marker.ids }
}
