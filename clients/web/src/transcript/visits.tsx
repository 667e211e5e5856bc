/** Goes to the turn that somebody wants to see: into view, marked for a moment, with the reading position there. */
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
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
  const leave = useRef<() => void>(() => undefined);
  useEffect(() => () => leave.current(), []);
  useEffect(() => {
    if (turn === null || !isReady) return undefined;
    const line = lineIn(box.current, turn);
    if (!line) return giveUpLater(turn);
    wanted.value = null;
    queueMicrotask(() => {
      // once everything that this drawing set off is done: its lines are none that came later
      leave.current();
      if (box.current) leave.current = arrive(box.current, line);
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

/** Returns how to let go of the line: an isolation leaves nothing behind that still holds it. */
function arrive(box: HTMLElement, line: HTMLElement): () => void {
  leaveEnd(box);
  const letGo = keepInView(box, line);
  line.classList.add(MARK);
  const timer = setTimeout(() => line.classList.remove(MARK), MARKED_FOR);
  return () => {
    letGo();
    clearTimeout(timer);
    line.classList.remove(MARK);
  };
}

const STEADY = 12;

/** What lies between is laid out only on the way, and moves the line: looked after until that is over. */
function keepInView(box: HTMLElement, line: HTMLElement): () => void {
  let frame = 0;
  const look = (left: number): void => {
    if (left === STEADY || !isSeen(box, line)) bring(box, line);
    if (left > 0) frame = requestAnimationFrame(() => look(left - 1));
  };
  look(STEADY);
  return () => cancelAnimationFrame(frame);
}

/** In the upper half: a long line from its start. */
function isSeen(box: HTMLElement, line: HTMLElement): boolean {
  const [outer, { top }] = [box.getBoundingClientRect(), line.getBoundingClientRect()];
  return top >= outer.top && top < outer.top + outer.height / 2;
}

function bring(box: HTMLElement, line: HTMLElement): void {
  const isShort = line.offsetHeight < box.clientHeight / 2;
  line.scrollIntoView({ block: isShort ? "center" : "start", behavior: "instant" });
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
