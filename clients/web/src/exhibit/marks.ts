/** Annotations as values: their form, how an entry of the document is read, what of them is drawn where. Never writes. */
import * as Y from "yjs";
import type { Point, Quad, Rect, Turn } from "./geometry";
import type { Quote } from "./glyphs";

export const TEXT_KINDS = ["highlight", "underline", "strikeout"] as const;
export type TextKind = (typeof TEXT_KINDS)[number];
export type DrawnKind = TextKind | "square" | "ink" | "freetext" | "note";
export type Kind = DrawnKind | "ellipse" | "line" | "arrow" | "stamp" | "reply" | "status";
export const STATUSES = ["accepted", "rejected", "completed", "none"] as const;
export type Status = (typeof STATUSES)[number];
/** Shown to everybody in court, or to their writer alone. */
export type Layer = "court" | "own";

export interface Style {
  color?: string;
  width?: number;
  opacity?: number;
}

/** The values of one entry, as PROTOCOL names them. */
export interface Entry {
  id: string;
  v?: number;
  doc?: string;
  page?: number;
  kind: Kind;
  quads?: readonly Quad[];
  rect?: Rect;
  paths?: ReadonlyArray<readonly number[] | readonly Point[]>;
  rot?: Turn;
  quote?: Quote;
  style?: Style;
  body?: string;
  author: string;
  created: string;
  modified?: string;
  reply_to?: string;
  deleted?: { by: string; at: string };
}

export interface Mark extends Entry {
  layer: Layer;
}

/** Server and gate have seen to its form; an entry that somebody is still making has no kind yet. */
export function readEntry(map: unknown, layer: Layer): Mark | null {
  if (!(map instanceof Y.Map)) return null;
  const entry = map.toJSON() as Partial<Entry>;
  return entry.id && entry.kind && entry.author ? { ...(entry as Entry), layer } : null;
}

const ANSWERS: ReadonlySet<Kind> = new Set<Kind>(["reply", "status"]);

export const isAnswer = (mark: Entry): boolean => ANSWERS.has(mark.kind);

export const byTime = (a: Entry, b: Entry): number => a.created.localeCompare(b.created) || a.id.localeCompare(b.id);

/** A stroke as points, whichever of the two forms it was written in. */
export function pointsOf(path: readonly number[] | readonly Point[]): Point[] {
  if (typeof path[0] !== "number") return [...(path as readonly Point[])];
  const flat = path as readonly number[];
  return Array.from({ length: Math.floor(flat.length / 2) }, (_, n) => [flat[2 * n]!, flat[2 * n + 1]!] as const);
}

/** A place on the page to go to. */
export function topOf(mark: Entry): Point | null {
  const quad = mark.quads?.[0];
  if (quad) return [quad[0], quad[1]];
  if (mark.rect) return [Math.min(mark.rect[0], mark.rect[2]), Math.max(mark.rect[1], mark.rect[3])];
  const path = mark.paths?.[0];
  return (path && pointsOf(path)[0]) ?? null;
}

/** Reading order: page, then from above; what cannot be placed comes last. */
export function byPlace(a: Entry, b: Entry): number {
  const [top, other] = [topOf(a)?.[1] ?? -Infinity, topOf(b)?.[1] ?? -Infinity];
  return (a.page ?? 0) - (b.page ?? 0) || other - top || byTime(a, b);
}

export interface Thread {
  mark: Mark;
  replies: readonly Mark[];
  status: Status;
}

/** Everything that answers a mark, answers of answers too; the last status that stands is the mark's. */
export function threadOf(mark: Mark, answers: ReadonlyMap<string, readonly Mark[]>): Thread {
  const all: Mark[] = [];
  const look = (id: string): void => {
    for (const answer of answers.get(id) ?? []) {
      all.push(answer);
      if (all.length < 1_000) look(answer.id);
    }
  };
  look(mark.id);
  all.sort(byTime);
  const last = all.filter((answer) => answer.kind === "status" && !answer.deleted).at(-1)?.body;
  const status = STATUSES.find((each) => each === last) ?? "none";
  return { mark, replies: all, status };
}
