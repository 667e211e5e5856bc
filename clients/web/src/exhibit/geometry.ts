/** Points, quads and matrices between a page's user space and the screen. Pure: knows no PDF, no glyph and no annotation. */

export type Point = readonly [x: number, y: number];
/** Corners in reading direction: upper left, upper right, lower left, lower right. */
export type Quad = readonly [number, number, number, number, number, number, number, number];
/** Any two opposite corners. */
export type Rect = readonly [x0: number, y0: number, x1: number, y1: number];
export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];
export type Turn = 0 | 90 | 180 | 270;

/** A page as it lies in its file: what is shown of it (absolute user space), how it is turned, how big a unit is. */
export interface Sheet {
  crop: Rect;
  rotate: Turn;
  unit: number;
}

export const asTurn = (degrees: number): Turn => ((((Math.round(degrees / 90) * 90) % 360) + 360) % 360) as Turn;

export const upright = ([x0, y0, x1, y1]: Rect): Rect => [Math.min(x0, x1), Math.min(y0, y1), Math.max(x0, x1), Math.max(y0, y1)];

/** Width and height on the screen at this scale (screen units a point). */
export function sizeOf(sheet: Sheet, scale: number, turned: Turn): { width: number; height: number } {
  const [x0, y0, x1, y1] = upright(sheet.crop);
  const [width, height] = [(x1 - x0) * sheet.unit * scale, (y1 - y0) * sheet.unit * scale];
  return asTurn(sheet.rotate + turned) % 180 === 0 ? { width, height } : { width: height, height: width };
}

const TURNS: Readonly<Record<Turn, readonly [a: number, b: number, c: number, d: number]>> = {
  0: [1, 0, 0, -1],
  90: [0, 1, 1, 0],
  180: [-1, 0, 0, 1],
  270: [0, -1, -1, 0],
};

/** From user space to the page's box on the screen, whose origin is its upper left corner. */
export function toScreen(sheet: Sheet, scale: number, turned: Turn): Matrix {
  const [x0, y0, x1, y1] = upright(sheet.crop);
  const s = scale * sheet.unit;
  const [a, b, c, d] = TURNS[asTurn(sheet.rotate + turned)].map((part) => part * s) as [number, number, number, number];
  const { width, height } = sizeOf(sheet, scale, turned);
  const [middleX, middleY] = [(x0 + x1) / 2, (y0 + y1) / 2];
  return [a, b, c, d, width / 2 - a * middleX - c * middleY, height / 2 - b * middleX - d * middleY];
}

export const apply = ([a, b, c, d, e, f]: Matrix, [x, y]: Point): Point => [a * x + c * y + e, b * x + d * y + f];

export function inverse([a, b, c, d, e, f]: Matrix): Matrix {
  const det = a * d - b * c;
  return [d / det, -b / det, -c / det, a / det, (c * f - d * e) / det, (b * e - a * f) / det];
}

export const asCss = (matrix: Matrix): string => `matrix(${matrix.map((part) => Number(part.toFixed(5))).join(",")})`;

export const plus = ([x, y]: Point, [u, v]: Point): Point => [x + u, y + v];
export const minus = ([x, y]: Point, [u, v]: Point): Point => [x - u, y - v];
export const times = ([x, y]: Point, n: number): Point => [x * n, y * n];
export const dot = ([x, y]: Point, [u, v]: Point): number => x * u + y * v;
export const far = (vector: Point): number => Math.hypot(vector[0], vector[1]);

export type Corner = "ul" | "ur" | "ll" | "lr";
const PLACE: Readonly<Record<Corner, number>> = { ul: 0, ur: 2, ll: 4, lr: 6 };

export const corner = (quad: Quad, which: Corner): Point => [quad[PLACE[which]]!, quad[PLACE[which] + 1]!];

export const quadOf = (ul: Point, ur: Point, ll: Point, lr: Point): Quad => [...ul, ...ur, ...ll, ...lr];

export const middle = (quad: Quad): Point => [
  (quad[0] + quad[2] + quad[4] + quad[6]) / 4,
  (quad[1] + quad[3] + quad[5] + quad[7]) / 4,
];

/** The outline of a quad for a polygon: its corners in order around it. */
export const outline = (quad: Quad): string =>
  [corner(quad, "ul"), corner(quad, "ur"), corner(quad, "lr"), corner(quad, "ll")].map((point) => point.join(",")).join(" ");

/** Where a point lies in a quad: `along` its reading direction and `down` from its upper edge, 0 to 1 inside. */
export function within(quad: Quad, point: Point): { along: number; down: number } {
  const [origin, right, below] = [corner(quad, "ul"), corner(quad, "ur"), corner(quad, "ll")];
  const [u, v, p] = [minus(right, origin), minus(below, origin), minus(point, origin)];
  const det = u[0] * v[1] - u[1] * v[0];
  if (Math.abs(det) < 1e-9) return { along: dot(p, u) / Math.max(dot(u, u), 1e-9), down: 0.5 };
  return { along: (p[0] * v[1] - p[1] * v[0]) / det, down: (u[0] * p[1] - u[1] * p[0]) / det };
}

const outside = (share: number): number => Math.max(0, -share, share - 1);

/** How far a point is from a quad, in units; 0 inside. */
export function distance(quad: Quad, point: Point): number {
  const { along, down } = within(quad, point);
  const [wide, high] = [far(minus(corner(quad, "ur"), corner(quad, "ul"))), far(minus(corner(quad, "ll"), corner(quad, "ul")))];
  return Math.hypot(outside(along) * wide, outside(down) * high);
}

/** The box around points. */
export function around(points: readonly Point[]): Rect {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

export const cornersOf = (quad: Quad): Point[] => (["ul", "ur", "lr", "ll"] as const).map((which) => corner(quad, which));

/** Hundredths are enough on paper, and short on the wire. */
export const hundredths = (value: number): number => Math.round(value * 100) / 100;
