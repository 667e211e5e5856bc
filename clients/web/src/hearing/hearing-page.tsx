/** The hearing page: opens the room and shows what this person may see of it at this moment. */
import { useLayoutEffect, useState } from "preact/hooks";
import { inLanguage, words } from "../i18n/language";
import { go } from "../route";
import type { Problem } from "../session/problem";
import { Link } from "../ui/link";
import { Notice } from "../ui/notice";
import { PageFrame, useTitle } from "../ui/page-frame";
import { Courtroom } from "./courtroom";
import { Isolated } from "./isolated";
import { useMedia } from "../media/media-place";
import { Removed } from "./removed";
import { HearingRoom } from "./room";

export function HearingPage({ hearing, me }: { hearing: string; me: string }) {
  const [room, setRoom] = useState<HearingRoom | null>(null);
  // before anything is painted: there is no moment with nothing on the screen
  useLayoutEffect(() => {
    const opened = new HearingRoom(hearing, me);
    setRoom(opened);
    return () => opened.close();
  }, [hearing, me]);
  return room && <Room room={room} />;
}

function Room({ room }: { room: HearingRoom }) {
  const t = words.value;
  const facts = room.model.facts.value;
  useMedia(room);
  useTitle(facts ? `${facts.case_number} · ${t.product}` : t.product);
  if (room.model.isolated.value) return <Isolated room={room} />;
  if (isRemoved(room)) return <Removed />;
  if (room.problem.value) return <NoHearing problem={room.problem.value} />;
  const link = room.control.link.value;
  if (link.is === "ended") return <Ended room={room} code={link.code} />;
  return <Courtroom room={room} />;
}

/** However the page comes to know: by its own state, a closed socket or a refused request. */
function isRemoved(room: HearingRoom): boolean {
  const link = room.control.link.value;
  const isClosed = link.is === "ended" && link.code === "removed";
  return room.model.you.value?.state === "REMOVED" || isClosed || room.problem.value?.code === "removed";
}

function NoHearing({ problem }: { problem: Problem }) {
  const t = words.value.hearing;
  const isMissing = problem.code === "not_found";
  return (
    <PageFrame narrow>
      <h1>{isMissing ? t.notFoundTitle : words.value.waiting.leftTitle}</h1>
      <Notice tone="warn" icon="warning" title={inLanguage(problem.titles)}>
        {isMissing ? t.notFound : words.value.waiting.left}
      </Notice>
      <p>
        <Link to="/hearings">{t.back}</Link>
      </p>
    </PageFrame>
  );
}

function Ended({ room, code }: { room: HearingRoom; code: string }) {
  const t = words.value.hearing;
  return (
    <PageFrame narrow>
      <h1>{t.endedTitle}</h1>
      <Notice tone="warn" icon="warning" title={t.ended(code)} />
      <p class="row">
        <button type="button" class="button button-main" onClick={() => room.control.reconnect()}>
          {t.reconnect}
        </button>
        <button type="button" class="button" onClick={() => go("/hearings")}>
          {t.back}
        </button>
      </p>
    </PageFrame>
  );
}
