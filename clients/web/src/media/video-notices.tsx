/** What is wrong or waited for in the media room, each with what is safe and what to do. */
import { useEffect } from "preact/hooks";
import { inLanguage, words } from "../i18n/language";
import { mediaWords } from "../i18n/media-words";
import { announce } from "../ui/announcer";
import { Notice } from "../ui/notice";
import { TROUBLES } from "./devices";
import { type Kind, KINDS } from "./kinds";
import type { MediaRoom } from "./media-room";

export function VideoNotices({ media }: { media: MediaRoom }) {
  return (
    <div class="video-notices">
      <StandingNotice media={media} />
      <SoundNotice media={media} />
      <TroubleNotice media={media} />
      <LineNotice media={media} />
    </div>
  );
}

function StandingNotice({ media }: { media: MediaRoom }) {
  const t = mediaWords.value.state;
  const standing = media.standing.value;
  useEffect(() => {
    if (standing === "lost") announce(t.lost);
  }, [standing]);
  if (standing === "ended") return <EndedNotice media={media} />;
  if (standing === "lost") {
    return (
      <Notice tone="danger" icon="warning" title={t.lost}>
        {media.refusal.value ? inLanguage(media.refusal.value) : t.lostHint}
      </Notice>
    );
  }
  return standing === "connecting" ? <Notice tone="calm" icon="clock" title={t.connecting} /> : null;
}

function EndedNotice({ media }: { media: MediaRoom }) {
  const t = mediaWords.value.state;
  const why = media.ended.value ?? "closed_by_server";
  const isMine = why === "replaced" || why === "closed_by_server";
  const back = isMine && (
    <button type="button" class="button button-small" onClick={() => media.comeBack()}>
      {t.here}
    </button>
  );
  return (
    <Notice tone="warn" icon="warning" title={t[why]} action={back || undefined}>
      {why === "replaced" ? t.replacedHint : undefined}
    </Notice>
  );
}

function SoundNotice({ media }: { media: MediaRoom }) {
  const t = mediaWords.value.state;
  if (!media.sound.isBlocked.value) return null;
  const hear = (
    <button type="button" class="button button-main button-small" onClick={() => media.sound.play()}>
      {t.hear}
    </button>
  );
  return <Notice tone="warn" icon="warning" title={t.sound} action={hear} />;
}

/** One notice for both when both fail for the same reason. */
function TroubleNotice({ media }: { media: MediaRoom }) {
  const t = mediaWords.value.trouble;
  const states = KINDS.map((kind) => media.own.state[kind].value);
  const failed = KINDS.filter((_, place) => TROUBLES.has(states[place] ?? "off"));
  useEffect(() => {
    if (failed.length > 0) announce(t.title[failed.length === 2 ? "both" : (failed[0] ?? "both")]);
  }, [failed.join()]);
  if (failed.length === 0) return null;
  const isBoth = failed.length === 2 && states[0] === states[1];
  return <>{isBoth ? <Trouble media={media} kinds={failed} /> : failed.map((kind) => <Trouble key={kind} media={media} kinds={[kind]} />)}</>;
}

function Trouble({ media, kinds }: { media: MediaRoom; kinds: readonly Kind[] }) {
  const t = mediaWords.value.trouble;
  const [first = "audio"] = kinds;
  const why = media.own.state[first].value as keyof typeof t.why;
  const actions = (
    <span class="row">
      <button type="button" class="button button-small" onClick={() => void media.own.open(kinds)}>
        {t.again}
      </button>
      <button type="button" class="button button-small" onClick={() => kinds.forEach((kind) => media.own.shut(kind))}>
        {words.value.dismiss}
      </button>
    </span>
  );
  return (
    <Notice tone="warn" icon="warning" title={t.title[kinds.length === 2 ? "both" : first]} action={actions}>
      {t.why[why]} {t.without}
    </Notice>
  );
}

function LineNotice({ media }: { media: MediaRoom }) {
  const quality = media.quality.value;
  const isPoor = quality !== null && (quality.level === "poor" || quality.video_paused);
  return isPoor && media.standing.value === "connected" ? <Notice tone="warn" icon="warning" title={mediaWords.value.state.poor} /> : null;
}
