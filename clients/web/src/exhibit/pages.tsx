/** The pages of an exhibit below each other, of which only those in the window exist. Owns scrolling, magnifying and the pages' keys. */
import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { exhibitWords } from "../i18n/exhibit-words";
import type { Find } from "./find";
import { apply, toScreen } from "./geometry";
import { moved, spanOf, textOf } from "./glyphs";
import { fitting, type Layout, layoutOf, pageAt, seen } from "./layout";
import { topOf } from "./marks";
import type { Anchor, OpenExhibit } from "./open-exhibit";
import { PageView } from "./page-view";
import { followPointer } from "./pointer-events";
import { within, zoomed } from "./zoom";

export function Pages({ open, find }: { open: OpenExhibit; find: Find }) {
  const t = exhibitWords.value.view;
  const box = useRef<HTMLDivElement>(null);
  const view = useSignal({ top: 0, width: 0, height: 0 });
  const anchor = open.anchor;
  const layout = useComputed(() => {
    const chosen = open.scale.value;
    const scale = chosen === "fit" ? fitting(open.sheets.value, open.turned.value, view.value.width) : chosen;
    return { scale, ...layoutOf(open.sheets.value, scale, open.turned.value) };
  });
  const { scale, width, height } = layout.value;
  useSignalEffect(() => void (open.shownScale.value = layout.value.scale));
  useEffect(() => {
    if (document.activeElement === document.body || document.activeElement?.closest(".exhibit-index")) box.current?.focus();
  }, []);
  useEffect(() => followBox(box.current!, view, layout, open, anchor), []);
  useLayoutEffect(() => restore(box.current, layout.peek(), anchor.current), [scale, width, height]);
  useWanted(open, box, layout.value, view.value.height);
  useEffect(() => followPointer(box.current!, open), []);
  useEffect(() => keepChosenInSight(box.current!, open), [open.chosen.value, view.value.height]);
  const [from, to] = seen(layout.value, view.value.top, view.value.height);
  const isDrawing = open.tool.value !== "text";
  return (
    <div
      ref={box}
      class={isDrawing ? "exhibit-pages is-drawing" : "exhibit-pages"}
      data-tool={open.tool.value}
      tabIndex={0}
      role="group"
      aria-label={t.document(open.exhibit.title)}
      onKeyDown={(event) => void key(event, open)}
      onCopy={(event) => copy(event, open)}
    >
      <div class="exhibit-sheets" style={{ width: `${width}px`, height: `${height}px` }}>
        {view.value.width > 0 &&
          layout.value.places.slice(from, to + 1).map((place, n) => <PageView key={from + n} open={open} find={find} n={from + n} place={place} whole={width} scale={scale} />)}
      </div>
    </div>
  );
}

type View = { value: { top: number; width: number; height: number }; peek: () => { top: number; width: number; height: number } };

function followBox(box: HTMLElement, view: View, layout: { peek: () => Layout }, open: OpenExhibit, anchor: { current: Anchor }): () => void {
  const look = (): void => {
    if (box.clientWidth === 0) return; // not shown now
    view.value = { top: box.scrollTop, width: box.clientWidth, height: box.clientHeight };
  };
  const scrolled = (): void => {
    look();
    anchor.current = anchorAt(box, layout.peek(), box.clientWidth / 2, box.clientHeight / 3);
    open.page.value = anchor.current.page;
  };
  const wheel = (event: WheelEvent): void => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const at = box.getBoundingClientRect();
    anchor.current = anchorAt(box, layout.peek(), event.clientX - at.left, event.clientY - at.top);
    open.scale.value = within(open.shownScale.peek() * Math.exp(-event.deltaY / 300));
  };
  const observer = new ResizeObserver(look);
  observer.observe(box);
  box.addEventListener("scroll", scrolled, { passive: true });
  box.addEventListener("wheel", wheel, { passive: false });
  const stopPinch = followPinch(box, layout, open, anchor);
  look();
  return () => {
    observer.disconnect();
    box.removeEventListener("scroll", scrolled);
    box.removeEventListener("wheel", wheel);
    stopPinch();
  };
}

/** Two fingers; one finger scrolls or draws, as the tool says. */
function followPinch(box: HTMLElement, layout: { peek: () => Layout }, open: OpenExhibit, anchor: { current: Anchor }): () => void {
  let start: { far: number; scale: number } | null = null;
  const far = ([a, b]: Touch[]): number => Math.hypot(a!.clientX - b!.clientX, a!.clientY - b!.clientY);
  const move = (event: TouchEvent): void => {
    if (event.touches.length !== 2) return void (start = null);
    event.preventDefault();
    open.pointing.cancel();
    const fingers = [...event.touches];
    const [left, top] = [(fingers[0]!.clientX + fingers[1]!.clientX) / 2, (fingers[0]!.clientY + fingers[1]!.clientY) / 2];
    const at = box.getBoundingClientRect();
    start ??= { far: far(fingers), scale: open.shownScale.peek() };
    anchor.current = anchorAt(box, layout.peek(), left - at.left, top - at.top);
    open.scale.value = within((start.scale * far(fingers)) / Math.max(start.far, 1));
  };
  const end = (event: TouchEvent): void => {
    if (event.touches.length < 2) start = null;
  };
  box.addEventListener("touchmove", move, { passive: false });
  box.addEventListener("touchend", end);
  return () => {
    box.removeEventListener("touchmove", move);
    box.removeEventListener("touchend", end);
  };
}

