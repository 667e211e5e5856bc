/** The question before a command: what it does, its legal ground, who is missing, and the words that go into the record. */
import { useSignal } from "@preact/signals";
import { inLanguage, words } from "../i18n/language";
import { nextInBeijing } from "../i18n/times";
import type { RosterEntry } from "../control/messages";
import { Dialog } from "../ui/dialog";
import { expectedIn, missingFrom } from "./attendance";
import type { Known } from "./offers";
import type { HearingRoom, Order } from "./room";

interface Props {
  room: HearingRoom;
  offer: Known;
  person?: RosterEntry;
  onClose: () => void;
}

const FINAL: readonly string[] = ["close", "isolate"];
const WITH_REASON: readonly string[] = ["recess", "close", "isolate", "release"];
const SHOWS_ATTENDANCE: readonly string[] = ["open", "resume"];

export function ConfirmCommand({ room, offer, person, onClose }: Props) {
  const t = words.value;
  const { command } = offer;
  const reason = useSignal("");
  const until = useSignal("");
  const title = person
    ? command === "isolate"
      ? t.command.isolatePerson(person.name)
      : t.command.releasePerson(person.name)
    : t.command[command];
  const carryOut = (event: Event): void => {
    event.preventDefault();
    room.command(orderOf(offer, person, reason.value, until.value));
    onClose();
  };
  return (
    <Dialog title={title} onClose={onClose} tone={FINAL.includes(command) ? "danger" : "calm"}>
      <form onSubmit={carryOut}>
        <p>{t.consequence[command]}</p>
        {SHOWS_ATTENDANCE.includes(command) && <AttendanceList room={room} />}
        {command === "recess" && <Until value={until.value} set={(value) => (until.value = value)} />}
        {WITH_REASON.includes(command) && (
          <Reason value={reason.value} set={(value) => (reason.value = value)} isNeeded={isClerk(room)} />
        )}
        <p class="ground">
          <span>{t.command.ground}</span> {inLanguage({ zh: offer.ground_zh, en: offer.ground_en })}
        </p>
        <div class="dialog-actions">
          <button type="button" class="button" onClick={onClose}>
            {t.cancel}
          </button>
          <button type="submit" class={`button ${FINAL.includes(command) ? "button-danger" : "button-main"}`}>
            {t.command.confirm(t.command[command])}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** A clerk carries out the judge's order and must say which. */
const isClerk = (room: HearingRoom): boolean => room.model.you.value?.role === "clerk";

function orderOf(offer: Known, person: RosterEntry | undefined, reason: string, until: string): Order {
  const time = nextInBeijing(until);
  return {
    command: offer.command,
    ...(person ? { person: person.person } : {}),
    ...(reason.trim() ? { reason: reason.trim() } : {}),
    ...(time ? { until: time } : {}),
  };
}

interface FieldProps {
  value: string;
  set: (value: string) => void;
}

function Reason({ value, set, isNeeded }: FieldProps & { isNeeded: boolean }) {
  const t = words.value;
  return (
    <label class="field">
      <span class="field-name">
        {isNeeded ? t.command.order : t.command.reason}
        <span class="quiet">
          {isNeeded ? "" : `${t.optional}${t.clauseSeparator}`}
          {t.command.reasonHint}
        </span>
      </span>
      <textarea
        rows={2}
        maxLength={200}
        required={isNeeded}
        value={value}
        onInput={(event) => set(event.currentTarget.value)}
      />
    </label>
  );
}

function Until({ value, set }: FieldProps) {
  const t = words.value;
  return (
    <label class="field">
      <span class="field-name">
        {t.command.until}
        <span class="quiet">
          {t.optional}
          {t.clauseSeparator}
          {t.command.untilHint}
        </span>
      </span>
      <input type="time" value={value} onInput={(event) => set(event.currentTarget.value)} />
    </label>
  );
}

function AttendanceList({ room }: { room: HearingRoom }) {
  const t = words.value;
  const roster = room.model.roster.value;
  const expected = expectedIn(roster);
  const missing = missingFrom(roster);
  const names = missing.map((entry) => entry.name).join(t.listSeparator);
  return (
    <p class={`attendance ${missing.length > 0 ? "attendance-short" : ""}`}>
      <strong>{t.command.attendance(expected.length - missing.length, expected.length)}</strong>
      <span>{missing.length > 0 ? t.command.missing(names) : t.command.nobodyMissing}</span>
    </p>
  );
}
