/** Why the browser gave no device, and what to do about it in this browser. */
import { deviceWords } from "../i18n/device-words";
import { Notice } from "../ui/notice";
import { type Blocked, browserName, type Kind } from "./capture";
import type { DeviceCheck } from "./check";

export function BlockedDevice({ check, kind, why }: { check: DeviceCheck; kind: Kind; why: Blocked }) {
  const t = deviceWords.value;
  const steps = why === "denied" ? t.blocked.steps.denied[browserName()] : t.blocked.steps[why];
  const isAsking = check.isAsking.value;
  return (
    <>
      <h1>{t.blocked[kind]}</h1>
      <Notice tone="warn" icon="warning" title={t.blocked.why[why]} />
      <ol class="steps lead">
        {steps.map((step) => (
          <li key={step}>
            <span>{step}</span>
          </li>
        ))}
      </ol>
      <div class="device-answers">
        <button type="button" class="button button-main device-button" disabled={isAsking} onClick={() => void check.openAgain(kind)}>
          {t.tryAgain}
        </button>
        <button type="button" class="button device-button" disabled={isAsking} onClick={() => check.answer(kind, "skipped")}>
          {t.skip}
        </button>
      </div>
    </>
  );
}
