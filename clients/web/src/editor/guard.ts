/** What a person may not do to the text: change a line of the court, leave a turn without id. Owns no keys and shows nothing. */
import type { Node as PmNode } from "prosemirror-model";
import { type EditorState, Plugin, type Transaction } from "prosemirror-state";
import { isFromDocument } from "./binding";
import { changedTurns } from "./changes";
import { attributesOf, isCourts, newTurn } from "./schema";

/** Refuses every change of a turn of the court, and says so through `refused`. */
export function courtsGuard(refused: () => void): Plugin {
  return new Plugin({
    filterTransaction: (tr, state) => {
      if (!tr.docChanged || isFromDocument(tr) || !touchesCourts(state.doc, tr.doc)) return true;
      queueMicrotask(refused);
      return false;
    },
  });
}

function touchesCourts(before: PmNode, after: PmNode): boolean {
  const [old, fresh] = [before.content.content, after.content.content];
  const { start, oldEnd, freshEnd } = changedTurns(old, fresh);
  const [gone, come] = [old.slice(start, oldEnd).filter(isCourts), fresh.slice(start, freshEnd).filter(isCourts)];
  return gone.length !== come.length || gone.some((turn, place) => turn !== come[place]);
}

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
  const [old, fresh] = [before.content.content, after.content.content];
  const { start, oldEnd, freshEnd } = changedTurns(old, fresh);
  return oldEnd === start + 1 && freshEnd === oldEnd && fresh[start]!.sameMarkup(old[start]!);
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
