/** How the transcript's signing stands, for everybody of the hearing, with the way to it. */
import { useEffect } from "preact/hooks";
import type { HearingRoom } from "../hearing/room";
import { words } from "../i18n/language";
import { announce } from "../ui/announcer";
import { Notice } from "../ui/notice";
import { isDone, isOfCourt, mustSign, type SigningView } from "./messages";

interface Said {
  tone: "calm" | "warn" | "good";
  title: string;
  body?: string;
  /** What the button says that leads there; none for those who have nothing to do there. */
  action?: string;
  isUrgent?: boolean;
  /** Nothing but what stands in the signing as well. */
  isSaidThere?: boolean;
}

export function SigningBanner({ room }: { room: HearingRoom }) {
  const said = sentence(room);
  // the signing itself says it to those who sign
  const isShown = said !== null && !(room.signing.isOpen.value && said.isSaidThere);
  useEffect(() => {
    if (said) announce(said.title);
  }, [said?.title]);
  if (!said || !isShown) return null;
  const { tone, title, body, action, isUrgent = false } = said;
  const open = !room.signing.isOpen.value && action && (
    <button
      type="button"
      class={`button button-small ${isUrgent ? "button-main" : ""}`}
      onClick={() => (room.signing.isOpen.value = true)}
    >
      {action}
    </button>
  );
  return (
    <Notice tone={tone} icon={tone === "good" ? "tick" : tone === "warn" ? "warning" : "clock"} title={title} action={open || undefined}>
      {body}
    </Notice>
  );
}

function sentence(room: HearingRoom): Said | null {
  const t = words.value.signing;
  const now = room.model.signing.value;
  const view = room.signing.view.value;
  const isCourt = isOfCourt(room.model.you.value?.role ?? "");
  if (!now) return null;
  if (now.stage === "REVIEW") return { tone: "calm", title: t.reviewTitle, body: t.review };
  if (now.stage === "DRAFT") return whileDraft(now.v, view, isCourt);
  const action = isCourt ? t.board : view?.you.signer ? t.look : undefined;
  if (now.stage === "SETTLED") return { tone: "good", title: t.settledTitle, ...(action ? { action } : {}) };
  return { ...whileSigning(now.v, view, isCourt), ...(isCourt ? { action: t.board } : {}) };
}

function whileDraft(v: number, view: SigningView | null, isCourt: boolean): Said | null {
  const t = words.value.signing;
  if (view?.fault && isCourt) return { tone: "warn", title: t.failedTitle, body: t.failed, action: t.board };
  if (v < 2) return null;
  return { tone: "calm", title: t.reopenedTitle(v), body: t.reopened, ...(isCourt ? { action: t.board } : {}) };
}

function whileSigning(v: number, view: SigningView | null, isCourt: boolean): Said {
  const t = words.value.signing;
  if (isCourt) {
    const done = view?.signers.filter(({ state }) => isDone(state)).length ?? 0;
    return { tone: "calm", title: t.title(v), ...(view ? { body: t.done(done, view.signers.length) } : {}) };
  }
  if (!view?.you.signer) return { tone: "calm", title: t.title(v) };
  if (mustSign(view)) return { tone: "warn", title: t.title(v), body: t.yours, action: t.sign, isUrgent: true, isSaidThere: true };
  return { tone: "calm", title: t.title(v), ...(view.you.state === "SIGNED" ? { body: t.signed, action: t.look, isSaidThere: true } : {}) };
}
