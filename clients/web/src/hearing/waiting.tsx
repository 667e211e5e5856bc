/** What stands in the transcript's place for somebody who may not read it (yet). */
import { wordFor, words } from "../i18n/language";
import { timeText } from "../i18n/times";
import { deviceTestPath } from "../route";
import { Icon } from "../ui/icons";
import { Link } from "../ui/link";
import { expectedIn } from "./attendance";
import type { HearingModel } from "../control/hearing-model";

export function Waiting({ model }: { model: HearingModel }) {
  const t = words.value;
  const you = model.you.value;
  const facts = model.facts.value;
  const { title, body } = sayWhy(model);
  const expected = expectedIn(model.roster.value);
  const here = expected.filter((entry) => entry.connected).length;
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
          {expected.length > 1 && (
            <>
              <dt>{t.waitingRoom.present}</dt>
              <dd>{t.waitingRoom.presence(here, expected.length)}</dd>
            </>
          )}
        </dl>
      )}
      {facts && you?.state !== "RELEASED" && you?.state !== "REMOVED" && (
        <Link to={deviceTestPath(facts.id)} class="button">
          {t.deviceTest.link}
        </Link>
      )}
    </section>
  );
}

function sayWhy(model: HearingModel): { title: string; body: string } {
  const t = words.value.waiting;
  const room = words.value.waitingRoom;
  const { role = "", state = "WAITING" } = model.you.value ?? {};
  const phase = model.phase.value ?? "";
  if (state === "RELEASED" || state === "REMOVED") return { title: t.leftTitle, body: t.left };
  if (role === "witness" || role === "expert") return { title: t.summonTitle, body: t.summon };
  if (role === "observer" && phase !== "SCHEDULED" && phase !== "PREPARING") {
    const isClosed = !model.rules.value.gallery_open;
    return isClosed ? { title: room.galleryTitle, body: room.gallery } : { title: t.observerTitle, body: t.observer };
  }
  return phase === "PREPARING" ? { title: room.title, body: room.body } : { title: t.openTitle, body: t.open };
}
