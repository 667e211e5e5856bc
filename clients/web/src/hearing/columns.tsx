/** The hearing's columns: the video, the transcript, and beside it the panel whose width is chosen. Owns the layout, not what stands in it. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { words } from "../i18n/language";
import { type Measures, Splitter } from "../ui/splitter";
import type { Part } from "./room";
import { keepSide, limitsIn, resetSide, resizeSide, type SidePart } from "./side-width";

interface Props {
  shown: Part;
  /** null: this person has not joined the media room. */
  video: ComponentChildren;
  transcript: ComponentChildren;
  /** null: there is nothing to stand beside the transcript. */
  side: ComponentChildren;
}

export function Columns({ shown, video, transcript, side }: Props) {
  const row = useRef<HTMLElement>(null);
  const panel = useRef<HTMLElement>(null);
  const left = useRef<HTMLElement>(null);
  const which = shown === "exhibits" ? "exhibits" : "roster";
  const [hasVideo, hasSide] = [video !== null, side !== null];
  const taken = useMeasures(row, left, hasVideo, "video");
  const measures = useMeasures(row, panel, hasSide, which);
  const seen = shown === "video" || hasSide ? shown : "transcript";
  const t = words.value.hearing;
  return (
    <main id="main" ref={row} tabIndex={-1} class={`court-main show-${seen} ${hasVideo ? "has-video" : ""} ${hasSide ? "" : "has-no-side"}`}>
      {hasVideo && (
        <>
          <section class="court-video" id="court-video" aria-label={t.videoTab} ref={left}>
            {video}
          </section>
          <Border label={t.videoSplitter} which="video" measures={taken} controls="court-video" isAtStart />
        </>
      )}
      <div class="court-transcript" id="court-transcript">
        {transcript}
      </div>
      {hasSide && (
        <>
          <Border label={t.splitter} which={which} measures={measures} controls="court-transcript" />
          <aside class="court-roster" aria-label={t.beside} ref={panel}>
            {side}
          </aside>
        </>
      )}
    </main>
  );
}

interface BorderProps {
  label: string;
  which: SidePart;
  measures: Measures;
  controls: string;
  isAtStart?: boolean;
}

function Border({ label, which, measures, controls, isAtStart = false }: BorderProps) {
  return (
    <Splitter
      label={label}
      hint={words.value.hearing.splitterHint}
      controls={controls}
      measures={measures}
      isAtStart={isAtStart}
      resize={(width) => resizeSide(which, width, measures.row)}
      keep={() => keepSide(which)}
      reset={() => resetSide(which)}
    />
  );
}

type Place = { current: HTMLElement | null };

/** Measured again when the window, the width or the size of the text changes: each changes the box of one of the two. */
function useMeasures(row: Place, panel: Place, isThere: boolean, which: SidePart): Measures {
  const measures = useSignal<Measures>({ row: 0, side: 0, least: 0, most: 0 });
  useLayoutEffect(() => {
    if (!row.current || !panel.current) return undefined;
    const [whole, side] = [row.current, panel.current];
    const measure = (): void => {
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      const width = whole.clientWidth / rem;
      measures.value = { row: width, side: side.offsetWidth / rem, ...limitsIn(which, width) };
    };
    const observer = new ResizeObserver(measure);
    observer.observe(whole);
    observer.observe(side);
    return () => observer.disconnect();
  }, [isThere, which]);
  return measures.value;
}
