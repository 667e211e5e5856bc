/** Reads the live transcript to a screen reader: a line is said once it has come to rest, never key by key. */
import { effect } from "@preact/signals";
import { words } from "../i18n/language";
import { announce } from "../ui/announcer";
import type { Transcript } from "./transcript";
import { type Turn, turnText } from "./turn";

/** So long nobody has typed in the line. */
const REST = 1_500;

/** Follows the last line; returns how to stop. What was there at the start is not read out. */
export function speakLines(transcript: Transcript): () => void {
  let said: string | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = effect(() => {
    const turn = transcript.lines.value.at(-1)?.turn.value;
    const text = turn ? sentence(turn) : "";
    if (!transcript.isLoaded.value) return;
    said ??= text;
    clearTimeout(timer);
    if (text === said || text === "") return;
    timer = setTimeout(() => {
      said = text;
      announce(text);
    }, REST);
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}

function sentence(turn: Turn): string {
  const text = turnText(turn).trim();
  return text && turn.role ? words.peek().transcript.spoke(turn.role, text) : text;
}
