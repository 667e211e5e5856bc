/** The shape of each kind of annotation, in the page's user space. One table of kinds; knows nobody and reads no document. */
import type { ComponentChildren } from "preact";
import { asCss, type Corner, corner, far, type Matrix, minus, outline, plus, type Point, type Quad, times, type Turn, upright } from "./geometry";
import { type Kind, type Mark, pointsOf } from "./marks";

const FALLBACK = "#1d3f6e";

const colorIn = (mark: Mark): string => (/^#[0-9a-f]{6}$/i.test(mark.style?.color ?? "") ? mark.style!.color! : FALLBACK);
const widthIn = (mark: Mark): number => Math.min(Math.max(mark.style?.width ?? 1, 0.25), 24);

export const pathText = (points: readonly Point[]): string => points.map(([x, y], n) => `${n === 0 ? "M" : "L"}${x} ${y}`).join("");

/** A line along a quad, `share` of its height above the lower edge. */
function along(quad: Quad, share: number): [Point, Point] {
  const at = (low: Corner, high: Corner): Point => plus(corner(quad, low), times(minus(corner(quad, high), corner(quad, low)), share));
  return [at("ll", "ul"), at("lr", "ur")];
}

const heightOf = (quad: Quad): number => far(minus(corner(quad, "ul"), corner(quad, "ll")));

function lines(mark: Mark, share: number): ComponentChildren {
  return (mark.quads ?? []).map((quad, n) => {
    const [from, to] = along(quad, share);
    return <path key={n} d={pathText([from, to])} fill="none" stroke={colorIn(mark)} stroke-width={Math.max(0.8, heightOf(quad) * 0.07)} />;
  });
}

/** Where a thin line alone would be hard to meet. */
const target = (mark: Mark): ComponentChildren => (mark.quads ?? []).map((quad, n) => <polygon key={`t${n}`} points={outline(quad)} fill="transparent" />);

/** From an upright box, its origin at the upper left, to where it lies when the page stands turned by `rot`. */
export function uprightIn(rect: readonly number[], rot: Turn): { matrix: Matrix; width: number; height: number } {
  const [x0, y0, x1, y1] = upright(rect as unknown as [number, number, number, number]);
  const [width, height] = [x1 - x0, y1 - y0];
  const matrices: Record<Turn, Matrix> = {
    0: [1, 0, 0, -1, x0, y1],
    90: [0, 1, 1, 0, x0, y0],
    180: [-1, 0, 0, 1, x1, y0],
    270: [0, -1, -1, 0, x1, y1],
  };
  return { matrix: matrices[rot], ...(rot % 180 === 0 ? { width, height } : { width: height, height: width }) };
}

function Boxed({ mark, isRound = false }: { mark: Mark; isRound?: boolean }) {
  if (!mark.rect) return null;
  const [x0, y0, x1, y1] = upright(mark.rect);
  const look = { fill: "transparent", stroke: colorIn(mark), "stroke-width": widthIn(mark), opacity: mark.style?.opacity ?? 1 };
  if (isRound) return <ellipse cx={(x0 + x1) / 2} cy={(y0 + y1) / 2} rx={(x1 - x0) / 2} ry={(y1 - y0) / 2} {...look} />;
  return <rect x={x0} y={y0} width={x1 - x0} height={y1 - y0} {...look} />;
}

function Words({ mark }: { mark: Mark }) {
  if (!mark.rect) return null;
  const { matrix, width, height } = uprightIn(mark.rect, mark.rot ?? 0);
  return (
    <g transform={asCss(matrix)}>
      <rect class="mark-paper" width={width} height={height} stroke={colorIn(mark)} />
      <foreignObject width={width} height={height}>
        <div class="mark-words" style={{ color: colorIn(mark) }}>
          {mark.body}
        </div>
      </foreignObject>
    </g>
  );
}

function Note({ mark }: { mark: Mark }) {
  if (!mark.rect) return null;
  const { matrix, width, height } = uprightIn(mark.rect, mark.rot ?? 0);
  return (
    <g transform={asCss(matrix)}>
      <svg width={width} height={height} viewBox="0 0 20 20">
        <path class="mark-note-paper" d="M2 2h16v12l-5 4H2Z" fill={colorIn(mark)} />
        <path d="M5 6h10M5 9.500h7" stroke="#fff" stroke-width="1.4" fill="none" />
      </svg>
    </g>
  );
}

function Drawn({ mark }: { mark: Mark }) {
  const look = { fill: "none", stroke: colorIn(mark), "stroke-width": widthIn(mark), opacity: mark.style?.opacity ?? 1 };
  return <>{(mark.paths ?? []).map((path, n) => <path key={n} d={pathText(pointsOf(path))} stroke-linecap="round" stroke-linejoin="round" {...look} />)}</>;
}

const Highlight = ({ mark }: { mark: Mark }) => (
  <>
    {(mark.quads ?? []).map((quad, n) => (
      <polygon key={n} points={outline(quad)} fill={colorIn(mark)} fill-opacity={mark.style?.opacity ?? 0.4} />
    ))}
  </>
);

const SHAPES: Readonly<Partial<Record<Kind, (props: { mark: Mark }) => ComponentChildren>>> = {
  highlight: Highlight,
  underline: ({ mark }) => [target(mark), lines(mark, 0.04)],
  strikeout: ({ mark }) => [target(mark), lines(mark, 0.45)],
  square: Boxed,
  ellipse: ({ mark }) => <Boxed mark={mark} isRound />,
  line: Drawn,
  arrow: Drawn,
  ink: Drawn,
  freetext: Words,
  stamp: Words,
  note: Note,
};

export function MarkShape({ mark }: { mark: Mark }) {
  const Shape = SHAPES[mark.kind];
  return Shape ? <Shape mark={mark} /> : null;
}
