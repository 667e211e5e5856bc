/** An open exhibit: its bars, its pages, its annotations beside or below them. Owns the arrangement and the keys of all of it. */
import { useComputed, useSignal } from "@preact/signals";
import { exhibitWords } from "../i18n/exhibit-words";
import { inLanguage } from "../i18n/language";
import { Icon } from "../ui/icons";
import { Notice } from "../ui/notice";
import { Skeleton } from "../ui/skeleton";
import { Composer } from "./composer";
import type { ExhibitRoom } from "./exhibit-room";
import { FindBar } from "./find-bar";
import { Find } from "./find";
import type { OpenExhibit } from "./open-exhibit";
import { Pages } from "./pages";
import { Refused } from "./refused";
import { ThreadPanel } from "./thread-panel";
import { Tools } from "./tools";
import { Button, ViewBar } from "./view-bar";
import { WithdrawnNotice } from "./withdrawn";

export function Viewer({ exhibits, open }: { exhibits: ExhibitRoom; open: OpenExhibit }) {
  const t = exhibitWords.value;
  const find = useComputed(() => new Find(open)).value;
  const isFinding = useSignal(false);
  const areMarksShown = useSignal(false);
  const areToolsShown = useSignal(false);
  const { number, title } = open.exhibit;
  const hasPanel = areMarksShown.value || open.chosen.value !== null;
  const showMarks = (areShown: boolean): void => {
    areMarksShown.value = areShown;
    open.chosen.value = null;
    if (!areShown) document.querySelector<HTMLElement>(".exhibit-pages")?.focus();
  };
  const keys = (event: KeyboardEvent): void => {
    const isSmall = event.ctrlKey || event.metaKey;
    if (!isSmall || event.altKey || isTyping(event)) return;
    const act = { f: () => (isFinding.value = true), z: () => (event.shiftKey ? redo() : undo()), y: redo }[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  const undo = (): void => open.book.peek()?.undo();
  const redo = (): void => open.book.peek()?.redo();
  return (
    <section class="exhibit-viewer" aria-labelledby="exhibit-title" onKeyDown={keys}>
      <div class="exhibit-head">
        <button type="button" class="button button-plain" onClick={() => exhibits.back()}>
          <Icon name="back" />
          <span class="visually-hidden">{t.view.back}</span>
        </button>
        <h2 id="exhibit-title">
          <span class="exhibit-number">{number}</span> {title}
        </h2>
        <Saving open={open} />
        <span class="exhibit-tools-switch">
          <Button icon="ink" name={t.tools.label} act={() => (areToolsShown.value = !areToolsShown.value)} isOn={areToolsShown.value} />
        </span>
      </div>
      <ViewBar open={open} isFinding={isFinding} areMarksShown={areMarksShown} />
      <WithdrawnNotice withdrawal={exhibits.list.withdrawalOf(open.exhibit.id)} nameOf={(person) => open.nameOf(person)} />
      {isFinding.value && <FindBar find={find} close={() => (isFinding.value = false)} />}
      <div class={areToolsShown.value || open.selection.value ? "exhibit-tools-box is-open" : "exhibit-tools-box"}>
        <Tools open={open} />
      </div>
      <Refused open={open} />
      {open.problem.value ? (
        <Failure exhibits={exhibits} open={open} />
      ) : open.sheets.value.length === 0 ? (
        <Opening />
      ) : (
        <div class={hasPanel ? "exhibit-body has-threads" : "exhibit-body"}>
          <Pages open={open} find={find} />
          {hasPanel && <ThreadPanel open={open} showAll={() => showMarks(true)} close={() => showMarks(false)} />}
        </div>
      )}
      {open.pointing.asked.value && <Composer pointing={open.pointing} asked={open.pointing.asked.value} />}
    </section>
  );
}

const isTyping = (event: KeyboardEvent): boolean => event.target instanceof Element && event.target.matches("input, textarea, select");

function Opening() {
  return (
    <div class="exhibit-opening" aria-busy="true">
      <span class="visually-hidden" role="status">
        {exhibitWords.value.view.loading}
      </span>
      <Skeleton lines={7} />
    </div>
  );
}

function Failure({ exhibits, open }: { exhibits: ExhibitRoom; open: OpenExhibit }) {
  const t = exhibitWords.value.view;
  const problem = open.problem.value;
  return (
    <Notice
      tone="warn"
      icon="warning"
      title={t.failed}
      action={
        <button type="button" class="button button-small" onClick={() => exhibits.again()}>
          {t.retry}
        </button>
      }
    >
      {problem && inLanguage(problem.titles)}
    </Notice>
  );
}

/** Said only of what this page has written. */
function Saving({ open }: { open: OpenExhibit }) {
  const t = exhibitWords.value.tools;
  const book = open.book.value;
  if (!book) return null;
  const saving = book.outgoing.saving.value;
  return (
    <span class={`exhibit-saving exhibit-saving-${saving}`} data-saving={saving} role="status">
      <Icon name={saving === "saved" ? "tick" : "clock"} />
      <span class="exhibit-saving-words">{t.saving[saving]}</span>
    </span>
  );
}
