/** What is recorded, seen and said at a moment (unix milliseconds). Pure. */
import type { Round, Turn } from "./recording";

/** The round of a moment; null in a gap. */
export function roundAt(rounds: readonly Round[], at: number): Round | null {
  return rounds.find((round) => at >= round.from_ms && at < round.to_ms) ?? null;
}

/** Where playing goes on when nothing is recorded at a moment; null at the end. */
export function nextRound(rounds: readonly Round[], at: number): Round | null {
  return rounds.find((round) => round.from_ms >= at) ?? null;
}

/** Everybody there is a picture of, in the order in which they come. */
export function peopleSeen(rounds: readonly Round[]): ReadonlyArray<{ person: string; name: string }> {
  const files = rounds.flatMap((round) => round.files).filter((file) => file.kind === "video");
  return [...new Map(files.map((file) => [file.person, { person: file.person, name: file.person_name }])).values()];
}

export interface TimedTurn extends Turn {
  at_ms: number;
}

/** Those with a time, as they stand in the record. */
export function timed(turns: readonly Turn[]): readonly TimedTurn[] {
  return turns.map((turn) => ({ ...turn, at_ms: Date.parse(turn.at) })).filter((turn) => Number.isFinite(turn.at_ms));
}

/** The turn that was begun last at a moment, -1 before the first. Turns may have been moved: the latest begun counts. */
export function turnAt(turns: readonly TimedTurn[], at: number): number {
  let found = -1;
  turns.forEach((turn, nth) => {
    if (turn.at_ms <= at && (found < 0 || turn.at_ms >= (turns[found] as TimedTurn).at_ms)) found = nth;
  });
  return found;
}
