/** The form of a stroke under way in somebody's awareness state. Pure. */
import type { Presence } from "../documents/collab";

export interface Stroke {
  page: number;
  kind: "ink" | "square" | "text";
  /** x, y, x, y …: the line, or two corners. */
  points: readonly number[];
  color: string;
  width: number;
}

/** Others send what they like: what cannot be drawn under its person's name is not shown. */
export function isWhole(state: unknown): state is { stroke: Stroke; user: Presence } {
  const { stroke, user } = state as { stroke?: Stroke; user?: Presence };
  return (
    [user?.id, user?.name].every((text) => typeof text === "string") &&
    Number.isInteger(stroke?.page) &&
    Number.isFinite(stroke!.width) &&
    /^#[\da-f]{6}$/i.test(stroke!.color) &&
    Array.isArray(stroke!.points) &&
    stroke!.points.every(Number.isFinite)
  );
}
