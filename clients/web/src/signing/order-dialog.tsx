/** The question before an order of the signing: what it does, its legal ground, and the words that go into the record. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { CommandName } from "../control/messages";
import type { HearingRoom, Order } from "../hearing/room";
import { inLanguage, words as pageWords } from "../i18n/language";
import { signingWords } from "../i18n/signing-words";
import { Dialog, DialogActions } from "../ui/dialog";

interface Props {
  room: HearingRoom;
  command: CommandName;
  title: string;
  body: string;
  /** What the order says beside its reason. */
  order: Partial<Order>;
  isFinal?: boolean;
  /** Whether the record needs words of whoever gives the order. */
  reason?: "needed" | "optional" | "none";
  /** Further fields. */
  children?: ComponentChildren;
  onClose: () => void;
}

export function OrderDialog({ room, command, title, body, order, isFinal = false, reason: words = "needed", children, onClose }: Props) {
  const t = signingWords.value;
  const reason = useSignal("");
  const offer = room.model.offers.value.find((one) => one.command === command);
  const carryOut = (event: Event): void => {
    event.preventDefault();
    room.command({ command, ...order, ...(reason.value.trim() ? { reason: reason.value.trim() } : {}) });
    onClose();
  };
  return (
    <Dialog title={title} onClose={onClose} tone={isFinal ? "danger" : "calm"}>
      <form onSubmit={carryOut}>
        <p>{body}</p>
        {children}
        {words !== "none" && (
          <label class="field">
            <span class="field-name">
              {t.reason} <span class="quiet">{words === "needed" ? t.reasonHint : pageWords.value.optional}</span>
            </span>
            <textarea rows={3} maxLength={200} required={words === "needed"} value={reason.value} onInput={(event) => (reason.value = event.currentTarget.value)} />
          </label>
        )}
        {offer && (
          <p class="ground">
            <span>{pageWords.value.command.ground}</span> {inLanguage({ zh: offer.ground_zh, en: offer.ground_en })}
          </p>
        )}
        <DialogActions act={title} cancel={onClose} isFinal={isFinal} />
      </form>
    </Dialog>
  );
}

/** Whether this person may give the order now. */
export const mayOrder = (room: HearingRoom, command: CommandName): boolean =>
  room.control.link.value.is === "open" && room.model.offers.value.some((offer) => offer.command === command && offer.allowed);
