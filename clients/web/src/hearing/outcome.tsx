/** How the last command of this page ended, at the foot of the page. Commands nothing. */
import { useEffect } from "preact/hooks";
import { inLanguage, wordFor, words } from "../i18n/language";
import { announce } from "../ui/announcer";
import { Icon } from "../ui/icons";
import { missingFrom } from "./attendance";
import type { HearingRoom } from "./room";

/** How long it stands that a command is in effect; bad news stands until it is dismissed. */
const GOOD_NEWS = 10_000;

/** What becomes of the last command, in words: on its way, in effect, refused, or unknown. `isQuiet`: only bad news. */
export function Outcome({ room, isQuiet = false }: { room: HearingRoom; isQuiet?: boolean }) {
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
  const isBad = outcome !== null && outcome.is !== "done";
  if (isQuiet && (current || !isBad)) return null;
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
