/** Play, pause, speed, and the line of time with what is recorded, what is not, and what was marked. */
import { playbackWords } from "../i18n/playback-words";
import { timeText } from "../i18n/times";
import { Choice } from "../ui/choice";
import { type Player, SPEEDS } from "./player";
import type { Recording } from "./recording";

const clock = (at: number): string => timeText(new Date(at), "clock");

export function Controls({ player, recording }: { player: Player; recording: Recording }) {
  const t = playbackWords.value;
  const at = player.at.value;
  return (
    <>
      <Timeline player={player} recording={recording} />
      <div class="playback-row">
        <p class="playback-clock">
          <strong>{clock(at)}</strong>
          <span class="quiet">
            {clock(player.from)} – {clock(player.to)}
          </span>
          {player.isWaiting.value && <span role="status">{t.waiting}</span>}
        </p>
        <div class="playback-buttons">
          <button type="button" class="button" onClick={() => player.seek(at - 10_000)}>
            {t.back10}
          </button>
          <button type="button" class="button button-main playback-play" onClick={() => player.toggle()}>
            {player.isPlaying.value ? t.pause : t.play}
          </button>
          <button type="button" class="button" onClick={() => player.seek(at + 10_000)}>
            {t.ahead10}
          </button>
        </div>
        <Choice
          legend={t.speed}
          options={SPEEDS.map((speed) => ({ value: String(speed), name: t.speedOf(speed) }))}
          chosen={String(player.speed.value)}
          choose={(speed) => player.setSpeed(Number(speed))}
        />
      </div>
      <p class="quiet">{t.keys}</p>
    </>
  );
}

const WIDTH = 1_000;

/** Drawn behind the slider, which is what is pressed and what a screen reader reads. */
function Timeline({ player, recording }: { player: Player; recording: Recording }) {
  const t = playbackWords.value;
  const whole = Math.max(1, player.to - player.from);
  const x = (at: number): number => (WIDTH * Math.min(Math.max(at - player.from, 0), whole)) / whole;
  return (
    <div class="timeline">
      <svg class="timeline-strip" viewBox={`0 0 ${WIDTH} 40`} preserveAspectRatio="none" role="img" aria-label={t.timeline(recording.rounds.length, recording.gaps.length)}>
        <defs>
          <pattern id="hatched" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect class="timeline-hatch" width="3" height="8" />
          </pattern>
        </defs>
        {recording.rounds.map((round) => (
          <rect key={round.round} class="timeline-round" x={x(round.from_ms)} y="8" width={Math.max(1, x(round.to_ms) - x(round.from_ms) - 1)} height="24" />
        ))}
        {recording.gaps.map((gap) => (
          <rect key={gap.from_ms} class="timeline-gap" fill="url(#hatched)" x={x(gap.from_ms)} y="8" width={Math.max(2, x(gap.to_ms) - x(gap.from_ms))} height="24">
            <title>{reasonOf(gap.reason)}</title>
          </rect>
        ))}
        {recording.incidents.map((incident) => (
          <rect key={incident.seq} class="timeline-mark" x={x(incident.at_ms) - 2} y="0" width="4" height="40" />
        ))}
        <rect class="timeline-now" x={x(player.at.value) - 1.5} y="0" width="3" height="40" />
      </svg>
      <input
        type="range"
        class="timeline-slider"
        aria-label={t.position}
        aria-valuetext={clock(player.at.value)}
        min={player.from}
        max={player.to}
        step={1_000}
        value={player.at.value}
        onInput={(event) => player.seek(Number(event.currentTarget.value))}
      />
    </div>
  );
}

/** A reason that this page does not know yet is shown as it came. */
export function reasonOf(reason: string): string {
  return (playbackWords.value.reasons as Record<string, string>)[reason] ?? reason;
}
