/** What a clerk may change of an exhibit: its number, title and purpose, never its file. */
import { useSignal } from "@preact/signals";
import { exhibitWords } from "../i18n/exhibit-words";
import { inLanguage, words } from "../i18n/language";
import { asProblem } from "../session/http";
import type { Problem } from "../session/problem";
import { Dialog, DialogActions } from "../ui/dialog";
import { Notice } from "../ui/notice";
import type { Exhibit, ExhibitList } from "./exhibit-list";

interface Props {
  list: ExhibitList;
  exhibit: Exhibit;
  onClose: () => void;
}

export function ArrangeForm({ list, exhibit, onClose }: Props) {
  const t = exhibitWords.value;
  const number = useSignal(String(exhibit.number || ""));
  const title = useSignal(exhibit.title);
  const purpose = useSignal(exhibit.purpose);
  const problem = useSignal<Problem | null>(null);
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const wanted = Number.parseInt(number.value, 10);
    const texts = { title: title.value.trim(), purpose: purpose.value.trim() };
    try {
      await list.arrange(exhibit.id, wanted > 0 && wanted !== exhibit.number ? { ...texts, number: wanted } : texts);
      onClose();
    } catch (error) {
      problem.value = asProblem(error);
    }
  };
  return (
    <Dialog title={t.arrange.title} onClose={onClose}>
      <form onSubmit={(event) => void save(event)}>
        {exhibit.number > 0 && (
          <label class="field">
            <span class="field-name">{t.arrange.number}</span>
            <input type="number" min={1} max={999} value={number.value} onInput={(event) => (number.value = event.currentTarget.value)} />
          </label>
        )}
        <label class="field">
          <span class="field-name">{t.upload.name}</span>
          <input class="field-wide" value={title.value} required maxLength={200} onInput={(event) => (title.value = event.currentTarget.value)} />
        </label>
        <label class="field">
          <span class="field-name">
            {t.upload.purpose} <span class="quiet">{words.value.optional}</span>
          </span>
          <textarea rows={2} maxLength={500} value={purpose.value} onInput={(event) => (purpose.value = event.currentTarget.value)} />
        </label>
        {problem.value && <Notice tone="danger" icon="warning" title={inLanguage(problem.value.titles)} />}
        <DialogActions act={t.compose.save} cancel={onClose} />
      </form>
    </Dialog>
  );
}
