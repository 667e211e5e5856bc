/** What keys and buttons do to turns. Each is a ProseMirror command; none of them touches a turn of the court. */
import type { Node as PmNode } from "prosemirror-model";
import { type Command, type EditorState, TextSelection, type Transaction } from "prosemirror-state";
import type { TurnKind } from "../transcript/turn";
import { MOVED } from "./binding";
import { beginStep } from "./history";
import { attributesOf, courtTime, isCourts, likeTurn, MARKS, newTurn, schema, TURN, type TurnAttributes } from "./schema";
import { prefixOf, type Speaker } from "./speakers";

export interface Here {
  turn: PmNode;
  /** Place before the turn. */
  pos: number;
  index: number;
  /** Offset of the head in the turn's words. */
  offset: number;
}

/** The turn with the caret in it; null while the transcript is empty. */
export function here(state: EditorState): Here | null {
  const { $head } = state.selection;
  if ($head.depth === 0) return null;
  return { turn: $head.parent, pos: $head.before(1), index: $head.index(0), offset: $head.parentOffset };
}

/** Caret into the turn that begins at `pos`, so many characters in. */
export const caret = (tr: Transaction, pos: number, offset: number): Transaction =>
  tr.setSelection(TextSelection.create(tr.doc, pos + 1 + offset)).scrollIntoView();

function insertTurn(state: EditorState, pos: number, attributes: TurnAttributes): Transaction {
  return caret(state.tr.insert(pos, TURN.create(attributes)), pos, 0);
}

/** Enter: the left half keeps the id; at a turn's start a new one is made before it; behind the court's lines one after them. */
export const split: Command = (state, dispatch) => {
  const now = here(state);
  if (!now) {
    dispatch?.(insertTurn(state, state.doc.content.size, newTurn()));
    return true;
  }
  if (isCourts(now.turn)) dispatch?.(insertTurn(state, now.pos + now.turn.nodeSize, newTurn()));
  else if (!state.selection.empty) dispatch?.(splitSelection(state));
  else if (now.offset === 0 && now.turn.content.size > 0) dispatch?.(insertBefore(state, now));
  else dispatch?.(splitAt(state.tr, state.selection.head, likeTurn(now.turn)));
  return true;
};

function insertBefore(state: EditorState, { pos, turn }: Here): Transaction {
  return state.tr.insert(pos, TURN.create(likeTurn(turn))).scrollIntoView();
}

function splitSelection(state: EditorState): Transaction {
  const tr = state.tr.deleteSelection();
  const { $head } = tr.selection;
  return $head.depth === 0 ? tr : splitAt(tr, $head.pos, likeTurn($head.parent));
}

function splitAt(tr: Transaction, pos: number, attributes: TurnAttributes): Transaction {
  return tr.split(pos, 1, [{ type: TURN, attrs: attributes }]).scrollIntoView();
}

/** Backspace at a turn's start. An empty turn simply goes; otherwise the words join the turn before, which keeps its id. */
export const joinBefore: Command = (state, dispatch) => {
  const now = here(state);
  if (!now || !state.selection.empty || now.offset > 0) return false;
  if (now.index === 0) return true;
  const before = state.doc.child(now.index - 1);
  return join(state, dispatch, now.pos - before.nodeSize, before, now.turn);
};

/** Delete at a turn's end: the same with the turn after. */
export const joinAfter: Command = (state, dispatch) => {
  const now = here(state);
  if (!now || !state.selection.empty || now.offset < now.turn.content.size) return false;
  const after = state.doc.maybeChild(now.index + 1);
  return after ? join(state, dispatch, now.pos, now.turn, after) : true;
};

function join(state: EditorState, dispatch: Dispatch, pos: number, left: PmNode, right: PmNode): boolean {
  const middle = pos + left.nodeSize;
  const end = left.content.size;
  if (right.content.size === 0) dispatch?.(caret(state.tr.delete(middle, middle + right.nodeSize), pos, end));
  else if (end === 0) dispatch?.(caret(state.tr.delete(pos, middle), pos, 0));
  else dispatch?.(caret(state.tr.join(middle), pos, end));
  return true;
}

type Dispatch = Parameters<Command>[1];

