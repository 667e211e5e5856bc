// The updates that every server gets: made by yjs before the clock runs, in the shape of a transcript.
// Client ids, turn ids and words follow from the writer's number, so each server receives the same bytes.
import * as Y from 'yjs'

const WORDS = '审判员问原告对被告提交的证据有无异议原告代理人答对真实性没有异议但认为该转账记录不能证明借款已经还清被告代理人补充说明'
const AT = '2024-09-12T01:30:00.000Z'
export const KEYS_A_TURN = 120

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
