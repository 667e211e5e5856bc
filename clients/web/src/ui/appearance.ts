/** Light or dark and the size of the text: owns both choices and puts them on the root element. Never draws. */
import { effect, signal } from "@preact/signals";
import { follow, recall, remember } from "./memory";

export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];
export const TEXT_SIZES = [100, 125, 150, 200] as const;
export type TextSize = (typeof TEXT_SIZES)[number];

function oneOf<T extends string | number>(options: readonly T[], text: string | null, otherwise: T): T {
  return options.find((option) => String(option) === text) ?? otherwise;
}

const themeOf = (choice: string | null): Theme => oneOf(THEMES, choice, "auto");
const textSizeOf = (choice: string | null): TextSize => oneOf(TEXT_SIZES, choice, 100);

export const theme = signal<Theme>(themeOf(recall("theme")));
export const textSize = signal<TextSize>(textSizeOf(recall("text-size")));
follow("theme", (choice) => (theme.value = themeOf(choice)));
follow("text-size", (choice) => (textSize.value = textSizeOf(choice)));

effect(() => {
  document.documentElement.dataset["theme"] = theme.value;
  document.documentElement.dataset["text"] = String(textSize.value);
});

export function chooseTheme(next: Theme): void {
  theme.value = next;
  remember("theme", next);
}

export function chooseTextSize(next: TextSize): void {
  textSize.value = next;
  remember("text-size", String(next));
}
