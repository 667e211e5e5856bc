/** What stands over the transcript on paper and nowhere else: which hearing this is. */
import { words } from "../i18n/language";
import { timeText } from "../i18n/times";
import type { HearingRoom } from "./room";

export function PrintHead({ room }: { room: HearingRoom }) {
  const t = words.value;
  const facts = room.model.facts.value;
  if (!facts) return null;
  return (
    <div class="print-head">
      <p class="print-title">{t.transcript.title}</p>
      <p>{facts.title}</p>
      <dl>
        <dt>{t.hearing.caseNumber}</dt>
        <dd>{facts.case_number}</dd>
        <dt>{t.hearings.court}</dt>
        <dd>{facts.court}</dd>
        <dt>{t.waiting.startsAt}</dt>
        <dd>{timeText(facts.starts_at, "moment")}</dd>
      </dl>
    </div>
  );
}
