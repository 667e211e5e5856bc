/** What lies over a page: annotations, the selection, what was found, what is being drawn here and by others. Draws in user space. */
import { useComputed } from "@preact/signals";
import { exhibitWords } from "../i18n/exhibit-words";
import type { Find } from "./find";
import { apply, asCss, inverse, type Matrix, outline, type Point, type Rect } from "./geometry";
import { quadsOf } from "./glyphs";
import type { Place } from "./layout";
import type { LiveStroke } from "./live-strokes";
import { MarkShape, pathText } from "./mark-shape";
import { byPlace, type Mark } from "./marks";
import type { OpenExhibit } from "./open-exhibit";

interface Props {
  open: OpenExhibit;
  find: Find;
  n: number;
  matrix: Matrix;
  place: Place;
}

export function Overlay({ open, find, n, matrix, place }: Props) {
  const t = exhibitWords.value;
  const marks = useComputed(() => (open.byPage.value.get(n) ?? []).filter((mark) => !mark.deleted).sort(byPlace));
  const selection = open.selection.value;
  const strokes = open.live.value?.strokes.value.filter((stroke) => stroke.page === n) ?? [];
  return (
    <svg class="sheet-marks" width={place.width} height={place.height} viewBox={`0 0 ${place.width} ${place.height}`} role="group" aria-label={t.thread.title}>
      <g transform={asCss(matrix)}>
        {find.on(n).map(({ quads, isCurrent }, k) => (
          <g key={k} class={isCurrent ? "found found-current" : "found"}>
            {quads.map((quad, m) => (
              <polygon key={m} points={outline(quad)} />
            ))}
          </g>
        ))}
        {marks.value.map((mark) => (
          <MarkOnPage key={mark.id} open={open} mark={mark} matrix={matrix} />
        ))}
        {selection?.page === n && (
          <g class="selecting">
            {quadsOf(open.linesNow(n), selection).map((quad, k) => (
              <polygon key={k} points={outline(quad)} />
            ))}
          </g>
        )}
        <Draft open={open} n={n} />
        {strokes.map((stroke) => (
          <Live key={stroke.client} stroke={stroke} matrix={matrix} label={t.thread.drawing(stroke.user.name)} />
        ))}
      </g>
    </svg>
  );
}

const STEP = 2;
const KEYS: Readonly<Record<string, Point>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function MarkOnPage({ open, mark, matrix }: { open: OpenExhibit; mark: Mark; matrix: Matrix }) {
  const t = exhibitWords.value;
  const name = open.nameOf(mark.author);
  const isOwn = mark.author === open.me.id;
  const nudged = open.nudged.value?.id === mark.id ? { ...mark, rect: open.nudged.value.rect } : mark;
  const label = [t.thread.of(t.kind[mark.kind], name), mark.quote?.exact ?? "", mark.body ?? ""].filter(Boolean).join("：").slice(0, 200);
  const choose = (): void => {
    if (!open.selection.peek()) open.chosen.value = mark.id;
  };
  const key = (event: KeyboardEvent): void => {
    if (event.key === "Enter" || event.key === " ") choose();
    else if (isOwn && event.key === "Delete") open.bookOf(mark)?.remove(mark.id);
    else if (isOwn && mark.rect && KEYS[event.key]) nudge(open, mark, KEYS[event.key]!, matrix, event.shiftKey);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const settle = (): void => {
    const box = open.nudged.peek();
    if (box?.id !== mark.id) return;
    open.bookOf(mark)?.change(mark.id, { rect: box.rect });
    open.nudged.value = null;
  };
  const isChosen = open.chosen.value === mark.id;
  return (
    <g
      class={`mark mark-${mark.kind} ${isChosen ? "mark-chosen" : ""} ${mark.layer === "own" ? "mark-own" : ""}`}
      data-mark={mark.id}
      tabIndex={0}
      role="button"
      aria-label={label}
      aria-pressed={isChosen}
      onClick={choose}
      onKeyDown={key}
      onKeyUp={settle}
      onBlur={settle}
    >
      <title>{name}</title>
      <MarkShape mark={nudged} />
    </g>
  );
}

/** Moves an own box by keys, or with Shift its lower right corner, in the directions of the screen. */
function nudge(open: OpenExhibit, mark: Mark, [right, down]: Point, matrix: Matrix, isSize: boolean): void {
  const now = open.nudged.peek()?.id === mark.id ? open.nudged.peek()!.rect : mark.rect!;
  const back = inverse(matrix);
  const [from, to] = [apply(back, [0, 0]), apply(back, [right, down])];
  const [dx, dy] = [Math.sign(Math.round(1e6 * (to[0] - from[0]))) * STEP, Math.sign(Math.round(1e6 * (to[1] - from[1]))) * STEP];
  const [a, b] = [apply(matrix, [now[0], now[1]]), apply(matrix, [now[2], now[3]])];
  const isFirstEnd = a[0] > b[0]; // which of the two corners is to the right on the screen
  const isFirstLow = a[1] > b[1];
  const isTurned = dx !== 0 ? right === 0 : down === 0;
  const [xEnd, yEnd] = isTurned ? [isFirstLow, isFirstEnd] : [isFirstEnd, isFirstLow];
  const rect: Rect = isSize
    ? [now[0] + (xEnd ? dx : 0), now[1] + (yEnd ? dy : 0), now[2] + (xEnd ? 0 : dx), now[3] + (yEnd ? 0 : dy)]
    : [now[0] + dx, now[1] + dy, now[2] + dx, now[3] + dy];
  open.nudged.value = { id: mark.id, rect };
}

function Draft({ open, n }: { open: OpenExhibit; n: number }) {
  const draft = open.pointing.draft.value;
  if (draft?.page !== n) return null;
  const [color, width] = [open.color.value, open.width.value];
  return draft.kind === "ink" ? <Line points={draft.points} color={color} width={width} /> : <Box points={draft.points} color={color} width={width} />;
}

function Live({ stroke, matrix, label }: { stroke: LiveStroke; matrix: Matrix; label: string }) {
  const points = Array.from({ length: Math.floor(stroke.points.length / 2) }, (_, k) => [stroke.points[2 * k]!, stroke.points[2 * k + 1]!] as const);
  const last = points.at(-1);
  const shape = { points, color: stroke.color, width: stroke.width };
  return (
    <g class="live" data-live={stroke.user.id}>
      {stroke.kind === "ink" ? <Line {...shape} /> : <Box {...shape} />}
      {last && (
        <g transform={uprightAt(last, matrix)}>
          <text class="live-name" x={6} y={-4} fill={stroke.color}>
            {label}
          </text>
        </g>
      )}
    </g>
  );
}

/** Undoes the page's matrix at a point: what is drawn there is upright and as big as the screen's letters. */
function uprightAt([x, y]: Point, matrix: Matrix): string {
  const [a, b, c, d] = inverse(matrix);
  return asCss([a, b, c, d, x, y]);
}

interface Shape {
  points: readonly Point[];
  color: string;
  width: number;
}

const Line = ({ points, color, width }: Shape) => <path d={pathText(points)} fill="none" stroke={color} stroke-width={width} stroke-linecap="round" stroke-linejoin="round" />;

function Box({ points, color, width }: Shape) {
  const [a, b] = [points[0], points.at(-1)];
  if (!a || !b) return null;
  return (
    <rect x={Math.min(a[0], b[0])} y={Math.min(a[1], b[1])} width={Math.abs(a[0] - b[0])} height={Math.abs(a[1] - b[1])} fill="none" stroke={color} stroke-width={width} />
  );
}
