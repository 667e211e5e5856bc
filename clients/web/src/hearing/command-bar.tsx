/** The judge's bar: the next sensible command as one large button, the others in a menu, and how the last one ended. */
import { useEffect } from "preact/hooks";
import { inLanguage, wordFor, words } from "../i18n/language";
import { announce } from "../ui/announcer";
import { Icon } from "../ui/icons";
import { Menu } from "../ui/menu";
import { missingFrom } from "./attendance";
import { ConfirmCommand } from "./confirm-command";
import { type Known, sessionCommands } from "./offers";
import { useQuestion } from "./question";
import type { HearingRoom } from "./room";

export function CommandBar({ room }: { room: HearingRoom }) {
  const t = words.value.command;
  const question = useQuestion<Known>(room.model.phase.value ?? "");
  const { next, others } = sessionCommands(room.model.offers.value);
  if (!next && others.length === 0 && !room.model.pending.outcome.value) return null;
  const choose = (offer: Known): void => {
    if (asksFirst(room, offer)) question.ask(offer);
    else room.command({ command: offer.command });
  };
  return (
    <section class="command-bar" aria-label={t.bar} tabIndex={-1}>
      <Outcome room={room} />
      {others.length > 0 && <Others room={room} others={others} choose={choose} />}
      {next && <Next room={room} offer={next} choose={choose} />}
      {question.asked && <ConfirmCommand room={room} offer={question.asked} onClose={question.drop} />}
    </section>
  );
}

/** Resuming with everybody there needs no question; all else is final, or takes words. */
function asksFirst(room: HearingRoom, offer: Known): boolean {
  return offer.command !== "resume" || missingFrom(room.model.roster.value).length > 0;
}

interface Choosing {
  room: HearingRoom;
  choose: (offer: Known) => void;
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
            class={`menu-item ${offer.command === "close" ? "menu-item-danger" : ""}`}
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

/** How long it stands that a command is in effect; bad news stands until it is dismissed. */
const GOOD_NEWS = 10_000;

/** What becomes of the last command, in words: on its way, in effect, refused, or unknown. */
function Outcome({ room }: { room: HearingRoom }) {
  const t = words.value;
  const { pending } = room.model;
  const current = pending.current.value;
  const said = current ? t.banner.transferring(wordFor(t.command as never, current.command)) : outcomeWords(room);
  useEffect(() => {
    if (said) announce(said);
  }, [said]);
  const outcome = pending.outcome.value;
  useEffect(() => {
    if (outcome?.is !== "done") return undefined;
    const timer = setTimeout(() => pending.dismiss(), GOOD_NEWS);
    return () => clearTimeout(timer);
  }, [outcome]);
  const dismiss = (event: MouseEvent): void => {
    if (event.currentTarget instanceof Element) event.currentTarget.closest<HTMLElement>("[tabindex]")?.focus();
    pending.dismiss();
  };
  const tone = current ? "busy" : (outcome?.is ?? "idle");
  return (
    <p class={`outcome outcome-${tone}`}>
      {tone === "done" && <Icon name="tick" />}
      {(tone === "refused" || tone === "unknown") && <Icon name="warning" />}
      <span>{said || <Attendance room={room} />}</span>
      {!current && outcome && outcome.is !== "done" && (
        <button type="button" class="button button-small" onClick={dismiss}>
          {t.dismiss}
        </button>
      )}
    </p>
  );
}

function outcomeWords(room: HearingRoom): string {
  const t = words.value.command;
  const outcome = room.model.pending.outcome.value;
  if (!outcome) return "";
  const name = t[outcome.command];
  if (outcome.is === "refused") return t.refused(name, inLanguage(outcome.titles));
  return outcome.is === "done" ? t.done(name) : t.unknown(name);
}

function Attendance({ room }: { room: HearingRoom }) {
  const t = words.value;
  const missing = missingFrom(room.model.roster.value);
  if (missing.length === 0) return <>{t.command.nobodyMissing}</>;
  return <>{t.command.missing(missing.map((entry) => entry.name).join(t.listSeparator))}</>;
}
