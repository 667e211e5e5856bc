/** What a person may not do to the text: change a line of the court, leave a turn without id. Owns no keys and shows nothing. */
import type { Node as PmNode } from "prosemirror-model";
import { type EditorState, Plugin, type Transaction } from "prosemirror-state";
import { isFromDocument } from "./binding";
import { attributesOf, isCourts, newTurn } from "./schema";

/** Refuses every change of a turn of the court, and says so through `refused`. */
export function courtsGuard(refused: () => void): Plugin {
  return new Plugin({
    filterTransaction: (tr, state) => {
      if (!tr.docChanged || isFromDocument(tr) || isSame(courtsTurns(state.doc), courtsTurns(tr.doc))) return true;
      queueMicrotask(refused);
      return false;
    },
  });
}

const courtsTurns = (doc: PmNode): PmNode[] => doc.content.content.filter(isCourts);

const isSame = (one: readonly PmNode[], other: readonly PmNode[]): boolean =>
  one.length === other.length && one.every((turn, place) => turn === other[place]);

/** Every turn that a person makes has an id of its own, a kind and a time before it reaches the document. */
export function completeTurns(): Plugin {
  return new Plugin({
    appendTransaction: (transactions, before, after) => {
      const isOwn = transactions.some((tr) => tr.docChanged && !isFromDocument(tr));
      return isOwn && before.doc !== after.doc ? completed(before, after) : null;
    },
  });
}

/** Words typed in one turn: nothing to complete, and nothing to look through. */
function isWithinOne(before: PmNode, after: PmNode): boolean {
  if (before.childCount !== after.childCount) return false;
  const old = before.content.content;
  const places = after.content.content.flatMap((turn, place) => (turn === old[place] ? [] : [place]));
  const [place] = places;
  return places.length === 1 && place !== undefined && after.child(place).sameMarkup(before.child(place));
}

function completed(before: EditorState, after: EditorState): Transaction | null {
  if (isWithinOne(before.doc, after.doc)) return null;
  const old = new Set(before.doc.content.content);
  const turns = after.doc.content.content;
  const ids = new Set(turns.filter((turn) => old.has(turn)).map((turn) => attributesOf(turn).id));
  let tr: Transaction | null = null;
  after.doc.forEach((turn, pos) => {
    if (old.has(turn)) return;
    const { id, kind, at } = attributesOf(turn);
    const isFine = id !== null && kind !== null && at !== null && !ids.has(id);
    ids.add(id);
    if (isFine) return;
    const fresh = newTurn();
    const own = id === null || turns.some((other) => other !== turn && attributesOf(other).id === id) ? fresh.id : id;
    tr = (tr ?? after.tr).setNodeMarkup(pos, null, { ...turn.attrs, id: own, kind: kind ?? fresh.kind, at: at ?? fresh.at });
  });
  return tr;
}
