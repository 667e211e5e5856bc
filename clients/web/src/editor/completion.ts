/** Names and exhibits offered while they are typed: owns when something is offered and what is taken. Draws nothing. */
import { type EditorState, Plugin, PluginKey } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { isFromDocument } from "./binding";
import { isCourts } from "./schema";

export interface Completion {
  /** Where the typed beginning stands. */
  from: number;
  to: number;
  candidates: readonly string[];
  chosen: number;
}

const KEY = new PluginKey<Completion | null>("completion");
const MOST = 6;
const LONGEST_BEGINNING = 12;

export const completionOf = (state: EditorState): Completion | null => KEY.getState(state) ?? null;

/** What the words before the caret may become; the longest beginning counts. */
export function complete(before: string, all: readonly string[]): { length: number; candidates: string[] } | null {
  for (let length = Math.min(before.length, LONGEST_BEGINNING); length > 0; length--) {
    const beginning = before.slice(-length);
    const candidates = all.filter((one) => one.length > length && one.startsWith(beginning)).slice(0, MOST);
    if (candidates.length > 0) return { length, candidates };
  }
  return null;
}

function offered(state: EditorState, all: readonly string[]): Completion | null {
  const { $head, empty } = state.selection;
  if (!empty || $head.depth === 0 || isCourts($head.parent)) return null;
  const before = $head.parent.textBetween(Math.max(0, $head.parentOffset - LONGEST_BEGINNING), $head.parentOffset);
  const found = complete(before, all);
  return found && { from: $head.pos - found.length, to: $head.pos, candidates: found.candidates, chosen: 0 };
}

/** Tab takes the chosen one, arrows choose, Escape puts it away; without an offer these keys are nobody's business. */
export function completionPlugin(all: () => readonly string[]): Plugin<Completion | null> {
  return new Plugin<Completion | null>({
    key: KEY,
    state: {
      init: () => null,
      apply: (tr, before, _old, state) => {
        const change = tr.getMeta(KEY) as { chosen: number } | "away" | undefined;
        if (change === "away") return null;
        if (change && before) return { ...before, chosen: change.chosen };
        if (!tr.docChanged) return tr.selectionSet ? null : before;
        if (isFromDocument(tr)) return before && offered(state, all());
        return tr.getMeta("composition") === undefined ? offered(state, all()) : null;
      },
    },
    props: { handleKeyDown: (view, event) => keyed(view, event) },
  });
}

function keyed(view: EditorView, event: KeyboardEvent): boolean {
  const now = completionOf(view.state);
  if (!now || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return false;
  const count = now.candidates.length;
  const act = {
    Tab: () => take(view, now.chosen),
    ArrowDown: () => choose(view, (now.chosen + 1) % count),
    ArrowUp: () => choose(view, (now.chosen + count - 1) % count),
    Escape: () => view.dispatch(view.state.tr.setMeta(KEY, "away")),
  }[event.key];
  if (!act || (event.key === "Tab" && event.shiftKey)) return false;
  act();
  return true;
}

const choose = (view: EditorView, chosen: number): void => view.dispatch(view.state.tr.setMeta(KEY, { chosen }));

export function take(view: EditorView, place: number): void {
  const now = completionOf(view.state);
  const word = now?.candidates[place];
  if (!now || word === undefined) return;
  view.dispatch(view.state.tr.insertText(word, now.from, now.to).setMeta(KEY, "away").scrollIntoView());
}
