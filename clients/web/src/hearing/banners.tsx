/** Banners over the hearing: what is wrong or waited for, what is safe, what happens next. */
import { useEffect } from "preact/hooks";
import type { HearingModel } from "../control/hearing-model";
import type { LogEvent } from "../control/messages";
import { wordFor, words } from "../i18n/language";
import { timeText } from "../i18n/times";
import { announce } from "../ui/announcer";
import { Notice } from "../ui/notice";
import type { HearingRoom } from "./room";

export function Banners({ room }: { room: HearingRoom }) {
  const { model } = room;
  useEffect(() => announce(words.value.lights[room.connection.value]), [room.connection.value]);
  return (
    <div class="banners">
      {room.connection.value === "lost" && <Lost />}
      {!model.writable.value && <Unwritable />}
      {room.verdict.value && <DocumentRefused />}
      {model.phase.value === "RECESS" && <Recess model={model} />}
      {model.meanwhile.value && <Meanwhile model={model} events={model.meanwhile.value} />}
    </div>
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

function Recess({ model }: { model: HearingModel }) {
  const t = words.value.banner;
  const last = model.log.value.findLast((entry) => entry.header.kind === "SessionRecessed");
  const until = last?.payload?.["until"];
  const time = typeof until === "string" ? timeText(until, "minute") : "";
  return (
    <Notice tone="warn" icon="pause" title={t.recessTitle}>
      {time ? t.recessUntil(time) : t.recess}
    </Notice>
  );
}

/** After a lost connection: what happened meanwhile, until it is read. */
function Meanwhile({ model, events }: { model: HearingModel; events: readonly LogEvent[] }) {
  const t = words.value;
  const told = events.filter((entry) => entry.header.kind in t.event);
  const names = told.map((entry) => wordFor(t.event, entry.header.kind)).join(t.listSeparator);
  const text = names ? t.banner.meanwhile(names) : t.banner.back;
  const dismiss = (): void => {
    model.meanwhile.value = null;
  };
  useEffect(() => {
    announce(text);
    if (names) return undefined;
    const timer = setTimeout(dismiss, 6_000);
    return () => clearTimeout(timer);
  }, [text]);
  const action = (
    <button type="button" class="button button-small" onClick={dismiss}>
      {t.dismiss}
    </button>
  );
  return <Notice tone="good" icon="tick" title={text} action={action} />;
}
