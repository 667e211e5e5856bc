/** Keeps a scrolling box at its live end until somebody scrolls away from it. Owns the position, never the lines. */
import { type Signal, useSignal, useSignalEffect } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect } from "preact/hooks";

/** This near to the end counts as at the end: half a line of a scroll bar's rounding must not stop the following. */
const NEAR = 40;

type Box = RefObject<HTMLElement | null>;

export interface Follow {
  isFollowing: Signal<boolean>;
  /** How many lines have come since the reader left the end. */
  unread: Signal<number>;
  toEnd: () => void;
}

export const isAtEnd = (box: HTMLElement): boolean => box.scrollHeight - box.scrollTop - box.clientHeight <= NEAR;

export function useFollow(box: Box, content: Box, count: number): Follow {
  const isFollowing = useSignal(true);
  const unread = useSignal(0);
  const seen = useSignal(count);
  const stick = (): void => {
    if (isFollowing.peek() && box.current) box.current.scrollTop = box.current.scrollHeight;
  };
  useLayoutEffect(stick, [count]);
  useEffect(() => followGrowth(box.current, content.current, stick), []);
  useEffect(() => followScrolling(box.current, isFollowing), []);
  useSignalEffect(() => {
    if (isFollowing.value) unread.value = 0;
    if (box.current) box.current.dataset["following"] = String(isFollowing.value);
  });
  useEffect(() => {
    if (!isFollowing.peek()) unread.value += Math.max(0, count - seen.peek());
    seen.value = count;
  }, [count]);
  const toEnd = (): void => {
    isFollowing.value = true;
    stick();
    box.current?.focus({ preventScroll: true });
  };
  return { isFollowing, unread, toEnd };
}

const LEAVE = "leave-end";

/** Somebody is led to another place in the box: it stays there. */
export const leaveEnd = (box: HTMLElement): boolean => box.dispatchEvent(new Event(LEAVE));

/** A line that grows, or a box that is resized, moves the end without adding a line. */
function followGrowth(box: HTMLElement | null, content: HTMLElement | null, grown: () => void): () => void {
  const observer = new ResizeObserver(grown);
  if (box) observer.observe(box);
  if (content) observer.observe(content);
  return () => observer.disconnect();
}

/** Scrolling up leaves the end, reaching it again follows. Only a move upwards in a box of the same height counts: when a banner
 * comes or goes, the browser moves the position by itself. */
function followScrolling(box: HTMLElement | null, isFollowing: Signal<boolean>): () => void {
  let [top, height] = [box?.scrollTop ?? 0, box?.clientHeight ?? 0];
  const look = (): void => {
    if (!box) return;
    if (isAtEnd(box)) isFollowing.value = true;
    else if (box.clientHeight === height && box.scrollTop < top) isFollowing.value = false;
    [top, height] = [box.scrollTop, box.clientHeight];
  };
  const leave = (): void => {
    isFollowing.value = false;
  };
  const stopGrowth = followGrowth(box, null, () => {
    if (box) height = box.clientHeight;
  });
  box?.addEventListener("scroll", look, { passive: true });
  box?.addEventListener(LEAVE, leave);
  return () => {
    stopGrowth();
    box?.removeEventListener("scroll", look);
    box?.removeEventListener(LEAVE, leave);
  };
}
