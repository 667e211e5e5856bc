/** Goes to the turn that somebody wants to see: into view, marked for a moment, with the reading position there. */
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import { words } from "../i18n/language";
import { announce } from "../ui/announcer";
import { Notice } from "../ui/notice";
import { leaveEnd } from "./follow";
import { isMissing, wanted } from "./place";

interface Props {
  box: RefObject<HTMLElement | null>;
  /** Drawn lines: a turn may be among those that are about to be drawn. */
  count: number;
  isReady: boolean;
  /** Puts the reading position there; without it the line itself takes the focus. */
  enter?: (turn: string) => void;
}

/** So long a line may take from the document to the screen. */
const PATIENCE = 1_000;
const MARKED_FOR = 3_000;
const MARK = "line-visited";

export function Visits({ box, count, isReady, enter }: Props) {
  const turn = wanted.value;
  useEffect(() => {
    if (turn === null || !isReady) return undefined;
    const line = lineIn(box.current, turn);
    if (!line) return giveUpLater(turn);
    wanted.value = null;
    queueMicrotask(() => {
      // once everything that this drawing set off is done: its lines are none that came later
      if (box.current) arrive(box.current, line);
      if (enter) enter(turn);
      else takeFocus(line);
    });
    return undefined;
  }, [turn, count, isReady]);
  return isMissing.value ? <Missing /> : null;
}

function lineIn(box: HTMLElement | null, turn: string): HTMLElement | null {
  const line = document.getElementById(`turn-${turn}`);
  return line && box?.contains(line) ? line : null;
}

function giveUpLater(turn: string): () => void {
  const timer = setTimeout(() => {
    if (wanted.peek() !== turn) return;
    wanted.value = null;
    isMissing.value = true;
  }, PATIENCE);
  return () => clearTimeout(timer);
}

function arrive(box: HTMLElement, line: HTMLElement): void {
  leaveEnd(box);
  keepInView(box, line, STEADY);
  line.classList.add(MARK);
  setTimeout(() => line.classList.remove(MARK), MARKED_FOR);
}

const STEADY = 12;

/** What lies between is laid out only on the way, and moves the line: looked after until that is over. */
function keepInView(box: HTMLElement, line: HTMLElement, frames: number): void {
  const [outer, inner] = [box.getBoundingClientRect(), line.getBoundingClientRect()];
  const isSeen = inner.top >= outer.top && inner.top < outer.top + outer.height / 2;
  if (!isSeen || frames === STEADY) line.scrollIntoView({ block: inner.height < outer.height / 2 ? "center" : "start", behavior: "instant" });
  if (frames > 0 && line.isConnected) requestAnimationFrame(() => keepInView(box, line, frames - 1));
}

function takeFocus(line: HTMLElement): void {
  line.tabIndex = -1;
  line.focus({ preventScroll: true });
}

function Missing() {
  const t = words.value;
  useEffect(() => announce(t.transcript.missingTitle), [t]);
  const put = (
    <button type="button" class="button button-small" onClick={() => (isMissing.value = false)}>
      {t.dismiss}
    </button>
  );
  return (
    <Notice tone="calm" icon="warning" title={t.transcript.missingTitle} action={put}>
      {t.transcript.missing}
    </Notice>
  );
}
