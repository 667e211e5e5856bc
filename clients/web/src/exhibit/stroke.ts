/** Drawn strokes: thinned so that the eye sees no difference, and cut so that each part may be written. Pure. */
import { far, minus, type Point } from "./geometry";

/** One value of a document is at most 16 KiB: thirty-seconds of a unit take five bytes each, so this many points stay below it. */
export const MOST_POINTS = 900;
const FINE = 32;

export const fine = (value: number): number => Math.round(value * FINE) / FINE;

/** Points nearer than `slack` to the line between their neighbours go (Ramer, Douglas, Peucker, without recursion). */
export function thinned(points: readonly Point[], slack: number): Point[] {
  const keep = new Uint8Array(points.length).fill(0);
  const open: Array<[number, number]> = [[0, points.length - 1]];
  keep[0] = keep[points.length - 1] = 1;
  for (let part = open.pop(); part; part = open.pop()) {
    const [from, to] = part;
    const { at, away } = farthest(points, from, to);
    if (away <= slack) continue;
    keep[at] = 1;
    open.push([from, at], [at, to]);
  }
  return points.filter((_, n) => keep[n] === 1);
}

function farthest(points: readonly Point[], from: number, to: number): { at: number; away: number } {
  let [at, away] = [from, 0];
  for (let n = from + 1; n < to; n++) {
    const distance = fromLine(points[n]!, points[from]!, points[to]!);
    if (distance > away) [at, away] = [n, distance];
  }
  return { at, away };
}

function fromLine(point: Point, a: Point, b: Point): number {
  const [along, to] = [minus(b, a), minus(point, a)];
  const length = far(along);
  return length < 1e-9 ? far(to) : Math.abs(along[0] * to[1] - along[1] * to[0]) / length;
}

/** Parts that join: each begins with the point that the one before ended with. */
export function parts(points: readonly Point[], most = MOST_POINTS): Point[][] {
  const cut: Point[][] = [];
  for (let from = 0; from === 0 || from < points.length - 1; from += most - 1) cut.push(points.slice(from, from + most));
  return cut;
}

export const flat = (points: readonly Point[]): number[] => points.flatMap(([x, y]) => [fine(x), fine(y)]);
