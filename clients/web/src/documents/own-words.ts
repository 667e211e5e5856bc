/** The words that this page put into a document and that nobody has confirmed, turn by turn. Reads; never writes to a document. */
import * as Y from "yjs";
import { isTurn } from "../transcript/turn";

export interface OwnWords {
  turn: string;
  speaker: string;
  role: string;
  words: string;
}

/** What of the updates' insertions still stands in the document, in its order. */
export function ownWords(doc: Y.Doc, updates: readonly Uint8Array[]): OwnWords[] {
  const own = new Map<number, Array<[from: number, to: number]>>();
  for (const update of updates) {
    for (const { id, length } of Y.decodeUpdate(update).structs) {
      own.set(id.client, [...(own.get(id.client) ?? []), [id.clock, id.clock + length]]);
    }
  }
  const isOwn = (client: number, clock: number): boolean =>
    (own.get(client) ?? []).some(([from, to]) => from <= clock && clock < to);
  return doc.getXmlFragment("transcript").toArray().filter(isTurn).flatMap((turn) => wordsIn(turn, isOwn));
}

function wordsIn(turn: Y.XmlElement, isOwn: (client: number, clock: number) => boolean): OwnWords[] {
  const words = turn.toArray().map((text) => (text instanceof Y.XmlText ? ownIn(text, isOwn) : "")).join("");
  const attribute = (name: string): string => turn.getAttribute(name) ?? "";
  return words === "" ? [] : [{ turn: attribute("id"), speaker: attribute("speaker"), role: attribute("role"), words }];
}

function ownIn(text: Y.XmlText, isOwn: (client: number, clock: number) => boolean): string {
  let words = "";
  for (let item = text._start; item; item = item.right) {
    if (item.deleted || !(item.content instanceof Y.ContentString)) continue;
    const { client, clock } = item.id;
    words += Array.from({ length: item.length }, (_, n) => n)
      .filter((n) => isOwn(client, clock + n))
      .map((n) => (item.content as Y.ContentString).str[n])
      .join("");
  }
  return words;
}
