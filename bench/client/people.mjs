// People at their screens: writers who send prepared updates when these are due, and when which of them reached whom.
import { Connection, updateFrame } from './wire.mjs'
import { Reach, now, sleep } from './measure.mjs'

export class Writer {
  constructor (target, token, script, handlers = {}) {
    this.script = script
    this.frames = script.updates.map(update => updateFrame(target, update))
    this.sentAt = []
    this.ackMs = []
    this.refused = 0
    this.acked = 0
    this.connection = new Connection(target, token, { ...handlers, onAck: saved => this.noteAck(saved) })
  }

  get isAnswered () {
    return this.connection.target.wire !== 'collab' || this.acked === this.frames.length
  }

  noteAck (saved) {
    if (!saved) this.refused++
    this.ackMs.push(now() - this.sentAt[this.acked++])
  }

  /** `dueOf`: the number of an update -> the moment it is due. */
  async send (dueOf) {
    for (let number = 0; number < this.frames.length; number++) {
      await sleep(Math.max(0, dueOf(number) - now()))
      this.sentAt.push(now())
      this.connection.send(this.frames[number])
    }
  }
}

export class Screens {
  constructor (writers, count) {
    this.writers = new Map(writers.map(writer => [writer.script.client, writer]))
    this.shown = Array.from({ length: count }, () => new Map(writers.map(writer => [writer.script.client, 0])))
    this.reach = new Reach()
    this.ms = []
    this.keptFrom = 0
    this.total = 0
  }

  /** `own`: the client id of a writer whose screen it is; some servers send an update back to its writer. */
  show (screen, update, own = null) {
    const time = now()
    for (const [client, clock] of this.reach.of(update)) {
      const writer = client === own ? null : this.writers.get(client)
      if (writer) this.advance(this.shown[screen], writer, clock, time)
    }
  }

  advance (shown, writer, clock, time) {
    const { client, ends } = writer.script
    let number = shown.get(client)
    for (; number < ends.length && ends[number] <= clock; number++) this.note(writer, number, time - writer.sentAt[number])
    shown.set(client, number)
  }

  note (writer, number, ms) {
    this.total++
    if (number >= this.keptFrom) this.ms.push(ms)
  }
}
