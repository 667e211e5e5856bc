/** Search in the transcript that is read: counts what is found, goes to it, marks it without touching the lines. */
import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { words } from "../i18n/language";
import { FindRow } from "../ui/find-row";
import { copyAddress } from "./copy-address";
import type { Line, Transcript } from "./transcript";
import { turnText } from "./turn";

interface Props {
  transcript: Transcript;
  close: () => void;
}

/** Lines with the words in them, by their id; a line counts once. */
function find(lines: readonly Line[], wanted: string): string[] {
  if (wanted === "") return [];
  const low = wanted.toLowerCase();
  return lines.map((line) => line.turn.value).filter((turn) => turnText(turn).toLowerCase().includes(low)).map((turn) => turn.id);
}

export function FindInTranscript({ transcript, close }: Props) {
  const t = words.value.search;
  const field = useRef<HTMLInputElement>(null);
  const wanted = useSignal("");
  const current = useSignal(0);
  const found = useComputed(() => find(transcript.lines.value, wanted.value.trim()));
  useEffect(() => field.current?.focus(), []);
  useSignalEffect(() => paint(found.value, wanted.value.trim(), found.value[current.value]));
  useEffect(() => () => paint([], "", undefined), []);
  const go = (by: number): void => {
    const count = found.value.length;
    if (count === 0) return;
    current.value = (current.value + by + count) % count;
    lineOf(found.value[current.value])?.scrollIntoView({ block: "center" });
  };
  const look = (text: string): void => {
    wanted.value = text;
    current.value = 0;
    lineOf(found.value[0])?.scrollIntoView({ block: "center" });
  };
  const isFound = found.value.length > 0;
  const said = wanted.value === "" ? "" : t.found(Math.min(current.value + 1, found.value.length), found.value.length);
  return (
    <FindRow names={t} field={field} look={look} go={go} said={said} isFound={isFound} close={close}>
      <button type="button" class="button button-small" disabled={!isFound} onClick={() => void copyAddress(found.value[current.value] ?? "")}>
        {words.value.transcript.copyLink}
      </button>
    </FindRow>
  );
}

const lineOf = (id: string | undefined): HTMLElement | null => (id === undefined ? null : document.getElementById(`turn-${id}`));

/** By the highlight registry where the browser has one: no line is drawn anew for a search. */
function paint(ids: readonly string[], wanted: string, current: string | undefined): void {
  if (!("highlights" in CSS)) return;
  const ranges = ids.flatMap((id) => rangesIn(lineOf(id), wanted.toLowerCase()));
  CSS.highlights.set("found", new Highlight(...ranges));
  CSS.highlights.set("found-current", new Highlight(...rangesIn(lineOf(current), wanted.toLowerCase())));
}

function rangesIn(line: HTMLElement | null, wanted: string): Range[] {
  const place = line?.querySelector("p, h3");
  if (!place || wanted === "") return [];
  const ranges: Range[] = [];
  const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = (node.nodeValue ?? "").toLowerCase();
    for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + wanted.length)) {
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, Math.min(at + wanted.length, text.length));
      ranges.push(range);
    }
  }
  return ranges;
}
