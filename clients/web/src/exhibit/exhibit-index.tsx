/** The list of exhibits: what each is for, how far its checking is, and the form that hands one in. */
import { useSignal } from "@preact/signals";
import type { HearingRoom } from "../hearing/room";
import { exhibitWords } from "../i18n/exhibit-words";
import { inLanguage, words } from "../i18n/language";
import { timeText } from "../i18n/times";
import { go, hearingPath, withSession } from "../route";
import { Icon } from "../ui/icons";
import { Notice } from "../ui/notice";
import { Skeleton } from "../ui/skeleton";
import { ArrangeForm } from "./arrange-form";
import type { Exhibit, Upload } from "./exhibit-list";
import type { ExhibitRoom } from "./exhibit-room";
import { UploadForm } from "./upload-form";
import { mayHaveOriginal, mayWithdraw, WithdrawForm, WithdrawnNotice } from "./withdrawn";

const OFFERING: ReadonlySet<string> = new Set(["clerk", "plaintiff", "defendant", "appellant", "appellee", "third_party", "agent"]);

export function ExhibitIndex({ room, exhibits }: { room: HearingRoom; exhibits: ExhibitRoom }) {
  const t = exhibitWords.value;
  const isAsking = useSignal(false);
  const { list } = exhibits;
  const mayOffer = OFFERING.has(room.model.you.value?.role ?? "") && room.model.phase.value !== "CLOSED";
  const all = list.exhibits.value;
  return (
    <section class="exhibit-index" aria-labelledby="exhibits">
      <div class="panel-head">
        <h2 id="exhibits">{t.list.title}</h2>
        {all && <span class="quiet">{t.list.count(all.length)}</span>}
        {mayOffer && (
          <button type="button" class="button button-small exhibit-offer" onClick={() => (isAsking.value = true)}>
            {t.upload.open}
          </button>
        )}
      </div>
      <div class="exhibit-scroll" tabIndex={0} role="group" aria-labelledby="exhibits">
        {list.problem.value && !all && (
          <Notice
            tone="warn"
            icon="warning"
            title={t.list.failed}
            action={
              <button type="button" class="button button-small" onClick={() => void list.ask()}>
                {words.value.retry}
              </button>
            }
          >
            {inLanguage(list.problem.value.titles)}
          </Notice>
        )}
        {list.uploads.value.map((upload) => (
          <Sending key={upload.id} upload={upload} dismiss={() => list.dismiss(upload.id)} />
        ))}
        {!all && !list.problem.value && <Skeleton lines={3} />}
        {all?.length === 0 && (
          <div class="empty">
            <h3>{t.list.empty}</h3>
            <p>{t.list.emptyHint}</p>
          </div>
        )}
        <ul class="exhibit-rows">
          {all?.map((exhibit) => (
            <Row key={exhibit.id} room={room} exhibits={exhibits} exhibit={exhibit} />
          ))}
        </ul>
      </div>
      {isAsking.value && <UploadForm room={room} list={list} onClose={() => (isAsking.value = false)} />}
    </section>
  );
}

