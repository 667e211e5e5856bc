/** A signer's place: the three steps, or what has become of the signature. */
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { HearingRoom } from "../hearing/room";
import { signingWords } from "../i18n/signing-words";
import { announce } from "../ui/announcer";
import { Notice } from "../ui/notice";
import { CheckStep } from "./check-step";
import { canSign } from "./keys";
import type { Frozen, SigningView } from "./messages";
import { mustSign } from "./messages";
import { OwnRequests } from "./own-requests";
import { type OwnSigning, ownSigning, type Step } from "./own-signing";
import { ReadStep } from "./read-step";
import { SIGN_FORM, SignStep } from "./sign-step";
import { Signed } from "./signed";
import { SignersOrders } from "./signers-orders";
import { Steps } from "./steps";

interface Props {
  room: HearingRoom;
  view: SigningView;
}

export function Signer({ room, view }: Props) {
  const t = signingWords.value;
  if (!view.you.signer) return <Notice tone="calm" icon="clock" title={t.notYou} />;
  if (view.stage === "REVIEW") return <Notice tone="calm" icon="clock" title={t.waitReview} />;
  if (!view.frozen || view.stage === "DRAFT") {
    return (
      <>
        <Notice tone="calm" icon="clock" title={t.waitDraft} />
        <OwnRequests view={view} room={room} />
      </>
    );
  }
  return <OfVersion key={`${view.frozen.v} ${view.frozen.content_sha256}`} room={room} view={view} frozen={view.frozen} />;
}

function OfVersion({ room, view, frozen }: Props & { frozen: Frozen }) {
  const scope = view.you.scope ?? "whole";
  const previous = view.versions.map(({ v }) => v).filter((v) => v < frozen.v).at(-1) ?? null;
  const own = useMemo(() => ownSigning(room.signing, frozen, scope, previous), []);
  // a copy that is not the latest one would differ, and say nothing
  const isCurrent = scope === "part" || (room.document.value?.isCurrent.value ?? false);
  useEffect(() => {
    if (isCurrent && room.model.isGreeted.value) void own.check();
  }, [isCurrent, room.model.isGreeted.value]);
  if (view.you.state === "SIGNED") return <Done room={room} view={view} own={own} />;
  if (!mustSign(view)) return <Ended view={view} />;
  return <OnTheWay room={room} view={view} own={own} />;
}

interface OwnProps extends Props {
  own: OwnSigning;
}

function Done({ view, own }: OwnProps) {
  return (
    <div class="signing-scroll" tabIndex={0} role="group" aria-labelledby="signing">
      <div class="signing-body">
        <Steps now="done" />
        <Signed own={own} isSettled={view.stage === "SETTLED"} />
      </div>
    </div>
  );
}

function Ended({ view }: { view: SigningView }) {
  const t = signingWords.value;
  const state = view.you.state;
  return <Notice tone="calm" icon="clock" title={state === "REFUSED" || state === "UNREACHABLE" ? t.ended[state] : t.notYou} />;
}

const STEP = { read: ReadStep, check: CheckStep, sign: SignStep } as const;

function OnTheWay({ room, view, own }: OwnProps) {
  const t = signingWords.value;
  const step = own.step.value;
  const Shown = STEP[step];
  const box = useFreshBox(step, own.isOther.value);
  return (
    <>
      <div class="signing-scroll" ref={box} tabIndex={0} role="group" aria-labelledby="signing">
        <div class="signing-body">
          <Steps now={step} />
          {step !== "read" && <h3 class="signing-title">{t[step].title}</h3>}
          {view.you.state === "OBJECTED" && <Notice tone="warn" icon="warning" title={t.ended.OBJECTED} />}
          <OwnRequests view={view} room={room} />
          <Shown own={own} />
        </div>
      </div>
      <Foot room={room} own={own} />
    </>
  );
}

/** Another step, or another text, begins at its top, where a screen reader goes on reading. */
function useFreshBox(step: Step, isOther: boolean) {
  const box = useRef<HTMLDivElement>(null);
  const isFirst = useRef(true);
  useEffect(() => {
    if (isFirst.current) return void (isFirst.current = false);
    for (const part of [box.current, box.current?.closest(".signing")]) part?.scrollTo(0, 0);
    box.current?.focus();
    announce(signingWords.peek().steps[step]);
  }, [step, isOther]);
  return box;
}

const NEXT: Partial<Record<Step, "check" | "sign">> = { read: "check", check: "sign" };
const PREVIOUS: Partial<Record<Step, "read" | "check">> = { check: "read", sign: "check" };

/** What leads on, always in the same place; beside it what can be done instead. */
function Foot({ room, own }: { room: HearingRoom; own: OwnSigning }) {
  const t = signingWords.value.next;
  const [next, previous] = [NEXT[own.step.value], PREVIOUS[own.step.value]];
  const isBlocked = next === "sign" && !own.mayGoOn.value;
  return (
    <div class="signing-foot">
      {previous && (
        <button type="button" class="button" onClick={() => (own.step.value = previous)}>
          {t.previous}
        </button>
      )}
      <SignersOrders room={room} text={own.text.value} />
      {own.step.value === "sign" && canSign() && <Submit own={own} />}
      {next && (
        <button
          type="button"
          class="button button-main signing-next"
          disabled={isBlocked || !own.text.value}
          onClick={() => (own.step.value = next)}
        >
          {t[next]}
        </button>
      )}
    </div>
  );
}

function Submit({ own }: { own: OwnSigning }) {
  const t = signingWords.value.sign;
  return (
    <button type="submit" form={SIGN_FORM} class="button button-main signing-next" disabled={own.isBusy.value}>
      {own.isBusy.value ? t.working : t.submit}
    </button>
  );
}
