/** Who takes part: grouped by side, with state and connection in words, and the court's commands for a person. */
import type { RosterEntry } from "../control/messages";
import { language, wordFor, words } from "../i18n/language";
import { type IconName, Icon } from "../ui/icons";
import { useDeviceVerdicts, verdictsIn } from "./device-verdicts";
import { LinePlace } from "./line-place";
import { raisedHands } from "./offers";
import { PersonCommands } from "./person-commands";
import type { HearingRoom } from "./room";
import { SIDES, type Side, sideOf } from "./sides";

export function Roster({ room }: { room: HearingRoom }) {
  const t = words.value.roster;
  const roster = room.model.roster.value;
  const here = roster.filter((entry) => entry.connected).length;
  useDeviceVerdicts(room);
  return (
    <div class="roster">
      <div class="panel-head">
        <h2 id="roster">{t.title}</h2>
        <span class="quiet">{t.summary(here, roster.length)}</span>
      </div>
      <div class="roster-scroll" tabIndex={0} role="group" aria-labelledby="roster">
        {SIDES.map((side) => (
          <Group key={side} side={side} room={room} entries={roster.filter((entry) => ofSide(entry, side))} />
        ))}
      </div>
    </div>
  );
}

const ofSide = (entry: RosterEntry, side: Side): boolean => sideOf(entry.role, entry.label) === side;

function Group({ side, room, entries }: { side: Side; room: HearingRoom; entries: readonly RosterEntry[] }) {
  if (entries.length === 0) return null;
  const heading = `side-${side}`;
  return (
    <section aria-labelledby={heading} class={`roster-group side-${side}`}>
      <h3 id={heading}>{words.value.roster.groups[side]}</h3>
      <ul>
        {entries.map((entry) => (
          <Person key={entry.person} room={room} entry={entry} />
        ))}
      </ul>
    </section>
  );
}

function Person({ room, entry }: { room: HearingRoom; entry: RosterEntry }) {
  const t = words.value;
  const isMe = entry.person === room.model.you.value?.person;
  return (
    <li class={`person person-${entry.state.toLowerCase()}`}>
      <span class={`presence ${entry.connected ? "presence-on" : "presence-off"}`}>
        <span class="visually-hidden">{entry.connected ? t.roster.online : t.roster.offline}</span>
      </span>
      <span class="person-words">
        <span class="person-name">
          {entry.name}
          {isMe && <span class="person-me">{t.roster.you}</span>}
        </span>
        <span class="quiet">{personTitle(entry)}</span>
        <DeviceMark room={room} person={entry.person} />
      </span>
      <span class={`state state-${entry.state.toLowerCase()}`}>{wordFor(t.state, entry.state)}</span>
      <PersonCommands room={room} entry={entry} />
      <Marks room={room} entry={entry} />
      {entry.state === "ISOLATED" && <LinePlace room={room} entry={entry} />}
    </li>
  );
}

/** Before the session the court sees who has not (yet) tried devices and line, or not well enough. */
function DeviceMark({ room, person }: { room: HearingRoom; person: string }) {
  const known = verdictsIn(room);
  const verdict = known?.get(person);
  if (!known || verdict === "good") return null;
  const t = words.value.deviceTest;
  return <span class={`device-mark device-mark-${verdict ?? "none"}`}>{verdict ? t.marks[verdict] : t.untested}</span>;
}

interface Mark {
  kind: "hand" | "floor" | "muted" | "spotlight" | "consulting";
  icon: IconName;
  says: string;
}

/** What the court has ordered about a person's voice and picture, in words. */
function Marks({ room, entry }: { room: HearingRoom; entry: RosterEntry }) {
  const marks = marksOf(room, entry);
  if (marks.length === 0) return null;
  return (
    <span class="person-marks">
      {marks.map(({ kind, icon, says }) => (
        <span key={kind} class={`mark mark-${kind}`}>
          <Icon name={icon} />
          {says}
        </span>
      ))}
    </span>
  );
}

function marksOf(room: HearingRoom, entry: RosterEntry): readonly Mark[] {
  const t = words.value.orders;
  const { floor, spotlight } = room.model.rules.value;
  const place = raisedHands(room.model.roster.value).findIndex((each) => each.person === entry.person) + 1;
  const all: ReadonlyArray<Mark | false> = [
    place > 0 && { kind: "hand", icon: "hand", says: t.handOf(place) },
    floor === entry.person && { kind: "floor", icon: "microphone", says: t.floorMark },
    entry.muted === true && entry.state === "IN_COURT" && { kind: "muted", icon: "muted", says: t.mutedMark },
    spotlight === entry.person && { kind: "spotlight", icon: "large", says: t.spotlightMark },
    entry.consulting === true && { kind: "consulting", icon: "private", says: t.consultingMark },
  ];
  return all.filter((mark) => mark !== false);
}

/** A long label says more than the role (whose agent somebody is), but is Chinese; a short one is the transcript's prefix. */
function personTitle(entry: RosterEntry): string {
  const role = wordFor(words.value.role, entry.role);
  return language.value === "zh" && entry.label.length > role.length ? entry.label : role;
}
