// Two writers type at a person's pace while readers look on: how long until each key is on each screen.
import { openMany } from './wire.mjs'
import { shake, typing } from './updates.mjs'
import { Screens, Writer } from './people.mjs'
import { Load, now, percentiles, sleep, until } from './measure.mjs'

const PERIOD = 100 // ms between two keys of one writer
const JITTER = 40 // ms; a person is no metronome, and two writers must not fall into step

function pace (number, start) {
  const random = shake(number + 1)
  return key => start + key * PERIOD + number * PERIOD / 2 + random() * JITTER
}

/** job: {target, pid, writers: [token], reader: token, readers, seconds, warm} (seconds of typing, `warm` of them not counted). */
export async function measureTyping (job) {
  const keys = Math.round((job.seconds + job.warm) * 1000 / PERIOD)
  const warmKeys = Math.round(job.warm * 1000 / PERIOD)
  const writers = job.writers.map((token, number) => new Writer(job.target, token, typing(number, keys)))
  const screens = new Screens(writers, job.readers)
  screens.keptFrom = warmKeys
  await Promise.all(writers.map(writer => writer.connection.synced))
  const readers = await openMany(job.target, job.reader, job.readers, reader => ({ onUpdate: update => screens.show(reader, update) }))
  await sleep(300)
  const begin = now() + 50
  const load = sleep(50 + warmKeys * PERIOD).then(() => new Load(job.pid))
  await Promise.all(writers.map((writer, number) => writer.send(pace(number, begin))))
  const expected = writers.length * keys * job.readers
  await until(() => screens.total >= expected && writers.every(writer => writer.isAnswered), 20_000)
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
