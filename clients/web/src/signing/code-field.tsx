/** The one-time code: asked to be sent, typed in. Knows no signature. */
import { type Signal, useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { inLanguage } from "../i18n/language";
import { signingWords } from "../i18n/signing-words";
import { asProblem } from "../session/http";
import type { Problem } from "../session/problem";
import { announce } from "../ui/announcer";

interface Props {
  code: Signal<string>;
  send: () => Promise<void>;
}

export function CodeField({ code, send }: Props) {
  const t = signingWords.value.sign;
  const sending = useSending(send);
  const [field, hint] = [useId(), useId()];
  return (
    <div class="field">
      <label class="field-name" for={field}>
        {t.code} <span class="quiet">{t.codeHint}</span>
      </label>
      <div class="row">
        <input
          id={field}
          class="code-field"
          type="text"
          inputMode="numeric"
          autoComplete="one-time-code"
          pattern="[0-9]{6}"
          maxLength={6}
          required
          aria-describedby={hint}
          value={code.value}
          onInput={(event) => (code.value = event.currentTarget.value.replace(/\D/g, ""))}
        />
        <button type="button" class="button" disabled={sending.state.value === "busy"} onClick={sending.send}>
          {sending.state.value === "idle" ? t.send : t.sendAgain}
        </button>
      </div>
      <p id={hint} class={sending.problem.value ? "field-problem" : "quiet"}>
        {sending.problem.value ? inLanguage(sending.problem.value.titles) : sending.state.value === "sent" && t.sent}
      </p>
    </div>
  );
}

type State = "idle" | "busy" | "sent" | "failed";

function useSending(send: () => Promise<void>) {
  const state = useSignal<State>("idle");
  const problem = useSignal<Problem | null>(null);
  const carryOut = async (): Promise<void> => {
    state.value = "busy";
    problem.value = null;
    try {
      await send();
      state.value = "sent";
      announce(signingWords.peek().sign.sent);
    } catch (error) {
      problem.value = asProblem(error);
      state.value = "failed";
      announce(inLanguage(problem.value.titles));
    }
  };
  return { state, problem, send: () => void carryOut() };
}
