/** What was not recorded and why, and what was marked: lists that lead into the playback. */
import { useSignal } from "@preact/signals";
import { inLanguage } from "../i18n/language";
import { playbackWords } from "../i18n/playback-words";
import { timeText } from "../i18n/times";
import { withSession } from "../route";
import { asProblem } from "../session/http";
import type { Problem } from "../session/problem";
import { reasonOf } from "./controls";
import type { Player } from "./player";
import { type Clip, type Gap, type Incident, makeClip, type Named, type Recording } from "./recording";

const clock = (at: number): string => timeText(new Date(at), "clock");

const nameIn = (named: Named, person: string): string => named.roster.find((entry) => entry.person === person)?.name ?? "";

function lengthOf(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return playbackWords.value.minutes(Math.floor(seconds / 60), seconds % 60);
}

interface Props {
  recording: Recording;
  named: Named;
  player: Player;
}

export function Gaps({ recording, named, player }: Props) {
  const t = playbackWords.value;
  const gaps = [...recording.gaps, ...recording.partial].sort((one, other) => one.from_ms - other.from_ms);
  return (
    <section class="card" aria-labelledby="gaps">
      <h2 id="gaps">{t.gaps}</h2>
      {gaps.length === 0 && <p>{t.noGaps}</p>}
      <ul class="playback-list">
        {gaps.map((gap, nth) => (
          <li key={nth}>
            <GapLine gap={gap} by={nameIn(named, gap.actor) || t.court} player={player} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function GapLine({ gap, by, player }: { gap: Gap; by: string; player: Player }) {
  const t = playbackWords.value;
  return (
    <>
      <button type="button" class="button button-small" onClick={() => player.seek(gap.from_ms)}>
        {clock(gap.from_ms)}
      </button>
      <span>
        <strong>{reasonOf(gap.reason)}</strong>
        {gap.kind !== undefined && ` · ${t.partly(gap.person_name, gap.kind)}`}
        {gap.detail && ` · ${gap.detail}`}
        <span class="quiet playback-when">
          {t.gap(clock(gap.from_ms), clock(gap.to_ms), lengthOf(gap.to_ms - gap.from_ms))} · {t.by(by)}
        </span>
      </span>
    </>
  );
}

export function Incidents({ hearing, recording, named, player, reload }: Props & { hearing: string; reload: () => void }) {
  const t = playbackWords.value;
  return (
    <section class="card" aria-labelledby="incidents">
      <h2 id="incidents">{t.incidents}</h2>
      {recording.incidents.length === 0 && <p>{t.noIncidents}</p>}
      <ul class="playback-list">
        {recording.incidents.map((incident) => (
          <li key={incident.seq}>
            <button type="button" class="button button-small" onClick={() => player.seek(incident.at_ms - 5_000)}>
              <span class="visually-hidden">{t.goThere} </span>
              {clock(incident.at_ms)}
            </button>
            <span>
              <strong>{[nameIn(named, incident.person), incident.reason].filter(Boolean).join(" · ") || t.incidents}</strong>
              <span class="quiet playback-when">{t.by(nameIn(named, incident.actor) || t.court)}</span>
              <ClipOf hearing={hearing} incident={incident} clips={recording.clips} reload={reload} />
            </span>
          </li>
        ))}
      </ul>
      <a class="button" href={withSession(recording.archive)} download>
        {t.archive}
      </a>
    </section>
  );
}

interface ClipProps {
  hearing: string;
  incident: Incident;
  clips: readonly Clip[];
  reload: () => void;
}

function ClipOf({ hearing, incident, clips, reload }: ClipProps) {
  const t = playbackWords.value;
  const isMaking = useSignal(false);
  const problem = useSignal<Problem | null>(null);
  const make = async (): Promise<void> => {
    isMaking.value = true;
    problem.value = null;
    try {
      await makeClip(hearing, incident.seq);
      reload();
    } catch (error) {
      problem.value = asProblem(error);
    }
    isMaking.value = false;
  };
  return (
    <span class="playback-clips">
      {clips
        .filter((clip) => clip.of === incident.seq)
        .map((clip) => (
          <span key={clip.seq}>
            <a href={withSession(clip.url)} download>
              {t.clip} {clock(clip.from_ms)}–{clock(clip.to_ms)}
            </a>{" "}
            <span class="quiet" title={clip.sha256}>
              {t.digest(clip.sha256)}
            </span>
          </span>
        ))}
      <button type="button" class="button button-small" disabled={isMaking.value} onClick={() => void make()}>
        {isMaking.value ? t.making : t.makeClip}
      </button>
      {problem.value && <span role="alert">{inLanguage(problem.value.titles)}</span>}
    </span>
  );
}
