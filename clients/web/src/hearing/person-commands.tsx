/** The court's commands for one person, in a menu: what is heard and seen at once, what moves somebody after a question. */
import type { CommandName, RosterEntry } from "../control/messages";
import { words } from "../i18n/language";
import { isOfCourt } from "../signing/messages";
import { Menu } from "../ui/menu";
import { ConfirmCommand } from "./confirm-command";
import { type Known, personCommands } from "./offers";
import { useQuestion } from "./question";
import type { HearingRoom, Order } from "./room";

/** Taken back with one press, so no question stands before them. */
const AT_ONCE: ReadonlySet<CommandName> = new Set([
  "mute",
  "unmute",
  "floor",
  "spotlight",
  "lower_hand",
  "consult",
  "end_consult",
]);
const FINAL: ReadonlySet<CommandName> = new Set(["isolate", "remove"]);

interface Props {
  room: HearingRoom;
  entry: RosterEntry;
}

export function PersonCommands({ room, entry }: Props) {
  const question = useQuestion<CommandName>(entry.state);
  const you = room.model.you.value;
  const isTheirs = you !== null && isOfCourt(you.role) && entry.person !== you.person;
  const offers = !isTheirs ? [] : personCommands(room.model.offers.value, entry, room.model.rules.value.floor);
  const asked = offers.find((offer) => offer.command === question.asked);
  if (offers.length === 0) return <span class="person-command" />;
  return (
    <span class="person-command">
      <Menu label={words.value.roster.actions(entry.name)} icon="more" isQuiet class="menu-right">
        {(close) => offers.map((offer) => <Item key={offer.command} room={room} entry={entry} offer={offer} ask={question.ask} close={close} />)}
      </Menu>
      {asked && <ConfirmCommand room={room} offer={asked} person={entry} onClose={question.drop} />}
    </span>
  );
}

interface ItemProps extends Props {
  offer: Known;
  ask: (command: CommandName) => void;
  close: () => void;
}

function Item({ room, entry, offer: { command }, ask, close }: ItemProps) {
  const isLarge = command === "spotlight" && room.model.rules.value.spotlight === entry.person;
  const choose = (): void => {
    close();
    if (!AT_ONCE.has(command)) return ask(command);
    room.command(isLarge ? { command } : orderOn(entry, command));
  };
  return (
    <button
      type="button"
      data-command={command}
      class={`menu-item ${FINAL.has(command) ? "menu-item-danger" : ""}`}
      disabled={room.control.link.value.is !== "open"}
      onClick={choose}
    >
      {itemName(isLarge ? "unspotlight" : command, entry.name)}
    </button>
  );
}

const orderOn = (entry: RosterEntry, command: CommandName): Order => ({ command, person: entry.person });

function itemName(key: string, name: string): string {
  const names: Readonly<Partial<Record<string, (name: string) => string>>> = words.value.ofPerson;
  return names[key]?.(name) ?? name;
}
