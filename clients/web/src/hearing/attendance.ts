/** Who is expected in the courtroom and not connected. Observers may come and go and are not counted. */
import type { RosterEntry } from "../control/messages";

const NOT_EXPECTED: ReadonlySet<string> = new Set(["observer", "helper"]);

export function expectedIn(roster: readonly RosterEntry[]): readonly RosterEntry[] {
  return roster.filter((entry) => !NOT_EXPECTED.has(entry.role) && entry.state !== "RELEASED" && entry.state !== "REMOVED");
}

export const missingFrom = (roster: readonly RosterEntry[]): readonly RosterEntry[] =>
  expectedIn(roster).filter((entry) => !entry.connected);
