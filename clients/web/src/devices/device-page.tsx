/** The device test: one thing a screen, large buttons. Shows where a run stands; decides nothing. */
import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { deviceWords } from "../i18n/device-words";
import { words } from "../i18n/language";
import { timeText } from "../i18n/times";
import { Icon } from "../ui/icons";
import { Link } from "../ui/link";
import { PageFrame, useTitle } from "../ui/page-frame";
import { CameraStep } from "./camera-step";
import { DeviceCheck, STEPS } from "./check";
import { type DeviceTest, latestTests } from "./device-tests";
import { LineStep } from "./line-step";
import { MicrophoneStep } from "./microphone-step";
import { ResultStep } from "./result-step";
import { SpeakerStep } from "./speaker-step";
import "./devices.css";

const SHOWN = { start: Start, camera: CameraStep, microphone: MicrophoneStep, speaker: SpeakerStep, line: LineStep, result: ResultStep };

export function DevicePage({ hearing, me }: { hearing: string; me: string }) {
  const [check, setCheck] = useState<DeviceCheck | null>(null);
  const last = useLastTest(hearing, me);
  useTitle(`${deviceWords.value.title} · ${words.value.product}`);
  useLayoutEffect(() => {
    const begun = new DeviceCheck(hearing);
    setCheck(begun);
    return () => begun.close();
  }, [hearing]);
  return (
    <PageFrame narrow>
      <p>
        <Link to="/hearings" class="device-back">
          <Icon name="back" />
          {deviceWords.value.back}
        </Link>
      </p>
      {check && <Run check={check} last={last} />}
    </PageFrame>
  );
}

export interface StepProps {
  check: DeviceCheck;
  last: DeviceTest | null;
}

function Run({ check, last }: StepProps) {
  const t = deviceWords.value;
  const step = check.step.value;
  const Shown = SHOWN[step];
  const card = useRef<HTMLElement>(null);
  const before = useRef(step);
  // a new step takes the focus, so that a screen reader reads on from its start
  useEffect(() => {
    if (before.current !== step) card.current?.focus();
    before.current = step;
  }, [step]);
  return (
    <section class="card device-card" ref={card} tabIndex={-1} aria-label={t.title}>
      <p class="device-progress">
        <strong>{t.title}</strong>
        {step !== "start" && step !== "result" && <span class="quiet">{t.step(check.number.value, STEPS.length - 2)}</span>}
      </p>
      <Shown key={step} check={check} last={last} />
    </section>
  );
}

function Start({ check, last }: StepProps) {
  const t = deviceWords.value;
  const isAsking = check.isAsking.value;
  return (
    <>
      <h1>{t.start.title}</h1>
      <p class="lead">{t.start.lead}</p>
      <p class="lead">
        <strong>{t.start.ask}</strong>
      </p>
      <p>{t.start.privacy}</p>
      <button type="button" class="button button-main device-button" disabled={isAsking} onClick={() => void check.begin()}>
        {isAsking ? t.start.asking : t.start.go}
      </button>
      {last && <p class="quiet">{t.start.last(timeText(last.at, "moment"), t.result.verdicts[last.verdict])}</p>}
    </>
  );
}

/** What was found the last time; a page that cannot learn it goes on without. */
function useLastTest(hearing: string, me: string): DeviceTest | null {
  const last = useSignal<DeviceTest | null>(null);
  useEffect(() => {
    latestTests(hearing).then(
      (tests) => (last.value = tests.find(({ person }) => person === me) ?? null),
      () => (last.value = null),
    );
  }, [hearing, me]);
  return last.value;
}
