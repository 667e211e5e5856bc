/** The transcript beside the recording: a click plays from a turn, and playing marks the turn of the moment and keeps it in sight. */
import { useComputed } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { playbackWords } from "../i18n/playback-words";
import { timeText } from "../i18n/times";
import { type TimedTurn, turnAt } from "./moments";
import type { Player } from "./player";
import type { Named } from "./recording";

const LEAD = 1_000; // ms: a turn is begun when its speaker has begun

interface Props {
  player: Player;
  turns: readonly TimedTurn[];
  named: Named;
}

export function Turns({ player, turns, named }: Props) {
  const t = playbackWords.value;
  const current = useComputed(() => turnAt(turns, player.at.value)).value;
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const box = list.current;
    const line = box?.children[current];
    if (!box || !(line instanceof HTMLElement)) return;
    box.scrollTop = line.offsetTop - box.offsetTop - box.clientHeight / 3;
  }, [current]);
  return (
    <section class="card playback-transcript" aria-labelledby="turns">
      <h2 id="turns">{t.transcript}</h2>
      {turns.length === 0 && <p>{t.noTranscript}</p>}
      {turns.length > 0 && (
        <ol class="playback-turns" ref={list} tabIndex={0} aria-labelledby="turns">
          {turns.map((turn, nth) => (
            <li key={turn.id}>
              <button
                type="button"
                class={`playback-turn playback-${turn.kind}`}
                aria-current={nth === current ? "true" : undefined}
                onClick={() => {
                  player.seek(turn.at_ms - LEAD);
                  player.play();
                }}
              >
                <time dateTime={turn.at}>{timeText(turn.at, "clock")}</time>
                <span>
                  {speakerOf(turn, named) !== "" && <strong>{speakerOf(turn, named)} </strong>}
                  {turn.text}
                </span>
              </button>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function speakerOf(turn: TimedTurn, named: Named): string {
  if (turn.kind !== "speech") return "";
  const entry = named.roster.find(({ person }) => person === turn.speaker);
  return turn.role || entry?.label || entry?.name || "";
}
