/** The private line of an isolation: what was said on it, a box to write, and for the court who waits for an answer. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { LogEvent, RosterEntry } from "../control/messages";
import { words } from "../i18n/language";
import { timeText } from "../i18n/times";
import { isOfCourt } from "../signing/messages";
import { announce } from "../ui/announcer";
import { Dialog } from "../ui/dialog";
import { Notice } from "../ui/notice";
import "./line.css";
import type { LineProps } from "./line-place";
import { lineWords } from "../i18n/line-words";
import { Outcome } from "./outcome";
import type { HearingRoom } from "./room";

export function LineView({ room, entry }: LineProps) {
  const { isolated, you, roster } = room.model;
  if (isolated.value) return <Own room={room} />;
  if (!isOfCourt(you.value?.role ?? "")) return null;
  if (entry) return <OfPerson room={room} entry={entry} />;
  const away = roster.value.filter(({ state }) => state === "ISOLATED");
  return <>{away.map((each) => <OfPerson key={each.person} room={room} entry={each} isNotice />)}</>;
}

function Own({ room }: { room: HearingRoom }) {
  const t = lineWords.value;
  return (
    <section class="private-line" aria-labelledby="private-line">
      <h2 id="private-line">{t.own}</h2>
      <p class="quiet">{t.hint}</p>
      <Talk room={room} person={room.me} name={words.value.roster.you} mayWrite />
    </section>
  );
}

/** A button in the roster; over the hearing what the person has written last, until a clerk has answered. */
function OfPerson({ room, entry, isNotice }: Required<LineProps> & { isNotice?: boolean }) {
  const t = lineWords.value;
  const isOpen = useSignal(false);
  const last = saidOn(room, entry).at(-1);
  const waits = last?.header.actor === entry.person;
  const isClerk = room.model.you.value?.role === "clerk";
  const news = isNotice && waits ? t.from(entry.name) : "";
  useEffect(() => {
    if (news) announce(news);
  }, [news && last?.leaf]);
  const close = (): void => {
    isOpen.value = false;
    if (isNotice && !waits) document.getElementById("main")?.focus(); // what opened it is gone
  };
  const opener = (
    <button type="button" class={`button button-small ${waits ? "button-main" : ""}`} onClick={() => (isOpen.value = true)}>
      {isNotice ? (isClerk ? t.answer : t.view) : words.value.command.line}
      <span class="visually-hidden">{entry.name}</span>
    </button>
  );
  return (
    <>
      {!isNotice && <span class="person-marks">{opener}</span>}
      {news && (
        <Notice tone="warn" icon="warning" title={news} action={opener}>
          {textOf(last)}
        </Notice>
      )}
      {isOpen.value && (
        <Dialog title={t.of(entry.name)} onClose={close}>
          <Talk room={room} person={entry.person} name={entry.name} mayWrite={isClerk} />
          <div class="dialog-actions">
            <button type="button" class="button" onClick={close}>
              {words.value.close}
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}

interface TalkProps extends Pick<RosterEntry, "person" | "name"> {
  room: HearingRoom;
  mayWrite: boolean;
}

/** `name`: what the isolated person is called here. */
function Talk({ room, person, name, mayWrite }: TalkProps) {
  const { outcome } = room.model.pending;
  const said = saidOn(room, { person });
  return (
    <>
      <div class="private-said" role="log" aria-label={words.value.command.line} tabIndex={0} ref={(box) => box?.scrollTo(0, 1e6)}>
        {said.map(({ leaf, header, payload }) => (
          <p key={leaf} class={header.actor === person ? "private-theirs" : ""}>
            <span class="quiet">
              {header.actor === person ? name : words.value.role.clerk} {timeText(header.at, "minute")}
            </span>
            {textOf({ payload })}
          </p>
        ))}
      </div>
      {mayWrite && <Write room={room} person={person} />}
      {outcome.value?.command === "line" && <Outcome room={room} isQuiet />}
    </>
  );
}

/** The words stay until they are on the line. */
function Write({ room, person }: { room: HearingRoom; person: string }) {
  const t = lineWords.value;
  const text = useSignal("");
  const outcome = room.model.pending.outcome.value;
  useEffect(() => {
    if (outcome?.is === "done" && outcome.command === "line") text.value = "";
  }, [outcome]);
  const send = (event: Event): void => {
    event.preventDefault();
    room.command({ command: "line", text: text.value, person });
  };
  return (
    <form class="private-form" onSubmit={send}>
      <label class="field">
        <span class="field-name">{t.write}</span>
        <input required maxLength={500} value={text.value} onInput={(event) => (text.value = event.currentTarget.value)} />
      </label>
      <button type="submit" class="button button-main" disabled={room.control.link.value.is !== "open"}>
        {t.send}
      </button>
    </form>
  );
}

/** Each entry once: what is missing after an outage is sent again with what is not. */
function saidOn({ model }: HearingRoom, { person }: Pick<RosterEntry, "person">): readonly LogEvent[] {
  const own = model.line.value.filter(({ payload }) => payload?.["person"] === person);
  return [...new Map(own.map((entry) => [entry.leaf, entry])).values()];
}

const textOf = (entry: { payload?: LogEvent["payload"] | undefined } | undefined): string => String(entry?.payload?.["text"]);
