/** The fixed text by its digests, who compared it, characters that no font has, earlier versions, and what can be taken home. */
import type { HearingRoom } from "../hearing/room";
import { signingWords } from "../i18n/signing-words";
import { withSession } from "../route";
import { BundleLink } from "./bundle-link";
import { FullDigest, shortDigest } from "./digest";
import { codePoint } from "./findings";
import type { Frozen, SigningView } from "./messages";

interface Props {
  room: HearingRoom;
  view: SigningView;
  frozen: Frozen;
}

export function Versions({ room, view, frozen }: Props) {
  const t = signingWords.value;
  const nameOf = (person: string): string => room.model.roster.value.find((one) => one.person === person)?.name ?? person;
  const unprintable = frozen.unprintable ?? [];
  return (
    <section aria-labelledby="versions" class="digests">
      <h3 id="versions" class="signing-heading">
        {t.board.versions}
      </h3>
      <ul class="versions">
        {view.versions.map(({ v, content_sha256: digest }) => (
          <li key={v}>
            {t.version(v)} <code class="digest">{shortDigest(digest)}</code>
          </li>
        ))}
      </ul>
      <p class="quiet">{frozen.checked_by ? t.board.checkedBy(nameOf(frozen.checked_by.person)) : t.board.checkedByNobody}</p>
      {unprintable.length > 0 && (
        <p class="quiet">
          {t.board.unprintableLead} {[...new Set(unprintable.map(({ code_point: point }) => codePoint(point)))].join(" ")}
        </p>
      )}
      <details>
        <summary>{t.check.full}</summary>
        <dl>
          <FullDigest name={t.check.digest} digest={frozen.content_sha256} />
          <FullDigest name={t.check.updateDigest} digest={frozen.update_sha256} />
          <FullDigest name={t.check.stateDigest} digest={frozen.state_sha256} />
          <FullDigest name={t.check.pdfDigest} digest={frozen.pdf_sha256} />
        </dl>
      </details>
      <p class="row">
        <a class="button" href={withSession(`${room.signing.path}/${frozen.v}/pdf`)} target="_blank" rel="noopener">
          {t.read.pdf}
        </a>
      </p>
      <BundleLink hearing={room.hearing} />
    </section>
  );
}
