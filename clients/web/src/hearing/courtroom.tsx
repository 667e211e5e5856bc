/** The page of a hearing that this person is part of: top bar, transcript (or why there is none), roster, commands. */
import { useEffect } from "preact/hooks";
import type { OpenDocument } from "../documents/collab";
import { wordFor, words } from "../i18n/language";
import { route } from "../route";
import { TranscriptView } from "../transcript/transcript-view";
import { announce } from "../ui/announcer";
import { later, laterPart } from "../ui/later";
import { Skeleton } from "../ui/skeleton";
import { VideoPlace } from "../media/media-place";
import { Banners } from "./banners";
import { Columns } from "./columns";
import { CommandBar } from "./command-bar";
import { ExtractView } from "./extract-view";
import { OwnBar } from "./own-bar";
import { PrintHead } from "./print-head";
import type { HearingRoom, Part } from "./room";
import { Roster } from "./roster";
import { SigningPlace } from "../signing/signing-place";
import { TopBar } from "./top-bar";
import { Waiting } from "./waiting";

const editor = later(() => import("../editor/editor-panel"));
const Exhibits = laterPart(
  async () => (await import("../exhibit/exhibit-panel")).ExhibitPanel,
  () => <Skeleton lines={5} />,
);

export function Courtroom({ room }: { room: HearingRoom }) {
  useEventAnnouncements(room);
  useExhibitInAddress(room);
  useSigningPlace(room);
  const parts = partsOf(room);
  const hasSide = parts.some(isBeside);
  const shown = parts.includes(room.part.value) ? room.part.value : "transcript";
  return (
    <div class="courtroom">
      <a class="skip" href="#main">
        {words.value.skipToMain}
      </a>
      <PrintHead room={room} />
      <TopBar room={room} />
      <Banners room={room} />
      {parts.length > 1 && <Tabs room={room} parts={parts} chosen={shown} />}
      <Columns
        shown={shown}
        video={room.media.value && <VideoPlace room={room} />}
        transcript={<Centre room={room} />}
        side={hasSide ? <Side room={room} parts={parts} shown={shown} /> : null}
      />
      <CommandBar room={room} />
      <OwnBar room={room} />
    </div>
  );
}

/** Whoever may read the transcript may see the exhibits. */
function partsOf(room: HearingRoom): readonly Part[] {
  const hasRoster = room.model.roster.value.length > 1;
  const parts: Array<[Part, boolean]> = [
    ["transcript", true],
    ["roster", hasRoster],
    ["exhibits", room.transcript.value !== null],
    ["video", room.media.value !== null],
  ];
  return parts.filter(([, isThere]) => isThere).map(([part]) => part);
}

const isBeside = (part: Part): boolean => part === "roster" || part === "exhibits";

/** An address that names a page or an annotation opens the exhibits. */
function useExhibitInAddress(room: HearingRoom): void {
  const here = route.value;
  const isNamed = here.page === "hearing" && here.exhibit !== null;
  useEffect(() => {
    if (isNamed) room.part.value = "exhibits";
  }, [here]);
}

/** The signing stands where the transcript stood: on a phone that part is shown. */
function useSigningPlace(room: HearingRoom): void {
  const isOpen = room.signing.isOpen.value;
  useEffect(() => {
    if (isOpen) room.part.value = "transcript";
  }, [isOpen]);
}

/** Where there is room for both columns one is always the transcript; what stands beside it is chosen here. */
function Side({ room, parts, shown }: { room: HearingRoom; parts: readonly Part[]; shown: Part }) {
  const t = words.value.hearing;
  const beside = parts.filter(isBeside);
  const current = isBeside(shown) ? shown : beside[0];
  const name = { roster: t.rosterTab, exhibits: t.exhibitsTab, transcript: t.transcriptTab, video: t.videoTab };
  return (
    <>
      {beside.length > 1 && (
        <nav class="side-parts" aria-label={t.beside}>
          {beside.map((part) => (
            <button key={part} type="button" class="side-part" aria-pressed={part === current} onClick={() => (room.part.value = part)}>
              {name[part]}
            </button>
          ))}
        </nav>
      )}
      {current === "roster" ? <Roster room={room} /> : <Exhibits room={room} />}
    </>
  );
}

function Centre({ room }: { room: HearingRoom }) {
  const transcript = room.transcript.value;
  if (room.signing.isOpen.value) return <SigningPlace room={room} />;
  if (transcript && room.desk.document.value) return <Desk room={room} document={room.desk.document.value} />;
  if (transcript) return <TranscriptView transcript={transcript} roster={room.model.roster} />;
  if (room.extract.isDue()) return <ExtractView room={room} />;
  if (room.isDecided.value && room.model.you.value && !room.verdict.value) return <Waiting model={room.model} />;
  return <Skeleton lines={9} />;
}

/** Who may write gets the editor, loaded only now; who may not, or as long as it is not known, reads. A fixed text is read by all. */
function Desk({ room, document }: { room: HearingRoom; document: OpenDocument }) {
  const Panel = editor.part.value?.EditorPanel;
  const transcript = room.transcript.value;
  useEffect(editor.fetch, []);
  const isDraft = (room.model.signing.value?.stage ?? "DRAFT") === "DRAFT";
  if ((document.mayWrite.value === false || !isDraft) && transcript) return <TranscriptView transcript={transcript} roster={room.model.roster} />;
  if (Panel && document.mayWrite.value && document.synced.value) return <Panel key={document.doc.clientID} room={room} document={document} />;
  return <Skeleton lines={9} />;
}

function centreName(room: HearingRoom): string {
  const t = words.value;
  if (room.signing.isOpen.value) return t.signing.tab;
  if (room.transcript.value) return t.hearing.transcriptTab;
  return room.extract.isDue() ? t.extract.tab : t.hearing.waitingTab;
}

function Tabs({ room, parts, chosen }: { room: HearingRoom; parts: readonly Part[]; chosen: Part }) {
  const t = words.value.hearing;
  const centre = centreName(room);
  const names = { transcript: centre, roster: t.rosterTab, exhibits: t.exhibitsTab, video: t.videoTab };
  return (
    <nav class="tabs" aria-label={t.tabs}>
      {parts.map((part) => (
        <button key={part} type="button" class="tab" aria-pressed={part === chosen} onClick={() => (room.part.value = part)}>
          {names[part]}
        </button>
      ))}
    </nav>
  );
}

const TOLD: ReadonlySet<string> = new Set([
  "SessionOpened",
  "SessionRecessed",
  "SessionResumed",
  "SessionClosed",
  "WaitingOpened",
  "AnnouncementStarted",
  "AnnouncementEnded",
  "WitnessSummoned",
  "WitnessDismissed",
  "GalleryClosed",
  "GalleryOpened",
  "HoldStarted",
  "HoldEnded",
]);

/** Tells a screen reader what changes for everybody; the eye sees the chip and the banners. */
function useEventAnnouncements(room: HearingRoom): void {
  const last = room.model.log.entries.value.at(-1);
  const isNew = last !== undefined && TOLD.has(last.header.kind) && Date.now() - Date.parse(last.header.at) < 60_000;
  useEffect(() => {
    if (isNew) announce(wordFor(words.value.event, last.header.kind));
  }, [last?.header.seq]);
}
