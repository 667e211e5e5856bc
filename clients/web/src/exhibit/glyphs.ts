/** The characters of a page and where they truly stand: owns the glyph table's form and what of it a selection means. Draws nothing. */
import { type Corner, corner, distance, dot, far, hundredths, middle, minus, type Point, plus, type Quad, quadOf, times, within } from "./geometry";

export interface Line {
  /** One entry a code point. */
  characters: readonly string[];
  quads: readonly Quad[];
}

/** A place between two characters: before the `at`-th of a line, or behind its last. */
export interface Spot {
  line: number;
  at: number;
}

export interface Span {
  from: Spot;
  to: Spot;
}

export interface Quote {
  exact: string;
  prefix: string;
  suffix: string;
}

interface GlyphAnswer {
  lines: Array<{ text: string; vertical: boolean; quads: number[] }>;
}

const CONTEXT = 32;
const NUMBERS = 8;

/** Differences in hundredths become quads, whose corners follow the reading direction. */
export function linesOf({ lines }: GlyphAnswer): Line[] {
  return lines.map(({ text, vertical, quads }) => {
    const characters = Array.from(text);
    const sum = new Array<number>(NUMBERS).fill(0);
    const places = characters.map((_, n) => {
      for (let k = 0; k < NUMBERS; k++) sum[k] = sum[k]! + (quads[n * NUMBERS + k] ?? 0);
      return sum.map((value) => value / 100) as unknown as Quad;
    });
    return { characters, quads: vertical ? places.map((quad) => inReadingDirection(quad, places)) : places };
  });
}

/** Vertical writing told by the page's own sides instead: upper right is then where a character begins. */
function inReadingDirection(quad: Quad, all: readonly Quad[]): Quad {
  const way = minus(middle(all.at(-1) ?? quad), middle(all[0] ?? quad));
  const [ul, ur, ll, lr] = (["ul", "ur", "ll", "lr"] as const).map((which) => corner(quad, which)) as [Point, Point, Point, Point];
  const isTold = all.length < 2 || Math.abs(dot(unit(minus(ur, ul)), way)) >= Math.abs(dot(unit(minus(ll, ul)), way));
  return isTold ? quad : quadOf(ur, lr, ul, ll);
}

const unit = (vector: Point): Point => times(vector, 1 / Math.max(far(vector), 1e-9));

/** The place nearest to a point, however the text lies; null on a page without text. */
export function spotAt(lines: readonly Line[], point: Point): Spot | null {
  let best: { far: number; spot: Spot } | null = null;
  lines.forEach(({ quads }, line) => {
    quads.forEach((quad, at) => {
      const away = distance(quad, point);
      if (best !== null && away >= best.far) return;
      best = { far: away, spot: { line, at: within(quad, point).along > 0.5 ? at + 1 : at } };
    });
  });
  return (best as { spot: Spot } | null)?.spot ?? null;
}

/** Whether a point is on, or almost on, a character. */
export const isOnText = (lines: readonly Line[], point: Point, slack: number): boolean =>
  lines.some(({ quads }) => quads.some((quad) => distance(quad, point) <= slack));

export const isBefore = (a: Spot, b: Spot): boolean => a.line < b.line || (a.line === b.line && a.at < b.at);

/** In reading order; null when nothing lies between the two. */
export function spanOf(a: Spot, b: Spot): Span | null {
  if (a.line === b.line && a.at === b.at) return null;
  return isBefore(a, b) ? { from: a, to: b } : { from: b, to: a };
}

/** The characters of each line in a span, as [from, to). */
function runs(lines: readonly Line[], { from, to }: Span): Array<readonly [line: Line, from: number, to: number]> {
  return lines.slice(from.line, to.line + 1).flatMap((line, n) => {
    const start = n === 0 ? from.at : 0;
    const end = from.line + n === to.line ? to.at : line.characters.length;
    return end > start ? [[line, start, end] as const] : [];
  });
}

/** One quad for each line's run. */
export function quadsOf(lines: readonly Line[], span: Span): Quad[] {
  return runs(lines, span).map(([line, from, to]) => joined(line.quads.slice(from, to)));
}

