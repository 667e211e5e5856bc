/** How wide the panels beside the transcript stand, in rem, by what it shows: owns the widths, their limits and memory. Never draws. */
import { type Signal, signal } from "@preact/signals";
import { type Choice, forget, recall, remember } from "../ui/memory";

export type SidePart = "roster" | "exhibits" | "video";

export interface Limits {
  least: number;
  most: number;
}

interface Rule extends Limits {
  /** What the transcript keeps at least. */
  transcript: number;
  choice: Choice;
  property: string;
}

/** hearing.css says the same for the time before the first measure. */
const RULES: Readonly<Record<SidePart, Rule>> = {
  /** Names with their states still stand beside each other, and the transcript keeps a measure that reads well. */
  roster: { least: 14, most: 40, transcript: 30, choice: "side-width", property: "--side-width" },
  /** A page of A4 beside a transcript that is followed rather than read. */
  exhibits: { least: 22, most: 90, transcript: 22, choice: "exhibit-width", property: "--exhibit-width" },
  /** Two small pictures beside each other; the transcript and what is on its other side keep theirs. */
  video: { least: 14, most: 60, transcript: 44, choice: "video-width", property: "--video-width" },
};

/** Within a row of this width. */
export function limitsIn(part: SidePart, row: number): Limits {
  const { least, most, transcript } = RULES[part];
  return { least, most: Math.max(least, Math.min(most, row - transcript)) };
}

/** null: as wide as is usual in a window of this size. */
const chosen: Readonly<Record<SidePart, Signal<number | null>>> = {
  roster: follow("roster"),
  exhibits: follow("exhibits"),
  video: follow("video"),
};

function follow(part: SidePart): Signal<number | null> {
  const { least, most, choice, property } = RULES[part];
  const kept = Number(recall(choice) ?? Number.NaN);
  const width = signal<number | null>(kept >= least && kept <= most ? kept : null);
  width.subscribe((now) => {
    const { style } = document.documentElement;
    if (now === null) style.removeProperty(property);
    else style.setProperty(property, `${now}rem`);
  });
  return width;
}

export function resizeSide(part: SidePart, width: number, row: number): void {
  const { least, most } = limitsIn(part, row);
  chosen[part].value = Math.round(Math.min(Math.max(width, least), most) * 16) / 16;
}

export function keepSide(part: SidePart): void {
  const width = chosen[part].value;
  if (width !== null) remember(RULES[part].choice, String(width));
}

export function resetSide(part: SidePart): void {
  chosen[part].value = null;
  forget(RULES[part].choice);
}
