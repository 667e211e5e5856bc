/** One annotation and everything that answers it. Each person edits and deletes their own entries alone. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { exhibitWords } from "../i18n/exhibit-words";
import { words } from "../i18n/language";
import { timeText } from "../i18n/times";
import { LONGEST_BODY } from "./composer";
import { copyMarkAddress, copiedMark } from "./mark-address";
import { type Mark, STATUSES, type Status, type Thread } from "./marks";
import type { OpenExhibit } from "./open-exhibit";
import { areApart } from "./server-time";

export function ThreadView({ open, thread: { mark, replies, status } }: { open: OpenExhibit; thread: Thread }) {
  const t = exhibitWords.value;
  const page = open.labels.value[mark.page ?? 0] || String((mark.page ?? 0) + 1);
  const mayAnswer = open.mayWrite.value && mark.layer === "court" && !mark.deleted;
  return (
    <article class="thread" data-thread={mark.id}>
      <Who open={open} mark={mark} />
      <p class="quiet">
        {t.kind[mark.kind]} · {t.thread.on(page)} · <When open={open} mark={mark} />
        {mark.modified && !mark.deleted && ` · ${t.thread.modified}`}
        {mark.layer === "own" && ` · ${t.thread.own}`}
      </p>
      {mark.quote && !mark.deleted && <blockquote class="thread-quote">{mark.quote.exact}</blockquote>}
      {status !== "none" && <p class={`thread-status thread-status-${status}`}>{t.status[status]}</p>}
      <Body open={open} mark={mark} hasBody={mark.kind === "note" || mark.kind === "freetext" || mark.body !== undefined}>
        <CopyAddress mark={mark} />
        {mark.layer === "own" && !mark.deleted && <Promote open={open} mark={mark} />}
      </Body>
      {replies.length > 0 && (
        <ol class="thread-replies">
          {replies.map((reply) => (
            <li key={reply.id} data-reply={reply.id}>
              <Who open={open} mark={reply} />
              <span class="quiet">
                <When open={open} mark={reply} />
              </span>
              {reply.kind === "status" && !reply.deleted ? (
                <p>{t.thread.statusBy(open.nameOf(reply.author), t.status[reply.body as Status] ?? reply.body)}</p>
              ) : (
                <Body open={open} mark={reply} hasBody />
              )}
            </li>
          ))}
        </ol>
      )}
      {mayAnswer && <Answer open={open} mark={mark} status={status} />}
    </article>
  );
}

/** The author's time is a claim: the server's is shown beside it where they differ. */
function When({ open, mark: { id, created } }: { open: OpenExhibit; mark: Mark }) {
  const came = open.received.value[id];
  const time = timeText(created, "moment");
  return <>{came && areApart(came, created) ? `${time} · ${exhibitWords.value.thread.received(timeText(came, "moment"))}` : time}</>;
}

export function Who({ open, mark }: { open: OpenExhibit; mark: Mark }) {
  return (
    <span class="thread-who">
      <svg viewBox="0 0 10 10" aria-hidden="true">
        <circle cx="5" cy="5" r="5" fill={mark.style?.color ?? "currentColor"} />
      </svg>
      {open.nameOf(mark.author)}
    </span>
  );
}

interface BodyProps {
  open: OpenExhibit;
  mark: Mark;
  hasBody: boolean;
  children?: ComponentChildren;
}

/** Words of an entry, with what its author may do about it and, in the same row, what anybody may. */
function Body({ open, mark, hasBody, children }: BodyProps) {
  const t = exhibitWords.value.thread;
  const isEditing = useSignal(false);
  const book = open.bookOf(mark);
  const mayChange = mark.author === open.me.id && !mark.deleted && (mark.layer === "own" ? open.hasNotes.value : open.mayWrite.value);
  const save = (body: string): void => {
    book?.change(mark.id, { body });
    isEditing.value = false;
  };
  if (isEditing.value && mayChange) {
    return <Write label={t.edit} button={t.save} start={mark.body ?? ""} send={save} cancel={() => (isEditing.value = false)} />;
  }
  return (
    <>
      {mark.deleted ? (
        <p class="thread-deleted">{`${t.deleted} · ${t.deletedBy(open.nameOf(mark.deleted.by), timeText(mark.deleted.at, "moment"))}`}</p>
      ) : (
        mark.body && <p class="thread-body">{mark.body}</p>
      )}
      <div class="thread-actions">
        {mayChange && hasBody && (
          <button type="button" class="button button-small" onClick={() => (isEditing.value = true)}>
            {t.edit}
          </button>
        )}
        {mayChange && (
          <button type="button" class="button button-small" onClick={() => book?.remove(mark.id)}>
            {t.remove}
          </button>
        )}
        {children}
      </div>
    </>
  );
}

