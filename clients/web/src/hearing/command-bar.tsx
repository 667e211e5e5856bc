/** The judge's bar: the next sensible command as one large button, the others in a menu, and how the last one ended. */
import { words } from "../i18n/language";
import { Icon } from "../ui/icons";
import { Menu } from "../ui/menu";
import { missingFrom } from "./attendance";
import type { CommandName } from "../control/messages";
import { isOfCourt } from "../signing/messages";
import { focusBar } from "./bar-focus";
import { ConfirmCommand } from "./confirm-command";
import { Hands } from "./hands";
import { Outcome } from "./outcome";
import { type Known, offered, sessionCommands } from "./offers";
import { useQuestion } from "./question";
import type { HearingRoom } from "./room";

export function CommandBar({ room }: { room: HearingRoom }) {
  const t = words.value.command;
  const question = useQuestion<Known>(`${room.model.phase.value} ${room.model.signing.value?.stage}`);
  const { next, others } = sessionCommands(room.model.offers.value);
  const isCourt = isOfCourt(room.model.you.value?.role ?? "");
  if (!isCourt || (!next && others.length === 0 && !room.model.pending.outcome.value)) return null;
  const choose = (offer: Known): void => {
    if (asksFirst(room, offer)) question.ask(offer);
    else carryOut(room, offer.command);
  };
  return (
    <section class="command-bar" aria-label={t.bar} tabIndex={-1}>
      <Outcome room={room} />
      <Hands room={room} />
      <LockAll room={room} />
      {others.length > 0 && <Others room={room} others={others} choose={choose} />}
      {next && <Next room={room} offer={next} choose={choose} />}
      {question.asked && <ConfirmCommand room={room} offer={question.asked} onClose={question.drop} />}
    </section>
  );
}

/** Taken back with one press, or harmless: no question stands before them. */
const AT_ONCE: ReadonlySet<CommandName> = new Set(["open_waiting", "announce", "end_announcement", "open_gallery"]);

/** Resuming with everybody there needs no question either; all else is final, or takes words. */
function asksFirst(room: HearingRoom, offer: Known): boolean {
  if (AT_ONCE.has(offer.command)) return false;
  return offer.command !== "resume" || missingFrom(room.model.roster.value).length > 0;
}

interface Choosing {
  room: HearingRoom;
  choose: (offer: Known) => void;
}

/** At once, with the focus on the bar: the pressed button is on its way or gone. */
function carryOut(room: HearingRoom, command: CommandName): void {
  room.command({ command });
  focusBar();
}

/** One press silences the room: it has to be there when it is needed. */
function LockAll({ room }: { room: HearingRoom }) {
  if (!offered(room.model.offers.value, "lock_all")) return null;
  return (
    <button type="button" class="button" disabled={isBusy(room)} onClick={() => carryOut(room, "lock_all")}>
      <Icon name="muted" />
      <span>{words.value.command.lock_all}</span>
    </button>
  );
}

const isBusy = (room: HearingRoom): boolean =>
  room.control.link.value.is !== "open" || room.model.pending.current.value !== undefined;

function whyNot(offer: Known): string {
  const guards: Readonly<Record<string, string>> = words.value.guard;
  return guards[offer.reason ?? ""] || words.value.guard.unknown;
}

function Next({ room, offer, choose }: Choosing & { offer: Known }) {
  const t = words.value.command;
  const isPending = room.model.pending.current.value !== undefined;
  return (
    <button
      type="button"
      class="button button-main button-large"
      disabled={isBusy(room) || !offer.allowed}
      onClick={() => choose(offer)}
    >
      <span>{isPending ? t.sending : t[offer.command]}</span>
      {!offer.allowed && <span class="button-why">{whyNot(offer)}</span>}
    </button>
  );
}

function Others({ room, others, choose }: Choosing & { others: readonly Known[] }) {
  const t = words.value.command;
  return (
    <Menu label={t.more} icon="more" side="above">
      {(close) =>
        others.map((offer) => (
          <button
            key={offer.command}
            type="button"
            class={`menu-item ${offer.command === "close" || offer.command === "close_gallery" ? "menu-item-danger" : ""}`}
            disabled={isBusy(room) || !offer.allowed}
            onClick={() => {
              close();
              choose(offer);
            }}
          >
            <span>{t[offer.command]}</span>
            {!offer.allowed && <span class="menu-why">{t.notAllowed(whyNot(offer))}</span>}
          </button>
        ))
      }
    </Menu>
  );
}
