/** My hearings: today's first, each a link into its hearing. */
import { useEffect } from "preact/hooks";
import { inLanguage, wordFor, words } from "../i18n/language";
import { beijingDay, timeText } from "../i18n/times";
import { sideOf } from "../hearing/sides";
import { deviceTestPath, hearingPath, recordingPath } from "../route";
import { Icon } from "../ui/icons";
import { Link } from "../ui/link";
import { Notice } from "../ui/notice";
import { PageFrame, useTitle } from "../ui/page-frame";
import { PhaseChip } from "../ui/phase-chip";
import { Skeleton } from "../ui/skeleton";
import { type HearingSummary, listing, loadHearings, type Part, PARTS, partOf } from "./hearing-list";

export function HearingsPage() {
  const t = words.value.hearings;
  useTitle(`${t.title} · ${words.value.product}`);
  useEffect(() => void loadHearings(), []);
  return (
    <PageFrame>
      <h1>{t.title}</h1>
      <Body />
    </PageFrame>
  );
}

function Body() {
  const now = listing.value;
  if (now.is === "loading") return <Skeleton lines={6} />;
  if (now.is === "failed") return <Failed reason={inLanguage(now.problem.titles)} />;
  return now.hearings.length === 0 ? <Empty /> : <Days hearings={now.hearings} />;
}

function Failed({ reason }: { reason: string }) {
  const t = words.value.hearings;
  const again = (
    <button type="button" class="button" onClick={() => void loadHearings()}>
      {words.value.retry}
    </button>
  );
  return (
    <Notice tone="warn" icon="warning" title={t.errorTitle} action={again}>
      {reason} {t.errorHelp}
    </Notice>
  );
}

function Empty() {
  const t = words.value.hearings;
  return (
    <div class="card empty">
      <Icon name="court" />
      <h2>{t.emptyTitle}</h2>
      <p>{t.empty}</p>
    </div>
  );
}

function Days({ hearings }: { hearings: readonly HearingSummary[] }) {
  const today = beijingDay(new Date());
  return (
    <>
      {PARTS.map((part) => (
        <Day key={part} part={part} hearings={hearings.filter((hearing) => partOf(hearing, today) === part)} />
      ))}
    </>
  );
}

function Day({ part, hearings }: { part: Part; hearings: readonly HearingSummary[] }) {
  const t = words.value.hearings;
  if (hearings.length === 0) return null;
  const heading = `part-${part}`;
  return (
    <section aria-labelledby={heading} class="day">
      <div class="day-head">
        <h2 id={heading}>{t[part]}</h2>
        <span class="quiet">{part === "today" ? timeText(new Date(), "day") : t.count(hearings.length)}</span>
      </div>
      <ul class="hearing-list">
        {hearings.map((hearing) => (
          <HearingRow key={hearing.id} hearing={hearing} isToday={part === "today"} />
        ))}
      </ul>
    </section>
  );
}

/** Before the session opens a person's place in court says nothing yet. */
const isOpened = (hearing: HearingSummary): boolean => hearing.phase !== "SCHEDULED" && hearing.phase !== "PREPARING";

/** The device test until the hearing is over; its recording, for the court, once it has begun. */
function Beside({ hearing }: { hearing: HearingSummary }) {
  const t = words.value;
  if (hearing.phase === null) return null;
  const isOfCourt = sideOf(hearing.role, "") === "court";
  return (
    <span class="hearing-beside">
      {hearing.phase !== "CLOSED" && <Link to={deviceTestPath(hearing.id)}>{t.deviceTest.link}</Link>}
      {isOpened(hearing) && isOfCourt && <Link to={recordingPath(hearing.id)}>{t.deviceTest.recording}</Link>}
    </span>
  );
}

function HearingRow({ hearing, isToday }: { hearing: HearingSummary; isToday: boolean }) {
  const t = words.value;
  const role = wordFor(t.role, hearing.role);
  return (
    <li class="hearing-row">
      <time class="hearing-time" dateTime={hearing.starts_at}>
        <strong>{timeText(hearing.starts_at, "minute")}</strong>
        {!isToday && <span>{timeText(hearing.starts_at, "day")}</span>}
      </time>
      <div class="hearing-words">
        <h3>
          <Link to={hearingPath(hearing.id)} class="hearing-link">
            {hearing.title}
          </Link>
        </h3>
        <p class="hearing-case">{hearing.case_number}</p>
        <p class="quiet">{hearing.court}</p>
      </div>
      <div class="hearing-side">
        {hearing.phase && <PhaseChip phase={hearing.phase} />}
        <span>
          <span class="quiet">{t.hearings.myRole}</span> <strong>{role}</strong>
        </span>
        {isOpened(hearing) && <span class="quiet">{wordFor(t.state, hearing.state)}</span>}
        <Beside hearing={hearing} />
      </div>
    </li>
  );
}
