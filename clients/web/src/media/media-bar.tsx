/** The own microphone and camera, always within reach, with what the court has decided about them. */
import type { ComponentChildren } from "preact";
import { mediaWords } from "../i18n/media-words";
import { Menu } from "../ui/menu";
import type { Kind } from "./kinds";
import { MediaIcon, type MediaIconName } from "./media-icons";
import type { MediaRoom } from "./media-room";
import { Bars } from "./tile-view";

interface Props {
  media: MediaRoom;
  isMuted: boolean;
  isObserver: boolean;
  whole: { is: boolean; toggle: () => void } | null;
  leave: () => void;
  /** The own picture, small, where the grid is not shown. */
  preview: ComponentChildren;
}

export function MediaBar({ media, isMuted, isObserver, whole, leave, preview }: Props) {
  const t = mediaWords.value.own;
  const quality = media.standing.value === "connected" ? media.quality.value : null;
  return (
    <div class="media-bar" role="group" aria-label={t.bar}>
      {preview}
      {!isObserver && <Microphone media={media} isMuted={isMuted} />}
      {!isObserver && <Camera media={media} />}
      {quality && <Bars level={quality.level} />}
      <Menu label={t.more} icon="more" isQuiet side="above" class="own-more">
        {(close) => (
          <>
            <Item icon="picture" act={() => (media.isSparing.value = !media.isSparing.value)} close={close}>
              {media.isSparing.value ? t.see : t.spare}
            </Item>
            {whole && (
              <Item icon="whole" act={whole.toggle} close={close}>
                {whole.is ? t.partly : t.whole}
              </Item>
            )}
            <Item icon="leave" act={leave} close={close}>
              {t.leave}
            </Item>
            <Measured media={media} />
          </>
        )}
      </Menu>
    </div>
  );
}

function Microphone({ media, isMuted }: { media: MediaRoom; isMuted: boolean }) {
  const t = mediaWords.value.own;
  const { own } = media;
  const isOn = own.state.audio.value === "on" && !own.isSilent.value;
  if (isMuted) {
    return (
      <span class="own-muted" title={t.mutedHint}>
        <MediaIcon name="silent" />
        <span class="own-word">{t.muted}</span>
      </span>
    );
  }
  return <Switch media={media} kind="audio" isOn={isOn} icon={isOn ? "microphone" : "silent"} says={isOn ? t.silence : t.speak} />;
}

function Camera({ media }: { media: MediaRoom }) {
  const t = mediaWords.value.own;
  const isOn = media.own.state.video.value === "on";
  return <Switch media={media} kind="video" isOn={isOn} icon={isOn ? "camera" : "hidden"} says={isOn ? t.hide : t.show} />;
}

interface SwitchProps {
  media: MediaRoom;
  kind: Kind;
  isOn: boolean;
  icon: MediaIconName;
  says: string;
}

function Switch({ media, kind, isOn, icon, says }: SwitchProps) {
  return (
    <button
      type="button"
      class={`button own-switch ${isOn ? "" : "own-off"}`}
      data-kind={kind}
      title={says}
      disabled={media.own.state[kind].value === "asking"}
      onClick={() => media.toggle(kind)}
    >
      <MediaIcon name={icon} />
      <span class="own-word">{says}</span>
    </button>
  );
}

function Item({ icon, act, close, children }: { icon: MediaIconName; act: () => void; close: () => void; children: ComponentChildren }) {
  const press = (): void => {
    close();
    act();
  };
  return (
    <button type="button" class="menu-item own-item" onClick={press}>
      <span>
        <MediaIcon name={icon} /> {children}
      </span>
    </button>
  );
}

function Measured({ media }: { media: MediaRoom }) {
  const quality = media.quality.value;
  if (!quality) return null;
  const t = mediaWords.value;
  return (
    <p class="own-measured quiet">
      {t.level[quality.level]} · {t.measured(`${(quality.loss * 100).toFixed(1)}%`, Math.round(quality.rtt_ms))}
    </p>
  );
}
