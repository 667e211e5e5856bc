/** The signing in the transcript's place: a signer's steps, the court's board, or both one after the other. Loaded when it is needed. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { HearingRoom } from "../hearing/room";
import { inLanguage, words } from "../i18n/language";
import { signingWords } from "../i18n/signing-words";
import { Choice } from "../ui/choice";
import { Notice } from "../ui/notice";
import { Skeleton } from "../ui/skeleton";
import { Board } from "./board";
import { isOfCourt, type SigningView } from "./messages";
import { Signer } from "./signer";
import "./signing.css";
import "./board.css";

export { reportDigest } from "./reporting";

type Shown = "board" | "own";

export function SigningPanel({ room }: { room: HearingRoom }) {
  const view = room.signing.view.value;
  const problem = room.signing.problem.value;
  const isCourt = isOfCourt(room.model.you.value?.role ?? "");
  const shown = useSignal<Shown>(isCourt ? "board" : "own");
  return (
    <div class="signing">
      <Head room={room} view={view} />
      {view && isCourt && view.you.signer && view.frozen && <Views shown={shown.value} show={(next) => (shown.value = next)} />}
      {problem && <Unavailable room={room} title={inLanguage(problem.titles)} />}
      {!view && !problem && <Skeleton lines={9} />}
      {view && (isCourt && shown.value === "board" ? <Board room={room} view={view} /> : <Signer room={room} view={view} />)}
    </div>
  );
}

function Head({ room, view }: { room: HearingRoom; view: SigningView | null }) {
  const t = signingWords.value;
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  return (
    <div class="panel-head">
      <h2 id="signing" ref={title} tabIndex={-1}>
        {t.title}
      </h2>
      <span class="panel-state">
        {view && (
          <span class="quiet">
            {t.version(view.v)} · {t.stages[view.stage]}
          </span>
        )}
        {room.transcript.value && (
          <button type="button" class="button button-small" onClick={() => (room.signing.isOpen.value = false)}>
            {t.back}
          </button>
        )}
      </span>
    </div>
  );
}

function Views({ shown, show }: { shown: Shown; show: (next: Shown) => void }) {
  const t = signingWords.value.views;
  return (
    <div class="signing-views">
      <Choice
        legend={t.legend}
        options={[
          { value: "board", name: t.board },
          { value: "own", name: t.own },
        ]}
        chosen={shown}
        choose={show}
      />
    </div>
  );
}

function Unavailable({ room, title }: { room: HearingRoom; title: string }) {
  const again = (
    <button type="button" class="button button-small" onClick={() => void room.signing.ask()}>
      {words.value.retry}
    </button>
  );
  return (
    <Notice tone="warn" icon="warning" title={signingWords.value.unavailable} action={again}>
      {title}
    </Notice>
  );
}
