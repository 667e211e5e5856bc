/** The words of a note or of text on the page, asked for before the mark is made. */
import { useSignal } from "@preact/signals";
import { exhibitWords } from "../i18n/exhibit-words";
import { words } from "../i18n/language";
import { Dialog } from "../ui/dialog";
import type { Asked, Pointing } from "./pointing";

export const LONGEST_BODY = 5_000;

export function Composer({ pointing, asked }: { pointing: Pointing; asked: Asked }) {
  const t = exhibitWords.value.compose;
  const body = useSignal("");
  const save = (event: Event): void => {
    event.preventDefault();
    if (body.value.trim() !== "") pointing.written(asked, body.value.trim());
  };
  return (
    <Dialog title={t[asked.kind]} onClose={() => (pointing.asked.value = null)}>
      <form onSubmit={save}>
        <label class="field">
          <span class="field-name">{t.body}</span>
          <textarea rows={4} required maxLength={LONGEST_BODY} value={body.value} onInput={(event) => (body.value = event.currentTarget.value)} />
        </label>
        <div class="dialog-actions">
          <button type="button" class="button" onClick={() => (pointing.asked.value = null)}>
            {words.value.cancel}
          </button>
          <button type="submit" class="button button-main" disabled={body.value.trim() === ""}>
            {t.save}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
