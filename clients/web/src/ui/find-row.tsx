/** The row that looks for words: field, count, back and forth, and what a page adds. Draws; searches nothing. */
import type { ComponentChildren, RefObject } from "preact";
import { Icon } from "./icons";

interface Props {
  names: { words: string; before: string; next: string; close: string };
  field: RefObject<HTMLInputElement | null>;
  look: (words: string) => void;
  go: (by: 1 | -1) => void;
  said: string;
  isFound: boolean;
  close: () => void;
  children?: ComponentChildren;
}

export function FindRow({ names, field, look, go, said, isFound, close, children }: Props) {
  return (
    <div class="find-bar" role="search" onKeyDown={(event) => event.key === "Escape" && close()}>
      <input
        ref={field}
        type="search"
        aria-label={names.words}
        placeholder={names.words}
        onInput={(event) => look(event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Enter" && !event.isComposing && go(event.shiftKey ? -1 : 1)}
      />
      <output class="quiet" aria-live="polite">
        {said}
      </output>
      <button type="button" class="button button-small" disabled={!isFound} onClick={() => go(-1)}>
        {names.before}
      </button>
      <button type="button" class="button button-small" disabled={!isFound} onClick={() => go(1)}>
        {names.next}
      </button>
      {children}
      <button type="button" class="button button-plain button-small" onClick={close}>
        <Icon name="cross" />
        <span class="visually-hidden">{names.close}</span>
      </button>
    </div>
  );
}
