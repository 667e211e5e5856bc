/** The reader's view of the live transcript: a record to read, following the live end until somebody scrolls. */
import { type ReadonlySignal, useComputed, useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { RosterEntry } from "../control/messages";
import { words } from "../i18n/language";
import { announce } from "../ui/announcer";
import { Icon } from "../ui/icons";
import { Skeleton } from "../ui/skeleton";
import { Blocks } from "./blocks";
import { FindInTranscript } from "./find-in-transcript";
import { useFollow } from "./follow";
import { LineLink } from "./line-link";
import { hush, readAloud } from "./read-aloud";
import { followRested } from "./spoken";
import type { Transcript } from "./transcript";
import type { Speakers } from "./turn-view";
import { Visits } from "./visits";

interface Props {
  transcript: Transcript;
  roster: ReadonlySignal<readonly RosterEntry[]>;
}

export function TranscriptView({ transcript, roster }: Props) {
  const t = words.value.transcript;
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const lines = transcript.lines.value;
  const follow = useFollow(box, content, lines.length);
  const speakers = useSpeakers(roster);
  const isSearching = useSignal(false);
  const opener = useRef<HTMLButtonElement>(null);
  const endSearch = (): void => {
    isSearching.value = false;
    opener.current?.focus();
  };
  useLayoutEffect(() => speakLines(transcript), [transcript]); // the voice is silent before anything else is shown
  return (
    <div class="transcript">
      <div class="panel-head">
        <h2 id="transcript">{t.title}</h2>
        <span class="panel-state">
          <span class="quiet">
            {t.turns(lines.length)} · {t.readOnly}
          </span>
          <button ref={opener} type="button" class="button button-small" aria-expanded={isSearching.value} onClick={() => (isSearching.value = !isSearching.value)}>
            {words.value.search.open}
          </button>
        </span>
      </div>
      {isSearching.value && <FindInTranscript transcript={transcript} close={endSearch} />}
      <Visits box={box} count={lines.length} isReady={transcript.isLoaded.value} />
      <div class="transcript-scroll" ref={box} tabIndex={0} role="region" aria-labelledby="transcript">
        <div class="sheet" role="list" ref={content} hidden={lines.length === 0}>
          <Blocks lines={lines} speakers={speakers} />
        </div>
        {lines.length === 0 && (transcript.isLoaded.value ? <Empty /> : <Skeleton lines={9} />)}
      </div>
      <LineLink box={box} />
      {!follow.isFollowing.value && <ToEnd unread={follow.unread.value} toEnd={follow.toEnd} />}
    </div>
  );
}

/** Names by person, changing only when a name or role does: presence comes and goes without redrawing a line. */
function useSpeakers(roster: ReadonlySignal<readonly RosterEntry[]>): ReadonlySignal<Speakers> {
  const known = useRef<{ print: string; speakers: Speakers }>({ print: "", speakers: { of: () => undefined } });
  return useComputed(() => {
    const print = roster.value.map(({ person, name, role, label }) => [person, name, role, label].join()).join("|");
    if (print === known.current.print) return known.current.speakers;
    const people = new Map(roster.value.map((entry) => [entry.person, entry]));
    known.current = { print, speakers: { of: (person) => people.get(person) } };
    return known.current.speakers;
  });
}

/** To a screen reader, and to a voice where one is wanted; with the view goes the voice. */
function speakLines(transcript: Transcript): () => void {
  const stop = followRested(transcript, ({ label, text }) => {
    const sentence = label ? words.peek().transcript.spoke(label, text) : text;
    announce(sentence);
    readAloud(sentence);
  });
  return () => {
    stop();
    hush();
  };
}

function Empty() {
  const t = words.value.transcript;
  return (
    <div class="empty">
      <h3>{t.emptyTitle}</h3>
      <p>{t.empty}</p>
    </div>
  );
}

export function ToEnd({ unread, toEnd }: { unread: number; toEnd: () => void }) {
  const t = words.value.transcript;
  return (
    <button type="button" class="to-end" onClick={toEnd}>
      {unread > 0 ? t.newLines(unread) : t.toEnd}
      <Icon name="down" />
    </button>
  );
}
