/** What somebody is drawing at this moment: shown to the others by awareness, never kept. Owns its form and its pace. */
import { signal } from "@preact/signals";
import type { Awareness } from "y-protocols/awareness";
import type { Presence } from "../documents/collab";
import { isWhole, type Stroke } from "./shown-stroke";
import { fine, thinned } from "./stroke";
import type { Point } from "./geometry";

/** As it is drawn here, before it is made short enough to be shown. */
type Drawing = Omit<Stroke, "points"> & { points: readonly Point[] };

export interface LiveStroke extends Stroke {
  client: number;
  user: Presence;
}

const EVERY = 100;
/** A state has at most 4,096 bytes. */
const MOST = 3_400;
const LAST = 600;

export class LiveStrokes {
  readonly strokes = signal<readonly LiveStroke[]>([]);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private next: Drawing | null = null;
  private readonly follow = (): void => this.read();

  constructor(private readonly awareness: Awareness) {
    awareness.on("change", this.follow);
    this.read();
  }

  /** The last of what comes within a moment is what the others get. */
  show(drawing: Drawing): void {
    this.next = drawing;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const stroke: Stroke | null = this.next && { ...this.next, points: short(this.next.points) };
      if (stroke) this.awareness.setLocalStateField("stroke", stroke);
    }, EVERY);
  }

  end(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.next = null;
    if (this.awareness.getLocalState()?.["stroke"]) this.awareness.setLocalStateField("stroke", null);
  }

  close(): void {
    clearTimeout(this.timer);
    this.awareness.off("change", this.follow);
    this.strokes.value = [];
  }

  private read(): void {
    const found = [...this.awareness.getStates()].flatMap(([client, state]) =>
      client !== this.awareness.clientID && isWhole(state) ? [{ ...state.stroke, client, user: state.user }] : [],
    );
    if (found.length > 0 || this.strokes.peek().length > 0) this.strokes.value = found;
  }
}

/** Coarser and coarser until it fits; of a very long stroke the end. */
function short(all: readonly Point[]): number[] {
  const points = all.slice(-LAST);
  for (let slack = 0.5; ; slack *= 2) {
    const flat = thinned(points, slack).flatMap(([x, y]) => [Math.round(fine(x) * 10) / 10, Math.round(fine(y) * 10) / 10]);
    if (JSON.stringify(flat).length < MOST || flat.length <= 4) return flat;
  }
}
