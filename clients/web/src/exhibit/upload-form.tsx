/** The form that hands in an exhibit. Owns what was typed in it; the list does the sending. */
import { useSignal } from "@preact/signals";
import type { HearingRoom } from "../hearing/room";
import { exhibitWords } from "../i18n/exhibit-words";
import { words } from "../i18n/language";
import { Dialog, DialogActions } from "../ui/dialog";
import type { ExhibitList } from "./exhibit-list";

const TYPES = ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png";
const PARTIES: ReadonlySet<string> = new Set(["plaintiff", "defendant", "appellant", "appellee", "third_party"]);

interface Props {
  room: HearingRoom;
  list: ExhibitList;
  onClose: () => void;
}

/** A clerk says for whom; a party hands in for itself, an agent for the party it speaks for, which the server knows. */
function offerers(room: HearingRoom): ReadonlyArray<{ id: string; name: string }> {
  const you = room.model.you.value;
  if (you?.role !== "clerk") return [];
  return room.model.roster.value
    .filter((entry) => PARTIES.has(entry.role))
    .map((entry) => ({ id: entry.person, name: `${words.value.role[entry.role as "plaintiff"]} ${entry.name}` }));
}

export function UploadForm({ room, list, onClose }: Props) {
  const t = exhibitWords.value.upload;
  const file = useSignal<File | null>(null);
  const title = useSignal("");
  const purpose = useSignal("");
  const choices = offerers(room);
  const offerer = useSignal(choices[0]?.id ?? "");
  const take = (event: Event & { currentTarget: HTMLInputElement }): void => {
    file.value = event.currentTarget.files?.[0] ?? null;
    if (title.value === "") title.value = (file.value?.name ?? "").replace(/\.[^.]*$/, "");
  };
  const send = (event: Event): void => {
    event.preventDefault();
    if (!file.value) return;
    list.upload({ file: file.value, title: title.value.trim(), purpose: purpose.value.trim(), offered_by: offerer.value });
    onClose();
  };
  return (
    <Dialog title={t.title} onClose={onClose}>
      <form onSubmit={send}>
        <label class="field">
          <span class="field-name">
            {t.file} <span class="quiet">{t.fileHint}</span>
          </span>
          <input type="file" accept={TYPES} required onChange={take} />
        </label>
        <label class="field">
          <span class="field-name">{t.name}</span>
          <input class="field-wide" value={title.value} required maxLength={200} onInput={(event) => (title.value = event.currentTarget.value)} />
        </label>
        <label class="field">
          <span class="field-name">
            {t.purpose} <span class="quiet">{words.value.optional}</span>
          </span>
          <textarea rows={2} maxLength={500} value={purpose.value} onInput={(event) => (purpose.value = event.currentTarget.value)} />
        </label>
        {choices.length > 0 && (
          <label class="field">
            <span class="field-name">{t.offeredBy}</span>
            <select value={offerer.value} onChange={(event) => (offerer.value = event.currentTarget.value)}>
              {choices.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
        <DialogActions act={t.send} cancel={onClose} isDisabled={!file.value} />
      </form>
    </Dialog>
  );
}
