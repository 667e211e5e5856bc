/** The bar of somebody who is no court staff: whether they are heard, their hand, and a word with their own side apart. */
import { useEffect, useRef } from "preact/hooks";
import type { CommandName, RosterEntry } from "../control/messages";
import { words } from "../i18n/language";
import { isOfCourt } from "../signing/messages";
import { announce } from "../ui/announcer";
import { Icon } from "../ui/icons";
import { focusBar } from "./bar-focus";
import { Outcome } from "./outcome";
import { offered, raisedHands } from "./offers";
import type { HearingRoom } from "./room";

export function OwnBar({ room }: { room: HearingRoom }) {
  const you = room.model.you.value;
  const entry = room.model.roster.value.find((each) => each.person === you?.person);
  if (!you || !entry || isOfCourt(you.role)) return null;
  const voice = voiceOf(room, entry);
  const buttons = [handButton(room, entry), consultButton(room, entry)].filter((button) => button !== null);
  if (!voice && buttons.length === 0) return null;
  return (
    <section class="command-bar own-bar" aria-label={words.value.orders.own} tabIndex={-1}>
      {voice && <Voice voice={voice} />}
      <Outcome room={room} isQuiet />
      {buttons}
    </section>
  );
}

interface VoiceState {
  tone: "muted" | "heard" | "floor";
  says: string;
}

/** null where nobody is heard by everybody anyway. */
function voiceOf(room: HearingRoom, entry: RosterEntry): VoiceState | null {
  const t = words.value.orders;
  const { floor, hold } = room.model.rules.value;
  const phase = room.model.phase.value;
  if (entry.state !== "IN_COURT" || (phase !== "IN_SESSION" && phase !== "CLOSED")) return null;
  if (hold) return { tone: "muted", says: t.held };
  if (entry.hand) return { tone: "muted", says: t.handUp(placeOf(room, entry)) };
  if (entry.muted) return { tone: "muted", says: offered(room.model.offers.value, "raise_hand") ? t.muted : t.mutedAtRest };
  return floor === entry.person ? { tone: "floor", says: t.floor } : { tone: "heard", says: t.heard };
}

/** The court's order about one's own voice is said as well: nobody is to speak into a closed microphone. */
function Voice({ voice: { tone, says } }: { voice: VoiceState }) {
  const before = useRef(says);
  useEffect(() => {
    if (before.current !== says) announce(says);
    before.current = says;
  }, [says]);
  return (
    <p class={`own-voice own-voice-${tone}`}>
      <Icon name={tone === "muted" ? "muted" : "microphone"} />
      <span>{says}</span>
    </p>
  );
}

const placeOf = (room: HearingRoom, entry: RosterEntry): number =>
  raisedHands(room.model.roster.value).findIndex((each) => each.person === entry.person) + 1;

function handButton(room: HearingRoom, entry: RosterEntry) {
  const t = words.value.orders;
  const command = entry.hand ? "lower_hand" : "raise_hand";
  const hasFloor = room.model.rules.value.floor === entry.person;
  if (hasFloor || !offered(room.model.offers.value, command)) return null;
  const isWanted = entry.muted === true && !entry.hand;
  return <Button key="hand" room={room} command={command} icon="hand" name={entry.hand ? t.lower : t.raise} isMain={isWanted} />;
}

function consultButton(room: HearingRoom, entry: RosterEntry) {
  const t = words.value.orders;
  const command = entry.consulting ? "end_consult" : "consult";
  if (!offered(room.model.offers.value, command)) return null;
  const begin = entry.role === "agent" ? t.consultParty : t.consult;
  return <Button key="consult" room={room} command={command} icon="private" name={entry.consulting ? t.endConsult : begin} />;
}

interface ButtonProps {
  room: HearingRoom;
  command: CommandName;
  icon: "hand" | "private";
  name: string;
  isMain?: boolean;
}

function Button({ room, command, icon, name, isMain = false }: ButtonProps) {
  const choose = (): void => {
    room.command({ command });
    focusBar();
  };
  const isBusy = room.control.link.value.is !== "open" || room.model.pending.current.value !== undefined;
  return (
    <button type="button" class={`button ${isMain ? "button-main" : ""}`} disabled={isBusy} onClick={choose}>
      <Icon name={icon} />
      <span>{name}</span>
    </button>
  );
}
