/** Annotations that the server did not take, offered once more; and limits that were met, in words. */
import { exhibitWords } from "../i18n/exhibit-words";
import { words } from "../i18n/language";
import { Notice } from "../ui/notice";
import type { OpenExhibit } from "./open-exhibit";

export function Refused({ open }: { open: OpenExhibit }) {
  const t = exhibitWords.value;
  const entries = open.refused.value;
  const limit = open.pointing.limit.value;
  return (
    <div class="exhibit-refused" role="status">
      {limit && (
        <Notice
          tone="warn"
          icon="warning"
          title={t.limits[limit]}
          action={
            <button type="button" class="button button-small" onClick={() => (open.pointing.limit.value = null)}>
              {words.value.dismiss}
            </button>
          }
        />
      )}
      {entries.length > 0 && (
        <Notice
          tone="warn"
          icon="warning"
          title={t.refused.title(entries.length)}
          action={
            <span class="row">
              <button type="button" class="button button-small" disabled={!open.mayWrite.value} onClick={() => open.tryAgain()}>
                {t.refused.again}
              </button>
              <button type="button" class="button button-small" onClick={() => (open.refused.value = [])}>
                {t.refused.drop}
              </button>
            </span>
          }
        >
          {t.refused.body}
        </Notice>
      )}
    </div>
  );
}
