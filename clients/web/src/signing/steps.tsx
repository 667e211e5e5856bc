/** Where somebody is on the way: read, check, sign. */
import { signingWords } from "../i18n/signing-words";
import { Icon } from "../ui/icons";
import type { Step } from "./own-signing";

const ORDER: readonly Step[] = ["read", "check", "sign"];

export function Steps({ now }: { now: Step | "done" }) {
  const t = signingWords.value.steps;
  const at = now === "done" ? ORDER.length : ORDER.indexOf(now);
  return (
    <ol class="signing-steps" aria-label={t.label}>
      {ORDER.map((step, place) => (
        <li key={step} class={place < at ? "is-past" : ""} aria-current={step === now ? "step" : undefined}>
          <span class="signing-step-mark">{place < at ? <Icon name="tick" /> : place + 1}</span>
          {t[step]}
        </li>
      ))}
    </ol>
  );
}
