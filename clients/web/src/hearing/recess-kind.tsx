/** What a recess is for: one of few; the deliberation only where there is a bench to deliberate. */
import type { Signal } from "@preact/signals";
import { words } from "../i18n/language";
import type { RosterEntry } from "../control/messages";
import { Choice } from "../ui/choice";

export const RECESSES = ["planned", "bench", "mediation", "technical"] as const;
export type RecessKind = (typeof RECESSES)[number];

const BENCH: readonly string[] = ["presiding_judge", "judge", "assessor"];

export function RecessKinds({ kind, roster }: { kind: Signal<RecessKind>; roster: readonly RosterEntry[] }) {
  const t = words.value.command;
  const isBench = roster.filter((entry) => BENCH.includes(entry.role)).length > 1;
  const offered = RECESSES.filter((each) => each !== "bench" || isBench);
  return (
    <Choice
      legend={t.recessFor}
      options={offered.map((value) => ({ value, name: t.recesses[value] }))}
      chosen={kind.value}
      choose={(chosen) => (kind.value = chosen)}
    />
  );
}
