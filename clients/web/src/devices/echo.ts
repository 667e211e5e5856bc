/** The echo: sends sound and picture to the media room and takes them back, for some seconds. Owns both connections; never draws. */
import { Leg } from "../media/leg";
import { Line } from "../media/line";
import type { ServerMessage, Welcome } from "../media/messages";
import { Sending } from "../media/sending";
import type { Figures } from "./device-tests";
import { count, type Counted, figuresOf } from "./line-figures";
import { standIn } from "./stand-in";

export type EchoState =
  | { is: "idle" }
  | { is: "connecting" }
  /** `done` 0..1; `sound` ms from the mouth to the own ear. */
  | { is: "measuring"; done: number; figures: Figures | null; sound: number; stream: MediaStream }
  | { is: "measured"; figures: Figures; sound: number }
  | { is: "unreachable" };

const LENGTH = 10_000; // ms of measuring once something has come back
const PATIENCE = 15_000; // ms until the server must have welcomed, and anew until something must have come back; ICE gives up no sooner
const EVERY = 1_000;

/** `own` are the live tracks to send; what is missing is made up, so that the line can be measured without devices. Returns how to stop. */
export function measureEcho(hearing: string, own: readonly MediaStreamTrack[], report: (state: EchoState) => void): () => void {
  const echo = new Echo(hearing, own, report);
  return () => echo.close();
}

class Echo {
  private readonly line: Line;
  private readonly publish: Leg;
  private readonly subscribe: Leg;
  private readonly peers = new Map<"publish" | "subscribe", RTCPeerConnection>();
  private readonly stream = new MediaStream();
  private readonly made: ReturnType<typeof standIn>;
  private patience: ReturnType<typeof setTimeout>;
  private readonly ticking: ReturnType<typeof setInterval>;
  private readonly stopFollowing: () => void;
  private counts: Counted[] = [];
  private welcome: Welcome | null = null;
  private sound = 0;
  private isClosed = false;

  constructor(
    hearing: string,
    own: readonly MediaStreamTrack[],
    private readonly report: (state: EchoState) => void,
  ) {
    this.made = standIn(own);
    report({ is: "connecting" });
    this.line = new Line(`/media/${encodeURIComponent(hearing)}?echo=1`, (message) => this.receive(message));
    const sending = new Sending();
    this.publish = new Leg("publish", this.line, (peer) => {
      this.peers.set("publish", peer);
      sending.prepare(peer, this.made);
    });
    this.subscribe = new Leg("subscribe", this.line, (peer) => this.prepareReceivers(peer));
    this.patience = setTimeout(() => this.fail(), PATIENCE);
    this.ticking = setInterval(() => void this.look(), EVERY);
    this.stopFollowing = this.line.link.subscribe((link) => {
      if (link.is === "ended") queueMicrotask(() => this.fail());
    });
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.patience);
    clearInterval(this.ticking);
    this.stopFollowing();
    this.line.close();
    this.publish.close();
    this.subscribe.close();
    this.made.stop();
  }

  private receive(message: ServerMessage): void {
    if (message.type === "Welcome") this.welcome = message;
    if (message.type === "Welcome" || message.type === "Restart") this.begin();
    if (message.type === "Answer") void this[message.leg].answered(message.sdp);
    if (message.type === "Refused") this[message.leg].refused();
    if (message.type === "Ended") this.fail();
  }

  private begin(): void {
    if (!this.welcome) return;
    const { ice_servers: iceServers, force_relay: isRelayed } = this.welcome;
    const configuration: RTCConfiguration = { iceServers, iceTransportPolicy: isRelayed ? "relay" : "all", bundlePolicy: "max-bundle" };
    this.counts = [];
    clearTimeout(this.patience); // a server that has to start its media process first is slow, the line is not
    this.patience = setTimeout(() => this.fail(), PATIENCE);
    this.line.send({ type: "Sending", audio: true, video: true });
    this.publish.begin(configuration);
    this.subscribe.begin(configuration);
  }

  private prepareReceivers(peer: RTCPeerConnection): void {
    this.peers.set("subscribe", peer);
    for (let slot = 0; slot < (this.welcome?.audio_slots ?? 0); slot += 1) peer.addTransceiver("audio", { direction: "recvonly" });
    for (let slot = 0; slot < (this.welcome?.video_slots ?? 0); slot += 1) peer.addTransceiver("video", { direction: "recvonly" });
    peer.ontrack = ({ track }) => this.take(track);
  }

  /** Slots that nobody speaks in stay muted; what comes back is the own sound and picture. */
  private take(track: MediaStreamTrack): void {
    track.onunmute = () => this.stream.addTrack(track);
    track.onmute = () => this.stream.removeTrack(track);
    if (!track.muted) this.stream.addTrack(track);
  }

  private async look(): Promise<void> {
    const [up, down] = await Promise.all([reports(this.peers.get("publish")), reports(this.peers.get("subscribe"))]);
    const now = count(performance.now(), up, down);
    if (now.received === 0 || this.isClosed) return;
    clearTimeout(this.patience);
    this.counts.push(now);
    this.sound = Math.round((now.rtt ?? 0) + now.buffered);
    const done = (now.at - (this.counts[0] as Counted).at) / LENGTH;
    if (done >= 1) this.finish();
    else this.report({ is: "measuring", done, figures: figuresOf(this.counts), sound: this.sound, stream: this.stream });
  }

  private finish(): void {
    const figures = figuresOf(this.counts);
    this.close();
    this.report(figures ? { is: "measured", figures, sound: this.sound } : { is: "unreachable" });
  }

  /** Nothing (more) comes back: what was measured until then counts for nothing. */
  private fail(): void {
    if (this.isClosed) return;
    this.close();
    this.report({ is: "unreachable" });
  }
}

async function reports(connection: RTCPeerConnection | undefined): Promise<Array<Record<string, unknown>>> {
  if (!connection || connection.connectionState === "closed") return [];
  return [...(await connection.getStats()).values()] as Array<Record<string, unknown>>;
}
