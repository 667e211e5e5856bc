/** After the signature: the receipt, what the page has found out about it, and the file to keep. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { inLanguage } from "../i18n/language";
import { signingWords } from "../i18n/signing-words";
import { timeText } from "../i18n/times";
import { Icon } from "../ui/icons";
import { Notice } from "../ui/notice";
import { BundleLink } from "./bundle-link";
import { Digest } from "./digest";
import type { OwnSigning } from "./own-signing";
import { type Check, holds, type Receipt, saveReceipt, statementOf } from "./receipt";

export function Signed({ own, isSettled }: { own: OwnSigning; isSettled: boolean }) {
  const t = signingWords.value.signed;
  const receipt = own.receipt.value;
  useEffect(() => void own.loadReceipt(), [own]);
  return (
    <>
      <Notice tone="good" icon="tick" title={t.title}>
        {isSettled ? t.settled : t.waiting}
      </Notice>
      {receipt && <Kept own={own} receipt={receipt} />}
      {isSettled && <BundleLink hearing={own.room.hearing} />}
      {!receipt && own.problem.value && (
        <Notice tone="warn" icon="warning" title={t.noReceipt}>
          {inLanguage(own.problem.value.titles)}
        </Notice>
      )}
    </>
  );
}

function Kept({ own, receipt }: { own: OwnSigning; receipt: Receipt }) {
  const t = signingWords.value;
  const statement = statementOf(receipt);
  const isSaved = useSignal(false);
  const save = (): void => {
    saveReceipt(receipt, t.signed.file(own.room.model.facts.peek()?.case_number ?? "", statement.version));
    isSaved.value = true;
  };
  useEffect(() => {
    if (own.takeFresh()) save(); // at once after signing, once
  }, []);
  return (
    <section class="receipt" aria-label={t.signed.checks}>
      <p class="lead">{t.signed.lead}</p>
      <p class="receipt-facts">
        <span>{t.signed.at(timeText(statement.time, "moment"))}</span>
        <span>
          {statement.scope === "part" ? t.check.digestPart : t.check.digest}{" "}
          <Digest digest={statement.part_sha256 ?? statement.content_sha256} />
        </span>
      </p>
      {own.checks.value.length > 0 && <Checks checks={own.checks.value} />}
      <button type="button" class="button button-main" onClick={save}>
        {t.signed.save}
      </button>
      <p class="quiet" role="status">
        {isSaved.value && t.signed.saved}
      </p>
    </section>
  );
}

function Checks({ checks }: { checks: readonly Check[] }) {
  const t = signingWords.value.signed;
  return (
    <>
      {!holds(checks) && (
        <div role="alert">
          <Notice tone="danger" icon="warning" title={t.bad} />
        </div>
      )}
      <ul class="check-list">
        {checks.map(({ what, is }) => (
          <li key={what} class={`is-${is}`}>
            <Icon name={is === "right" ? "tick" : is === "wrong" ? "cross" : "warning"} />
            <span>
              {t.of[what]}
              {is === "unable" && <span class="quiet"> {t.unable}</span>}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