function Answer({ open, mark, status }: { open: OpenExhibit; mark: Mark; status: Status }) {
  const t = exhibitWords.value;
  const book = open.books.value.court;
  const reply = (body: string): void => void book?.add([{ kind: "reply", reply_to: mark.id, body, ...place(mark) }]);
  const set = (next: string): void => void book?.add([{ kind: "status", reply_to: mark.id, body: next, ...place(mark) }]);
  return (
    <div class="thread-answer">
      <Write label={t.thread.replyTo} button={t.thread.send} start="" send={reply} />
      <label class="exhibit-choice">
        <span>{t.thread.setStatus}</span>
        <select value={status} onChange={(event) => set(event.currentTarget.value)}>
          {STATUSES.map((each) => (
            <option key={each} value={each}>
              {t.status[each]}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

/** An answer is counted on the page of what it answers. */
const place = (mark: Mark): Pick<Mark, "page" | "doc"> => ({
  ...(mark.page === undefined ? {} : { page: mark.page }),
  ...(mark.doc === undefined ? {} : { doc: mark.doc }),
});

interface WriteProps {
  label: string;
  button: string;
  start: string;
  send: (body: string) => void;
  cancel?: () => void;
}

function Write({ label, button, start, send, cancel }: WriteProps) {
  const t = exhibitWords.value;
  const body = useSignal(start);
  const submit = (event: Event): void => {
    event.preventDefault();
    if (body.value.trim() === "") return;
    send(body.value.trim());
    body.value = "";
  };
  return (
    <form class="thread-write" onSubmit={submit}>
      <textarea aria-label={label} placeholder={label} rows={2} maxLength={LONGEST_BODY} value={body.value} onInput={(event) => (body.value = event.currentTarget.value)} />
      {body.value.length > LONGEST_BODY - 500 && <span class="quiet">{t.compose.left(LONGEST_BODY - body.value.length)}</span>}
      <span class="thread-actions">
        {cancel && (
          <button type="button" class="button button-small" onClick={cancel}>
            {words.value.cancel}
          </button>
        )}
        <button type="submit" class="button button-small" disabled={body.value.trim() === ""}>
          {button}
        </button>
      </span>
    </form>
  );
}

function CopyAddress({ mark }: { mark: Mark }) {
  const t = exhibitWords.value.thread;
  const done = copiedMark.value?.id === mark.id ? copiedMark.value.how : null;
  if (mark.layer === "own") return null;
  return (
    <>
      <button type="button" class="button button-small" onClick={() => void copyMarkAddress(mark.id)}>
        {t.copy}
      </button>
      <span role="status" class="quiet">
        {done && t[done]}
      </span>
    </>
  );
}

/** A private note becomes one that everybody sees; the private one leaves its tombstone. */
function Promote({ open, mark }: { open: OpenExhibit; mark: Mark }) {
  const t = exhibitWords.value.thread;
  const court = open.books.value.court;
  const promote = (): void => {
    if (!court) return;
    const { id, layer: _, v: __, author: ___, created: ____, modified: _____, deleted: ______, ...values } = mark;
    const [made] = court.add([values]);
    open.books.peek().own?.remove(id);
    open.chosen.value = made ?? null;
  };
  return (
    <span class="thread-promote">
      <button type="button" class="button button-small button-main" disabled={!court || !open.mayWrite.value} onClick={promote}>
        {t.promote}
      </button>
      <span class="quiet">{t.promoteHint}</span>
    </span>
  );
}
