/** The offered completions beside the caret. Draws the offer; taking and choosing stand in completion.ts. */
import { useComputed } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { words } from "../i18n/language";
import { announce } from "../ui/announcer";
import type { ClerkEditor } from "./clerk-editor";
import { completionOf, take } from "./completion";

export function Completions({ editor }: { editor: ClerkEditor }) {
  const t = words.value.editor;
  const box = useRef<HTMLDivElement>(null);
  const offer = useComputed(() => completionOf(editor.state.value)).value;
  const chosen = offer?.candidates[offer.chosen] ?? "";
  useEffect(() => {
    if (chosen) announce(t.completion(chosen));
  }, [chosen]);
  useEffect(() => {
    if (offer && box.current) stand(box.current, editor, offer.from);
  }, [offer?.from, offer?.candidates]);
  if (!offer) return null;
  return (
    <div class="completions" ref={box} role="group" aria-label={t.completions}>
      {offer.candidates.map((word, place) => (
        <button
          key={word}
          type="button"
          tabIndex={-1}
          class="completion"
          aria-pressed={place === offer.chosen}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => take(editor.view, place)}
        >
          {word}
        </button>
      ))}
      <kbd>Tab</kbd>
    </div>
  );
}

/** Under the words, inside the panel. */
function stand(box: HTMLElement, { view }: ClerkEditor, from: number): void {
  const panel = box.parentElement?.getBoundingClientRect();
  if (!panel || from > view.state.doc.content.size) return;
  const words = view.coordsAtPos(from);
  const left = Math.max(8, Math.min(words.left - panel.left, panel.width - box.offsetWidth - 8));
  const below = words.bottom - panel.top + 6;
  const top = below + box.offsetHeight > panel.height ? words.top - panel.top - box.offsetHeight - 6 : below;
  box.style.setProperty("inset-inline-start", `${left}px`);
  box.style.setProperty("inset-block-start", `${top}px`);
}
