/** The bar between two panels, moved by pointer or key. Owns the gesture and what is told of it; the width is its owner's. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";

export interface Measures {
  /** The whole row and the panel at its end, in rem. */
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
  resize: (side: number) => void;
  /** The gesture is over: what was chosen may be kept. */
  keep: () => void;
  reset: () => void;
}

const STEP = 1;

const rem = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize);

/** How much of the row the panel before the bar takes, in per cent. */
const share = (row: number, side: number): number => (row > 0 ? Math.round((100 * (row - side)) / row) : 0);

export function Splitter({ label, hint, controls, measures, resize, keep, reset }: Props) {
  const isDragged = useSignal(false);
  const grip = useRef(0);
  const { row, side, least, most } = measures;
  const press = (event: PointerEvent & { currentTarget: HTMLElement }): void => {
    if (event.button !== 0) return;
    event.preventDefault(); // no text is selected on the way
    event.currentTarget.focus();
    event.currentTarget.setPointerCapture(event.pointerId);
    grip.current = side + event.clientX / rem();
    isDragged.value = true;
  };
  const drag = (event: PointerEvent): void => {
    if (isDragged.value) resize(grip.current - event.clientX / rem());
  };
  const release = (): void => {
    if (isDragged.value) keep();
    isDragged.value = false;
  };
  const key = (event: KeyboardEvent): void => {
    const moved = { ArrowLeft: side + STEP, ArrowRight: side - STEP, Home: most, End: least }[event.key];
    if (moved === undefined && event.key !== "Enter") return;
    event.preventDefault();
    if (moved === undefined) return reset();
    resize(moved);
    keep();
  };
  return (
    <div
      class={isDragged.value ? "splitter splitter-dragged" : "splitter"}
      role="separator"
      tabIndex={0}
      aria-label={label}
      title={hint}
      aria-orientation="vertical"
      aria-controls={controls}
      aria-valuenow={share(row, side)}
      aria-valuemin={share(row, most)}
      aria-valuemax={share(row, least)}
      onPointerDown={press}
      onPointerMove={drag}
      onPointerUp={release}
      onPointerCancel={release}
      onKeyDown={key}
      onDblClick={reset}
    />
  );
}
