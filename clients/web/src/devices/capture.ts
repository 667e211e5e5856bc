/** Opens camera and microphone, and says in a stable word why the browser gave none. Never draws, keeps nothing. */
import { refusalOf, type Refused } from "./errors";

/** Why there is no device: as the server knows it (device_check.Device). */
export type Blocked = Refused | "insecure" | "unsupported";
export type Kind = "camera" | "microphone";

export type Opening = { is: "open"; track: MediaStreamTrack } | { is: "blocked"; why: Blocked };

const WISH: Readonly<Record<Kind, MediaStreamConstraints>> = {
  camera: { video: { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 15 }, facingMode: "user" } },
  microphone: { audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } },
};

export function reasonOf(error: unknown): Blocked {
  return refusalOf(error) ?? "unsupported";
}

/** Both in one question to the person; where one of them is not to be had, each alone. */
export async function openBoth(): Promise<Record<Kind, Opening>> {
  try {
    const stream = await devices().getUserMedia({ ...WISH.camera, ...WISH.microphone });
    const [camera] = stream.getVideoTracks();
    const [microphone] = stream.getAudioTracks();
    return { camera: opened(camera), microphone: opened(microphone) };
  } catch (error) {
    const why = blockedBy(error);
    if (why === "insecure" || why === "unsupported") return { camera: { is: "blocked", why }, microphone: { is: "blocked", why } };
    return { camera: await open("camera"), microphone: await open("microphone") };
  }
}

export async function open(kind: Kind): Promise<Opening> {
  try {
    return opened((await devices().getUserMedia(WISH[kind])).getTracks()[0]);
  } catch (error) {
    return { is: "blocked", why: blockedBy(error) };
  }
}

const opened = (track: MediaStreamTrack | undefined): Opening => (track ? { is: "open", track } : { is: "blocked", why: "missing" });

class NoDevices extends Error {}

/** Outside of https (or this very machine) a browser hides its devices altogether. */
function devices(): MediaDevices {
  const found = navigator.mediaDevices as MediaDevices | undefined;
  if (!found) throw new NoDevices();
  return found;
}

function blockedBy(error: unknown): Blocked {
  if (!(error instanceof NoDevices)) return reasonOf(error);
  return isSecureContext ? "unsupported" : "insecure";
}

/** How this browser is known to its users: whose steps to show. */
export type BrowserName = "wechat" | "safari" | "chrome" | "other";

export function browserName(agent = navigator.userAgent): BrowserName {
  if (/MicroMessenger/i.test(agent)) return "wechat";
  if (/Chrome|CriOS|Chromium|Edg/.test(agent)) return "chrome";
  return /Safari/.test(agent) ? "safari" : "other";
}
