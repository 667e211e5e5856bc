/** The question before the browser's own: what will be used and why. Whoever has no camera or wants none joins all the same. */
import { mediaWords } from "../i18n/media-words";
import { words } from "../i18n/language";
import { Dialog } from "../ui/dialog";
import { Notice } from "../ui/notice";
import type { Kind } from "./kinds";

interface Props {
  /** Observers send nothing. */
  isObserver: boolean;
  join: (kinds: readonly Kind[]) => void;
  onClose: () => void;
}

const WAYS: ReadonlyArray<{ name: "both" | "voice" | "listen"; kinds: readonly Kind[] }> = [
  { name: "both", kinds: ["audio", "video"] },
  { name: "voice", kinds: ["audio"] },
  { name: "listen", kinds: [] },
];

export function JoinDialog({ isObserver, join, onClose }: Props) {
  const t = mediaWords.value;
  const isInsecure = !navigator.mediaDevices;
  const ways = isObserver || isInsecure ? WAYS.slice(2) : WAYS;
  return (
    <Dialog title={t.join.title} onClose={onClose}>
      <div class="join">
        <p>{isObserver ? t.join.observer : t.join.lead}</p>
        {isInsecure && !isObserver && (
          <Notice tone="warn" icon="warning" title={t.trouble.title.both}>
            {t.trouble.why.insecure}
          </Notice>
        )}
        <p class="quiet">{t.join.record}</p>
        <div class="join-ways">
          {ways.map(({ name, kinds }, place) => (
            <button key={name} type="button" class={place === 0 ? "button button-main" : "button"} onClick={() => join(kinds)}>
              {isObserver ? t.join.observe : t.join[name]}
            </button>
          ))}
          <button type="button" class="button button-plain" onClick={onClose}>
            {words.value.cancel}
          </button>
        </div>
      </div>
    </Dialog>
  );
}
