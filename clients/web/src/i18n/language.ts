/** Which language the page speaks: owns the choice and its memory, never the words themselves. */
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { follow, recall, remember } from "../ui/memory";
import { zh } from "./zh";

export type Language = "zh" | "en";

type English = typeof import("./english");
let english: English | null = null;
export const LANGUAGES: ReadonlyArray<{ language: Language; name: string; tag: string }> = [
  { language: "zh", name: "中文", tag: "zh-CN" },
  { language: "en", name: "English", tag: "en" },
];

const known = (choice: string | null): Language => (choice === "en" ? "en" : "zh");
export const language = signal<Language>("zh");
let wanted: Language = "zh";

/** Speaks a language once its words are here; goes on in the present one where they cannot be fetched. */
async function speak(next: Language): Promise<void> {
  wanted = next;
  try {
    if (next === "en") english ??= await import("./english");
  } catch {
    return; // no connection: the next choice fetches them again
  }
  if (wanted === next) language.value = next;
}

/** The language chosen before; nothing is drawn until it is spoken. */
export const spoken = speak(known(recall("language")));
follow("language", (choice) => void speak(known(choice)));

/** A table's words in the language of this moment; a component that reads them is drawn anew when it changes. */
export function inBoth<Words>(chinese: Words, of: (all: English) => Words): ReadonlySignal<Words> {
  return computed(() => (language.value === "en" && english ? of(english) : chinese));
}

export const words = inBoth(zh, (all) => all.en);

effect(() => {
  const chosen = LANGUAGES.find((entry) => entry.language === language.value);
  document.documentElement.lang = chosen?.tag ?? "zh-CN";
});

export function chooseLanguage(next: Language): void {
  void speak(next);
  remember("language", next);
}

/** Word for a stable code; a code that this page does not know yet is shown as it came. */
export function wordFor(table: Readonly<Record<string, string>>, code: string): string {
  return table[code] ?? code;
}

/** The sentence in the page's language out of a pair sent by the server. */
export function inLanguage(pair: { zh: string; en: string }): string {
  return language.value === "zh" ? pair.zh || pair.en : pair.en || pair.zh;
}
