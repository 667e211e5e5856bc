/**
 * Plays a recording: everybody's sound and one person's picture, each a file of its own, in step with one clock.
 * Owns the clock and the media elements; never draws. Positions are unix milliseconds.
 */
import { batch, signal } from "@preact/signals";
import { withSession } from "../route";
import { nextRound, roundAt } from "./moments";
import type { RecordedFile, Recording, Round } from "./recording";

const EVERY = 100; // ms between two looks at the clock
const AHEAD = 8_000; // ms before its beginning at which the next round is fetched
const ADRIFT = 200; // ms that sound or picture may be away from the clock before it is set anew
const PATIENCE = 4_000; // ms that the clock waits for a file that does not come: then it goes on without
export const SPEEDS = [1, 1.5, 2] as const;

interface Loaded {
  file: RecordedFile;
  element: HTMLMediaElement;
}

export class Player {
  readonly at = signal(0);
  readonly isPlaying = signal(false);
  readonly isWaiting = signal(false);
  readonly speed = signal<number>(1);
  /** Whose picture is shown; "" nobody's. */
  readonly shown = signal("");
  /** The element that has the picture of this moment. */
  readonly picture = signal<HTMLVideoElement | null>(null);
  /** Names of files that are not there, or that this browser cannot play. */
  readonly missing = signal<ReadonlySet<string>>(new Set());
  private readonly loaded = new Map<string, Loaded>();
  private last = 0;
  private waitedFor = 0;
  private readonly timer = setInterval(() => this.tick(), EVERY);

  constructor(private recording: Recording) {
    this.at.value = recording.rounds[0]?.from_ms ?? recording.opened_ms;
    this.settle();
  }

  /** While the court sits the recording grows: more rounds, or a clip. What plays goes on. */
  update(recording: Recording): void {
    this.recording = recording;
    this.settle();
  }

  get from(): number {
    return this.recording.opened_ms;
  }

  get to(): number {
    return this.recording.to_ms;
  }

  play(): void {
    if (this.at.value >= this.to) this.seek(this.from);
    this.last = performance.now();
    this.isPlaying.value = true;
    this.tick();
  }

  pause(): void {
    this.isPlaying.value = this.isWaiting.value = false;
    for (const { element } of this.loaded.values()) element.pause();
  }

  toggle(): void {
    if (this.isPlaying.value) this.pause();
    else this.play();
  }

  /** To a moment; one that is not recorded stays, so that it can be seen that it is not. */
  seek(at: number): void {
    this.waitedFor = 0;
    this.at.value = Math.min(Math.max(at, this.from), this.to);
    this.settle();
  }

  setSpeed(speed: number): void {
    this.speed.value = speed;
  }

  show(person: string): void {
    this.shown.value = person;
    this.settle();
  }

  close(): void {
    clearInterval(this.timer);
    for (const name of [...this.loaded.keys()]) this.drop(name);
  }

  private tick(): void {
    const now = performance.now();
    const passed = now - this.last;
    this.last = now;
    if (!this.isPlaying.value) return;
    if (this.mustWait(passed)) return this.steer();
    this.advance(this.at.value + passed * this.speed.value);
  }

  /** Over the edge of a round into the next one; what lies between them is not recorded and is passed over. */
  private advance(to: number): void {
    const round = roundAt(this.recording.rounds, to);
    const next = round ?? nextRound(this.recording.rounds, to);
    if (!next) {
      this.at.value = this.to;
      return this.pause();
    }
    this.at.value = round ? to : next.from_ms;
    this.settle();
  }

  private mustWait(passed: number): boolean {
    const isBehind = this.current().some(({ element }) => !element.ended && element.readyState < HTMLMediaElement.HAVE_FUTURE_DATA);
    this.waitedFor = isBehind ? this.waitedFor + passed : 0;
    this.isWaiting.value = isBehind && this.waitedFor < PATIENCE;
    return this.isWaiting.value;
  }

  /** What ought to sound or be seen at this moment. */
  private current(): Loaded[] {
    const at = this.at.value;
    return [...this.loaded.values()].filter(({ file }) => at >= file.from_ms && at < file.to_ms);
  }

  /** Has loaded what this moment and the next need, and nothing else. */
  private settle(): void {
    const wanted = new Map(this.wanted().map((file) => [file.name, file]));
    for (const name of [...this.loaded.keys()]) if (!wanted.has(name)) this.drop(name);
    for (const file of wanted.values()) if (!this.loaded.has(file.name) && !this.missing.value.has(file.name)) this.load(file);
    const seen = this.current().find(({ file }) => file.kind === "video");
    batch(() => {
      this.picture.value = (seen?.element as HTMLVideoElement | undefined) ?? null;
    });
    this.steer();
  }

  private wanted(): RecordedFile[] {
    const at = this.at.value;
    const { rounds } = this.recording;
    const now = roundAt(rounds, at);
    const after = nextRound(rounds, now?.to_ms ?? at);
    const isNear = after !== null && (now === null || now.to_ms - at < AHEAD);
    return [now, isNear ? after : null].flatMap((round) => (round ? this.filesOf(round) : []));
  }

  private filesOf(round: Round): readonly RecordedFile[] {
    return round.files.filter((file) => file.kind === "audio" || file.person === this.shown.value);
  }

  private load(file: RecordedFile): void {
    const element = document.createElement(file.kind);
    if (file.kind === "video") element.setAttribute("playsinline", "");
    element.muted = file.kind === "video";
    element.preload = "auto";
    element.onerror = () => this.lose(file.name);
    element.src = withSession(file.url);
    this.loaded.set(file.name, { file, element });
  }

  private lose(name: string): void {
    this.missing.value = new Set([...this.missing.value, name]);
    this.drop(name);
    this.settle();
  }

  private drop(name: string): void {
    const element = this.loaded.get(name)?.element;
    this.loaded.delete(name);
    if (!element) return;
    element.onerror = null;
    element.pause();
    element.removeAttribute("src");
    element.load(); // lets go of the connection
  }

  /** Each file to the clock: set where it is adrift, running exactly while the clock runs. */
  private steer(): void {
    const at = this.at.value;
    const runs = this.isPlaying.value && !this.isWaiting.value;
    for (const { file, element } of this.loaded.values()) {
      const place = at - file.from_ms;
      const isNow = place >= 0 && at < file.to_ms;
      this.place(element, Math.max(0, place), isNow);
      element.playbackRate = this.speed.value;
      if (isNow && runs && element.paused && !element.ended) void element.play().catch(() => undefined); // a later look tries again
      if (!(isNow && runs) && !element.paused) element.pause();
    }
  }

  private place(element: HTMLMediaElement, place: number, isNow: boolean): void {
    if (element.readyState < HTMLMediaElement.HAVE_METADATA || element.seeking) return;
    const isAdrift = Math.abs(1000 * element.currentTime - place) > (isNow && !element.paused ? ADRIFT * this.speed.value : 40);
    const isOver = element.ended && 1000 * element.duration <= place + ADRIFT;
    if (isAdrift && !isOver) element.currentTime = place / 1000;
  }
}
