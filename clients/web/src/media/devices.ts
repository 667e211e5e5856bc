/** The own microphone and camera: owns their tracks, whether they are open, and why not. Never sends anything. */
import { batch, signal } from "@preact/signals";
import { refusalOf, type Refused } from "../devices/errors";
import { type Kind, KINDS } from "./kinds";

/** `denied`: by the person or the browser; `missing`: there is none; `busy`: another program has it; `insecure`: not over https. */
export type DeviceState = "off" | "asking" | "on" | Refused | "insecure";
export const TROUBLES: ReadonlySet<DeviceState> = new Set(["denied", "missing", "busy", "insecure"]);

const WANTED = {
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  video: { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 24, max: 30 } },
} as const satisfies MediaStreamConstraints;

function stateAfter(error: unknown): DeviceState {
  const state = refusalOf(error);
  if (!state) throw error;
  return state;
}

/** A browser that does not tell of these permissions (Firefox before 131): the person presses a button instead. */
function isUnknown(error: unknown): null {
  if (!(error instanceof TypeError)) throw error;
  return null;
}

export class OwnDevices {
  readonly state = { audio: signal<DeviceState>("off"), video: signal<DeviceState>("off") };
  readonly track = { audio: signal<MediaStreamTrack | null>(null), video: signal<MediaStreamTrack | null>(null) };
  /** The microphone is open but sends silence. */
  readonly isSilent = signal(false);
  private isClosed = false;
  private readonly retry = (): void => this.openAgain("missing");
  private readonly allowed = (): void => this.openAgain("denied");
  private readonly permissions: PermissionStatus[] = [];

  constructor() {
    navigator.mediaDevices?.addEventListener("devicechange", this.retry);
    void this.followPermissions();
  }

  /** One question of the browser for both; when one of them is not to be had, the other still is. */
  async open(kinds: readonly Kind[]): Promise<void> {
    const wanted = kinds.filter((kind) => !["on", "asking"].includes(this.state[kind].value));
    if (wanted.length === 0) return;
    batch(() => wanted.forEach((kind) => (this.state[kind].value = "asking")));
    const outcome = await this.ask(wanted);
    if (outcome === "on" || wanted.length === 1 || outcome === "insecure") return this.settle(wanted, outcome);
    for (const kind of wanted) this.settle([kind], await this.ask([kind]));
  }

  silence(isSilent: boolean): void {
    this.isSilent.value = isSilent;
    const track = this.track.audio.value;
    if (track) track.enabled = !isSilent;
  }

  /** The device is let go: its light goes out. */
  shut(kind: Kind): void {
    const track = this.track[kind].value;
    batch(() => {
      this.track[kind].value = null;
      this.state[kind].value = "off";
    });
    if (!track) return;
    track.onended = null;
    track.stop();
  }

  close(): void {
    this.isClosed = true;
    navigator.mediaDevices?.removeEventListener("devicechange", this.retry);
    for (const status of this.permissions) status.onchange = null;
    for (const kind of KINDS) this.shut(kind);
  }

  private settle(kinds: readonly Kind[], outcome: DeviceState): void {
    batch(() => kinds.forEach((kind) => (this.state[kind].value = outcome)));
  }

  private async ask(kinds: readonly Kind[]): Promise<DeviceState> {
    if (!navigator.mediaDevices) return "insecure";
    const wanted = Object.fromEntries(kinds.map((kind) => [kind, WANTED[kind]]));
    try {
      const stream = await navigator.mediaDevices.getUserMedia(wanted);
      for (const track of stream.getTracks()) this.take(track);
      return "on";
    } catch (error) {
      return stateAfter(error);
    }
  }

  private take(track: MediaStreamTrack): void {
    const kind = track.kind as Kind;
    if (this.isClosed) return track.stop();
    this.track[kind].value?.stop();
    this.track[kind].value = track;
    if (kind === "audio") track.enabled = !this.isSilent.value;
    track.onended = () => {
      if (this.track[kind].value !== track) return;
      batch(() => {
        this.track[kind].value = null;
        this.state[kind].value = "missing"; // pulled out, or taken back in the browser
      });
    };
  }

  /** A device was plugged in, or allowed in the browser: what failed for that is tried again without a click. */
  private openAgain(failure: DeviceState): void {
    const failed = KINDS.filter((kind) => this.state[kind].value === failure);
    if (failed.length > 0 && !this.isClosed) void this.open(failed);
  }

  private async followPermissions(): Promise<void> {
    for (const name of ["microphone", "camera"] as PermissionName[]) {
      const status = await navigator.permissions?.query({ name }).catch(isUnknown);
      if (!status || this.isClosed) continue;
      status.onchange = () => status.state === "granted" && this.allowed();
      this.permissions.push(status);
    }
  }
}
