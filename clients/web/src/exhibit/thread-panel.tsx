/** The annotations as words: the list of all, or one with its replies and its status. What is not one's own is answered, never changed. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { exhibitWords } from "../i18n/exhibit-words";
import { words } from "../i18n/language";
import { Icon } from "../ui/icons";
import { AnnotatedCopy } from "./annotated-copy";
import { goToMarkIn } from "./exhibit-room";
import { byPlace, isAnswer, type Mark, threadOf } from "./marks";
import type { OpenExhibit } from "./open-exhibit";
import { ThreadView, Who } from "./thread-view";

export function ThreadPanel({ open, showAll, close }: { open: OpenExhibit; showAll: () => void; close: () => void }) {
  const t = exhibitWords.value.thread;
  const chosen = open.marks.value.find((mark) => mark.id === open.chosen.value);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    if (chosen) panel.current?.querySelector(".threads-scroll")?.scrollTo(0, 0);
  }, [chosen?.id]);
  return (
    <aside class="threads" aria-label={t.title} ref={panel}>
      <div class="threads-head">
        {chosen ? (
          <button type="button" class="button button-small" onClick={showAll}>
            {t.all}
          </button>
        ) : (
          <h3>{t.title}</h3>
        )}
        <button type="button" class="button button-plain" onClick={close}>
          <Icon name="cross" />
          <span class="visually-hidden">{words.value.close}</span>
        </button>
      </div>
      <div class="threads-scroll" tabIndex={0} role="group" aria-label={t.title}>
        {chosen ? <ThreadView key={chosen.id} open={open} thread={threadOf(chosen, open.answers.value)} /> : <MarkList open={open} />}
      </div>
    </aside>
  );
}

function MarkList({ open }: { open: OpenExhibit }) {
  const t = exhibitWords.value.thread;
  const isOpen = useSignal(false);
  const all = open.marks.value.filter((mark) => !isAnswer(mark)).sort(byPlace);
  const [living, deleted] = [all.filter((mark) => !mark.deleted), all.filter((mark) => mark.deleted)];
  return (
    <>
      {living.length === 0 && (
        <div class="threads-none">
          <p>{t.none}</p>
          {open.book.value && <p class="quiet">{t.noneHint}</p>}
        </div>
      )}
      <ul class="thread-list">
        {living.map((mark) => (
          <Row key={mark.id} open={open} mark={mark} />
        ))}
      </ul>
      {all.length > 0 && <AnnotatedCopy open={open} />}
      {deleted.length > 0 && (
        <>
          <button type="button" class="button button-small" aria-expanded={isOpen.value} onClick={() => (isOpen.value = !isOpen.value)}>
            {t.hidden(deleted.length)}
          </button>
          {isOpen.value && (
            <ul class="thread-list">
              {deleted.map((mark) => (
                <Row key={mark.id} open={open} mark={mark} />
              ))}
            </ul>
          )}
        </>
      )}
    </>
  );
}

function Row({ open, mark }: { open: OpenExhibit; mark: Mark }) {
  const t = exhibitWords.value;
  const { replies, status } = threadOf(mark, open.answers.value);
  const said = replies.filter((reply) => reply.kind === "reply" && !reply.deleted).length;
  const page = open.labels.value[mark.page ?? 0] || String((mark.page ?? 0) + 1);
  return (
    <li>
      <button type="button" class={`thread-row ${mark.deleted ? "thread-deleted" : ""}`} data-thread={mark.id} onClick={() => goToMarkIn(open, mark.id)}>
        <Who open={open} mark={mark} />
        <span class="thread-what">
          {t.kind[mark.kind]} · {t.thread.on(page)}
          {status !== "none" && ` · ${t.status[status]}`}
          {said > 0 && ` · ${t.thread.reply} ${said}`}
        </span>
        {mark.deleted ? <span class="thread-quote">{t.thread.deleted}</span> : <span class="thread-quote">{mark.body ?? mark.quote?.exact ?? ""}</span>}
      </button>
    </li>
  );
}
