/** Banners over the hearing: what is wrong or waited for, what is safe, what happens next. */
import { useEffect } from "preact/hooks";
import type { HearingModel, Return } from "../control/hearing-model";
import { wordFor, words } from "../i18n/language";
import { timeText } from "../i18n/times";
import { announce } from "../ui/announcer";
import { Notice } from "../ui/notice";
import type { HearingRoom } from "./room";

export function Banners({ room }: { room: HearingRoom }) {
  const { model } = room;
  useEffect(() => announce(words.value.lights[room.connection.value]), [room.connection.value]);
  const shown = [
    room.connection.value === "lost" && <Lost key="lost" />,
    !model.writable.value && <Unwritable key="unwritable" />,
    room.verdict.value && <DocumentRefused key="refused" />,
    model.paused.value && <Paused key="paused" />,
    model.phase.value === "RECESS" && <Recess key="recess" until={model.recess.value?.until ?? ""} />,
    model.returned.value && <Returned key="returned" model={model} back={model.returned.value} />,
  ].filter(Boolean);
  return shown.length === 0 ? null : (
    <section class="banners" aria-label={words.value.banner.label}>
      {shown}
    </section>
  );
}

function Lost() {
  const t = words.value.banner;
  return (
    <Notice tone="danger" icon="warning" title={t.lostTitle}>
      {t.lost}
    </Notice>
  );
}

function Unwritable() {
  const t = words.value.banner;
  return (
    <Notice tone="danger" icon="warning" title={t.storageTitle}>
      {t.storage}
    </Notice>
  );
}

function DocumentRefused() {
  return <Notice tone="warn" icon="warning" title={words.value.banner.documentRefused} />;
}

function Recess({ until }: { until: string }) {
  const t = words.value.banner;
  const time = timeText(until, "minute");
  return (
    <Notice tone="warn" icon="pause" title={t.recessTitle}>
      {time ? t.recessUntil(time) : t.recess}
    </Notice>
  );
}

function Paused() {
  const t = words.value.banner;
  return (
    <Notice tone="warn" icon="pause" title={t.pausedTitle}>
      {t.paused}
    </Notice>
  );
}

function returnWords({ from, events }: Return): { text: string; names: string } {
  const t = words.value;
  if (from === "isolation") return { text: t.banner.released, names: "" };
  const told = events.filter((entry) => entry.header.kind in t.event);
  const names = told.map((entry) => wordFor(t.event, entry.header.kind)).join(t.listSeparator);
  return { text: names ? t.banner.meanwhile(names) : t.banner.back, names };
}

/** Back after a lost connection or an isolation: says so, and what happened meanwhile until that has been read. */
function Returned({ model, back }: { model: HearingModel; back: Return }) {
  const { text, names } = returnWords(back);
  const dismiss = (): void => {
    if (document.activeElement?.closest(".banners")) document.getElementById("main")?.focus();
    model.returned.value = null;
  };
  useEffect(() => {
    announce(text);
    if (names) return undefined;
    const timer = setTimeout(dismiss, 8_000);
    return () => clearTimeout(timer);
  }, [text]);
  const action = (
    <button type="button" class="button button-small" onClick={dismiss}>
      {words.value.dismiss}
    </button>
  );
  return <Notice tone="good" icon="tick" title={text} action={action} />;
}
