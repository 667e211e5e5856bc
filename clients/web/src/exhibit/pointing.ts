/**
 * What a pointer does on a page: choosing words, drawing, placing. Owns the gesture under way and turns it into values at
 * its end; the book writes them. Coordinates are the page's user space from the first touch on.
 */
import { signal } from "@preact/signals";
import { apply, around as boxAround, hundredths, inverse, type Matrix, type Point, quadOf, type Rect } from "./geometry";
import { isOnText, type Line, quadsOf, quoteOf, type Span, spanOf, type Spot, spotAt } from "./glyphs";
import type { LiveStrokes } from "./live-strokes";
import type { NewEntry } from "./book";
import { TEXT_KINDS, type TextKind } from "./marks";
import type { OpenExhibit } from "./open-exhibit";
import { flat, parts, thinned } from "./stroke";

const MOST_QUADS = 200;
const MOST_QUOTE = 4_000;
const MOST_ON_PAGE = 500;
const MOST_OF_ONE = 200;
const LEAST_BOX = 3;
const NOTE = 20;
const FREETEXT: Point = [200, 60];

export interface Draft {
  page: number;
  kind: "ink" | "square" | "freetext";
  points: readonly Point[];
}

/** Words to be written before the mark is made. */
export interface Asked {
  kind: "note" | "freetext";
  page: number;
  rect: Rect;
}

export type Limit = "quads" | "quote" | "page";

export const isTextKind = (kind: string): kind is TextKind => (TEXT_KINDS as readonly string[]).includes(kind);

export class Pointing {
  readonly draft = signal<Draft | null>(null);
  readonly asked = signal<Asked | null>(null);
  readonly limit = signal<Limit | null>(null);
  private start: { page: number; spot: Spot | null; point: Point } | null = null;

  constructor(
    private readonly open: OpenExhibit,
    private readonly live: () => LiveStrokes | null,
  ) {}

  get isBusy(): boolean {
    return this.start !== null;
  }

  down(page: number, point: Point, lines: readonly Line[]): boolean {
    const tool = this.open.tool.peek();
    this.limit.value = null;
    const choosesText = tool === "text" || isTextKind(tool);
    if (choosesText) {
      this.open.selection.value = null;
      if (!isOnText(lines, point, 30)) return false;
    } else if (!this.open.book.peek()) return false;
    this.start = { page, point, spot: choosesText ? spotAt(lines, point) : null };
    if (tool === "ink" || tool === "square" || tool === "freetext") this.draft.value = { page, kind: tool, points: [point] };
    return true;
  }

  move(points: readonly Point[], lines: readonly Line[]): void {
    const last = points.at(-1);
    if (!this.start || !last) return;
    const draft = this.draft.peek();
    if (draft?.kind === "ink") this.draft.value = { ...draft, points: [...draft.points, ...points] };
    else if (draft) this.draft.value = { ...draft, points: [this.start.point, last] };
    else if (this.start.spot) this.select(this.start.page, this.start.spot, spotAt(lines, last));
    this.share();
  }

  up(lines: readonly Line[]): void {
    const [start, draft, tool] = [this.start, this.draft.peek(), this.open.tool.peek()];
    this.cancel();
    if (!start) return;
    if (draft) this.drawn(draft, start);
    else if (tool === "note") this.ask("note", start.page, noteAt(start.point));
    else if (isTextKind(tool)) this.markText(tool, lines);
  }

  cancel(): void {
    this.start = null;
    this.draft.value = null;
    this.live()?.end();
  }

  /** The chosen words become an annotation; answers whether there were any. */
  markText(kind: TextKind, lines: readonly Line[]): boolean {
    const selection = this.open.selection.peek();
    if (!selection) return false;
    const [quads, quote] = [quadsOf(lines, selection), quoteOf(lines, selection)];
    if (quads.length > MOST_QUADS) this.limit.value = "quads";
    else if (quote.exact.length > MOST_QUOTE) this.limit.value = "quote";
    else if (this.add({ kind, page: selection.page, quads, quote })) this.open.selection.value = null;
    return true;
  }

