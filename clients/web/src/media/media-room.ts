/** The own place in the media room of a hearing: ties the line to both legs and the devices. Owns who is seen and heard; never draws. */
import { batch, computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { Titles } from "../session/problem";
import { OwnDevices } from "./devices";
import { forgetJoined, keepJoined } from "./joined";
import { type Kind, KINDS } from "./kinds";
import { Leg } from "./leg";
import { Line } from "./line";
import type { Ended, Quality, Refused, ServerMessage, Slots, Welcome } from "./messages";
import { Sending } from "./sending";
import { Sound } from "./sound";

type Table = { [T in ServerMessage["type"]]?: (message: Extract<ServerMessage, { type: T }>) => void };
export type Standing = "connecting" | "connected" | "lost" | "ended";

/** Whoever speaks this long becomes large, and stays so until somebody else does: a cough moves nobody. */
const SPOKEN = 700;
const EMPTY: Slots = { type: "Slots", seq: 0, audio: [], video: [], large: null };
const NOTHING = { audio: [] as MediaStream[], video: [] as MediaStream[] };

export class MediaRoom {
  readonly own = new OwnDevices();
  readonly line: Line;
  readonly sound = new Sound();
  readonly slots = signal<Slots>(EMPTY);
  readonly quality = signal<Quality | null>(null);
  readonly speaking = signal<string | null>(null);
  readonly ended = signal<Ended["reason"] | "closed_by_server" | null>(null);
  readonly refusal = signal<Titles | null>(null);
  /** Whom this person has chosen to see large. */
  readonly chosen = signal<string | null>(null);
  /** Who stands large on this page, as the panel says. */
  readonly large = signal<string | null>(null);
  /** Who has spoken last for longer than a word. */
  readonly speaker = signal<string | null>(null);
  /** Pictures are off to spare the line. */
  readonly isSparing = signal(false);
  /** Whether pictures can be seen at all at this moment: another part is shown on a phone, or another tab. */
  readonly isWatching = signal(true);
  private readonly publish: Leg;
  private readonly subscribe: Leg;
  private readonly sending = new Sending();
  private readonly streams = signal(NOTHING);
  private greeted: Welcome | null = null;
  private configuration: RTCConfiguration | null = null;
  /** Slots older than this seq are of a time that the page has had to forget. */
  private from = 0;
  private listening: ReturnType<typeof setTimeout> | undefined;
  private readonly stops: Array<() => void> = [];

  readonly standing: ReadonlySignal<Standing> = computed(() => this.stand());
  /** The picture of each person who is seen. */
  readonly pictures: ReadonlySignal<ReadonlyMap<string, MediaStream>> = computed(() => {
    const seen = this.slots.value.video.map((person, slot) => [person, this.streams.value.video[slot]] as const);
    return new Map(seen.filter((pair): pair is readonly [string, MediaStream] => pair[0] !== null && pair[1] !== undefined));
  });

  constructor(
    readonly hearing: string,
    joining: readonly Kind[],
  ) {
    this.line = new Line(`/media/${encodeURIComponent(hearing)}`, (message) => this.receive(message));
    this.publish = new Leg("publish", this.line, (peer) => this.sending.prepare(peer, this.tracks()));
    this.subscribe = new Leg("subscribe", this.line, (peer) => this.prepareReceivers(peer));
    this.stops.push(this.followTracks(), this.followWants(), this.followSlots(), followNetwork(() => this.line.reconnect()));
    keepJoined(hearing, joining);
    void this.own.open(joining);
  }

  /** The page must not show or play anything of the hearing any more; the connection stays, and later slots are shown again. */
  forget(seq: number): void {
    clearTimeout(this.listening);
    batch(() => {
      this.from = seq;
      this.slots.value = EMPTY;
      this.chosen.value = this.large.value = this.speaking.value = this.speaker.value = null;
      this.quality.value = null;
    });
  }

  /** Microphone: silenced, and heard again at once. Camera: let go, so that its light goes out. */
  toggle(kind: Kind): void {
    if (this.own.state[kind].value !== "on") void this.own.open([kind]);
    else if (kind === "audio") this.own.silence(!this.own.isSilent.value);
    else this.own.shut("video");
    // a microphone that was silenced stays so after a reload
    const open = KINDS.filter((one) => this.own.state[one].value !== "off");
    keepJoined(this.hearing, open.filter((one) => one !== "audio" || !this.own.isSilent.value));
  }

  /** Back again after another device has taken the place. */
  comeBack(): void {
    this.ended.value = null;
    this.line.reconnect();
  }

  close(): void {
    for (const stop of this.stops) stop();
    clearTimeout(this.listening);
    this.line.close();
    this.publish.close();
    this.subscribe.close();
    this.sound.stop();
    this.own.close();
  }

  /** By the person's wish: a reload does not come back here. */
  leave(): void {
    forgetJoined();
    this.close();
  }

  private stand(): Standing {
    if (this.ended.value || this.line.link.value.is === "ended") return "ended";
    if (this.line.link.value.is === "lost") return "lost";
    const leg = this.subscribe.state.value;
    return leg === "idle" || this.line.link.value.is === "connecting" ? "connecting" : leg;
  }

  private receive(message: ServerMessage): void {
    const act = this.table[message.type] as ((message: ServerMessage) => void) | undefined;
    batch(() => act?.(message));
  }

  private readonly table: Table = {
    Welcome: (message) => this.welcome(message),
    Answer: ({ leg, sdp }) => void this[leg].answered(sdp),
    Slots: (message) => {
      if (message.seq >= this.from) this.slots.value = message;
    },
    Quality: (message) => {
      this.quality.value = message;
    },
    Speaking: ({ person }) => this.spoke(person),
    Restart: () => this.begin(),
    Refused: (message) => this.refused(message),
    Ended: ({ reason }) => this.end(reason),
  };

  private welcome(message: Welcome): void {
    this.greeted = message;
    this.refusal.value = null;
    this.begin();
    this.tell();
  }

  private begin(): void {
    if (!this.greeted) return;
    this.slots.value = EMPTY;
    const { ice_servers: iceServers, force_relay: isRelayed } = this.greeted;
    const configuration: RTCConfiguration = { iceServers, iceTransportPolicy: isRelayed ? "relay" : "all", bundlePolicy: "max-bundle" };
    this.subscribe.begin(configuration);
    if (this.hasTracks()) this.publish.begin(configuration);
    this.configuration = configuration;
  }

  private spoke(person: string | null): void {
    this.speaking.value = person;
    clearTimeout(this.listening);
    if (person) this.listening = setTimeout(() => (this.speaker.value = person), SPOKEN);
  }

  private refused(message: Refused): void {
    this.refusal.value = { zh: message.title_zh, en: message.title_en };
    this[message.leg].refused();
  }

  private end(reason: Ended["reason"]): void {
    this.ended.value = reason;
    this.slots.value = EMPTY;
    this.line.end();
    this.publish.close();
    this.subscribe.close();
  }

  private tracks(): { audio: MediaStreamTrack | null; video: MediaStreamTrack | null } {
    return { audio: this.own.track.audio.peek(), video: this.own.track.video.peek() };
  }

  private hasTracks(): boolean {
    const { audio, video } = this.tracks();
    return audio !== null || video !== null;
  }

  /** As many places as the server has: a newcomer needs no new offer. */
  private prepareReceivers(peer: RTCPeerConnection): void {
    const places = { audio: this.greeted?.audio_slots ?? 0, video: this.greeted?.video_slots ?? 0 };
    const made = (kind: Kind): MediaStream[] =>
      Array.from({ length: places[kind] }, () => new MediaStream([peer.addTransceiver(kind, { direction: "recvonly" }).receiver.track]));
    const streams = { audio: made("audio"), video: made("video") };
    this.streams.value = streams;
    this.sound.carry(streams.audio);
    this.sound.open(this.slots.peek().audio.map((person) => person !== null));
  }

  private followSlots(): () => void {
    return effect(() => this.sound.open(this.slots.value.audio.map((person) => person !== null)));
  }

  /** The first track of all begins the leg, the others take their place in it. */
  private followTracks(): () => void {
    return effect(() => {
      const tracks = { audio: this.own.track.audio.value, video: this.own.track.video.value };
      const isFirst = this.publish.state.peek() === "idle";
      if (isFirst && this.configuration && (tracks.audio || tracks.video)) this.publish.begin(this.configuration);
      else if (!isFirst) void this.sending.replace(tracks);
      this.line.send({ type: "Sending", audio: tracks.audio !== null && !this.own.isSilent.value, video: tracks.video !== null });
    });
  }

  private followWants(): () => void {
    return effect(() => void this.line.send(this.wants()));
  }

  private wants() {
    const video = this.isWatching.value && !this.isSparing.value;
    return { type: "Want", large: this.large.value, visible: null, video } as const;
  }

  /** What a fresh socket does not know yet. */
  private tell(): void {
    const { audio, video } = this.tracks();
    this.line.send(this.wants());
    this.line.send({ type: "Sending", audio: audio !== null && !this.own.isSilent.peek(), video: video !== null });
  }
}

/** From one network to another (a browser that tells): the old addresses lead nowhere. */
function followNetwork(changed: () => void): () => void {
  const network = (navigator as Navigator & { connection?: EventTarget & { type?: string } }).connection;
  let before = network?.type;
  const look = (): void => {
    if (network?.type === before) return;
    before = network?.type;
    changed();
  };
  network?.addEventListener("change", look);
  return () => network?.removeEventListener("change", look);
}