function Row({ room, exhibits, exhibit }: { room: HearingRoom; exhibits: ExhibitRoom; exhibit: Exhibit }) {
  const t = exhibitWords.value.list;
  const offerer = room.model.roster.value.find((entry) => entry.person === exhibit.offered_by)?.name;
  const path = `${exhibits.list.path}/${encodeURIComponent(exhibit.id)}/original`;
  const isArranging = useSignal(false);
  const isWithdrawing = useSignal(false);
  const nameOf = (person: string): string => room.model.roster.value.find((entry) => entry.person === person)?.name ?? person;
  const isReady = exhibit.state === "ready";
  const show = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    exhibits.show(exhibit.id);
    go(`${hearingPath(room.hearing)}#exhibit-${exhibit.id}`, { replace: true });
  };
  return (
    <li class={`exhibit-row exhibit-${exhibit.state} ${exhibit.withdrawn ? "is-withdrawn" : ""}`}>
      <span class="exhibit-number">{exhibit.number || "–"}</span>
      <div class="exhibit-words">
        <h3>
          {isReady ? (
            <a href={`#exhibit-${exhibit.id}`} aria-label={t.open(`${t.number(exhibit.number)} ${exhibit.title}`)} onClick={show}>
              {exhibit.title}
            </a>
          ) : (
            exhibit.title
          )}
        </h3>
        {exhibit.purpose && (
          <p class="exhibit-purpose">
            <span class="quiet">{t.purpose}</span> {exhibit.purpose}
          </p>
        )}
        <p class="quiet exhibit-facts">
          {offerer && <span>{t.offeredBy(offerer)}</span>}
          {exhibit.pages > 0 && <span>{t.pages(exhibit.pages)}</span>}
          {exhibit.uploaded_at && <span>{timeText(exhibit.uploaded_at, "moment")}</span>}
        </p>
        <WithdrawnNotice withdrawal={exhibit.withdrawn} nameOf={nameOf} />
        <Standing exhibit={exhibit} />
        {exhibit.warnings.length > 0 && (
          <ul class="exhibit-warnings" aria-label={t.warnings}>
            {exhibit.warnings.map((warning) => (
              <li key={warning.code}>
                <Icon name="warning" /> {inLanguage({ zh: warning.title_zh, en: warning.title_en })}
              </li>
            ))}
          </ul>
        )}
        <span class="exhibit-links">
          {isReady && mayHaveOriginal(room, exhibit) && (
            <a class="exhibit-original" href={withSession(path)} download={exhibit.name || exhibit.title}>
              {t.original}
            </a>
          )}
          {room.model.you.value?.role === "clerk" && !exhibit.withdrawn && (
            <button type="button" class="button button-small" onClick={() => (isArranging.value = true)}>
              {exhibitWords.value.arrange.open}
            </button>
          )}
          {mayWithdraw(room, exhibit) && (
            <button
              type="button"
              class="button button-small"
              aria-label={exhibitWords.value.withdraw.title(exhibit.title)}
              onClick={() => (isWithdrawing.value = true)}
            >
              {exhibitWords.value.withdraw.open}
            </button>
          )}
        </span>
        {isArranging.value && <ArrangeForm list={exhibits.list} exhibit={exhibit} onClose={() => (isArranging.value = false)} />}
        {isWithdrawing.value && <WithdrawForm list={exhibits.list} exhibit={exhibit} onClose={() => (isWithdrawing.value = false)} />}
      </div>
    </li>
  );
}

/** What the server's checking has come to. */
function Standing({ exhibit }: { exhibit: Exhibit }) {
  const t = exhibitWords.value.list;
  const { state, intake } = exhibit;
  if (state === "listed") return <p class="quiet">{t.listed}</p>;
  if (state === "refused") {
    const sentence = inLanguage({ zh: intake.title_zh ?? t.refused, en: intake.title_en ?? t.refused });
    return <Notice tone="danger" icon="cross" title={t.refused} children={sentence} />;
  }
  if (state !== "received") return null;
  return (
    <p class="exhibit-checking" role="status">
      <span class="light-dot" aria-hidden="true" /> {t.received(t.stepOf(intake.step, intake.steps))}
    </p>
  );
}

function Sending({ upload, dismiss }: { upload: Upload; dismiss: () => void }) {
  const t = exhibitWords.value.upload;
  const percent = Math.floor(upload.share * 100);
  if (upload.problem) {
    return (
      <Notice
        tone="danger"
        icon="warning"
        title={t.failed(upload.name)}
        action={
          <button type="button" class="button button-small" onClick={dismiss}>
            {words.value.dismiss}
          </button>
        }
      >
        {inLanguage(upload.problem.titles)}
      </Notice>
    );
  }
  const name = t.sending(upload.name, percent);
  return (
    <div class="exhibit-sending">
      <label>
        {name}
        <progress value={upload.share} max={1} />
      </label>
      <button type="button" class="button button-small" onClick={upload.stop}>
        {t.stop}
      </button>
    </div>
  );
}
