/**
 * Reads new lines with the browser's own voice. Owns the choice, the voice and what waits to be read. Takes only a voice of
 * this device: another would send the words of the hearing away.
 */
import { effect, signal } from "@preact/signals";
import { recall, remember } from "../ui/memory";

const synthesis = (window as Partial<Pick<Window, "speechSynthesis">>).speechSynthesis;

export const canRead = synthesis !== undefined;
export const voice = signal<SpeechSynthesisVoice | null>(null);
export const isReading = signal(recall("read-aloud") === "on");

/** A voice that falls behind goes on with the newest. */
const MOST_WAITING = 3;
let waiting: string[] = [];
let current: SpeechSynthesisUtterance | null = null;

const CHINESE = /^(zh|cmn)\b/i;

function chooseVoice(): void {
  const voices = synthesis?.getVoices().filter(({ lang, localService }) => localService && CHINESE.test(lang.replace("_", "-"))) ?? [];
  voice.value = voices.find(({ lang }) => /CN/i.test(lang)) ?? voices[0] ?? null;
}

chooseVoice();
synthesis?.addEventListener("voiceschanged", chooseVoice);

effect(() => {
  if (!isReading.value) hush();
});

export function chooseReading(next: boolean): void {
  isReading.value = next;
  remember("read-aloud", next ? "on" : "off");
}

export function readAloud(text: string): void {
  if (!isReading.peek() || voice.peek() === null) return;
  waiting = [...waiting, text].slice(-MOST_WAITING);
  if (current === null) next();
}

/** Not a word more: it was switched off, the court has isolated this person, or the page goes elsewhere. */
export function hush(): void {
  waiting = [];
  current = null;
  synthesis?.cancel();
}

function next(): void {
  const text = waiting.shift();
  if (text === undefined || synthesis === undefined) return;
  const said = new SpeechSynthesisUtterance(text);
  said.voice = voice.peek();
  said.lang = said.voice?.lang ?? "zh-CN";
  said.onend = said.onerror = () => {
    if (current !== said) return;
    current = null;
    next();
  };
  current = said;
  synthesis.speak(said);
}
