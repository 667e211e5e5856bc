/** What a signer can do instead of signing: object, or ask for a correction of a turn. */
import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import type { HearingRoom } from "../hearing/room";
import { signingWords } from "../i18n/signing-words";
import type { Content } from "./content";
import { mayOrder, OrderDialog } from "./order-dialog";
import { textOf } from "./text-of";

type Asked = "object" | "request_correction";

export function SignersOrders({ room, text }: { room: HearingRoom; text: Content | null }) {
  const t = signingWords.value;
  const asked = useSignal<Asked | null>(null);
  const drop = (): void => {
    asked.value = null;
  };
  const orders: ReadonlyArray<[Asked, string]> = [
    ["request_correction", t.correction.name],
    ["object", t.object.name],
  ];
  return (
    <>
      {orders.map(([command, name]) => (
        <button key={command} type="button" class="button" disabled={!mayOrder(room, command)} onClick={() => (asked.value = command)}>
          {name}
        </button>
      ))}
      {asked.value === "object" && (
        <OrderDialog room={room} command="object" title={t.object.title} body={t.object.body} order={{}} onClose={drop} />
      )}
      {asked.value === "request_correction" && <AskCorrection room={room} text={text} onClose={drop} />}
    </>
  );
}

/** So much of a line that it is recognised. */
const BEGINNING = 36;

function AskCorrection({ room, text, onClose }: { room: HearingRoom; text: Content | null; onClose: () => void }) {
  const t = signingWords.value.correction;
  const turn = useSignal("");
  const field = useId();
  return (
    <OrderDialog
      room={room}
      command="request_correction"
      title={t.title}
      body={t.body}
      order={turn.value ? { turn: turn.value } : {}}
      onClose={onClose}
    >
      <div class="field">
        <label class="field-name" for={field}>
          {t.turn}
        </label>
        <select id={field} value={turn.value} onChange={(event) => (turn.value = event.currentTarget.value)}>
          <option value="">{t.noTurn}</option>
          {text?.blocks
            .filter((block) => block.kind === "speech")
            .map((block) => (
              <option key={block.id} value={block.id}>
                {[block.role, textOf(block).slice(0, BEGINNING)].filter(Boolean).join("：")}
              </option>
            ))}
        </select>
      </div>
    </OrderDialog>
  );
}
