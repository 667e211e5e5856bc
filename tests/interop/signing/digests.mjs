// The page's own content.ts in node: {"id", "command", ...} a line in, {"id", "result"} or {"id", "error"} a line out.
// It computes what a browser would sign, and writes transcripts at random with Yjs; it judges nothing.
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import * as content from '../../../clients/web/src/signing/content.ts'

// the Yjs that content.ts has: values of two copies are not instances of each other's types
const require = createRequire(new URL('../../../clients/web/package.json', import.meta.url))
const Y = await import(pathToFileURL(require.resolve('yjs')).href.replace('dist/yjs.cjs', 'dist/yjs.mjs'))

const AT = '2026-03-02T09:30:00+08:00'
const WORDS = ['好', '请讲。', 'ab', '😀', '𪛖野家', 'é', '。', '"\\\n', '']
const MARKS = [{ bold: true }, { bold: {} }, { underline: {} }, { underline: true }, { unsure: { at: AT } }, { unsure: { at: '9' } },
  { bold: null }, { underline: null, unsure: null }]

const load = (update) => {
  const doc = new Y.Doc({ gc: false })
  Y.applyUpdate(doc, Buffer.from(update, 'base64'))
  return doc
}

const sha256 = async (bytes) => Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex')

async function digest({ hearing, case: number, people, part, update }) {
  const doc = load(update)
  const whole = content.contentOf({ hearing, case: number, people, doc })
  const signed = part === null ? whole : content.part(whole, part)
  return {
    content_sha256: await content.contentSha256(signed),
    jcs_sha256: await sha256(content.encode(signed)),
    update: Buffer.from(Y.encodeStateAsUpdate(doc)).toString('base64')
  }
}

// a small generator (mulberry32), so that a failure can be shown again
const numbers = (seed) => (below) => {
  seed = (seed + 0x6D2B79F5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) % below
}

function addTurn(root, next) {
  const turn = new Y.XmlElement('turn')
  const kind = ['speech', 'speech', 'note', 'heading'][next(4)]
  const attributes = { id: `t${next(1e6)}`, kind, at: AT, speaker: ['', 'p-1', 'p-2'][next(3)], role: ['', '审'][next(2)] }
  for (const [name, value] of Object.entries(attributes)) if (next(8)) turn.setAttribute(name, value)
  turn.insert(0, Array.from({ length: next(3) }, () => new Y.XmlText(WORDS[next(WORDS.length)])))
  root.insert(next(root.length + 1), [turn])
}

const at = (text, place) => { // never between the halves of a pair
  const plain = text.toDelta().map((piece) => piece.insert).join('')
  return /[\uDC00-\uDFFF]/.test(plain[place] ?? '') ? place - 1 : place
}

function edit(root, next) {
  const turn = root.get(next(root.length))
  const text = turn.length ? turn.get(next(turn.length)) : null
  if (!text || next(12) === 0) return next(2) ? root.delete(root.toArray().indexOf(turn)) : turn.setAttribute('role', WORDS[next(9)])
  const [first, last] = [next(text.length + 1), next(text.length + 1)].sort((a, b) => a - b).map((place) => at(text, place))
  if (next(3) === 0) text.delete(first, last - first)
  else if (next(2)) text.insert(first, WORDS[next(WORDS.length)])
  else if (last > first) text.format(first, last - first, MARKS[next(MARKS.length)])
}

function write({ seed, steps, writers }) {
  const next = numbers(seed)
  const docs = Array.from({ length: writers }, (_, n) => Object.assign(new Y.Doc({ gc: false }), { clientID: 100 + n }))
  const updates = []
  for (const doc of docs) doc.on('update', (update, origin) => { if (origin !== 'peer') updates.push(update) })
  for (let step = 0; step < steps; step++) {
    const doc = docs[next(writers)]
    const root = doc.getXmlFragment('transcript')
    doc.transact(() => root.length === 0 || next(5) === 0 ? addTurn(root, next) : edit(root, next))
    if (next(4) === 0) Y.applyUpdate(docs[next(writers)], Y.encodeStateAsUpdate(doc), 'peer')
  }
  for (const update of updates) Y.applyUpdate(docs[0], update, 'peer')
  return { updates: updates.map((update) => Buffer.from(update).toString('base64')), whole: Buffer.from(Y.encodeStateAsUpdate(docs[0])).toString('base64') }
}

const refuse = async ({ json }) => { // half a pair comes as its escape
  const text = JSON.parse(json)
  const block = { id: 't', kind: 'note', speaker: '', role: '', at: AT, origin: '', runs: [{ text }] }
  return content.contentSha256({ schema: content.SCHEMA, hearing: 'h', case: '', people: [], blocks: [block] })
}

const COMMANDS = { digest, write, refuse }

for await (const line of createInterface({ input: process.stdin })) {
  const { id, command, ...given } = JSON.parse(line)
  const answer = await Promise.resolve().then(() => COMMANDS[command](given)).then((result) => ({ result }), (error) => ({ error: String(error) }))
  process.stdout.write(`${JSON.stringify({ id, ...answer })}\n`)
}
