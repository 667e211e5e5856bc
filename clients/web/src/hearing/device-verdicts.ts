/** What everybody's device test has come to, for the court before the session opens. Owns asking for it; never draws. */
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { latestTests, type Verdict } from "../devices/device-tests";
import type { HearingRoom } from "./room";
import { sideOf } from "./sides";

type Verdicts = ReadonlyMap<string, Verdict>;

const AGAIN = 20_000; // ms: somebody may be testing at this moment
const verdicts = signal<{ hearing: string; of: Verdicts } | null>(null);

/** Null where it is not to be shown: to the parties, once the session has opened, or as long as it is not known. */
export function verdictsIn(room: HearingRoom): Verdicts | null {
  return isShown(room) && verdicts.value?.hearing === room.hearing ? verdicts.value.of : null;
}

function isShown(room: HearingRoom): boolean {
  const phase = room.model.phase.value;
  const you = room.model.you.value;
  return (phase === "SCHEDULED" || phase === "PREPARING") && you !== null && sideOf(you.role, "") === "court";
}

export function useDeviceVerdicts(room: HearingRoom): void {
  const isOpen = isShown(room);
  useEffect(() => {
    if (!isOpen) return undefined;
    const ask = (): void => void askFor(room.hearing);
    ask();
    const timer = setInterval(ask, AGAIN);
    const keep = room.whenCleared(() => (verdicts.value = null));
    return () => {
      clearInterval(timer);
      keep();
    };
  }, [isOpen, room.hearing]);
}

/** A mark that cannot be had is left as it was: nothing depends on it, and it is asked for again. */
async function askFor(hearing: string): Promise<void> {
  const tests = await latestTests(hearing).catch(() => null);
  if (tests) verdicts.value = { hearing, of: new Map(tests.map(({ person, verdict }) => [person, verdict])) };
}
