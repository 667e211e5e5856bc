/** Turns by their address, `#turn-<id>`: owns which turn somebody wants to see, and that it was not there. Never scrolls. */
import { effect, signal } from "@preact/signals";
import { hearingPath, route } from "../route";

/** Until the transcript has gone there. */
export const wanted = signal<string | null>(null);
/** The turn that was wanted is not in the transcript (any more). */
export const isMissing = signal(false);

/** To the turn on this page; the address stays as it is. */
export function visit(turn: string): void {
  isMissing.value = false;
  wanted.value = turn;
}

// the address asks once: a view that is drawn anew later does not go back there
effect(() => {
  const here = route.value;
  if (here.page !== "hearing") isMissing.value = false;
  else if (here.turn !== null) visit(here.turn);
});

/** A turn's whole address, without the login of this tab. */
export function addressOf(turn: string): string | null {
  const here = route.peek();
  return here.page === "hearing" ? `${location.origin}${hearingPath(here.hearing)}#turn-${turn}` : null;
}
