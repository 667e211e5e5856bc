/** Back after an outage or an isolation: says what has changed meanwhile, and leads there. Counts nothing itself. */
import { useEffect } from "preact/hooks";
import type { Return } from "../control/hearing-model";
import { wordFor, words } from "../i18n/language";
import type { Missed } from "../transcript/missed";
import { isAtEnd } from "../transcript/follow";
import { visit } from "../transcript/place";
import { announce } from "../ui/announcer";
import { Notice } from "../ui/notice";
import type { HearingRoom } from "./room";

/** Said once everything has arrived, so that it is said once. */
export function Meanwhile({ room }: { room: HearingRoom }) {
  const [back, missed] = [room.model.returned.value, room.missed.value];
  const isAllHere = room.connection.value === "connected" && room.model.isGreeted.value;
  const text = isAllHere ? sentence(back, missed) : "";
  useEffect(() => {
    if (text) announce(text);
  }, [text]);
  useEffect(() => {
    if (!text) return undefined;
    return back?.from === "isolation" ? putAwayLater(() => room.noted()) : putAwayAtEnd(() => room.noted());
  }, [text]);
  if (!text) return null;
  const dismiss = (): void => {
    document.getElementById("main")?.focus(); // the button that had it goes away
    room.noted();
  };
  const action = (
    <span class="row">
      {missed?.first && <GoThere missed={missed} turn={missed.first} />}
      <button type="button" class="button button-small" onClick={dismiss}>
        {words.value.dismiss}
      </button>
    </span>
  );
  return <Notice tone="good" icon="tick" title={text} action={action} />;
}

function GoThere({ missed, turn }: { missed: Missed; turn: string }) {
  const t = words.value.banner;
  return (
    <button type="button" class="button button-small" onClick={() => visit(turn)}>
      {missed.added > 0 ? t.toFirstNew : t.toFirstChange}
    </button>
  );
}

function sentence(back: Return | null, missed: Missed | null): string {
  const t = words.value;
  if (back?.from === "isolation") return t.banner.released;
  const events = (back?.events ?? []).filter((entry) => entry.header.kind in t.event);
  const parts = [
    events.map((entry) => wordFor(t.event, entry.header.kind)).join(t.listSeparator),
    missed ? t.banner.missed(missed) : "",
  ].filter(Boolean);
  return parts.length > 0 ? t.banner.meanwhile(parts.join(t.clauseSeparator)) : "";
}

const SEEN_AFTER = 8_000;

function putAwayLater(putAway: () => void): () => void {
  const timer = setTimeout(putAway, SEEN_AFTER);
  return () => clearTimeout(timer);
}

/** Whoever was elsewhere and has read up to the live end has seen it all. A transcript that follows moves by itself, which
 * is no reading. */
function putAwayAtEnd(putAway: () => void): () => void {
  let wasElsewhere = false;
  const look = ({ target: box }: Event): void => {
    if (!(box instanceof HTMLElement) || !box.classList.contains("transcript-scroll")) return;
    wasElsewhere ||= box.dataset["following"] === "false";
    if (wasElsewhere && isAtEnd(box)) putAway();
  };
  document.addEventListener("scroll", look, { capture: true, passive: true });
  return () => document.removeEventListener("scroll", look, { capture: true });
}
