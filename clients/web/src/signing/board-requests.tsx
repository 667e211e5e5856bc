/** Requests for a correction: what is asked, where, by whom; the judge grants or does not. */
import { useSignal } from "@preact/signals";
import type { HearingRoom } from "../hearing/room";
import { signingWords } from "../i18n/signing-words";
import { visit } from "../transcript/place";
import type { CorrectionRequest, SigningView } from "./messages";
import { mayOrder, OrderDialog } from "./order-dialog";

type Decision = "granted" | "denied";

export function BoardRequests({ room, view }: { room: HearingRoom; view: SigningView }) {
  const t = signingWords.value.board;
  if (view.requests.length === 0) return null;
  return (
    <section aria-labelledby="requests">
      <h3 id="requests" class="signing-heading">
        {t.requests}
      </h3>
      <ul class="requests">
        {view.requests.map((request) => (
          <OneRequest key={request.of} room={room} request={request} />
        ))}
      </ul>
    </section>
  );
}

function OneRequest({ room, request }: { room: HearingRoom; request: CorrectionRequest }) {
  const t = signingWords.value;
  const name = room.model.roster.value.find((one) => one.person === request.person)?.name ?? request.person;
  return (
    <li class="request-row">
      <span class="signer-name">{name}</span>
      <span class={`request request-${request.state}`}>{t.correction.states[request.state]}</span>
      <p class="signer-reason">{request.reason}</p>
      <span class="signer-orders">
        {request.turn && <ToTurn room={room} turn={request.turn} />}
        {request.state === "open" && mayOrder(room, "decide_correction") && <Decide room={room} of={request.of} />}
      </span>
    </li>
  );
}

/** Back to the transcript, at this line. */
export function ToTurn({ room, turn }: { room: HearingRoom; turn: string }) {
  const look = (): void => {
    room.signing.isOpen.value = false;
    visit(turn);
  };
  return (
    <button type="button" class="button button-small" onClick={look}>
      {signingWords.value.board.toTurn}
    </button>
  );
}

function Decide({ room, of }: { room: HearingRoom; of: number }) {
  const t = signingWords.value.board;
  const asked = useSignal<Decision | null>(null);
  const isGrant = asked.value === "granted";
  return (
    <>
      <button type="button" class="button button-small button-main" onClick={() => (asked.value = "granted")}>
        {t.grant}
      </button>
      <button type="button" class="button button-small" onClick={() => (asked.value = "denied")}>
        {t.deny}
      </button>
      {asked.value && (
        <OrderDialog
          room={room}
          command="decide_correction"
          title={isGrant ? t.grantTitle : t.denyTitle}
          body={isGrant ? t.grantBody : t.denyBody}
          order={{ of: String(of), decision: asked.value }}
          reason={isGrant ? "optional" : "needed"}
          isFinal={isGrant}
          onClose={() => (asked.value = null)}
        />
      )}
    </>
  );
}
