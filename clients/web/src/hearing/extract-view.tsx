/** What a witness or expert in court reads: their own statements and the court's lines about them, live. */
import { signal } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
import type { RosterEntry } from "../control/messages";
import { words } from "../i18n/language";
import { Blocks } from "../transcript/blocks";
import { useFollow } from "../transcript/follow";
import type { Turn } from "../transcript/turn";
import { ToEnd } from "../transcript/transcript-view";
import { Notice } from "../ui/notice";
import { Skeleton } from "../ui/skeleton";
import type { ExtractAnswer, ExtractTurn } from "./extract";
import type { HearingRoom } from "./room";

export function ExtractView({ room }: { room: HearingRoom }) {
  const t = words.value.extract;
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const { answer, isFailing } = room.extract;
  const turns = answer.value?.turns ?? [];
  const follow = useFollow(box, content, turns.length);
  return (
    <div class="transcript extract">
      <div class="panel-head">
        <h2 id="transcript">{t.title}</h2>
        <span class="quiet">
          {words.value.transcript.turns(turns.length)} · {words.value.transcript.readOnly}
        </span>
      </div>
      {isFailing.value && <Notice tone="warn" icon="warning" title={t.failed} />}
      <div class="transcript-scroll" ref={box} tabIndex={0} role="region" aria-labelledby="transcript">
        <p class="extract-why quiet">{t.why}</p>
        <div ref={content} hidden={turns.length === 0}>
          {answer.value && <Lines answer={answer.value} roster={room.model.roster.value} />}
        </div>
        {turns.length === 0 && (answer.value ? <Empty /> : <Skeleton lines={4} />)}
      </div>
      {!follow.isFollowing.value && <ToEnd unread={follow.unread.value} toEnd={follow.toEnd} />}
    </div>
  );
}

function Lines({ answer, roster }: { answer: ExtractAnswer; roster: readonly RosterEntry[] }) {
  const lines = useMemo(() => answer.turns.map((turn) => ({ key: turn.id, turn: signal(asTurn(turn)) })), [answer]);
  const speakers = useMemo(() => signal({ of: (person: string) => roster.find((entry) => entry.person === person) }), [roster]);
  return (
    <div class="sheet" role="list">
      <Blocks lines={lines} speakers={speakers} />
    </div>
  );
}

const asTurn = ({ text, ...turn }: ExtractTurn): Turn => ({
  ...turn,
  runs: [{ text, bold: false, underline: false, unsure: false }],
});

function Empty() {
  const t = words.value.extract;
  return (
    <div class="empty">
      <h3>{t.emptyTitle}</h3>
      <p>{t.empty}</p>
    </div>
  );
}
