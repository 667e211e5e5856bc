/** The bar that looks for words in an exhibit. Owns its keys; what is found is the search's. */
import { useEffect, useRef } from "preact/hooks";
import { exhibitWords } from "../i18n/exhibit-words";
import type { Find } from "./find";
import { Button } from "./view-bar";

const PAUSE = 250;

export function FindBar({ find, close }: { find: Find; close: () => void }) {
  const t = exhibitWords.value.search;
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    input.current?.focus();
    return () => {
      clearTimeout(timer.current);
      find.clear();
    };
  }, []);
  const typed = (words: string): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void find.look(words), PAUSE);
  };
  const key = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && !event.isComposing) find.step(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape") leave();
    else return;
    event.preventDefault();
  };
  const leave = (): void => {
    close();
    document.querySelector<HTMLElement>(".exhibit-pages")?.focus();
  };
  const [n, all] = [find.current.value + 1, find.hits.value.length];
  const looked = find.looked.value;
  const said = looked !== null && all === 0 ? t.looking(looked + 1, find.pages) : t.found(n, all);
  return (
    <div class="exhibit-find" role="search" aria-label={t.words}>
      <input ref={input} type="search" aria-label={t.words} placeholder={t.words} onInput={(event) => typed(event.currentTarget.value)} onKeyDown={key} />
      <output role="status">{find.words.value.trim() !== "" && said}</output>
      {find.isIncomplete.value && <span class="quiet">{t.failed}</span>}
      <Button icon="before" name={t.before} act={() => find.step(-1)} isOff={all === 0} />
      <Button icon="next" name={t.next} act={() => find.step(1)} isOff={all === 0} />
      <Button icon="close" name={t.close} act={leave} />
    </div>
  );
}
