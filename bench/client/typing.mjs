// Two writers type at a person's pace while readers look on: how long until each key is on each screen.
import { openMany, Connection, updateFrame } from './wire.mjs'
import { typing } from './updates.mjs'
import { Load, Reach, now, percentiles, sleep, until } from './measure.mjs'

const PERIOD = 100 // ms between two keys of one writer
const JITTER = 40 // ms; a person is no metronome, and two writers must not fall into step

function shake (seed) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

class Writer {
  constructor (target, token, number, keys) {
    this.script = typing(number, keys)
    this.frames = this.script.updates.map(update => updateFrame(target, update))
    this.sentAt = []
    this.ackMs = []
    this.refused = 0
    this.acked = 0
    this.connection = new Connection(target, token, { onAck: saved => this.noteAck(saved) })
  }

  noteAck (saved) {
    if (!saved) this.refused++
    this.ackMs.push(now() - this.sentAt[this.acked++])
  }

  async type (number, start) {
    const random = shake(number + 1)
    for (let key = 0; key < this.frames.length; key++) {
      const due = start + key * PERIOD + number * PERIOD / 2 + random() * JITTER
      await sleep(Math.max(0, due - now()))
      this.sentAt.push(now())
      this.connection.send(this.frames[key])
    }
  }
}

class Screens {
  constructor (writers, count) {
    this.writers = new Map(writers.map(writer => [writer.script.client, writer]))
    this.shown = Array.from({ length: count }, () => new Map(writers.map(writer => [writer.script.client, 0])))
    this.reach = new Reach()
    this.ms = []
    this.keptFrom = 0
    this.total = 0
  }

  show (reader, update) {
    const time = now()
    for (const [client, clock] of this.reach.of(update)) {
      const writer = this.writers.get(client)
      if (writer) this.advance(this.shown[reader], client, writer, clock, time)
    }
  }

  advance (shown, client, writer, clock, time) {
    let key = shown.get(client)
    for (; key < writer.script.ends.length && writer.script.ends[key] <= clock; key++) {
      this.total++
      if (key >= this.keptFrom) this.ms.push(time - writer.sentAt[key])
    }
    shown.set(client, key)
  }
}

/** job: {target, pid, writers: [token], reader: token, readers, seconds, warm} (seconds of typing, `warm` of them not counted). */
export async function measureTyping (job) {
  const keys = Math.round((job.seconds + job.warm) * 1000 / PERIOD)
  const warmKeys = Math.round(job.warm * 1000 / PERIOD)
  const writers = job.writers.map((token, number) => new Writer(job.target, token, number, keys))
  const screens = new Screens(writers, job.readers)
  screens.keptFrom = warmKeys
  await Promise.all(writers.map(writer => writer.connection.synced))
  const readers = await openMany(job.target, job.reader, job.readers, reader => ({ onUpdate: update => screens.show(reader, update) }))
  await sleep(300)
  const begin = now() + 50
  const load = sleep(50 + warmKeys * PERIOD).then(() => new Load(job.pid))
  await Promise.all(writers.map((writer, number) => writer.type(number, begin)))
  const expected = writers.length * keys * job.readers
  const isAcked = () => job.target.wire !== 'collab' || writers.every(writer => writer.acked === keys)
  await until(() => screens.total >= expected && isAcked(), 20_000)
  const figures = (await load).stop()
  const updates = writers.length * (keys - warmKeys)
  const closed = [...readers, ...writers.map(writer => writer.connection)].filter(connection => connection.closed)
  for (const connection of readers) connection.close()
  return {
    screen_ms: percentiles(screens.ms),
    ack_ms: percentiles(writers.flatMap(writer => writer.ackMs.slice(warmKeys))),
    cpu_s_per_10k: figures.server_cpu_s * 10_000 / updates,
    ...figures,
    missed: expected - screens.total,
    refused: writers.reduce((sum, writer) => sum + writer.refused, 0),
    closed: closed.map(connection => connection.closed)
  }
}
