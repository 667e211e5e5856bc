/** One turn between its Y type and its ProseMirror node. Reads without writing; writes only what differs. */
import { simpleDiff } from "lib0/diff";
import { Fragment, type Mark, type Node as PmNode } from "prosemirror-model";
import * as Y from "yjs";
import { ATTRIBUTES, schema, TURN } from "./schema";

type Marks = Readonly<Record<string, unknown>>;

interface Piece {
  text: string;
  marks: Marks;
}

const isSet = (value: unknown): boolean => value !== undefined && value !== null && value !== false;

/** Marks that this page does not know are left alone: not shown, not taken away. */
function marksOf(attributes: Record<string, unknown> | undefined): Mark[] {
  return Object.entries(attributes ?? {}).flatMap(([name, value]) => {
    const type = schema.marks[name];
    if (!type || !isSet(value)) return [];
    return [type.create(typeof value === "object" ? (value as Record<string, unknown>) : null)];
  });
}

function textNodes(text: Y.XmlText): PmNode[] {
  const delta = text.toDelta() as Array<{ insert: unknown; attributes?: Record<string, unknown> }>;
  return delta.flatMap(({ insert, attributes }) =>
    typeof insert === "string" && insert !== "" ? [schema.text(insert, markSet(marksOf(attributes)))] : [],
  );
}

const markSet = (marks: Mark[]): readonly Mark[] => marks.reduce<readonly Mark[]>((set, mark) => mark.addToSet(set), []);

const textsOf = (element: Y.XmlElement): Y.XmlText[] =>
  element.toArray().filter((child): child is Y.XmlText => child instanceof Y.XmlText);

/** The node of an element; its texts are read in order as one. */
export function nodeOf(element: Y.XmlElement): PmNode {
  const attributes = Object.fromEntries(ATTRIBUTES.map((name) => [name, element.getAttribute(name) ?? null]));
  return TURN.create(attributes, Fragment.fromArray(textsOf(element).flatMap(textNodes)));
}

/** A new element of the node, complete before it is put into the document. */
export function elementOf(node: PmNode): Y.XmlElement {
  const element = new Y.XmlElement("turn");
  for (const name of ATTRIBUTES) {
    const value = node.attrs[name] as string | null;
    if (value !== null) element.setAttribute(name, value);
  }
  if (node.content.size > 0) {
    const text = new Y.XmlText();
    text.applyDelta(piecesOf(node).map(({ text: insert, marks }) => ({ insert, attributes: marks })));
    element.insert(0, [text]);
  }
  return element;
}

function piecesOf(node: PmNode): Piece[] {
  const pieces: Piece[] = [];
  node.forEach((child) => {
    const marks = Object.fromEntries(child.marks.map((mark) => [mark.type.name, mark.attrs]));
    pieces.push({ text: child.text ?? "", marks });
  });
  return pieces;
}

export function writeAttributes(element: Y.XmlElement, node: PmNode): void {
  for (const name of ATTRIBUTES) {
    const value = node.attrs[name] as string | null;
    if (value === (element.getAttribute(name) ?? null)) continue;
    if (value === null) element.removeAttribute(name);
    else element.setAttribute(name, value);
  }
}

/** Makes the element's words and marks those of the node, by the smallest change of words. */
export function writeWords(element: Y.XmlElement, node: PmNode): void {
  const words = node.textContent;
  const { index, remove, insert } = simpleDiff(textsOf(element).map(plain).join(""), words);
  if (remove > 0) eachPart(element, index, remove, (text, from, length) => text.delete(from, length));
  if (insert !== "") insertWords(element, index, slice(piecesOf(node), index, insert.length));
  writeMarks(element, piecesOf(node));
}

function plain(text: Y.XmlText): string {
  const delta = text.toDelta() as Array<{ insert: unknown }>;
  return delta.map(({ insert }) => (typeof insert === "string" ? insert : "")).join("");
}

/** Behind the character before, so that words typed at the end of one text stay in it. */
function insertWords(element: Y.XmlElement, index: number, pieces: readonly Piece[]): void {
  if (textsOf(element).length === 0) element.insert(0, [new Y.XmlText()]);
  let before = index;
  let target = textsOf(element)[0]!;
  for (const text of textsOf(element)) {
    target = text;
    if (before <= text.length) break;
    before -= text.length;
  }
  for (const { text, marks } of pieces) {
    target.insert(before, text, marks);
    before += text.length;
  }
}

function slice(pieces: readonly Piece[], from: number, length: number): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const { text, marks } of pieces) {
    const part = text.slice(Math.max(0, from - at), Math.max(0, from + length - at));
    if (part !== "") found.push({ text: part, marks });
    at += text.length;
  }
  return found;
}

/** Calls back for each text that the range of the whole turn touches; from the end, so that lengths stay true. */
function eachPart(
  element: Y.XmlElement,
  from: number,
  length: number,
  act: (text: Y.XmlText, from: number, length: number) => void,
): void {
  let end = textsOf(element).reduce((sum, text) => sum + text.length, 0);
  for (const text of textsOf(element).reverse()) {
    const start = end - text.length;
    const [low, high] = [Math.max(from, start), Math.min(from + length, end)];
    if (high > low) act(text, low - start, high - low);
    end = start;
  }
}

function writeMarks(element: Y.XmlElement, wanted: readonly Piece[]): void {
  const now = textsOf(element).flatMap((text) => {
    const delta = text.toDelta() as Array<{ insert: string; attributes?: Record<string, unknown> }>;
    return delta.map(({ insert, attributes }) => ({ text: insert, marks: attributes ?? {} }));
  });
  let at = 0;
  for (const { length, have, want } of overlaps(now, wanted)) {
    const change = difference(have, want);
    if (change) eachPart(element, at, length, (text, from, size) => text.format(from, size, change));
    at += length;
  }
}

/** Both rows of pieces cut where either is cut. */
function* overlaps(now: readonly Piece[], wanted: readonly Piece[]): Generator<{ length: number; have: Marks; want: Marks }> {
  let [i, j, usedNow, usedWanted] = [0, 0, 0, 0];
  for (;;) {
    const [have, want] = [now[i], wanted[j]];
    if (!have || !want) return;
    const length = Math.min(have.text.length - usedNow, want.text.length - usedWanted);
    if (length > 0) yield { length, have: have.marks, want: want.marks };
    usedNow += length;
    usedWanted += length;
    if (usedNow >= have.text.length) [i, usedNow] = [i + 1, 0];
    if (usedWanted >= want.text.length) [j, usedWanted] = [j + 1, 0];
  }
}

function difference(have: Marks, want: Marks): Record<string, unknown> | null {
  const change: Record<string, unknown> = {};
  for (const name of Object.keys(schema.marks)) {
    if (isSet(have[name]) !== isSet(want[name])) change[name] = want[name] ?? null;
  }
  return Object.keys(change).length > 0 ? change : null;
}
