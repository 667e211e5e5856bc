/** One person in the video grid: picture or a calm ground, name and role, and how they stand in words and marks. */
import { useLayoutEffect, useRef } from "preact/hooks";
import { language, wordFor, words } from "../i18n/language";
import { mediaWords } from "../i18n/media-words";
import { sideOf } from "../hearing/sides";
import { MediaIcon } from "./media-icons";
import type { Level } from "./messages";
import type { Tile } from "./tiles";

interface Props {
  tile: Tile;
  isLarge: boolean;
  isChosen: boolean;
  /** undefined: nothing to choose, it is oneself. */
  choose: (() => void) | undefined;
}

export function TileView({ tile, isLarge, isChosen, choose }: Props) {
  const { entry } = tile;
  const marks = [
    isLarge ? "tile-large" : "",
    tile.isSpeaking ? "tile-speaking" : "",
    tile.isMe ? "tile-me" : "",
    `tile-${tile.shown}`,
    `side-${sideOf(entry.role, entry.label)}`,
  ];
  return (
    <li class={`tile ${marks.filter(Boolean).join(" ")}`} data-person={entry.person}>
      {tile.stream ? <Picture stream={tile.stream} isMe={tile.isMe} /> : <Ground tile={tile} />}
      <Caption tile={tile} />
      {choose && <Enlarge name={entry.name} isChosen={isChosen} choose={choose} />}
    </li>
  );
}

/** The picture is decoration for a screen reader: the caption says who it is. */
function Picture({ stream, isMe }: { stream: MediaStream; isMe: boolean }) {
  const element = useRef<HTMLVideoElement>(null);
  useLayoutEffect(() => {
    const video = element.current;
    if (!video) return undefined;
    video.srcObject = stream;
    return () => {
      video.srcObject = null; // no last frame stays anywhere
    };
  }, [stream]);
  return <video ref={element} class={isMe ? "tile-picture tile-mirrored" : "tile-picture"} autoplay playsInline muted aria-hidden="true" />;
}

function Ground({ tile }: { tile: Tile }) {
  const t = mediaWords.value.tile;
  const said = tile.shown === "picture" ? t.off : t[tile.shown];
  return (
    <span class="tile-ground">
      <span class="tile-initial" aria-hidden="true">
        {tile.shown === "isolated" ? <MediaIcon name="shield" /> : initial(tile.entry.name)}
      </span>
      <span class="tile-said">{said}</span>
    </span>
  );
}

/** The family name of a Chinese name, the first letter of another. */
const initial = (name: string): string => [...name][0] ?? "";

function Caption({ tile }: { tile: Tile }) {
  const t = mediaWords.value.tile;
  const { entry } = tile;
  return (
    <span class="tile-caption">
      <span class="tile-name">
        {entry.name}
        {tile.isMe && <span class="tile-own">{t.me}</span>}
      </span>
      <span class="tile-role">{titleOf(tile)}</span>
      <span class="tile-marks">
        {tile.isSpotlit && <Mark icon="star" says={t.spotlight} />}
        {tile.hasFloor && <Mark icon="voice" says={t.floor} />}
        {tile.isMuted ? <Mark icon="silent" says={t.muted} isLoud /> : tile.isSilent && <Mark icon="silent" says={t.silent} />}
        {tile.level && <Bars level={tile.level} />}
      </span>
    </span>
  );
}

function titleOf({ entry }: Tile): string {
  const role = wordFor(words.value.role, entry.role);
  return language.value === "zh" && entry.label.length > role.length ? entry.label : role;
}

function Mark({ icon, says, isLoud = false }: { icon: "star" | "voice" | "silent"; says: string; isLoud?: boolean }) {
  return (
    <span class={isLoud ? "tile-mark tile-mark-loud" : "tile-mark"} title={says}>
      <MediaIcon name={icon} />
      <span class={isLoud ? "tile-mark-word" : "visually-hidden"}>{says}</span>
    </span>
  );
}

const STRENGTH: Readonly<Record<Level, number>> = { poor: 1, fair: 2, good: 3 };

/** Three bars: how many of them are full says it without colour. */
export function Bars({ level }: { level: Level }) {
  const says = mediaWords.value.level[level];
  return (
    <span class={`bars bars-${level}`} title={says}>
      {[1, 2, 3].map((bar) => (
        <span key={bar} class={bar <= STRENGTH[level] ? "bar bar-full" : "bar"} aria-hidden="true" />
      ))}
      <span class="visually-hidden">{says}</span>
    </span>
  );
}

function Enlarge({ name, isChosen, choose }: { name: string; isChosen: boolean; choose: () => void }) {
  const t = mediaWords.value.tile;
  return (
    <button type="button" class="tile-choose" aria-pressed={isChosen} title={isChosen ? t.enlarged(name) : t.enlarge(name)} onClick={choose}>
      <span class="visually-hidden">{t.enlarge(name)}</span>
    </button>
  );
}
