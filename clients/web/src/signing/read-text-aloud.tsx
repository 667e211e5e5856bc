/** Reads the whole text aloud, line by line, with a voice of this device; shown only where there is one. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { signingWords } from "../i18n/signing-words";
import { words } from "../i18n/language";
import { voice } from "../transcript/read-aloud";
import type { Content } from "./content";
import { textOf } from "./text-of";

export function ReadAloud({ content }: { content: Content }) {
  const t = signingWords.value.read;
  const isReading = useSignal(false);
  useEffect(() => () => speechSynthesis?.cancel(), []);
  if (voice.value === null) return null;
  const press = (): void => {
    speechSynthesis.cancel();
    isReading.value = !isReading.value;
    if (isReading.value) speak(content, () => (isReading.value = false));
  };
  return (
    <button type="button" class="button" aria-pressed={isReading.value} onClick={press}>
      {isReading.value ? t.hush : t.aloud}
    </button>
  );
}

function speak(content: Content, ended: () => void): void {
  const last = content.blocks.length - 1;
  content.blocks.forEach((block, place) => {
    const text = textOf(block);
    const said = new SpeechSynthesisUtterance(block.role ? words.peek().transcript.spoke(block.role, text) : text);
    said.voice = voice.peek();
    said.lang = said.voice?.lang ?? "zh-CN";
    if (place === last) said.onend = ended;
    speechSynthesis.speak(said);
  });
}
