/** What differs between two states of the text, and the smallest change from one to the other. Pure; dispatches nothing. */
import { Fragment, type Node as PmNode, Slice } from "prosemirror-model";
import type { EditorState, Transaction } from "prosemirror-state";
import { ReplaceStep } from "prosemirror-transform";

export interface Span {
  start: number;
  oldEnd: number;
  freshEnd: number;
}

/** Which turns differ: all before `start` and behind the ends are the very same. */
export function changedTurns(old: readonly PmNode[], fresh: readonly PmNode[]): Span {
  const least = Math.min(old.length, fresh.length);
  let start = 0;
  while (start < least && old[start] === fresh[start]) start += 1;
  let end = 0;
  while (end < least - start && old[old.length - 1 - end] === fresh[fresh.length - 1 - end]) end += 1;
  return { start, oldEnd: old.length - end, freshEnd: fresh.length - end };
}

/** Replaces what differs: inside one turn only the characters, otherwise whole turns; undefined when nothing does. */
export function replaceTurns(state: EditorState, wanted: readonly PmNode[]): Transaction | undefined {
  const now = state.doc.content.content;
  const { start, oldEnd, freshEnd } = changedTurns(now, wanted);
  const [old, fresh] = [now.slice(start, oldEnd), wanted.slice(start, freshEnd)];
  if (old.length === 0 && fresh.length === 0) return undefined;
  const from = now.slice(0, start).reduce((sum, node) => sum + node.nodeSize, 0);
  if (old.length === 1 && fresh.length === 1 && old[0]!.sameMarkup(fresh[0]!)) {
    return replaceWords(state, from + 1, old[0]!, fresh[0]!);
  }
  const to = old.reduce((sum, node) => sum + node.nodeSize, from);
  return state.tr.step(new ReplaceStep(from, to, new Slice(Fragment.fromArray([...fresh]), 0, 0)));
}

function replaceWords(state: EditorState, inside: number, old: PmNode, fresh: PmNode): Transaction | undefined {
  const range = changedRange(old, fresh);
  if (!range) return undefined;
  const { start, oldEnd, freshEnd } = range;
  return state.tr.step(new ReplaceStep(inside + start, inside + oldEnd, fresh.slice(start, freshEnd)));
}

/** Where the content of two turns differs, as offsets into each. */
function changedRange(old: PmNode, fresh: PmNode): Span | null {
  const start = old.content.findDiffStart(fresh.content);
  const ends = old.content.findDiffEnd(fresh.content);
  if (start === null || !ends) return null;
  const overlap = Math.max(0, start - Math.min(ends.a, ends.b));
  return { start, oldEnd: ends.a + overlap, freshEnd: ends.b + overlap };
}

export function addedWords(base: PmNode, shown: PmNode): string {
  const range = changedRange(base, shown);
  return range ? shown.textBetween(range.start, range.freshEnd) : "";
}

/** The change base -> shown, made to a turn that others have changed meanwhile. */
export function rebased(base: PmNode, shown: PmNode, now: PmNode): PmNode {
  const [mine, theirs] = [changedRange(base, shown), changedRange(base, now)];
  if (!mine) return now;
  const place = (at: number): number => {
    if (!theirs || at <= theirs.start) return at;
    return at >= theirs.oldEnd ? at + theirs.freshEnd - theirs.oldEnd : theirs.freshEnd;
  };
  const [from, to] = [place(mine.start), place(mine.oldEnd)];
  return now.replace(from, Math.max(from, to), shown.slice(mine.start, mine.freshEnd));
}

export function isTouched(tr: Transaction, from: number, to: number): boolean {
  let touched = false;
  for (const map of tr.mapping.maps) {
    map.forEach((start, end) => {
      touched ||= start < to && end > from;
    });
  }
  return touched;
}
