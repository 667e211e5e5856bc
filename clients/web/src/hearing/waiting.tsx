/** What stands in the transcript's place for somebody who may not read it (yet). */
import { wordFor, words } from "../i18n/language";
import { timeText } from "../i18n/times";
import { Icon } from "../ui/icons";
import type { HearingModel } from "../control/hearing-model";

export function Waiting({ model }: { model: HearingModel }) {
  const t = words.value;
  const you = model.you.value;
  const facts = model.facts.value;
  const { title, body } = sayWhy(you?.role ?? "", you?.state ?? "WAITING", model.phase.value ?? "");
  return (
    <section class="waiting" aria-labelledby="waiting">
      <span class="waiting-mark">
        <Icon name="clock" />
      </span>
      <h2 id="waiting">{title}</h2>
      <p class="lead">{body}</p>
      {you && facts && (
        <dl class="facts">
          <dt>{t.waiting.place}</dt>
          <dd>
            {wordFor(t.role, you.role)} {you.name}
          </dd>
          <dt>{t.hearings.court}</dt>
          <dd>{facts.court}</dd>
          <dt>{t.waiting.startsAt}</dt>
          <dd>{timeText(facts.starts_at, "moment")}</dd>
        </dl>
      )}
    </section>
  );
}

function sayWhy(role: string, state: string, phase: string): { title: string; body: string } {
  const t = words.value.waiting;
  if (state === "RELEASED" || state === "REMOVED") return { title: t.leftTitle, body: t.left };
  if (role === "witness" || role === "expert") return { title: t.summonTitle, body: t.summon };
  if (role === "observer" && phase !== "SCHEDULED" && phase !== "PREPARING") {
    return { title: t.observerTitle, body: t.observer };
  }
  return { title: t.openTitle, body: t.open };
}
