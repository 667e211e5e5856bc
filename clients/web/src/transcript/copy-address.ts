/** Copies a line's address. Owns what is said about it, as long as that is worth saying; never shows it. */
import { signal } from "@preact/signals";
import { go, hearingPath, route } from "../route";
import { addressOf } from "./place";

/** `shown`: this browser lets nothing be copied, the address stands in its address bar instead. */
export const copied = signal<{ turn: string; how: "copied" | "shown" } | null>(null);

const SAID_FOR = 4_000;
let timer: ReturnType<typeof setTimeout> | undefined;

function say(turn: string, how: "copied" | "shown"): void {
  copied.value = { turn, how };
  clearTimeout(timer);
  timer = setTimeout(() => (copied.value = null), SAID_FOR);
}

export async function copyAddress(turn: string): Promise<void> {
  const address = addressOf(turn);
  if (address === null) return;
  if (await isWritten(address)) say(turn, "copied");
  else show(turn);
}

/** Browsers have a clipboard only on secure pages, and may ask the person. */
function isWritten(text: string): Promise<boolean> {
  const { clipboard } = navigator as Partial<Pick<Navigator, "clipboard">>;
  return clipboard ? clipboard.writeText(text).then(() => true, () => false) : Promise.resolve(false);
}

function show(turn: string): void {
  const here = route.peek();
  if (here.page !== "hearing") return;
  go(`${hearingPath(here.hearing)}#turn-${turn}`, { replace: true });
  say(turn, "shown");
}
