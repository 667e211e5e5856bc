/** That this tab has joined the media room of a hearing, so that a reload comes back without a click. It dies with the tab. */
import { type Kind, KINDS } from "./kinds";

const KEY = "yunting.media";

/** Another login in the same tab has joined nothing. */
const mark = (hearing: string): string => `${new URLSearchParams(location.search).get("as") ?? ""} ${hearing}`;

export function keepJoined(hearing: string, kinds: readonly Kind[]): void {
  try {
    sessionStorage.setItem(KEY, [mark(hearing), ...kinds].join("|"));
  } catch {
    // storage is switched off in this browser: a reload then asks again
  }
}

/** With which devices; null when this tab has not joined. */
export function joinedWith(hearing: string): readonly Kind[] | null {
  try {
    const [who, ...kinds] = (sessionStorage.getItem(KEY) ?? "").split("|");
    return who === mark(hearing) ? KINDS.filter((kind) => kinds.includes(kind)) : null;
  } catch {
    return null; // storage is switched off in this browser
  }
}

export function forgetJoined(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // storage is switched off in this browser: there is nothing to forget
  }
}
