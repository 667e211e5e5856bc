/** Banners over the hearing: what is wrong or waited for, what is safe, what happens next. */
import { useEffect } from "preact/hooks";
import { words } from "../i18n/language";
import { timeText } from "../i18n/times";
import { announce } from "../ui/announcer";
import { Notice } from "../ui/notice";
import { SigningBanner } from "../signing/signing-banner";
import { courtBanners } from "./court-banners";
import { LinePlace } from "./line-place";
import { Meanwhile } from "./meanwhile";
import type { HearingRoom } from "./room";

export function Banners({ room }: { room: HearingRoom }) {
  const { model } = room;
  useEffect(() => announce(words.value.lights[room.connection.value]), [room.connection.value]);
  const shown = [
    room.connection.value === "lost" && <Lost key="lost" />,
    !model.writable.value && <Unwritable key="unwritable" />,
    room.verdict.value && <DocumentRefused key="refused" />,
    model.line.value.length > 0 && <LinePlace key="line" room={room} />,
    ...courtBanners(room),
    model.paused.value && <Paused key="paused" />,
    model.phase.value === "RECESS" && <Recess key="recess" until={model.recess.value?.until ?? ""} />,
    model.signing.value && <SigningBanner key="signing" room={room} />,
    (model.returned.value || room.missed.value) && <Meanwhile key="meanwhile" room={room} />,
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