/** The smallest quad in the run's own directions that holds all its characters: right for skewed and turned text too. */
function joined(quads: readonly Quad[]): Quad {
  const model = quads.find(isThick) ?? quads[0]!;
  const at = (which: Corner): Point => corner(model, which);
  const [origin, along, up] = [at("ll"), unit(minus(at("lr"), at("ll"))), unit(minus(at("ul"), at("ll")))];
  const det = along[0] * up[1] - along[1] * up[0];
  if (Math.abs(det) < 1e-6) return model;
  const [us, vs]: [number[], number[]] = [[], []];
  for (const quad of quads) {
    for (const which of ["ul", "ur", "ll", "lr"] as const) {
      const p = minus(corner(quad, which), origin);
      us.push((p[0] * up[1] - p[1] * up[0]) / det);
      vs.push((along[0] * p[1] - along[1] * p[0]) / det);
    }
  }
  const place = (u: number, v: number): Point => {
    const [x, y] = plus(origin, plus(times(along, u), times(up, v)));
    return [hundredths(x), hundredths(y)];
  };
  const [left, right, bottom, top] = [Math.min(...us), Math.max(...us), Math.min(...vs), Math.max(...vs)];
  return quadOf(place(left, top), place(right, top), place(left, bottom), place(right, bottom));
}

const isThick = (quad: Quad): boolean =>
  far(minus(corner(quad, "lr"), corner(quad, "ll"))) > 0.01 && far(minus(corner(quad, "ul"), corner(quad, "ll"))) > 0.01;

export function textOf(lines: readonly Line[], span: Span): string {
  return runs(lines, span)
    .map(([line, from, to]) => line.characters.slice(from, to).join(""))
    .join("\n");
}

/** The words with a little of what stands before and behind them, so that they can be found again. */
export function quoteOf(lines: readonly Line[], span: Span): Quote {
  const [start, end] = [{ line: 0, at: 0 }, { line: lines.length - 1, at: lines.at(-1)?.characters.length ?? 0 }];
  const tail = Array.from(textOf(lines, { from: start, to: span.from })).slice(-CONTEXT).join("");
  const head = Array.from(textOf(lines, { from: span.to, to: end })).slice(0, CONTEXT).join("");
  return { exact: textOf(lines, span), prefix: tail, suffix: head };
}

/** One character on, or one line on at the same place of it; the ends of the page hold. */
export function moved(lines: readonly Line[], { line, at }: Spot, by: { characters?: number; lines?: number }): Spot {
  if (by.lines) {
    const next = Math.min(Math.max(line + by.lines, 0), lines.length - 1);
    return { line: next, at: Math.min(at, lines[next]?.characters.length ?? 0) };
  }
  const step = by.characters ?? 0;
  const here = at + step;
  if (here >= 0 && here <= (lines[line]?.characters.length ?? 0)) return { line, at: here };
  const next = line + Math.sign(step);
  if (!lines[next]) return { line, at };
  return { line: next, at: step < 0 ? lines[next].characters.length : Math.min(1, lines[next].characters.length) };
}

/** Every place where the words stand, blanks and line ends not counting; letters in any case. */
export function found(lines: readonly Line[], words: string): Span[] {
  const wanted = Array.from(words.toLowerCase()).filter((character) => character.trim() !== "");
  const places: Array<readonly [character: string, spot: Spot]> = lines.flatMap(({ characters }, line) =>
    characters.flatMap((character, at) => (character.trim() === "" ? [] : [[character.toLowerCase(), { line, at }] as const])),
  );
  if (wanted.length === 0) return [];
  const spans: Span[] = [];
  for (let n = 0; n + wanted.length <= places.length; n++) {
    if (!wanted.every((character, k) => places[n + k]![0] === character)) continue;
    const last = places[n + wanted.length - 1]![1];
    spans.push({ from: places[n]![1], to: { line: last.line, at: last.at + 1 } });
    n += wanted.length - 1;
  }
  return spans;
}
