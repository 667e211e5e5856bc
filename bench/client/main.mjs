// The neutral load client: reads one job (JSON) from standard input, carries it out, prints its figures as the last line.
import { prepare } from './wire.mjs'
import { measureTyping } from './typing.mjs'
import { measureMarking } from './marking.mjs'
import { measureFlatOut } from './flat_out.mjs'
import { measureOpening, writeTrace } from './opening.mjs'
import { measureIdle, measureReconnect } from './crowd.mjs'
import { writeUntilKilled } from './kill.mjs'

const JOBS = {
  typing: measureTyping,
  marking: measureMarking,
  flat_out: measureFlatOut,
  write_trace: writeTrace,
  open: measureOpening,
  idle: measureIdle,
  reconnect: measureReconnect,
  write_until_killed: writeUntilKilled
}

let text = ''
for await (const chunk of process.stdin) text += chunk
const job = JSON.parse(text)
const result = await JOBS[job.job]({ ...job, target: prepare(job.target) })
console.log(JSON.stringify({ event: 'result', ...result }))
process.exit(0)
