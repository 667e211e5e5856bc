/** The page of a hearing that this person is part of: top bar, transcript (or why there is none), roster, commands. */
import { signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { EVENT_OF } from "../control/pending";
import type { OpenDocument } from "../documents/collab";
import type { EditorPanel } from "../editor/editor-panel";
import { wordFor, words } from "../i18n/language";
import { TranscriptView } from "../transcript/transcript-view";
import { announce } from "../ui/announcer";
import { Skeleton } from "../ui/skeleton";
import { Banners } from "./banners";
import { Columns } from "./columns";
import { CommandBar } from "./command-bar";
import { PrintHead } from "./print-head";
import type { HearingRoom } from "./room";
import { Roster } from "./roster";
import { TopBar } from "./top-bar";
import { Waiting } from "./waiting";

const editorPanel = signal<typeof EditorPanel | null>(null);
let loading: Promise<void> | null = null;

/** Asked again when the page could not fetch it. */
function loadEditor(): Promise<void> {
  loading ??= import("../editor/editor-panel").then(
    ({ EditorPanel: panel }) => {
      editorPanel.value = panel;
    },
    () => {
      loading = null;
      setTimeout(() => void loadEditor(), 2_000);
    },
  );
  return loading;
}

type Tab = "transcript" | "roster";

export function Courtroom({ room }: { room: HearingRoom }) {
  const tab = useSignal<Tab>("transcript");
  useEventAnnouncements(room);
  const hasRoster = room.model.roster.value.length > 1;
  return (
    <div class="courtroom">
      <a class="skip" href="#main">
        {words.value.skipToMain}
      </a>
      <PrintHead room={room} />
      <TopBar room={room} />
      <Banners room={room} />
      {hasRoster && <Tabs room={room} chosen={tab.value} choose={(next) => (tab.value = next)} />}
      <Columns shown={tab.value} transcript={<Centre room={room} />} side={hasRoster ? <Roster room={room} /> : null} />
      <CommandBar room={room} />
    </div>
  );
}

function Centre({ room }: { room: HearingRoom }) {
  const transcript = room.transcript.value;
  if (transcript && room.desk.document.value) return <Desk room={room} document={room.desk.document.value} />;
  if (transcript) return <TranscriptView transcript={transcript} roster={room.model.roster} />;
  if (room.isDecided.value && room.model.you.value && !room.verdict.value) return <Waiting model={room.model} />;
  return <Skeleton lines={9} />;
}

/** Who may write gets the editor, loaded only now; who may not, or as long as it is not known, reads. */
function Desk({ room, document }: { room: HearingRoom; document: OpenDocument }) {
  const Panel = editorPanel.value;
  const transcript = room.transcript.value;
  useEffect(() => void loadEditor(), []);
  if (document.mayWrite.value === false && transcript) return <TranscriptView transcript={transcript} roster={room.model.roster} />;
  if (Panel && document.mayWrite.value && document.synced.value) return <Panel key={document.doc.clientID} room={room} document={document} />;
  return <Skeleton lines={9} />;
}

function Tabs({ room, chosen, choose }: { room: HearingRoom; chosen: Tab; choose: (tab: Tab) => void }) {
  const t = words.value.hearing;
  const tabs: ReadonlyArray<[Tab, string]> = [
    ["transcript", room.transcript.value ? t.transcriptTab : t.waitingTab],
    ["roster", t.rosterTab],
  ];
  return (
    <nav class="tabs" aria-label={t.tabs}>
      {tabs.map(([tab, name]) => (
        <button key={tab} type="button" class="tab" aria-pressed={tab === chosen} onClick={() => choose(tab)}>
          {name}
        </button>
      ))}
    </nav>
  );
}

const TOLD: ReadonlySet<string> = new Set(Object.values(EVENT_OF).slice(0, 4));

/** Tells a screen reader when the phase changes; the eye sees the chip. */
function useEventAnnouncements(room: HearingRoom): void {
  const last = room.model.log.entries.value.at(-1);
  const isNew = last !== undefined && TOLD.has(last.header.kind) && Date.now() - Date.parse(last.header.at) < 60_000;
  useEffect(() => {
    if (isNew) announce(wordFor(words.value.event, last.header.kind));
  }, [last?.header.seq]);
}