function leftOf(layout: Layout, page: number, box: HTMLElement): number {
  return (Math.max(layout.width, box.clientWidth) - layout.places[page]!.width) / 2;
}

function anchorAt(box: HTMLElement, layout: Layout, atX: number, atY: number): Anchor {
  const page = pageAt(layout, box.scrollTop + atY);
  const place = layout.places[page];
  if (!place) return { page: 0, x: 0.5, y: 0, atX, atY };
  const x = (box.scrollLeft + atX - leftOf(layout, page, box)) / place.width;
  return { page, x, y: (box.scrollTop + atY - place.top) / place.height, atX, atY };
}

function restore(box: HTMLElement | null, layout: Layout, { page, x, y, atX, atY }: Anchor): void {
  const place = layout.places[page];
  if (!box || !place || box.clientWidth === 0) return;
  box.scrollTop = place.top + y * place.height - atY;
  box.scrollLeft = leftOf(layout, page, box) + x * place.width - atX;
}

/** Goes where somebody wants to go, once the page has a place. */
function useWanted(open: OpenExhibit, box: { current: HTMLElement | null }, layout: Layout, height: number): void {
  const wanted = open.wanted.value;
  useLayoutEffect(() => {
    const place = wanted && layout.places[wanted.page];
    if (!place || !box.current || height === 0) return;
    const sheet = open.sheets.peek()[wanted.page]!;
    const point = wanted.point && apply(toScreen(sheet, open.shownScale.peek(), open.turned.peek()), wanted.point);
    box.current.scrollTop = point ? place.top + point[1] - height / 3 : place.top - 4;
    if (point) box.current.scrollLeft = leftOf(layout, wanted.page, box.current) + point[0] - box.current.clientWidth / 3;
    open.page.value = wanted.page;
    open.wanted.value = null;
  }, [wanted, layout, height]);
}

/** Its thread may have taken the room that it stood in. */
function keepChosenInSight(box: HTMLElement, open: OpenExhibit): void {
  const mark = open.marks.peek().find(({ id }) => id === open.chosen.peek());
  const shape = mark && box.querySelector(`[data-mark="${mark.id}"]`)?.getBoundingClientRect();
  const window = box.getBoundingClientRect();
  const isSeen = shape && shape.bottom > window.top && shape.top < window.bottom - 8;
  if (shape && !isSeen && mark.page !== undefined) open.go(mark.page, topOf(mark));
}

const STEPS: Readonly<Record<string, { characters?: number; lines?: number }>> = {
  ArrowRight: { characters: 1 },
  ArrowLeft: { characters: -1 },
  ArrowDown: { lines: 1 },
  ArrowUp: { lines: -1 },
};
const ACTS: Readonly<Record<string, (open: OpenExhibit) => void>> = {
  "+": (open) => zoomed(open, 1),
  "=": (open) => zoomed(open, 1),
  "-": (open) => zoomed(open, -1),
  "0": (open) => void (open.scale.value = "fit"),
  r: (open) => open.rotate(),
  Escape: (open) => {
    open.pointing.cancel();
    open.selection.value = null;
    open.tool.value = "text";
  },
};

async function key(event: KeyboardEvent, open: OpenExhibit): Promise<void> {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return;
  const step = event.shiftKey ? STEPS[event.key] : undefined;
  const act = ACTS[event.key];
  if (!step && !act) return;
  event.preventDefault();
  if (step) await extend(open, step);
  else act?.(open);
}

/** The end of the selection moves; without one it begins at the first word of the page. */
async function extend(open: OpenExhibit, step: { characters?: number; lines?: number }): Promise<void> {
  const page = open.selection.peek()?.page ?? open.page.peek();
  const lines = await open.linesOf(page);
  if (lines.length === 0) return;
  const { from, to } = open.selection.peek() ?? { from: { line: 0, at: 0 }, to: { line: 0, at: 0 } };
  const span = spanOf(from, moved(lines, to, step));
  open.selection.value = span && { page, ...span };
}

function copy(event: ClipboardEvent, open: OpenExhibit): void {
  const selection = open.selection.peek();
  if (!selection || !event.clipboardData) return;
  event.clipboardData.setData("text/plain", textOf(open.linesNow(selection.page), selection));
  event.preventDefault();
}
