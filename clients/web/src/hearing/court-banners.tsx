/** Banners of the court's orders for picture and sound: hold, announcement, private talk, gallery, recording. */
import { words } from "../i18n/language";
import { timeText } from "../i18n/times";
import { isOfCourt } from "../signing/messages";
import { Notice } from "../ui/notice";
import { isIdle } from "./recording-light";
import type { HearingRoom } from "./room";

export const courtBanners = (room: HearingRoom) => [
  room.model.rules.value.hold && <Hold key="hold" room={room} />,
  room.model.rules.value.announcing && <Announcement key="announcement" room={room} />,
  isConsulting(room) && <Consulting key="consulting" />,
  isCourt(room) && consultingNames(room) && <OthersConsult key="others" room={room} />,
  isCourt(room) && !room.model.rules.value.gallery_open && <GalleryClosed key="gallery" />,
  isCourt(room) && isRecordingBroken(room) && <RecordingBroken key="recording" room={room} />,
];

const isCourt = (room: HearingRoom): boolean => isOfCourt(room.model.you.value?.role ?? "");
const me = (room: HearingRoom) => room.model.roster.value.find((entry) => entry.person === room.model.you.value?.person);
const isConsulting = (room: HearingRoom): boolean => me(room)?.consulting === true;

function Hold({ room }: { room: HearingRoom }) {
  const t = words.value.court;
  const since = timeText(room.model.rules.value.hold?.since ?? "", "minute");
  return (
    <Notice tone="danger" icon="pause" title={t.holdTitle}>
      {since && t.holdSince(since)}
      {t.hold}
    </Notice>
  );
}

function Announcement({ room }: { room: HearingRoom }) {
  const t = words.value.court;
  const isOwn = room.model.rules.value.announcing === room.model.you.value?.person;
  if (isOwn) return <Notice tone="warn" icon="microphone" title={t.announcementOwn} />;
  return (
    <Notice tone="calm" icon="court" title={t.announcementTitle}>
      {t.announcement}
    </Notice>
  );
}

function Consulting() {
  const t = words.value.court;
  return (
    <Notice tone="good" icon="private" title={t.consultingTitle}>
      {t.consulting}
    </Notice>
  );
}

function consultingNames(room: HearingRoom): string {
  const names = room.model.roster.value.filter((entry) => entry.consulting).map((entry) => entry.name);
  return names.join(words.value.listSeparator);
}

function OthersConsult({ room }: { room: HearingRoom }) {
  return <Notice tone="calm" icon="private" title={words.value.court.consultingOthers(consultingNames(room))} />;
}

function GalleryClosed() {
  const t = words.value.court;
  return (
    <Notice tone="calm" icon="lock" title={t.galleryTitle}>
      {t.gallery}
    </Notice>
  );
}

/** Not when nobody sends, as in a hearing that is held in writing: the light says that nothing is recorded. */
const isRecordingBroken = ({ model: { recorder, phase } }: HearingRoom): boolean =>
  ["gap", "alarm"].includes(recorder.value?.state ?? "") && !isIdle(recorder.value) && phase.value === "IN_SESSION";

function RecordingBroken({ room }: { room: HearingRoom }) {
  const t = words.value.recording;
  const isAlarm = room.model.recorder.value?.state === "alarm";
  return (
    <Notice tone="danger" icon="warning" title={isAlarm ? t.alarmTitle : t.gapTitle}>
      {isAlarm ? t.alarmBody : t.gapBody}
    </Notice>
  );
}
