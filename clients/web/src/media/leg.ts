/** One peer connection of a direction, made anew whenever it breaks. Owns offers, candidates and the watch; never knows whose media flows. */
import { signal } from "@preact/signals";
import { Backoff } from "../control/backoff";
import type { Line } from "./line";
import type { LegName } from "./messages";

export type LegState = "idle" | "connecting" | "connected" | "lost";

/** A line that only hiccups heals by itself within this time. */
const HICCUP = 4_000;
/** An offer whose connection does not stand by then is made anew. */
const PATIENCE = 15_000;

export class Leg {
  readonly state = signal<LegState>("idle");
  private peer: RTCPeerConnection | null = null;
  private configuration: RTCConfiguration | null = null;
  private unanswered = 0;
  private again: ReturnType<typeof setTimeout> | undefined;
  private readonly backoff = new Backoff();

  /** `prepare` adds the transceivers of a fresh connection, in the order of its m-lines. */
  constructor(
    private readonly name: LegName,
    private readonly line: Line,
    private readonly prepare: (peer: RTCPeerConnection) => void,
  ) {}

  /** On a fresh socket, which owes no answers. */
  begin(configuration: RTCConfiguration): void {
    this.configuration = configuration;
    this.unanswered = 0;
    this.backoff.reset();
    this.renew();
  }

  /** The connection anew, at once. */
  renew(): void {
    if (!this.configuration) return;
    this.drop();
    if (this.state.value === "idle") this.state.value = "connecting";
    else if (this.state.value === "connected") this.state.value = "lost";
    const peer = new RTCPeerConnection(this.configuration);
    this.peer = peer;
    this.prepare(peer);
    peer.onconnectionstatechange = () => this.changed(peer);
    this.later(PATIENCE);
    void this.offer(peer);
  }

  /** Only the answer to the newest offer fits the connection that stands. */
  async answered(sdp: string): Promise<void> {
    this.unanswered -= 1;
    const peer = this.peer;
    if (this.unanswered > 0 || !peer || peer.signalingState !== "have-local-offer") return;
    await peer.setRemoteDescription({ type: "answer", sdp });
  }

  refused(): void {
    this.unanswered -= 1;
    this.lose(this.backoff.next());
  }

  close(): void {
    this.configuration = null;
    this.drop();
    this.state.value = "idle";
  }

  private async offer(peer: RTCPeerConnection): Promise<void> {
    await peer.setLocalDescription(await peer.createOffer());
    if (peer !== this.peer || !peer.localDescription) return;
    if (!this.line.send({ type: "Offer", leg: this.name, sdp: peer.localDescription.sdp })) return;
    this.unanswered += 1;
    // those found before stand in the offer
    peer.onicecandidate = ({ candidate }) => {
      this.line.send({ type: "Candidate", leg: this.name, candidate: candidate?.toJSON() ?? null });
    };
  }

  private changed(peer: RTCPeerConnection): void {
    if (peer !== this.peer) return;
    const now = peer.connectionState;
    if (now === "connected") this.stand();
    else if (now === "failed" || now === "closed") this.lose(this.backoff.next());
    else if (now === "disconnected") this.lose(HICCUP);
  }

  private stand(): void {
    clearTimeout(this.again);
    this.backoff.reset();
    this.state.value = "connected";
  }

  private lose(wait: number): void {
    this.state.value = "lost";
    this.later(wait);
  }

  /** A socket that is away brings a fresh beginning of its own. */
  private later(wait: number): void {
    clearTimeout(this.again);
    this.again = setTimeout(() => this.line.link.value.is === "open" && this.renew(), wait);
  }

  private drop(): void {
    clearTimeout(this.again);
    const peer = this.peer;
    this.peer = null;
    if (!peer) return;
    peer.onconnectionstatechange = peer.onicecandidate = peer.ontrack = null;
    peer.close();
  }
}
