/** What differs between two versions of the transcript: by turn, and in a turn by word. Compares values; draws nothing. */

export interface ReadTurn {
  id: string;
  kind: string;
  speaker: string;
  role: string;
  at: string;
  text: string;
}

export interface Piece {
  is: "same" | "added" | "removed";
  text: string;
}

export interface Difference {
  is: "added" | "removed" | "changed";
  turn: ReadTurn;
  pieces: readonly Piece[];
}

/** Latin words and numbers whole, everything else (Chinese) by character. */
const WORD = /[\p{Script=Latin}\p{N}]+|./gsu;
const wordsOf = (text: string): string[] => text.match(WORD) ?? [];

/** More cells than this are not compared word by word: the middle is shown as replaced. */
const MOST_CELLS = 4_000_000;

/** In the order of the newer version; what was removed stands where it stood. */
export function differences(older: readonly ReadTurn[], newer: readonly ReadTurn[]): Difference[] {
  const before = new Map(older.map((turn) => [turn.id, turn]));
  const after = new Set(newer.map(({ id }) => id));
  const found: Difference[] = [];
  let at = 0;
  const removedUpTo = (id: string | null): void => {
    for (; at < older.length && older[at]?.id !== id; at += 1) {
      const turn = older[at];
      if (turn && !after.has(turn.id)) found.push({ is: "removed", turn, pieces: [{ is: "removed", text: turn.text }] });
    }
    at += 1;
  };
  for (const turn of newer) {
    const was = before.get(turn.id);
    if (was && older.indexOf(was) >= at) removedUpTo(turn.id);
    if (!was) found.push({ is: "added", turn, pieces: [{ is: "added", text: turn.text }] });
    else if (isOther(was, turn)) found.push({ is: "changed", turn, pieces: piecesOf(was.text, turn.text) });
  }
  removedUpTo(null);
  return found;
}

const isOther = (was: ReadTurn, is: ReadTurn): boolean =>
  was.text !== is.text || was.speaker !== is.speaker || was.kind !== is.kind || was.role !== is.role || was.at !== is.at;

/** The words of both texts in one row. */
export function piecesOf(before: string, after: string): Piece[] {
  const [old, now] = [wordsOf(before), wordsOf(after)];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < Math.min(old.length, now.length) - start && old.at(-1 - end) === now.at(-1 - end)) end += 1;
  const middle = compared(old.slice(start, old.length - end), now.slice(start, now.length - end));
  const row: Piece[] = [{ is: "same", text: now.slice(0, start).join("") }, ...middle];
  return tidy([...row, { is: "same", text: now.slice(now.length - end).join("") }]);
}

/** By the longest common subsequence; the table is read from its far corner. */
function compared(old: readonly string[], now: readonly string[]): Piece[] {
  if (old.length * now.length > MOST_CELLS) return [removed(old.join("")), added(now.join(""))];
  const wide = now.length + 1;
  const common = new Uint32Array((old.length + 1) * wide);
  const at = (i: number, j: number): number => common[i * wide + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      common[i * wide + j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const row: Piece[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      row.push({ is: "same", text: now[j] ?? "" });
      [i, j] = [i + 1, j + 1];
    } else if (i < old.length && (j === now.length || at(i + 1, j) >= at(i, j + 1))) row.push(removed(old[i++] ?? ""));
    else row.push(added(now[j++] ?? ""));
  }
  return row;
}

const removed = (text: string): Piece => ({ is: "removed", text });
const added = (text: string): Piece => ({ is: "added", text });

/** Neighbours of one kind become one; nothing empty. */
function tidy(row: readonly Piece[]): Piece[] {
  const made: Piece[] = [];
  for (const piece of row) {
    const last = made.at(-1);
    if (last?.is === piece.is) made[made.length - 1] = { is: last.is, text: last.text + piece.text };
    else if (piece.text !== "") made.push(piece);
  }
  return made;
}
