/** Why a text could not be fixed, or what to look at in one that was: each place with what stands there. */
import type { HearingRoom } from "../hearing/room";
import { wordFor } from "../i18n/language";
import { signingWords } from "../i18n/signing-words";
import { Notice } from "../ui/notice";
import { ToTurn } from "./board-requests";
import type { Finding, SigningView } from "./messages";

interface Props {
  room: HearingRoom;
  view: SigningView;
}

export function Findings({ room, view }: Props) {
  const t = signingWords.value.board;
  return (
    <section aria-labelledby="findings">
      <h3 id="findings" class="signing-heading">
        {view.fault ? t.findings : t.warnings}
      </h3>
      {view.fault && <Notice tone="warn" icon="warning" title={wordFor(t.faults, view.fault)} />}
      <ul class="requests">
        {view.findings.map((finding, place) => (
          <OneFinding key={place} room={room} finding={finding} />
        ))}
      </ul>
    </section>
  );
}

/** As Unicode names it: U+200B. */
export const codePoint = (point: number): string => `U+${point.toString(16).toUpperCase().padStart(4, "0")}`;

function OneFinding({ room, finding: { code, turn, at, code_point: point } }: { room: HearingRoom; finding: Finding }) {
  const t = signingWords.value.board;
  return (
    <li class="request-row">
      <span class="signer-name">
        {wordFor(t.finding, code)}
        {point > 0 && <span class="quiet">{t.place(at + 1, codePoint(point))}</span>}
      </span>
      <span class="signer-orders">{turn && <ToTurn room={room} turn={turn} />}</span>
    </li>
  );
}
