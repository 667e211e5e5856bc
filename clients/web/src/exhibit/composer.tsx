/** The words of a note or of text on the page, asked for before the mark is made. */
import { useSignal } from "@preact/signals";
import { exhibitWords } from "../i18n/exhibit-words";
import { Dialog, DialogActions } from "../ui/dialog";
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
        <DialogActions act={t.save} cancel={() => (pointing.asked.value = null)} isDisabled={body.value.trim() === ""} />
      </form>
    </Dialog>
  );
}
