/** Who takes part: grouped by side, with state and connection in words, and the court's commands for a person. */
import type { CommandName, RosterEntry } from "../control/messages";
import { language, wordFor, words } from "../i18n/language";
import { Menu } from "../ui/menu";
import { ConfirmCommand } from "./confirm-command";
import { personCommand } from "./offers";
import { useQuestion } from "./question";
import type { HearingRoom } from "./room";
import { SIDES, type Side, sideOf } from "./sides";

export function Roster({ room }: { room: HearingRoom }) {
  const t = words.value.roster;
  const roster = room.model.roster.value;
  const here = roster.filter((entry) => entry.connected).length;
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
      </span>
      <span class={`state state-${entry.state.toLowerCase()}`}>{wordFor(t.state, entry.state)}</span>
      <PersonCommands room={room} entry={entry} isMe={isMe} />
    </li>
  );
}

/** A long label says more than the role (whose agent somebody is), but is Chinese; a short one is the transcript's prefix. */
function personTitle(entry: RosterEntry): string {
  const role = wordFor(words.value.role, entry.role);
  return language.value === "zh" && entry.label.length > role.length ? entry.label : role;
}

function PersonCommands({ room, entry, isMe }: { room: HearingRoom; entry: RosterEntry; isMe: boolean }) {
  const t = words.value;
  const question = useQuestion<CommandName>(entry.state);
  const offer = isMe ? undefined : personCommand(room.model.offers.value, entry);
  if (!offer) return <span class="person-command" />;
  const { command } = offer;
  const name = command === "isolate" ? t.command.isolatePerson(entry.name) : t.command.releasePerson(entry.name);
  return (
    <span class="person-command">
      <Menu label={t.roster.actions(entry.name)} icon="more" isQuiet class="menu-right">
        {(close) => (
          <button
            type="button"
            class={`menu-item ${command === "isolate" ? "menu-item-danger" : ""}`}
            disabled={room.control.link.value.is !== "open"}
            onClick={() => {
              close();
              question.ask(command);
            }}
          >
            {name}
          </button>
        )}
      </Menu>
      {question.asked && <ConfirmCommand room={room} offer={offer} person={entry} onClose={question.drop} />}
    </span>
  );
}
