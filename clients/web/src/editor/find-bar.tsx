/** Find and replace above the text. Draws; what is found and replaced stands in search.ts. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Command } from "prosemirror-state";
import { words } from "../i18n/language";
import { FindRow } from "../ui/find-row";
import type { ClerkEditor } from "./clerk-editor";
import { goOn, replaceAll, replaceOne, searchFor, searchOf } from "./search";

export function FindBar({ editor, close }: { editor: ClerkEditor; close: () => void }) {
  const t = words.value.editor.find;
  const field = useRef<HTMLInputElement>(null);
  const replacement = useSignal("");
  const { words: wanted, places, current } = searchOf(editor.state.value);
  const { view } = editor;
  const go = (by: 1 | -1): boolean => goOn(by)(view.state, view.dispatch, view);
  useEffect(() => {
    field.current?.focus();
    return () => void (view.isDestroyed || searchFor("")(view.state, view.dispatch));
  }, []);
  /** The place stands before the eyes while the words are typed; the caret stays where it is. */
  const look = (words: string): void => {
    searchFor(words)(view.state, view.dispatch);
    view.dom.querySelector(".found-current")?.scrollIntoView({ block: "center" });
  };
  /** A button that has nothing left to do gives the focus back. */
  const replace = (command: Command): void => {
    command(view.state, view.dispatch, view);
    if (searchOf(view.state).places.length === 0) field.current?.focus();
  };
  const end = (): void => {
    close();
    view.focus();
  };
  const found = places.length > 0;
  const said = wanted === "" ? "" : t.found(current + 1, places.length);
  return (
    <FindRow names={t} field={field} look={look} go={go} said={said} isFound={found} close={end}>
      <input
        type="text"
        aria-label={t.replacement}
        placeholder={t.replacement}
        onInput={(event) => (replacement.value = event.currentTarget.value)}
      />
      <button
        type="button"
        class="button button-small"
        disabled={!found || places[current]?.isLocked === true}
        onClick={() => replace(replaceOne(replacement.value))}
      >
        {t.replace}
      </button>
      <button
        type="button"
        class="button button-small"
        disabled={!places.some(({ isLocked }) => !isLocked)}
        onClick={() => replace(replaceAll(replacement.value))}
      >
        {t.replaceAll}
      </button>
    </FindRow>
  );
}
