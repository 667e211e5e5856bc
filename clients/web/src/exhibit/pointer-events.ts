/** The browser's pointer events on the pages, as gestures in the user space of the page they began on. Decides nothing about what they mean. */
import { type Matrix, type Point, toScreen } from "./geometry";
import type { OpenExhibit } from "./open-exhibit";
import { spanOf } from "./glyphs";
import { userPoint } from "./pointing";
import { spotInText } from "./text-layer";

export function followPointer(box: HTMLElement, open: OpenExhibit): () => void {
  const { pointing } = open;
  let on: { sheet: HTMLElement; page: number; pointer: number } | null = null;
  const matrix = (page: number): Matrix => toScreen(open.sheets.peek()[page]!, open.shownScale.peek(), open.turned.peek());
  const pointIn = (event: PointerEvent): Point => userPoint(on!.sheet, matrix(on!.page), event);
  const isNative = (event: PointerEvent): boolean => event.pointerType === "touch" && open.tool.peek() === "text";

  const down = (event: PointerEvent): void => {
    const sheet = event.target instanceof Element ? event.target.closest<HTMLElement>(".exhibit-page") : null;
    if (!sheet || event.button !== 0 || !event.isPrimary || isNative(event)) return;
    const page = Number(sheet.dataset["page"]);
    on = { sheet, page, pointer: event.pointerId };
    getSelection()?.removeAllRanges();
    if (!pointing.down(page, pointIn(event), open.linesNow(page))) on = null;
  };
  const move = (event: PointerEvent): void => {
    if (!on || event.pointerId !== on.pointer) return;
    if (!box.hasPointerCapture(event.pointerId)) box.setPointerCapture(event.pointerId); // not before: a mere click stays the mark's
    const all = event.getCoalescedEvents?.() ?? [];
    pointing.move((all.length > 0 ? all : [event]).map(pointIn), open.linesNow(on.page));
  };
  const up = (event: PointerEvent): void => {
    if (!on || event.pointerId !== on.pointer) return;
    pointing.up(open.linesNow(on.page));
    on = null;
  };
  const cancel = (): void => {
    pointing.cancel();
    on = null;
  };
  // the words are chosen by where they truly stand, not by the browser's own boxes; the focus is still the pages'
  const keepSelection = (event: MouseEvent): void => {
    if (!(event.target instanceof Element) || !event.target.closest(".exhibit-page")) return;
    event.preventDefault();
    if (!event.target.closest(".mark")) box.focus({ preventScroll: true });
  };
  const fingers = (): void => selectByFinger(box, open);
  const listeners: ReadonlyArray<[EventTarget, string, (event: never) => void]> = [
    [box, "pointerdown", down],
    [box, "pointermove", move],
    [box, "pointerup", up],
    [box, "pointercancel", cancel],
    [box, "mousedown", keepSelection],
    [document, "selectionchange", fingers],
  ];
  for (const [target, name, act] of listeners) target.addEventListener(name, act as EventListener);
  return () => {
    for (const [target, name, act] of listeners) target.removeEventListener(name, act as EventListener);
  };
}

/** A finger's long press chooses in the text layer, whose characters are the glyph table's: one to one. */
function selectByFinger(box: HTMLElement, open: OpenExhibit): void {
  const chosen = getSelection();
  if (!chosen || chosen.isCollapsed || !chosen.anchorNode || !box.contains(chosen.anchorNode) || open.pointing.isBusy) return;
  const sheet = chosen.anchorNode.parentElement?.closest<HTMLElement>(".exhibit-page");
  if (!sheet || !chosen.focusNode || !sheet.contains(chosen.focusNode)) return;
  const [a, b] = [spotInText(chosen.anchorNode, chosen.anchorOffset), spotInText(chosen.focusNode, chosen.focusOffset)];
  const span = a && b && spanOf(a, b);
  if (span) open.selection.value = { page: Number(sheet.dataset["page"]), ...span };
}
