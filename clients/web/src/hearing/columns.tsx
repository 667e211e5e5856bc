/** The hearing's columns: the transcript, and beside it the panel whose width is chosen. Owns the layout, not what stands in it. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { words } from "../i18n/language";
import { type Measures, Splitter } from "../ui/splitter";
import { keepSide, limitsIn, resetSide, resizeSide } from "./side-width";

interface Props {
  shown: "transcript" | "roster";
  transcript: ComponentChildren;
  /** null: there is nothing to stand beside the transcript. */
  side: ComponentChildren;
}

export function Columns({ shown, transcript, side }: Props) {
  const row = useRef<HTMLElement>(null);
  const panel = useRef<HTMLElement>(null);
  const measures = useMeasures(row, panel, side !== null);
  return (
    <main id="main" ref={row} tabIndex={-1} class={`court-main show-${side === null ? "transcript" : shown}`}>
      <div class="court-transcript" id="court-transcript">
        {transcript}
      </div>
      {side !== null && (
        <>
          <Splitter
            label={words.value.hearing.splitter}
            hint={words.value.hearing.splitterHint}
            controls="court-transcript"
            measures={measures}
            resize={(width) => resizeSide(width, measures.row)}
            keep={keepSide}
            reset={resetSide}
          />
          <aside class="court-roster" aria-labelledby="roster" ref={panel}>
            {side}
          </aside>
        </>
      )}
    </main>
  );
}

type Place = { current: HTMLElement | null };

/** Measured again when the window, the width or the size of the text changes: each changes the box of one of the two. */
function useMeasures(row: Place, panel: Place, hasSide: boolean): Measures {
  const measures = useSignal<Measures>({ row: 0, side: 0, least: 0, most: 0 });
  useLayoutEffect(() => {
    if (!row.current || !panel.current) return undefined;
    const [whole, side] = [row.current, panel.current];
    const measure = (): void => {
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      const width = whole.clientWidth / rem;
      measures.value = { row: width, side: side.offsetWidth / rem, ...limitsIn(width) };
    };
    const observer = new ResizeObserver(measure);
    observer.observe(whole);
    observer.observe(side);
    return () => observer.disconnect();
  }, [hasSide]);
  return measures.value;
}
