/** The video column of the hearing page: one picture large, the others small, the own controls at its foot. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { words } from "../i18n/language";
import { mediaWords } from "../i18n/media-words";
import type { HearingRoom } from "../hearing/room";
import { isOfCourt } from "../signing/messages";
import type { MediaRoom } from "./media-room";
import { MediaBar } from "./media-bar";
import { TileView } from "./tile-view";
import { largeOf, type Tile, tilesOf, type View, withoutMedia } from "./tiles";
import { VideoNotices } from "./video-notices";

interface Props {
  room: HearingRoom;
  media: MediaRoom;
  leave: () => void;
}

export function VideoPanel({ room, media, leave }: Props) {
  const panel = useRef<HTMLElement>(null);
  const whole = useWholeScreen(panel);
  const view = viewOf(room, media);
  const tiles = tilesOf(view);
  const me = tiles.find((tile) => tile.isMe);
  return (
    <section class="video" aria-label={mediaWords.value.label} ref={panel}>
      <VideoNotices media={media} />
      <Stage media={media} tiles={tiles} view={view} />
      <Said room={room} media={media} view={view} />
      <MediaBar
        media={media}
        isMuted={me?.isMuted ?? false}
        isObserver={room.model.you.value?.role === "observer"}
        whole={whole}
        leave={leave}
        preview={me?.stream ? <Preview stream={me.stream} /> : null}
      />
    </section>
  );
}

function viewOf(room: HearingRoom, media: MediaRoom): View {
  const { model } = room;
  const track = media.own.track.video.value;
  return {
    me: model.you.value?.person ?? "",
    roster: model.roster.value,
    people: model.media.value,
    pictures: media.pictures.value,
    heard: new Set(media.slots.value.audio.filter((person) => person !== null)),
    speaking: media.speaking.value,
    floor: model.rules.value.floor,
    spotlight: model.rules.value.spotlight,
    own: { picture: track && ownPicture(track), isSilent: media.own.isSilent.value || media.own.state.audio.value !== "on", level: media.quality.value?.level ?? null },
    isSparing: media.isSparing.value,
  };
}

const pictures = new WeakMap<MediaStreamTrack, MediaStream>();

/** The same stream for the same track: nothing is attached anew when the page is drawn. */
function ownPicture(track: MediaStreamTrack): MediaStream {
  const known = pictures.get(track) ?? new MediaStream([track]);
  pictures.set(track, known);
  return known;
}

function Stage({ media, tiles, view }: { media: MediaRoom; tiles: readonly Tile[]; view: View }) {
  const stage = useRef<HTMLUListElement>(null);
  useEffect(() => followSight(stage.current, (isSeen) => (media.isWatching.value = isSeen)), []);
  const chosen = media.chosen.value;
  const large = largeOf(tiles, [chosen, view.spotlight, view.floor, media.speaker.value, media.slots.value.large]);
  const shown = large && !large.isMe ? large.entry.person : null;
  useEffect(() => {
    media.large.value = shown;
  }, [shown]);
  const ordered = large ? [large, ...tiles.filter((tile) => tile !== large)] : tiles;
  return (
    <ul class={`tiles tiles-${Math.min(ordered.length, 9)}`} ref={stage} tabIndex={0} aria-label={mediaWords.value.label}>
      {ordered.map((tile) => (
        <TileView
          key={tile.entry.person}
          tile={tile}
          isLarge={tile === large}
          isChosen={chosen === tile.entry.person}
          choose={tile.isMe ? undefined : () => (media.chosen.value = chosen === tile.entry.person ? null : tile.entry.person)}
        />
      ))}
    </ul>
  );
}

/** Whether the pictures stand on the screen: not on a phone that shows another part, not in a tab behind others. */
function followSight(stage: HTMLElement | null, tell: (isSeen: boolean) => void): (() => void) | undefined {
  if (!stage) return undefined;
  let isLaidOut = true;
  const say = (): void => tell(isLaidOut && !document.hidden);
  const observer = new ResizeObserver(() => {
    isLaidOut = stage.offsetParent !== null;
    say();
  });
  observer.observe(stage);
  document.addEventListener("visibilitychange", say);
  return () => {
    observer.disconnect();
    document.removeEventListener("visibilitychange", say);
  };
}

const BEFORE: ReadonlySet<string> = new Set(["SCHEDULED", "PREPARING"]);

/** Why nobody is there, and for the court who is missing. */
function Said({ room, media, view }: { room: HearingRoom; media: MediaRoom; view: View }) {
  const t = mediaWords.value.state;
  const you = room.model.you.value;
  const phase = room.model.phase.value ?? "";
  if (media.standing.value !== "connected" || !you) return null;
  const isAlone = view.pictures.size === 0 && view.heard.size === 0;
  const isStaff = isOfCourt(you.role);
  const isWaiting = !isStaff && (BEFORE.has(phase) || you.state !== "IN_COURT");
  return (
    <div class="video-said">
      {isAlone && isWaiting && <p><strong>{t.alone}</strong> {t.aloneHint}</p>}
      {isAlone && !isWaiting && <p>{phase === "RECESS" ? t.recess : t.empty}</p>}
      {isStaff && <Missing view={view} />}
    </div>
  );
}

function Missing({ view }: { view: View }) {
  const t = mediaWords.value.state;
  const missing = withoutMedia(view);
  const names = missing.map((entry) => entry.name).join(words.value.listSeparator);
  return <p class="video-missing">{missing.length === 0 ? t.nobodyMissing : t.missing(names)}</p>;
}

/** Shown by the style sheet where the grid is not. */
function Preview({ stream }: { stream: MediaStream }) {
  const attach = (video: HTMLVideoElement | null): void => {
    if (video && video.srcObject !== stream) video.srcObject = stream;
  };
  return <video ref={attach} class="own-preview tile-mirrored" autoplay playsInline muted aria-hidden="true" />;
}

/** null where the browser has no full screen for parts of a page (iPhone). */
function useWholeScreen(panel: { current: HTMLElement | null }): { is: boolean; toggle: () => void } | null {
  const is = useSignal(false);
  useEffect(() => {
    const look = (): void => {
      is.value = document.fullscreenElement !== null && document.fullscreenElement === panel.current;
    };
    document.addEventListener("fullscreenchange", look);
    return () => document.removeEventListener("fullscreenchange", look);
  }, []);
  if (!document.fullscreenEnabled) return null;
  return { is: is.value, toggle: () => void (is.value ? document.exitFullscreen() : panel.current?.requestFullscreen()) };
}
