/** What the court can record of one signer: a refusal, its confirmation, that somebody cannot be reached. */
import { useSignal } from "@preact/signals";
import type { HearingRoom } from "../hearing/room";
import { signingWords } from "../i18n/signing-words";
import { Choice } from "../ui/choice";
import { type Frozen, isReadingOver, type Signer } from "./messages";
import { mayOrder, OrderDialog } from "./order-dialog";

type Asked = "record_refusal" | "confirm_refusal" | "mark_unreachable";
type Code = "disagrees" | "absent" | "no_reason" | "other";
const CODES: readonly Code[] = ["disagrees", "absent", "no_reason", "other"];

interface Props {
  room: HearingRoom;
  signer: Signer;
}

export function SignerOrders({ room, frozen, signer }: Props & { frozen: Frozen }) {
  const t = signingWords.value.board;
  const asked = useSignal<Asked | null>(null);
  const drop = (): void => {
    asked.value = null;
  };
  const orders: ReadonlyArray<[Asked, string]> = [
    ["confirm_refusal", t.confirm],
    ["record_refusal", t.refuse],
    ["mark_unreachable", t.unreachable],
  ];
  const isRecorded = !!signer.refusal;
  const isInPlace = (command: Asked): boolean =>
    command === "mark_unreachable" ? isReadingOver(frozen) : (command === "confirm_refusal") === isRecorded;
  const own = orders.filter(([command]) => mayOrder(room, command) && isInPlace(command));
  if (own.length === 0) return null;
  return (
    <span class="signer-orders">
      {own.map(([command, name]) => (
        <button key={command} type="button" class="button button-small" aria-label={t.orderOn(name, signer.name)} onClick={() => (asked.value = command)}>
          {name}
        </button>
      ))}
      {asked.value === "record_refusal" && <RecordRefusal room={room} signer={signer} onClose={drop} />}
      {asked.value === "confirm_refusal" && (
        <OrderDialog
          room={room}
          command="confirm_refusal"
          title={t.confirmOf(signer.name)}
          body={t.confirmBody}
          order={{ person: signer.person }}
          reason="none"
          isFinal
          onClose={drop}
        />
      )}
      {asked.value === "mark_unreachable" && (
        <OrderDialog
          room={room}
          command="mark_unreachable"
          title={t.unreachableOf(signer.name)}
          body={t.unreachableBody}
          order={{ person: signer.person }}
          onClose={drop}
        />
      )}
    </span>
  );
}

function RecordRefusal({ room, signer, onClose }: Props & { onClose: () => void }) {
  const t = signingWords.value.board;
  const code = useSignal<Code>("disagrees");
  const isSaidByCode = code.value === "absent" || code.value === "no_reason";
  return (
    <OrderDialog
      room={room}
      command="record_refusal"
      title={t.refuseOf(signer.name)}
      body={t.refuseBody}
      order={{ person: signer.person, code: code.value }}
      reason={isSaidByCode ? "optional" : "needed"}
      isFinal
      onClose={onClose}
    >
      <Choice
        legend={t.code}
        options={CODES.map((value) => ({ value, name: t.codes[value] }))}
        chosen={code.value}
        choose={(next) => (code.value = next)}
      />
    </OrderDialog>
  );
}
