// The page's own pure modules in node: {"id", "command", ...} a line in, {"id", "result"} or {"id", "error"} a line out.
import { createInterface } from 'node:readline'
import { count, figuresOf } from '../../../clients/web/src/devices/line-figures.ts'
import { isWhole } from '../../../clients/web/src/exhibit/shown-stroke.ts'
import { nextRound, peopleSeen, roundAt, timed, turnAt } from '../../../clients/web/src/playback/moments.ts'

const COMMANDS = {
  figures: ({ looks }) => figuresOf(looks.map(({ at, up, down }) => count(at, up, down))),
  round: ({ rounds, at }) => roundAt(rounds, at)?.round ?? null,
  next: ({ rounds, at }) => nextRound(rounds, at)?.round ?? null,
  people: ({ rounds }) => peopleSeen(rounds),
  whole: ({ states }) => states.map(isWhole),
  turn: ({ turns, at }) => turnAt(timed(turns), at)
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, command, ...fields } = JSON.parse(line)
  try {
    process.stdout.write(JSON.stringify({ id, result: COMMANDS[command](fields) }) + '\n')
  } catch (error) {
    process.stdout.write(JSON.stringify({ id, error: String(error?.stack ?? error) }) + '\n')
  }
})
