/** One page: its picture by pdf.js, its words as text, its annotations over both. Owns the drawing's life. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { exhibitWords } from "../i18n/exhibit-words";
import type { Find } from "./find";
import { asCss, asTurn, type Rect, toScreen } from "./geometry";
import type { Place } from "./layout";
import type { OpenExhibit } from "./open-exhibit";
import { Overlay } from "./overlay";
import { type Drawing, emptyCanvas, isCancelled } from "./pdf-file";
import { textLayer } from "./text-layer";

interface Props {
  open: OpenExhibit;
  find: Find;
  n: number;
  place: Place;
  /** Of the widest page and its margins: narrower ones stand in the middle. */
  whole: number;
  scale: number;
}

/** While somebody still turns the wheel the old picture is stretched. */
const SETTLED = 150;

export function PageView({ open, find, n, place, whole, scale }: Props) {
  const t = exhibitWords.value.view;
  const isFailed = useSignal(false);
  const picture = useRef<HTMLDivElement>(null);
  const turned = open.turned.value;
  const matrix = toScreen(open.sheets.value[n]!, scale, turned);
  const isOpen = open.pages.value > 0;
  useEffect(() => (isOpen ? draw(open, n, scale, turned, picture.current!, isFailed) : undefined), [isOpen, n, scale, turned]);
  useEffect(() => () => emptyAll(picture.current), []);
  const label = open.labels.value[n] || String(n + 1);
  return (
    <div
      class="exhibit-page"
      data-page={n}
      role="group"
      aria-label={t.pageName(label)}
      style={{ top: `${place.top}px`, left: `calc(max(${whole}px, 100%) / 2 - ${place.width / 2}px)`, width: `${place.width}px`, height: `${place.height}px` }}
    >
      <div class="sheet-picture" ref={picture} aria-hidden="true" />
      <Words open={open} n={n} transform={asCss(matrix)} />
      <Overlay open={open} find={find} n={n} matrix={matrix} place={place} />
      {isFailed.value && <p class="sheet-failed">{t.failedPage}</p>}
    </div>
  );
}

function draw(open: OpenExhibit, n: number, scale: number, turned: number, holder: HTMLElement, isFailed: { value: boolean }): () => void {
  let drawing: Drawing | null = null;
  let isStopped = false;
  const work = async (): Promise<void> => {
    const page = await open.file.page(n);
    if (isStopped) return;
    open.corrected(n, { crop: page.view as unknown as Rect, rotate: asTurn(page.rotate), unit: page.userUnit });
    drawing = open.file.draw(page, scale, turned);
    await drawing.done;
    if (isStopped) return emptyCanvas(drawing.canvas);
    emptyAll(holder);
    holder.replaceChildren(drawing.canvas);
    isFailed.value = false;
  };
  const begin = (): void =>
    void work().catch((error: unknown) => {
      if (!isStopped && !isCancelled(error)) isFailed.value = true;
    });
  const timer = setTimeout(begin, holder.firstChild ? SETTLED : 0);
  return () => {
    isStopped = true;
    clearTimeout(timer);
    drawing?.cancel();
  };
}

function emptyAll(holder: HTMLElement | null): void {
  for (const canvas of holder?.querySelectorAll("canvas") ?? []) emptyCanvas(canvas);
}

function Words({ open, n, transform }: { open: OpenExhibit; n: number; transform: string }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let isStopped = false;
    const fill = (): Promise<void> =>
      open.linesOf(n).then((lines) => {
        if (!isStopped && box.current) box.current.replaceChildren(textLayer(lines));
        if (!isStopped && box.current) box.current.dataset["ready"] = String(lines.length);
      });
    fill().catch(() => {
      if (box.current) box.current.dataset["ready"] = "failed"; // the picture is there all the same
    });
    return () => {
      isStopped = true;
    };
  }, [n]);
  return <div class="sheet-words" ref={box} style={{ transform }} />;
}
