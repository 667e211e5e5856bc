/** How wide the panel beside the transcript stands, in rem: owns the width, its limits and its memory. Never draws. */
import { signal } from "@preact/signals";
import { forget, recall, remember } from "../ui/memory";

/** Names with their states still stand beside each other. */
const LEAST = 14;
const MOST = 40;
/** The transcript keeps a measure that reads well. */
const TRANSCRIPT = 30;

export interface Limits {
  least: number;
  most: number;
}

/** Within a row of this width; hearing.css says the same for the time before the first measure. */
export function limitsIn(row: number): Limits {
  return { least: LEAST, most: Math.max(LEAST, Math.min(MOST, row - TRANSCRIPT)) };
}

function remembered(): number | null {
  const width = Number(recall("side-width") ?? Number.NaN);
  return width >= LEAST && width <= MOST ? width : null;
}

/** null: as wide as is usual in a window of this size. */
const chosen = signal<number | null>(remembered());

chosen.subscribe((width) => {
  const { style } = document.documentElement;
  if (width === null) style.removeProperty("--side-width");
  else style.setProperty("--side-width", `${width}rem`);
});

export function resizeSide(width: number, row: number): void {
  const { least, most } = limitsIn(row);
  chosen.value = Math.round(Math.min(Math.max(width, least), most) * 16) / 16;
}

export function keepSide(): void {
  if (chosen.value !== null) remember("side-width", String(chosen.value));
}

export function resetSide(): void {
  chosen.value = null;
  forget("side-width");
}