/** Alt+Up and Alt+Down: the turn changes place with its neighbour and keeps its id. Undo takes back the move alone. */
export const move =
  (by: -1 | 1): Command =>
  (state, dispatch) => {
    const now = here(state);
    const other = now && state.doc.maybeChild(now.index + by);
    if (!now || !other || isCourts(now.turn)) return false;
    if (dispatch) beginStep(state);
    const target = by < 0 ? now.pos - other.nodeSize : now.pos + other.nodeSize;
    const tr = state.tr.delete(now.pos, now.pos + now.turn.nodeSize).insert(target, now.turn);
    dispatch?.(caret(tr, target, now.offset).setMeta(MOVED, now.turn.attrs["id"]));
    return true;
  };

function describe(state: EditorState, { pos, turn }: Here, change: Partial<TurnAttributes>): Transaction {
  return state.tr.setNodeMarkup(pos, null, { ...turn.attrs, ...change });
}

/** The turn with the caret becomes this person's; in an empty transcript, or on a line of the court, a new turn does. */
export const speak =
  ({ person, label }: Speaker): Command =>
  (state, dispatch) => {
    const now = here(state);
    const change = { kind: "speech" as const, speaker: person, role: label };
    if (now && !isCourts(now.turn)) dispatch?.(describe(state, now, change));
    else dispatch?.(insertTurn(state, now ? now.pos + now.turn.nodeSize : state.doc.content.size, newTurn(change)));
    return true;
  };

/** Speech without a speaker is a note; a heading and a note have none. */
export const setKind =
  (kind: TurnKind): Command =>
  (state, dispatch) => {
    const now = here(state);
    if (!now || isCourts(now.turn)) return false;
    dispatch?.(describe(state, now, kind === "speech" ? { kind } : { kind, speaker: null, role: null }));
    return true;
  };

/**
 * "原：" typed at a turn's start makes it the plaintiff's and goes; null when there is none just before the caret.
 * In a heading or a note only the printed label does: "审判员：" begins a line of the record's head.
 */
export function takePrefix(state: EditorState, speakers: readonly Speaker[]): Transaction | null {
  const now = here(state);
  if (!now || isCourts(now.turn) || !state.selection.empty) return null;
  const typed = now.turn.textBetween(0, now.offset);
  const found = /[：:]$/.test(typed) ? prefixOf(typed, speakers) : undefined;
  if (!found || found.length !== typed.length) return null;
  const { person, label } = found.speaker;
  if (attributesOf(now.turn).kind !== "speech" && found.word !== label) return null;
  const tr = describe(state, now, { kind: "speech", speaker: person, role: label });
  return tr.delete(now.pos + 1, now.pos + 1 + found.length);
}

/** The unsure mark carries the moment, which ties it to the recording. */
export const toggleUnsure: Command = (state, dispatch) => {
  const { from, to, empty } = state.selection;
  if (empty) return false;
  const isMarked = state.doc.rangeHasMark(from, to, MARKS.unsure);
  const tr = isMarked
    ? state.tr.removeMark(from, to, MARKS.unsure)
    : state.tr.addMark(from, to, MARKS.unsure.create({ at: courtTime() }));
  dispatch?.(tr);
  return true;
};

/** Whole turns behind the caret's turn, or in its place while it is empty; the caret stands behind the last of them. */
export function putTurns(state: EditorState, turns: readonly PmNode[]): Transaction {
  const now = here(state);
  const last = turns.at(-1);
  const from = now ? (isEmptyOwn(now.turn) ? now.pos : now.pos + now.turn.nodeSize) : state.doc.content.size;
  const to = now && isEmptyOwn(now.turn) ? now.pos + now.turn.nodeSize : from;
  const tr = state.tr.replaceWith(from, to, [...turns]);
  const end = from + turns.reduce((sum, turn) => sum + turn.nodeSize, 0);
  return last ? caret(tr, end - last.nodeSize, last.content.size) : tr;
}

const isEmptyOwn = (turn: PmNode): boolean => turn.content.size === 0 && !isCourts(turn);

/** A whole turn at a place between turns, wherever the caret is. */
export const insertAt = (state: EditorState, pos: number, turn: PmNode): Transaction =>
  caret(state.tr.insert(pos, turn), pos, turn.content.size);

/** The place behind the turn with this id; null when there is none. */
export function placeBehind(doc: PmNode, id: string): number | null {
  let place: number | null = null;
  doc.forEach((turn, pos) => {
    if (turn.attrs["id"] === id) place = pos + turn.nodeSize;
  });
  return place;
}

export function turnOf(text: string, attributes: Partial<TurnAttributes>): PmNode {
  return TURN.create(newTurn(attributes), text === "" ? null : schema.text(text));
}

