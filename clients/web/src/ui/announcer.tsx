/** One polite voice for the whole page. Owns what is said to a screen reader; never shows anything. */
import { signal } from "@preact/signals";

/** Two regions in turn: what was said just before stays where it is, so that two sentences at once are both heard. */
const said = signal<readonly [string, string]>(["", ""]);
let next: 0 | 1 = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
const HEARD = 5_000; // ms after which nobody should come upon it any more

/** Says `text` once the reader is free; the same text twice in a row is said twice. */
export function announce(text: string): void {
  const [first, second] = said.value;
  said.value = next === 0 ? [again(text, first), second] : [first, again(text, second)];
  next = next === 0 ? 1 : 0;
  clearTimeout(timer);
  timer = setTimeout(hush, HEARD);
}

/** Nothing that was said stays on the page. */
export function hush(): void {
  clearTimeout(timer);
  said.value = ["", ""];
}

/** A region is read when it changes: a text that stands there already gets a blank that nobody hears. */
const again = (text: string, before: string): string => (text === before ? `${text}\u00a0` : text);

export function Announcer() {
  return (
    <>
      {said.value.map((text, place) => (
        <div key={place} class="visually-hidden" role="status" aria-live="polite">
          {text}
        </div>
      ))}
    </>
  );
}
