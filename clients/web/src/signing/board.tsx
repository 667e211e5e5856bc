/** The court's board: who has read, signed, objected, refused; requests to decide; what came too late. Gives orders through dialogs. */
import type { HearingRoom } from "../hearing/room";
import { wordFor, words } from "../i18n/language";
import { signingWords } from "../i18n/signing-words";
import { timeText } from "../i18n/times";
import { BoardRequests } from "./board-requests";
import { Findings } from "./findings";
import { isDone, type Signer, type SigningView } from "./messages";
import { SignerOrders } from "./signer-orders";
import { Versions } from "./versions";

interface Props {
  room: HearingRoom;
  view: SigningView;
}

export function Board({ room, view }: Props) {
  return (
    <div class="signing-scroll" tabIndex={0} role="group" aria-labelledby="signing">
      <div class="signing-body board">
        {(view.fault || view.findings[0]) && <Findings room={room} view={view} />}
        <BoardRequests room={room} view={view} />
        {view.signers.length > 0 && <Signers room={room} view={view} />}
        <Late room={room} view={view} />
        {view.frozen && <Versions room={room} view={view} frozen={view.frozen} />}
      </div>
    </div>
  );
}

function Signers({ room, view }: Props) {
  const t = signingWords.value.board;
  const done = view.signers.filter(({ state }) => isDone(state)).length;
  return (
    <section aria-labelledby="signers">
      <h3 id="signers" class="signing-heading">
        {t.title} <span class="quiet">{t.summary(done, view.signers.length)}</span>
      </h3>
      <ul class="signers">
        {view.signers.map((signer) => (
          <OneSigner key={signer.person} room={room} view={view} signer={signer} />
        ))}
      </ul>
    </section>
  );
}

function OneSigner({ room, view, signer }: Props & { signer: Signer }) {
  const t = signingWords.value;
  return (
    <li class="signer">
      <span class="signer-name">
        {signer.name}
        <span class="quiet">
          {wordFor(words.value.role, signer.role)}
          {signer.scope === "part" && ` · ${t.board.part}`}
        </span>
      </span>
      {view.stage === "SIGNING" && view.frozen && !isDone(signer.state) && (
        <SignerOrders room={room} frozen={view.frozen} signer={signer} />
      )}
      <span class={`signer-state signer-${signer.state.toLowerCase()}`}>
        {t.states[signer.state]}
        {signer.at && <time dateTime={signer.at}>{timeText(signer.at, "minute")}</time>}
      </span>
      {signer.refusal ? <Recorded signer={signer} /> : signer.reason && <p class="signer-reason">{signer.reason}</p>}
    </li>
  );
}

/** A refusal that waits for a judge. */
function Recorded({ signer }: { signer: Signer }) {
  const t = signingWords.value.board;
  return (
    <p class="signer-reason signer-recorded">
      {t.toConfirm(t.recorded(wordFor(t.codes, signer.refusal?.code ?? ""), signer.reason ?? ""))}
    </p>
  );
}

function Late({ room, view }: Props) {
  const t = signingWords.value.board;
  if (view.late.length === 0) return null;
  const nameOf = (person: string): string => room.model.roster.value.find((one) => one.person === person)?.name ?? person;
  return (
    <section aria-labelledby="late">
      <h3 id="late" class="signing-heading">
        {t.late}
      </h3>
      <ul class="late">
        {view.late.map(({ of, person, at, bytes }) => (
          <li key={of}>
            <time dateTime={at}>{timeText(at, "minute")}</time> {t.lateBody(nameOf(person), bytes)}
          </li>
        ))}
      </ul>
    </section>
  );
}
