/** The bar between two panels, moved by pointer or key. Owns the gesture and what is told of it; the width is its owner's. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";

export interface Measures {
  /** The whole row and the panel whose width is chosen, in rem. */
  row: number;
  side: number;
  least: number;
  most: number;
}

interface Props {
  label: string;
  hint: string;
  /** The id of the panel before the bar. */
  controls: string;
  measures: Measures;
  /** The panel whose width is chosen stands before the bar, not after it. */
  isAtStart?: boolean;
  resize: (side: number) => void;
  /** The gesture is over: what was chosen may be kept. */
  keep: () => void;
  reset: () => void;
}

const STEP = 1;

const rem = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize);

/** How much of the row the panel before the bar takes, in per cent. */
const share = (row: number, before: number): number => (row > 0 ? Math.round((100 * before) / row) : 0);

export function Splitter({ label, hint, controls, measures, isAtStart = false, resize, keep, reset }: Props) {
  const isDragged = useSignal(false);
  const grip = useRef(0);
  const { row, side, least, most } = measures;
  const towards = isAtStart ? 1 : -1; // a bar that moves right makes the panel wider or narrower
  const before = (width: number): number => share(row, isAtStart ? width : row - width);
  const values = [before(least), before(most)].sort((one, other) => one - other);
  const press = (event: PointerEvent & { currentTarget: HTMLElement }): void => {
    if (event.button !== 0) return;
    event.preventDefault(); // no text is selected on the way
    event.currentTarget.focus();
    event.currentTarget.setPointerCapture(event.pointerId);
    grip.current = side - towards * (event.clientX / rem());
    isDragged.value = true;
  };
  const drag = (event: PointerEvent): void => {
    if (isDragged.value) resize(grip.current + towards * (event.clientX / rem()));
  };
  const release = (): void => {
    if (isDragged.value) keep();
    isDragged.value = false;
  };
  const key = (event: KeyboardEvent): void => {
    const moved = { ArrowLeft: side - towards * STEP, ArrowRight: side + towards * STEP, Home: isAtStart ? least : most, End: isAtStart ? most : least }[event.key];
    if (moved === undefined && event.key !== "Enter") return;
    event.preventDefault();
    if (moved === undefined) return reset();
    resize(moved);
    keep();
  };
  return (
    <div
      class={`splitter ${isAtStart ? "splitter-start" : ""} ${isDragged.value ? "splitter-dragged" : ""}`}
      role="separator"
      tabIndex={0}
      aria-label={label}
      title={hint}
      aria-orientation="vertical"
      aria-controls={controls}
      aria-valuenow={before(side)}
      aria-valuemin={values[0]}
      aria-valuemax={values[1]}
      onPointerDown={press}
      onPointerMove={drag}
      onPointerUp={release}
      onPointerCancel={release}
      onKeyDown={key}
      onDblClick={reset}
    />
  );
}