  /** By key: where the words are that are chosen, or in the middle of what is seen. */
  place(kind: "square" | "note" | "freetext", page: number, rect: Rect): void {
    if (kind === "square") this.add({ kind, page, rect });
    else this.ask(kind, page, kind === "note" ? noteAt([rect[0], rect[3]]) : rect);
  }

  written(asked: Asked, body: string): void {
    this.asked.value = null;
    const rot = this.open.rotationOf(asked.page);
    this.add({ kind: asked.kind, page: asked.page, rect: asked.rect, body, ...(asked.kind === "freetext" ? { rot } : {}) });
  }

  private ask(kind: Asked["kind"], page: number, rect: Rect): void {
    this.asked.value = { kind, page, rect };
  }

  private drawn(draft: Draft, { page, point }: { page: number; point: Point }): void {
    if (draft.kind === "ink") return this.ink(draft);
    const rect = boxAround(draft.points).map(hundredths) as unknown as Rect;
    const isBox = rect[2] - rect[0] >= LEAST_BOX && rect[3] - rect[1] >= LEAST_BOX;
    if (draft.kind === "freetext") this.ask("freetext", page, isBox ? rect : this.open.boxAt(page, point, FREETEXT));
    else if (isBox) this.add({ kind: "square", page, rect });
  }

  private ink({ page, points }: Draft): void {
    const line = thinned(points.length > 1 ? points : [points[0]!, points[0]!], 0.25);
    this.addAll(parts(line).map((part) => ({ kind: "ink" as const, page, paths: [flat(part)] })));
  }

  private add(entry: NewEntry): boolean {
    return this.addAll([entry]);
  }

  private addAll(entries: readonly NewEntry[]): boolean {
    const page = entries[0]?.page ?? 0;
    const there = this.open.byPage.peek().get(page) ?? [];
    const own = there.filter(({ author }) => author === this.open.me.id);
    if (there.length + entries.length > MOST_ON_PAGE || own.length + entries.length > MOST_OF_ONE) {
      this.limit.value = "page";
      return false;
    }
    const [color, width, doc] = [this.open.color.peek(), this.open.width.peek(), this.open.exhibit.sha256];
    const style = (entry: NewEntry) => ({ color, width: isTextKind(entry.kind) ? 1 : width, opacity: entry.kind === "highlight" ? 0.4 : 1 });
    const ids = this.open.book.peek()?.add(entries.map((entry) => ({ doc, style: style(entry), ...entry })));
    if (this.open.chosen.peek() !== null) this.open.chosen.value = ids?.[0] ?? null; // no panel opens under the pen
    return ids !== undefined;
  }

  private select(page: number, from: Spot, to: Spot | null): void {
    const span: Span | null = to && spanOf(from, to);
    this.open.selection.value = span && { page, ...span };
  }

  private share(): void {
    const draft = this.draft.peek();
    if (!draft || draft.kind === "freetext" || this.open.layer.peek() === "own") return;
    this.live()?.show({ ...draft, kind: draft.kind, color: this.open.color.peek(), width: this.open.width.peek() });
  }
}

const noteAt = ([x, y]: Point): Rect => [x, y - NOTE, x + NOTE, y].map(hundredths) as unknown as Rect;

/** From the client's coordinates to the page's user space. */
export function userPoint(sheet: Element, matrix: Matrix, { clientX, clientY }: { clientX: number; clientY: number }): Point {
  const box = sheet.getBoundingClientRect();
  return apply(inverse(matrix), [clientX - box.left, clientY - box.top]);
}

export const rectAsQuad = ([x0, y0, x1, y1]: Rect) => quadOf([x0, y1], [x1, y1], [x0, y0], [x1, y0]);
