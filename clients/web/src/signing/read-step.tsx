/** The first step: the text to read, what has changed since the version before, and the PDF. */
import { useEffect } from "preact/hooks";
import { signingWords } from "../i18n/signing-words";
import { withSession } from "../route";
import { Notice } from "../ui/notice";
import { Skeleton } from "../ui/skeleton";
import { Changes } from "./changes";
import type { OwnSigning } from "./own-signing";
import { ReadAloud } from "./read-text-aloud";
import { SignedText } from "./signed-text";

export function ReadStep({ own }: { own: OwnSigning }) {
  const t = signingWords.value;
  const text = own.text.value;
  useEffect(() => {
    void own.tellReading();
    void own.loadBefore();
  }, [own]);
  if (!text) return <Skeleton lines={9} />;
  return (
    <>
      {own.isOther.value && (
        <div role="alert">
          <Notice tone="warn" icon="warning" title={t.read.other} />
        </div>
      )}
      <p class="lead">{own.scope === "part" ? t.read.leadPart : t.read.lead}</p>
      <p class="row">
        {own.scope === "whole" && (
          <a class="button" href={withSession(own.pdf())} target="_blank" rel="noopener">
            {t.read.pdf}
          </a>
        )}
        <ReadAloud content={text} />
      </p>
      {own.previous !== null && own.before.value && <Changes v={own.previous} before={own.before.value} now={text} />}
      <section aria-labelledby="signing-text">
        <h3 id="signing-text" class="signing-heading">
          {own.scope === "part" ? t.read.part : t.read.text}
        </h3>
        <SignedText content={text} />
      </section>
    </>
  );
}
