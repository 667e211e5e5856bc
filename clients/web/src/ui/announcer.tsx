/** One polite live region for the whole page. Owns what is said to a screen reader; never shows anything. */
import { signal } from "@preact/signals";

const said = signal<{ text: string; turn: 0 | 1 }>({ text: "", turn: 0 });

/** Says `text` once the reader is free; the same text twice in a row is said twice. */
export function announce(text: string): void {
  said.value = { text, turn: said.value.turn === 0 ? 1 : 0 };
}

/** Two regions in turn: changing from one to the other makes a repeated text heard. */
export function Announcer() {
  const { text, turn } = said.value;
  return (
    <>
      <div class="visually-hidden" role="status" aria-live="polite">
        {turn === 0 ? text : ""}
      </div>
      <div class="visually-hidden" role="status" aria-live="polite">
        {turn === 1 ? text : ""}
      </div>
    </>
  );
}
