// As many updates as the server takes: writers keep a bounded number in flight until a reader has seen them all.
import { Connection, updateFrame } from './wire.mjs'
import { typing } from './updates.mjs'
import { Load, Reach, now, until } from './measure.mjs'

const IN_FLIGHT = 500 // updates of one writer that the reader has not seen yet

/** Sends one script; `advance` sends on as the reader sees more. */
class Sender {
  constructor (target, token, script) {
    this.script = script
    this.frames = script.updates.map(update => updateFrame(target, update))
    this.sent = 0
    this.seen = 0
    this.acked = 0
    this.refused = 0
    this.connection = new Connection(target, token, {
      onAck: saved => {
        this.acked++
        if (!saved) this.refused++
      }
    })
  }

  note (clock) {
    const { ends } = this.script
    while (this.seen < ends.length && ends[this.seen] <= clock) this.seen++
    this.advance()
  }

  advance () {
    const limit = Math.min(this.frames.length, this.seen + IN_FLIGHT)
    while (this.sent < limit) this.connection.send(this.frames[this.sent++])
  }
}

/** Send the scripts through one writer each; -> figures. A reader that sees the last update ends the clock. */
export async function sendAll (job, scripts, limit) {
  const reach = new Reach()
  const senders = scripts.map((script, number) => new Sender(job.target, job.writers[number], script))
  const byClient = new Map(senders.map(sender => [sender.script.client, sender]))
  const reader = new Connection(job.target, job.reader, {
    onUpdate: update => {
      for (const [client, clock] of reach.of(update)) byClient.get(client)?.note(clock)
    }
  })
  await Promise.all([reader, ...senders.map(sender => sender.connection)].map(connection => connection.synced))
  const total = scripts.reduce((sum, script) => sum + script.updates.length, 0)
  const load = new Load(job.pid)
  const begin = now()
  for (const sender of senders) sender.advance()
  const connections = [reader, ...senders.map(sender => sender.connection)]
  const isSeen = () => senders.every(sender => sender.seen === sender.frames.length)
  const isAcked = () => job.target.wire !== 'collab' || senders.every(sender => sender.acked === sender.frames.length)
  await until(() => (isSeen() && isAcked()) || connections.some(connection => connection.closed), limit)
  const seconds = (now() - begin) / 1000
  const seen = senders.reduce((sum, sender) => sum + sender.seen, 0)
  const result = {
    updates_per_s: seen / seconds,
    updates: total,
    missed: total - seen,
    refused: senders.reduce((sum, sender) => sum + sender.refused, 0),
    closed: connections.filter(connection => connection.closed).map(connection => connection.closed),
    ...load.stop()
  }
  for (const connection of connections) connection.close()
  return { ...result, cpu_s_per_10k: result.server_cpu_s * 10_000 / seen }
}

/** job: {target, pid, writers, reader, updates: all writers' together, limit_s}. */
export function measureFlatOut (job) {
  const each = Math.floor(job.updates / job.writers.length)
  return sendAll(job, job.writers.map((_, number) => typing(number, each)), job.limit_s * 1000)
}
