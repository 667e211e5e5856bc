/** The second step: whether what is to be signed is what this device has; if not, nothing can be signed. */
import { inLanguage } from "../i18n/language";
import { signingWords } from "../i18n/signing-words";
import { Icon } from "../ui/icons";
import { Notice } from "../ui/notice";
import { Digest, FullDigest } from "./digest";
import type { OwnSigning } from "./own-signing";
import { COMPARED, type Findings } from "./verification";

export function CheckStep({ own }: { own: OwnSigning }) {
  const t = signingWords.value.check;
  const checking = own.checking.value;
  const again = (
    <button type="button" class="button" onClick={() => void own.check()}>
      {t.again}
    </button>
  );
  if (checking.is === "working") return <p role="status">{t.working}</p>;
  if (checking.is === "failed") {
    return (
      <Notice tone="warn" icon="warning" title={t.failed} action={again}>
        {inLanguage(checking.problem.titles)}
      </Notice>
    );
  }
  const isGood = checking.is === "equal";
  return (
    <>
      <p class="lead">{t.lead}</p>
      {isGood ? (
        <Notice tone="good" icon="tick" title={t.good} />
      ) : (
        <div role="alert" class="mismatch">
          <Notice tone="danger" icon="warning" title={t.badTitle} action={again}>
            {t.bad}
          </Notice>
        </div>
      )}
      <Compared findings={checking.findings} />
      {isGood && <Digests own={own} digest={checking.findings.digest} />}
    </>
  );
}

function Compared({ findings: { agrees } }: { findings: Findings }) {
  const t = signingWords.value.check;
  return (
    <ul class="check-list">
      {COMPARED.filter((what) => agrees[what] !== undefined).map((what) => (
        <li key={what} class={agrees[what] ? "is-right" : "is-wrong"}>
          <Icon name={agrees[what] ? "tick" : "cross"} />
          <span>{agrees[what] ? t.of[what] : t.wrong[what]}</span>
        </li>
      ))}
    </ul>
  );
}

function Digests({ own, digest }: { own: OwnSigning; digest: string }) {
  const t = signingWords.value.check;
  const name = own.scope === "part" ? t.digestPart : t.digest;
  const { frozen } = own;
  return (
    <div class="digests">
      <p>
        {name} <Digest digest={digest} /> <span class="quiet">{t.digestHint}</span>
      </p>
      <details>
        <summary>{t.full}</summary>
        <dl>
          <FullDigest name={name} digest={digest} />
          <FullDigest name={t.updateDigest} digest={frozen.update_sha256} />
          <FullDigest name={t.stateDigest} digest={frozen.state_sha256} />
          <FullDigest name={t.pdfDigest} digest={frozen.pdf_sha256} />
        </dl>
      </details>
    </div>
  );
}
