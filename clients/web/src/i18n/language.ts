/** Which language the page speaks: owns the choice and its memory, never the words themselves. */
import { computed, effect, signal } from "@preact/signals";
import { follow, recall, remember } from "../ui/memory";
import { en } from "./en";
import { type Messages, zh } from "./zh";

export type Language = "zh" | "en";

const TABLES: Record<Language, Messages> = { zh, en };
export const LANGUAGES: ReadonlyArray<{ language: Language; name: string; tag: string }> = [
  { language: "zh", name: "中文", tag: "zh-CN" },
  { language: "en", name: "English", tag: "en" },
];

const known = (choice: string | null): Language => (choice === "en" ? "en" : "zh");
export const language = signal<Language>(known(recall("language")));
follow("language", (choice) => (language.value = known(choice)));

/** The words in the language of this moment; a component that reads it is drawn anew when the language changes. */
export const words = computed<Messages>(() => TABLES[language.value]);

effect(() => {
  const chosen = LANGUAGES.find((entry) => entry.language === language.value);
  document.documentElement.lang = chosen?.tag ?? "zh-CN";
});

export function chooseLanguage(next: Language): void {
  language.value = next;
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
