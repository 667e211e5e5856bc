// Write until the server dies: how many updates were acknowledged, and how many another person had seen.
import { Connection, updateFrame } from './wire.mjs'
import { typing } from './updates.mjs'
import { Reach, now, sleep, until } from './measure.mjs'

const TICK = 10 // ms

class Writer {
  constructor (target, token, number, keys) {
    this.script = typing(number, keys)
    this.frames = this.script.updates.map(update => updateFrame(target, update))
    this.sent = 0
    this.acked = 0
    this.seenClock = 0
    this.connection = new Connection(target, token, { onAck: saved => { if (saved) this.acked++ } })
  }

  sendUpTo (limit) {
    while (this.sent < Math.min(limit, this.frames.length) && !this.connection.closed) this.connection.send(this.frames[this.sent++])
  }
}

/** job: {target, writers, reader, per_s: updates a second of one writer, seconds at most}. Prints an event when it writes. */
export async function writeUntilKilled (job) {
  const keys = job.per_s * job.seconds
  const writers = job.writers.map((token, number) => new Writer(job.target, token, number, keys))
  const reach = new Reach()
  const reader = new Connection(job.target, job.reader, {
    onUpdate: update => {
      for (const [client, clock] of reach.of(update)) {
        const writer = writers.find(one => one.script.client === client)
        if (writer) writer.seenClock = Math.max(writer.seenClock, clock)
      }
    }
  })
  const connections = [reader, ...writers.map(writer => writer.connection)]
  await Promise.all(connections.map(connection => connection.synced))
  console.log(JSON.stringify({ event: 'writing' }))
  const begin = now()
  while (!connections.some(connection => connection.closed) && now() - begin < job.seconds * 1000) {
    for (const writer of writers) writer.sendUpTo(Math.round((now() - begin) / 1000 * job.per_s))
    await sleep(TICK)
  }
  await until(() => connections.every(connection => connection.closed), 5_000)
  return {
    writers: writers.map(writer => ({
      client: writer.script.client,
      sent: writer.sent,
      acked: writer.acked,
      seen: writer.script.ends.filter(end => end <= writer.seenClock).length,
      ends: writer.script.ends.slice(0, writer.sent)
    }))
  }
}
