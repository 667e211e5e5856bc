/** Find and replace in the text: owns the search words, the places found and which of them is the current one. */
import type { Node as PmNode } from "prosemirror-model";
import { type Command, type EditorState, Plugin, PluginKey, TextSelection } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { isCourts } from "./schema";

interface Place {
  from: number;
  to: number;
  isLocked: boolean;
}

export interface Search {
  words: string;
  places: readonly Place[];
  /** Which of them stands out; -1 while nothing is found. */
  current: number;
}

const KEY = new PluginKey<Search>("search");
const NOTHING: Search = { words: "", places: [], current: -1 };

export const searchOf = (state: EditorState): Search => KEY.getState(state) ?? NOTHING;

function find(doc: PmNode, words: string): Place[] {
  const places: Place[] = [];
  if (words === "") return places;
  const wanted = words.toLowerCase();
  doc.forEach((turn, pos) => {
    const text = turn.textContent.toLowerCase();
    for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + wanted.length)) {
      places.push({ from: pos + 1 + at, to: pos + 1 + at + wanted.length, isLocked: isCourts(turn) });
    }
  });
  return places;
}

export function searchPlugin(): Plugin<Search> {
  return new Plugin<Search>({
    key: KEY,
    state: {
      init: () => NOTHING,
      apply: (tr, before) => {
        const change = tr.getMeta(KEY) as Partial<Search> | undefined;
        if (!change && (!tr.docChanged || before.words === "")) return before;
        const words = change?.words ?? before.words;
        const places = words === before.words && !tr.docChanged ? before.places : find(tr.doc, words);
        const wanted = change?.current ?? before.current;
        return { words, places, current: Math.min(Math.max(wanted, 0), places.length - 1) };
      },
    },
    props: {
      decorations: (state) => {
        const { places, current } = searchOf(state);
        if (places.length === 0) return null;
        const found = places.map(({ from, to }, place) =>
          Decoration.inline(from, to, { class: place === current ? "found found-current" : "found" }),
        );
        return DecorationSet.create(state.doc, found);
      },
    },
  });
}

/** Begins with the first place behind the caret. */
export const searchFor =
  (words: string): Command =>
  (state, dispatch) => {
    const places = find(state.doc, words);
    const current = Math.max(0, places.findIndex(({ from }) => from >= state.selection.from));
    dispatch?.(state.tr.setMeta(KEY, { words, current }));
    return places.length > 0;
  };

export const goOn =
  (by: 1 | -1): Command =>
  (state, dispatch) => {
    const { places, current } = searchOf(state);
    const next = places[(current + by + places.length) % places.length];
    if (!next) return false;
    const tr = state.tr.setMeta(KEY, { current: places.indexOf(next) });
    dispatch?.(tr.setSelection(TextSelection.create(tr.doc, next.from, next.to)).scrollIntoView());
    return true;
  };

export const replaceOne =
  (words: string): Command =>
  (state, dispatch) => {
    const { places, current } = searchOf(state);
    const place = places[current];
    if (!place || place.isLocked) return false;
    dispatch?.(state.tr.insertText(words, place.from, place.to).scrollIntoView());
    return true;
  };

/** From the end, so that the places before stay where they are; the court's lines are left as they are. */
export const replaceAll =
  (words: string): Command =>
  (state, dispatch) => {
    const places = searchOf(state).places.filter(({ isLocked }) => !isLocked);
    if (places.length === 0) return false;
    let tr = state.tr;
    for (const { from, to } of [...places].reverse()) tr = tr.insertText(words, from, to);
    dispatch?.(tr);
    return true;
  };
