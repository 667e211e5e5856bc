/** The playback page: the recording with its gaps and marks on one line of time, the transcript beside it. For the court. */
import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { inLanguage, words } from "../i18n/language";
import { playbackWords } from "../i18n/playback-words";
import { asProblem } from "../session/http";
import type { Problem } from "../session/problem";
import { leave } from "../session/session";
import { Icon } from "../ui/icons";
import { Link } from "../ui/link";
import { Notice } from "../ui/notice";
import { PageFrame, useTitle } from "../ui/page-frame";
import { Skeleton } from "../ui/skeleton";
import { Controls } from "./controls";
import { Gaps, Incidents } from "./ledger";
import { type TimedTurn, timed } from "./moments";
import { Picture } from "./picture";
import { Player } from "./player";
import { fetchNamed, fetchRecording, fetchTurns, type Named, type Recording } from "./recording";
import { Turns } from "./turns";
import "./playback.css";

interface Shown {
  recording: Recording;
  named: Named;
  turns: readonly TimedTurn[];
}

export function PlaybackPage({ hearing }: { hearing: string }) {
  const t = playbackWords.value;
  const shown = useSignal<Shown | null>(null);
  const problem = useSignal<Problem | null>(null);
  const load = async (): Promise<void> => {
    problem.value = null;
    try {
      const [recording, named] = await Promise.all([fetchRecording(hearing), fetchNamed(hearing)]);
      // a member of the court who may not read the transcript still has the recording
      const turns = await fetchTurns(hearing).catch(() => []);
      shown.value = { recording, named, turns: timed(turns) };
    } catch (error) {
      problem.value = asProblem(error);
      if (problem.value.status === 401) leave("expired");
      if (shown.value && problem.value.status === 0) problem.value = null; // what is there can go on playing
    }
  };
  useEffect(() => void load(), [hearing]);
  const title = shown.value?.named.case_number ?? "";
  useTitle([title, t.title, words.value.product].filter(Boolean).join(" · "));
  return (
    <PageFrame>
      <p>
        <Link to="/hearings" class="playback-back">
          <Icon name="back" />
          {t.back}
        </Link>
      </p>
      <h1>{shown.value ? `${t.title} · ${shown.value.named.title}` : t.title}</h1>
      {problem.value && <Failed problem={problem.value} again={() => void load()} />}
      {!shown.value && !problem.value && <Skeleton lines={6} />}
      {shown.value && <Whole hearing={hearing} shown={shown.value} reload={() => void load()} />}
    </PageFrame>
  );
}

function Failed({ problem, again }: { problem: Problem; again: () => void }) {
  const action = (
    <button type="button" class="button" onClick={again}>
      {words.value.retry}
    </button>
  );
  return (
    <Notice tone="warn" icon="warning" title={playbackWords.value.failed} action={action}>
      {inLanguage(problem.titles)}
    </Notice>
  );
}

function Whole({ hearing, shown, reload }: { hearing: string; shown: Shown; reload: () => void }) {
  const t = playbackWords.value;
  if (shown.recording.rounds.length === 0 && shown.recording.gaps.length === 0) {
    return (
      <div class="card empty">
        <Icon name="clock" />
        <h2>{t.empty}</h2>
        <p>{t.emptyHelp}</p>
      </div>
    );
  }
  return <Playback hearing={hearing} shown={shown} reload={reload} />;
}

const GROWS = 30_000; // ms: while the court sits another round is whole about every minute

function Playback({ hearing, shown: { recording, named, turns }, reload }: { hearing: string; shown: Shown; reload: () => void }) {
  const [player, setPlayer] = useState<Player | null>(null);
  useLayoutEffect(() => {
    const made = new Player(recording);
    setPlayer(made);
    return () => made.close();
  }, [hearing]);
  useEffect(() => player?.update(recording), [player, recording]);
  useEffect(() => {
    if (recording.closed_ms !== 0) return undefined;
    const timer = setInterval(reload, GROWS);
    return () => clearInterval(timer);
  }, [recording.closed_ms]);
  useKeys(player);
  if (!player) return null;
  return (
    <div class="playback">
      <section class="playback-main" aria-label={playbackWords.value.player}>
        <Picture player={player} recording={recording} />
        <Controls player={player} recording={recording} />
      </section>
      <Turns player={player} turns={turns} named={named} />
      <div class="playback-lists">
        <Incidents hearing={hearing} player={player} recording={recording} named={named} reload={reload} />
        <Gaps recording={recording} named={named} player={player} />
      </div>
    </div>
  );
}

const STEP = 5_000; // ms of an arrow key
const OWN_KEYS = "button, a, input, select, textarea, [role=listbox]";

/** Space and arrows from anywhere on the page but where they have a meaning of their own. */
function useKeys(player: Player | null): void {
  useEffect(() => {
    if (!player) return undefined;
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.target instanceof Element && event.target.closest(OWN_KEYS)) return;
      if (event.key === " ") player.toggle();
      else if (event.key === "ArrowLeft") player.seek(player.at.value - STEP);
      else if (event.key === "ArrowRight") player.seek(player.at.value + STEP);
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [player]);
}
