/** The transcript as ProseMirror knows it: turns of text with three marks. Owns the shape and what a new turn carries; draws nothing. */
import { type Node as PmNode, Schema } from "prosemirror-model";
import type { TurnKind } from "../transcript/turn";

/** Attributes of a turn as they stand in the document; null = absent. */
export interface TurnAttributes {
  id: string | null;
  kind: TurnKind | null;
  speaker: string | null;
  role: string | null;
  at: string | null;
  origin: string | null;
}

export const ATTRIBUTES = ["id", "kind", "speaker", "role", "at", "origin"] as const;

export const schema = new Schema({
  nodes: {
    doc: { content: "turn*" },
    turn: {
      content: "text*",
      attrs: Object.fromEntries(ATTRIBUTES.map((name) => [name, { default: null }])),
      defining: true,
      toDOM: () => ["p", 0],
      parseDOM: [{ tag: "p" }, { tag: "div" }, { tag: "h3" }, { tag: "li" }],
    },
    text: {},
  },
  marks: {
    bold: { toDOM: () => ["strong", 0], parseDOM: [{ tag: "strong" }, { tag: "b" }] },
    underline: { toDOM: () => ["u", 0], parseDOM: [{ tag: "u" }] },
    unsure: {
      attrs: { at: { default: null } },
      inclusive: false,
      toDOM: () => ["mark", { class: "unsure" }, 0],
    },
  },
});

export const TURN = schema.nodes["turn"]!;
export const MARKS = { bold: schema.marks["bold"]!, underline: schema.marks["underline"]!, unsure: schema.marks["unsure"]! };

export const attributesOf = (turn: PmNode): TurnAttributes => turn.attrs as TurnAttributes;

/** A turn of the court's own writer: procedure, or taken over from elsewhere. Nobody else changes it. */
export function isCourts(turn: PmNode): boolean {
  const { kind, origin } = attributesOf(turn);
  return kind === "procedure" || (origin ?? "") !== "";
}

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-";
const ID_LENGTH = 16;

/** 96 random bits; begins with a letter, so that it is never one of the ids kept for the court (`c` and digits). */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(ID_LENGTH));
  return `t${Array.from(bytes, (byte) => ALPHABET[byte & 63]).join("")}`;
}

const COURT_OFFSET = 8 * 3600_000;

/** Now as RFC 3339 in the court's time. */
export function courtTime(now = Date.now()): string {
  return `${new Date(now + COURT_OFFSET).toISOString().slice(0, 19)}+08:00`;
}

/** What a turn made now carries; the speaker may be left out. */
export function newTurn(more: Partial<TurnAttributes> = {}): TurnAttributes {
  return { id: newId(), kind: "speech", speaker: null, role: null, at: courtTime(), origin: null, ...more };
}

/** A turn of a court's kind is never made by splitting or copying: a new one of speech is. */
export function likeTurn(turn: PmNode): TurnAttributes {
  const { kind, speaker, role } = attributesOf(turn);
  if (isCourts(turn) || kind === "heading") return newTurn();
  return newTurn({ kind, speaker, role });
}
