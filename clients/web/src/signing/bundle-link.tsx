/** Everything of the signing in one file that can be checked without the court. */
import { signingWords } from "../i18n/signing-words";
import { withSession } from "../route";

export function BundleLink({ hearing }: { hearing: string }) {
  return (
    <p>
      <a class="button" href={withSession(`/api/hearings/${encodeURIComponent(hearing)}/bundle`)} download>
        {signingWords.value.board.bundle}
      </a>
    </p>
  );
}
