/** The question before a command: what it does, its legal ground, who is missing, and the words that go into the record. */
import { useSignal } from "@preact/signals";
import { inLanguage, wordFor, words } from "../i18n/language";
import { nextInBeijing } from "../i18n/times";
import type { CommandName, RosterEntry } from "../control/messages";
import { Dialog, DialogActions } from "../ui/dialog";
import { expectedIn, missingFrom } from "./attendance";
import type { Known } from "./offers";
import { type RecessKind, RecessKinds } from "./recess-kind";
import { DiskLeft } from "./recording-light";
import type { HearingRoom, Order } from "./room";

interface Props {
  room: HearingRoom;
  offer: Known;
  person?: RosterEntry;
  onClose: () => void;
}

const FINAL: readonly string[] = ["close", "isolate", "reopen", "remove", "close_gallery"];
const WITH_REASON: readonly string[] = [
  "recess",
  "close",
  "isolate",
  "release",
  "start_signing",
  "reopen",
  "summon",
  "dismiss",
  "remove",
  "close_gallery",
  "mark_incident",
];
const NEEDS_REASON: readonly string[] = ["reopen", "remove"];
/** What a clerk does only on a judge's order, and must say which. */
const BY_ORDER: readonly string[] = ["isolate", "release"];
const SHOWS_ATTENDANCE: readonly string[] = ["open", "resume", "start_signing"];

export function ConfirmCommand({ room, offer, person, onClose }: Props) {
  const t = words.value;
  const { command } = offer;
  const reason = useSignal("");
  const until = useSignal("");
  // without the judge the court may only pause for the failure itself
  const kind = useSignal<RecessKind>(room.model.rules.value.hold ? "technical" : "planned");
  const title = person ? titleFor(command, person.name) : t.command[command];
  const isOrder = isClerk(room) && BY_ORDER.includes(command);
  const carryOut = (event: Event): void => {
    event.preventDefault();
    const order = orderOf(offer, person, reason.value, until.value);
    room.command(command === "recess" ? { ...order, kind: kind.value } : order);
    onClose();
  };
  return (
    <Dialog title={title} onClose={onClose} tone={FINAL.includes(command) ? "danger" : "calm"}>
      <form onSubmit={carryOut}>
        <p>{wordFor(t.consequence, command)}</p>
        {SHOWS_ATTENDANCE.includes(command) && <AttendanceList room={room} />}
        {command === "recess" && !room.model.rules.value.hold && (
          <RecessKinds kind={kind} roster={room.model.roster.value} />
        )}
        {(command === "open" || command === "resume") && <DiskLeft room={room} />}
        {command === "recess" && <Until value={until.value} set={(value) => (until.value = value)} />}
        {WITH_REASON.includes(command) && (
          <Reason
            value={reason.value}
            set={(value) => (reason.value = value)}
            name={isOrder ? t.command.order : command === "remove" ? t.facts : t.command.reason}
            isNeeded={isOrder || NEEDS_REASON.includes(command)}
          />
        )}
        <p class="ground">
          <span>{t.command.ground}</span> {inLanguage({ zh: offer.ground_zh, en: offer.ground_en })}
        </p>
        <DialogActions act={t.command.confirm(t.command[command])} cancel={onClose} isFinal={FINAL.includes(command)} />
      </form>
    </Dialog>
  );
}

function titleFor(command: CommandName, name: string): string {
  const titles: Readonly<Partial<Record<string, (name: string) => string>>> = words.value.ofPerson;
  return titles[command]?.(name) ?? words.value.command[command];
}

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

function Reason({ value, set, name, isNeeded }: FieldProps & { name: string; isNeeded: boolean }) {
  const t = words.value;
  return (
    <label class="field">
      <span class="field-name">
        {name}
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
