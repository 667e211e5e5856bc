/** One turn as a line of the record: speaker in the margin, words, time. */
import type { ReadonlySignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { RosterEntry } from "../control/messages";
import { sideOf } from "../hearing/sides";
import { wordFor, words } from "../i18n/language";
import { minuteOf, timeText } from "../i18n/times";
import type { Line } from "./transcript";
import type { Run, Turn } from "./turn";

export interface Speakers {
  of(person: string): RosterEntry | undefined;
}

interface Props {
  line: Line;
  /** The line above: a time is printed where the minute changes. */
  before: Line | undefined;
  speakers: ReadonlySignal<Speakers>;
}

export function LineView({ line, before, speakers }: Props) {
  const turn = line.turn.value;
  if (turn.kind === "heading") return <Heading turn={turn} />;
  if (turn.kind === "procedure") return <Procedure turn={turn} />;
  if (turn.kind === "note") return <Note turn={turn} />;
  const isNewMinute = minuteOf(turn.at) !== minuteOf(before?.turn.peek().at ?? "");
  return <Speech turn={turn} speaker={speakers.value.of(turn.speaker)} isNewMinute={isNewMinute} />;
}

function Heading({ turn }: { turn: Turn }) {
  return (
    <div role="listitem" class="line line-heading" id={`turn-${turn.id}`}>
      <h3>
        <Runs runs={turn.runs} />
      </h3>
    </div>
  );
}

function Procedure({ turn }: { turn: Turn }) {
  return (
    <div role="listitem" class="line line-procedure" id={`turn-${turn.id}`}>
      <span class="line-tag">{words.value.transcript.procedure}</span>
      <p>
        <Runs runs={turn.runs} />
      </p>
      <Time at={turn.at} />
    </div>
  );
}

function Note({ turn }: { turn: Turn }) {
  return (
    <div role="listitem" class="line line-note" id={`turn-${turn.id}`}>
      <p>
        <Runs runs={turn.runs} />
      </p>
    </div>
  );
}

interface SpeechProps {
  turn: Turn;
  speaker: RosterEntry | undefined;
  isNewMinute: boolean;
}

function Speech({ turn, speaker, isNewMinute }: SpeechProps) {
  const role = speaker?.role ?? "";
  const label = turn.role || speaker?.label || wordFor(words.value.role, role);
  return (
    <div role="listitem" class={`line line-speech side-${sideOf(role, label)}`} id={`turn-${turn.id}`}>
      <span class="line-speaker">
        <span class="line-role">{label}</span>
        {speaker && <span class="line-name">{speaker.name}</span>}
      </span>
      <div class="line-words">
        <Origin origin={turn.origin} />
        <p>
          <Runs runs={turn.runs} />
        </p>
      </div>
      {isNewMinute && <Time at={turn.at} />}
    </div>
  );
}

/** A turn that was taken over from elsewhere says from where. */
function Origin({ origin }: { origin: string }) {
  const t = words.value.transcript;
  const kind = origin.split(":", 1)[0];
  if (kind !== "message" && kind !== "opinion") return null;
  return <span class="line-tag">{t[kind]}</span>;
}

function Time({ at }: { at: string }) {
  const text = timeText(at, "minute");
  return text === "" ? null : (
    <time class="line-time" dateTime={at}>
      {text}
    </time>
  );
}

function Runs({ runs }: { runs: readonly Run[] }) {
  return (
    <>
      {runs.map((run, place) => (
        <Marks key={place} run={run} />
      ))}
    </>
  );
}

function Marks({ run }: { run: Run }) {
  let words: ComponentChildren = run.text;
  if (run.underline) words = <u>{words}</u>;
  if (run.bold) words = <strong>{words}</strong>;
  return run.unsure ? <Unsure>{words}</Unsure> : <>{words}</>;
}

function Unsure({ children }: { children: ComponentChildren }) {
  return (
    <mark class="unsure">
      {children}
      <span class="visually-hidden">（{words.value.transcript.unsure}）</span>
    </mark>
  );
}
