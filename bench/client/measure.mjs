// What is measured: clocks, percentiles, processor time and memory of a process from /proc.
import { readFileSync, readdirSync } from 'node:fs'
import * as Y from 'yjs'

export const now = () => performance.now()
export const sleep = ms => new Promise(resolve => setTimeout(resolve, ms))

export function percentiles (values) {
  const sorted = Float64Array.from(values).sort()
  const at = share => sorted.length ? sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] : null
  return { p50: at(0.5), p99: at(0.99), max: at(1), count: sorted.length }
}

/** Processor seconds of all threads so far; nanoseconds from schedstat where the kernel keeps it, else ticks. */
export function cpuSeconds (pid) {
  try {
    let total = 0
    for (const task of readdirSync(`/proc/${pid}/task`)) {
      total += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0])
    }
    if (total > 0) return total / 1e9
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

/** Resident memory in kB (RSS, from smaps_rollup). */
export function residentKilobytes (pid) {
  return Number(/^Rss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1])
}

/** A stopwatch over wall time and the processor time of the server and of this client. */
export class Load {
  constructor (pid) {
    this.pid = pid
    this.start = this.read()
  }

  read () {
    return { wall: now() / 1000, server: cpuSeconds(this.pid), client: cpuSeconds(process.pid) }
  }

  stop () {
    const end = this.read()
    const wall = end.wall - this.start.wall
    const server = end.server - this.start.server
    const client = end.client - this.start.client
    return { wall_s: wall, server_cpu_s: server, server_share: server / wall, client_share: client / wall }
  }
}

/** Which clock of which client an update reaches. Readers of one document get equal frames: the last answer is kept. */
export class Reach {
  constructor () {
    this.bytes = null
    this.to = new Map()
  }

  of (update) {
    if (this.bytes === null || !update.equals(this.bytes)) {
      this.bytes = Buffer.from(update)
      this.to = Y.parseUpdateMeta(update).to
    }
    return this.to
  }
}

/** Wait until `isDone()`; resolves false when `limit` ms go by first. */
export async function until (isDone, limit) {
  const end = now() + limit
  while (!isDone()) {
    if (now() > end) return false
    await sleep(5)
  }
  return true
}
