/** Steps of magnification. Owns the steps and their ends; the view keeps its middle where it was. */
import type { OpenExhibit } from "./open-exhibit";

const LEAST = 0.25;
const MOST = 6;
const STEP = 1.25;

export const within = (scale: number): number => Math.min(Math.max(scale, LEAST), MOST);

/** The scale that is drawn now, whatever was chosen. */
export function zoomed(open: OpenExhibit, steps: number): void {
  const now = open.shownScale.peek();
  open.scale.value = within(Math.round(now * STEP ** steps * 100) / 100);
}
