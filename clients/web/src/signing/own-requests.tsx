/** A signer's own requests for a correction and what became of them. */
import type { HearingRoom } from "../hearing/room";
import { signingWords } from "../i18n/signing-words";
import type { SigningView } from "./messages";

export function OwnRequests({ view, room }: { view: SigningView; room: HearingRoom }) {
  const t = signingWords.value.correction;
  const me = room.model.you.value?.person;
  const own = view.requests.filter(({ person }) => person === me);
  if (own.length === 0) return null;
  return (
    <section class="own-requests" aria-labelledby="own-requests">
      <h3 id="own-requests" class="signing-heading">
        {t.sent}
      </h3>
      <ul>
        {own.map((request) => (
          <li key={request.of}>
            <span>{request.reason}</span>
            <span class={`request request-${request.state}`}>{t.states[request.state]}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
