/** The third step: what one declares, the handwriting, a reservation, the code, and the button that signs. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { inLanguage } from "../i18n/language";
import { signingWords } from "../i18n/signing-words";
import { Notice } from "../ui/notice";
import type { Bytes } from "./bytes";
import { CodeField } from "./code-field";
import { Digest } from "./digest";
import { canSign } from "./keys";
import type { OwnSigning } from "./own-signing";
import { Pad } from "./pad";

/** The button that submits it stands at the foot, where the way on always is. */
export const SIGN_FORM = "sign-form";

export function SignStep({ own }: { own: OwnSigning }) {
  const t = signingWords.value.sign;
  const picture = useRef<() => Bytes | null>(() => null);
  const [reservation, code] = [useSignal(""), useSignal("")];
  if (!canSign()) return <Notice tone="danger" icon="warning" title={t.noCrypto} />;
  const submit = (event: Event): void => {
    event.preventDefault();
    const handwriting = picture.current?.() ?? null;
    void own.sign({ handwriting, reservation: reservation.value.trim(), code: code.value });
  };
  return (
    <form class="sign-form" id={SIGN_FORM} onSubmit={submit}>
      <Declaration own={own} />
      <Pad picture={picture} name={own.room.model.you.value?.name ?? ""} />
      <label class="field">
        <span class="field-name">
          {t.reservation} <span class="quiet">{t.reservationHint}</span>
        </span>
        <textarea
          rows={2}
          maxLength={500}
          value={reservation.value}
          onInput={(event) => (reservation.value = event.currentTarget.value)}
        />
      </label>
      <CodeField code={code} send={() => own.sendCode()} />
      <Failure own={own} />
    </form>
  );
}

function Declaration({ own }: { own: OwnSigning }) {
  const t = signingWords.value;
  const checking = own.checking.value;
  const sentence = own.scope === "part" ? t.sign.declarePart(own.v) : t.sign.declareWhole(own.v);
  return (
    <p class="declaration">
      {sentence}
      {checking.is === "equal" && (
        <span class="quiet">
          {own.scope === "part" ? t.check.digestPart : t.check.digest} <Digest digest={checking.findings.digest} />
        </span>
      )}
    </p>
  );
}

/** What happened, what is safe, what to do. */
function Failure({ own }: { own: OwnSigning }) {
  const t = signingWords.value.sign;
  const problem = own.problem.value;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.scrollIntoView({ block: "nearest" }), [problem]);
  if (!problem) return null;
  const isUnknown = problem.status === 0 || problem.status >= 500;
  return (
    <div role="alert" ref={box}>
      <Notice tone="danger" icon="warning" title={isUnknown ? t.unsure : inLanguage(problem.titles)}>
        {isUnknown ? inLanguage(problem.titles) : t.nothingSent}
      </Notice>
    </div>
  );
}
