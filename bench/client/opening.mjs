// Opening a document: how long until its state is received, and until a yjs document shows it.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import * as Y from 'yjs'
import { Connection } from './wire.mjs'
import { fromTrace } from './updates.mjs'
import { sendAll } from './flat_out.mjs'
import { now, percentiles, sleep, until } from './measure.mjs'

function editsOf (path) {
  const trace = JSON.parse(gunzipSync(readFileSync(path)))
  return { edits: trace.txns.flatMap(txn => txn.patches), end: trace.endContent }
}

const sha256 = text => createHash('sha256').update(text).digest('hex')

/** job: {trace, edits_an_update, ...flat out's}: write the whole trace into the document, edit by edit. */
export async function writeTrace (job) {
  const { edits, end } = editsOf(job.trace)
  const script = fromTrace(edits, job.edits_an_update)
  if (script.text !== end) throw new Error('the trace played through yjs is not its own end text')
  const result = await sendAll({ ...job, writers: job.writers.slice(0, 1) }, [script], job.limit_s * 1000)
  return { ...result, edits: edits.length, edits_an_update: job.edits_an_update, sha256: sha256(end), vector: { [script.client]: script.ends.at(-1) } }
}

const LIMIT = 120_000 // ms; a server that loads a long log in the background sends the rest after its first answer

/** All that must have come before the document counts as received: clocks by client id. */
function isComplete (parts, expect) {
  const reached = Y.parseUpdateMeta(parts.length === 1 ? parts[0] : Y.mergeUpdates(parts)).to
  return Object.entries(expect).every(([client, clock]) => (reached.get(Number(client)) ?? 0) >= clock)
}

/** Connect and wait for the state, and for what follows until it is complete; -> the updates in order. */
async function receive (job, parts) {
  let checked = 0
  const connection = new Connection(job.target, job.reader, { onState: state => parts.push(state), onUpdate: update => parts.push(update) })
  await connection.synced
  const isThere = () => parts.length > checked && (checked = parts.length) && isComplete(parts, job.expect ?? {})
  if (!isThere() && !await until(isThere, LIMIT)) throw new Error('the document never became complete')
  while (job.quiet && await until(() => parts.length > checked, job.quiet)) checked = parts.length
  return connection
}

async function openOnce (job) {
  const begin = now()
  const parts = []
  const connection = await receive(job, parts)
  const received = now() - begin
  const doc = new Y.Doc()
  for (const part of parts) Y.applyUpdate(doc, part)
  const applied = now() - begin
  connection.close()
  const turn = doc.getXmlFragment('transcript').toArray().find(element => element.getAttribute('id') === 'trace')
  return {
    received,
    applied,
    bytes: parts.reduce((sum, part) => sum + part.length, 0),
    sha256: turn ? sha256(turn.get(0).toString()) : null,
    vector: Object.fromEntries(Y.decodeStateVector(Y.encodeStateVector(doc)))
  }
}

/**
 * job: {target, reader, times, hold, expect, quiet}: open `times` one after the other; `hold` keeps the document open
 * meanwhile; `expect` = clocks by client id without which it is not complete; `quiet` = ms in which nothing more came.
 */
export async function measureOpening (job) {
  const holder = job.hold ? new Connection(job.target, job.reader) : null
  await holder?.synced
  const opened = []
  for (let i = 0; i < job.times; i++) {
    opened.push(await openOnce(job))
    await sleep(50)
  }
  holder?.close()
  const { bytes, sha256: content, vector } = opened.at(-1)
  return {
    received_ms: percentiles(opened.map(one => one.received)).p50,
    applied_ms: percentiles(opened.map(one => one.applied)).p50,
    bytes,
    sha256: content,
    vector
  }
}
