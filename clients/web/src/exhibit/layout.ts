/** Where the pages of an exhibit lie below each other, and which of them are seen. Pure. */
import { type Sheet, sizeOf, type Turn } from "./geometry";

export interface Place {
  top: number;
  width: number;
  height: number;
}

export interface Layout {
  places: readonly Place[];
  width: number;
  height: number;
}

export const GAP = 12;
export const MARGIN = 12;

export function layoutOf(sheets: readonly Sheet[], scale: number, turned: Turn): Layout {
  let [top, widest] = [MARGIN, 0];
  const places = sheets.map((sheet) => {
    const { width, height } = sizeOf(sheet, scale, turned);
    const place = { top, width: Math.round(width), height: Math.round(height) };
    top += place.height + GAP;
    widest = Math.max(widest, place.width);
    return place;
  });
  return { places, width: widest + 2 * MARGIN, height: top - GAP + MARGIN };
}

/** The first page whose end lies below `y`. */
export function pageAt({ places }: Layout, y: number): number {
  let [low, high] = [0, places.length - 1];
  while (low < high) {
    const half = (low + high) >> 1;
    const { top, height } = places[half]!;
    if (top + height > y) high = half;
    else low = half + 1;
  }
  return Math.max(low, 0);
}

/** Pages in the window, and one beyond each end so that scrolling meets no empty sheet. */
export function seen(layout: Layout, top: number, height: number): [from: number, to: number] {
  const [first, last] = [pageAt(layout, top), pageAt(layout, top + height)];
  return [Math.max(0, first - 1), Math.min(layout.places.length - 1, last + 1)];
}

/** The scale at which the widest page takes the whole width. */
export function fitting(sheets: readonly Sheet[], turned: Turn, width: number): number {
  const widest = Math.max(1, ...sheets.map((sheet) => sizeOf(sheet, 1, turned).width));
  return Math.max(0.1, (width - 2 * MARGIN) / widest);
}
