/** A withdrawn exhibit: who may withdraw one, the question that asks why, and how it is said of one that is. */
import { useSignal } from "@preact/signals";
import type { HearingRoom } from "../hearing/room";
import { exhibitWords } from "../i18n/exhibit-words";
import { inLanguage } from "../i18n/language";
import { timeText } from "../i18n/times";
import { asProblem } from "../session/http";
import type { Problem } from "../session/problem";
import { isOfCourt } from "../signing/messages";
import { Dialog, DialogActions } from "../ui/dialog";
import { Notice } from "../ui/notice";
import type { Exhibit, ExhibitList, Withdrawal } from "./exhibit-list";

/** The server decides; a button that would be refused is not shown. */
export function mayWithdraw({ model }: HearingRoom, { may_withdraw, withdrawn, state }: Exhibit): boolean {
  const isOpen = model.phase.value !== "CLOSED" && model.signing.value?.stage === "DRAFT";
  return may_withdraw && isOpen && !withdrawn && state !== "refused";
}

/** The file itself of one that was withdrawn stays with the court and with who handed it in. */
export function mayHaveOriginal({ model }: HearingRoom, { withdrawn, uploaded_by }: Exhibit): boolean {
  const you = model.you.value;
  return !withdrawn || you?.person === uploaded_by || isOfCourt(you?.role ?? "");
}

export function WithdrawnNotice({ withdrawal, nameOf }: { withdrawal: Withdrawal | null; nameOf: (person: string) => string }) {
  const t = exhibitWords.value.withdraw;
  if (!withdrawal) return null;
  const { person, at, reason } = withdrawal;
  return (
    <div class="exhibit-withdrawn" role="status">
      <Notice tone="calm" icon="cross" title={t.done} children={t.by(nameOf(person), timeText(at, "moment"), reason)} />
    </div>
  );
}

export function WithdrawForm({ list, exhibit, onClose }: { list: ExhibitList; exhibit: Exhibit; onClose: () => void }) {
  const t = exhibitWords.value.withdraw;
  const reason = useSignal("");
  const problem = useSignal<Problem | null>(null);
  const withdraw = async (event: Event): Promise<void> => {
    event.preventDefault();
    try {
      await list.withdraw(exhibit.id, reason.value.trim());
      onClose();
    } catch (error) {
      problem.value = asProblem(error);
    }
  };
  return (
    <Dialog title={t.title(exhibit.title)} onClose={onClose} tone="danger">
      <form onSubmit={(event) => void withdraw(event)}>
        <p>{t.body}</p>
        <label class="field">
          <span class="field-name">{t.reason}</span>
          <textarea rows={2} required maxLength={500} value={reason.value} onInput={(event) => (reason.value = event.currentTarget.value)} />
        </label>
        {problem.value && <Notice tone="danger" icon="warning" title={inLanguage(problem.value.titles)} />}
        <DialogActions act={t.act} cancel={onClose} isFinal />
      </form>
    </Dialog>
  );
}
