// Many people mark one page at once: how long until all the others see a mark, and whether all copies are equal in the end.
import { isDeepStrictEqual } from 'node:util'
import * as Y from 'yjs'
import { Connection } from './wire.mjs'
import { PAGE, marking, shake } from './updates.mjs'
import { Screens, Writer } from './people.mjs'
import { Load, now, percentiles, sleep, until } from './measure.mjs'

const PERIOD = 1_000 // ms in which each person makes one mark; when in it is chance

function pace (number, start) {
  const random = shake(number + 1)
  return mark => start + (mark + random()) * PERIOD
}

/** The screens of people who all write; `lastMs`: until the last of the others had it. */
class SharedPage extends Screens {
  constructor (writers) {
    super(writers, writers.length)
    this.seen = new Map(writers.map(writer => [writer, writer.frames.map(() => 0)]))
    this.lastMs = []
  }

  note (writer, number, ms) {
    super.note(writer, number, ms)
    const seen = this.seen.get(writer)
    if (++seen[number] === this.writers.size - 1 && number >= this.keptFrom) this.lastMs.push(ms)
  }
}

function contentOf (updates) {
  const doc = new Y.Doc()
  for (const update of updates) Y.applyUpdate(doc, update)
  return doc.getMap(PAGE).toJSON()
}

/** How many copies are not what somebody gets who opens the page now, and how many marks that person misses. */
async function compared (job, writers, received) {
  const newcomer = new Connection(job.target, job.reader)
  const content = contentOf([await newcomer.synced])
  newcomer.close()
  const copies = writers.map((writer, number) => contentOf([...writer.script.updates, ...received[number]]))
  return {
    unequal: copies.filter(copy => !isDeepStrictEqual(copy, content)).length,
    lacking: writers.flatMap(writer => writer.script.ids).filter(id => !(id in content)).length
  }
}

/** job: {target, pid, people: [{id, token}], reader: token, seconds, warm} (seconds of marking, `warm` of them not counted). */
export async function measureMarking (job) {
  const marks = Math.round((job.seconds + job.warm) * 1000 / PERIOD)
  const warmMarks = Math.round(job.warm * 1000 / PERIOD)
  const received = job.people.map(() => [])
  const writers = job.people.map(({ id, token }, number) => {
    const script = marking(number, id, marks)
    const onUpdate = update => {
      received[number].push(update)
      page.show(number, update, script.client)
    }
    return new Writer(job.target, token, script, { onUpdate })
  })
  const page = new SharedPage(writers)
  page.keptFrom = warmMarks
  await Promise.all(writers.map(writer => writer.connection.synced))
  await sleep(300)
  const begin = now() + 50
  const load = sleep(50 + warmMarks * PERIOD).then(() => new Load(job.pid))
  await Promise.all(writers.map((writer, number) => writer.send(pace(number, begin))))
  const expected = writers.length * marks * (writers.length - 1)
  await until(() => page.total >= expected && writers.every(writer => writer.isAnswered), 20_000)
  const figures = (await load).stop()
  const closed = writers.map(writer => writer.connection).filter(connection => connection.closed)
  const copies = await compared(job, writers, received)
  for (const writer of writers) writer.connection.close()
  return {
    others_ms: percentiles(page.lastMs),
    each_ms: percentiles(page.ms),
    ack_ms: percentiles(writers.flatMap(writer => writer.ackMs.slice(warmMarks))),
    ...figures,
    missed: expected - page.total,
    ...copies,
    refused: writers.reduce((sum, writer) => sum + writer.refused, 0),
    closed: closed.map(connection => connection.closed)
  }
}
