/** A hearing that is open in this tab: ties the control channel to the documents. Owns their life; never draws. */
import { batch, computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { ControlChannel } from "../control/channel";
import { HearingModel } from "../control/hearing-model";
import type { CommandMessage, CommandName } from "../control/messages";
import { forgetHearings } from "../hearings/hearing-list";
import { Collab, type OpenDocument, type Verdict } from "../documents/collab";
import { asProblem, request } from "../session/http";
import type { MediaRoom } from "../media/media-room";
import type { Problem } from "../session/problem";
import { leave } from "../session/session";
import { Desk } from "./desk";
import { OwnExtract } from "./extract";
import { colorOf } from "../transcript/colors";
import { SigningRoom } from "../signing/signing-room";
import { followMissed, type Missed } from "../transcript/missed";
import { Transcript } from "../transcript/transcript";
import { hush } from "../ui/announcer";

interface HearingAnswer {
  documents: { transcript: string | null };
  you: { person: string; name: string; role: string };
  exhibits?: Exhibit[];
}

export interface Exhibit {
  id: string;
  number: number;
  title: string;
}

/** What is shown beside the transcript, or on a phone instead of it. */
export type Part = "transcript" | "roster" | "exhibits" | "video";
export type Connection = "connected" | "connecting" | "lost";
export interface Order {
  command: CommandName;
  person?: string;
  reason?: string;
  until?: string;
  kind?: string;
  code?: string;
  turn?: string;
  of?: string;
  decision?: "granted" | "denied";
  text?: string;
}

const AGAIN_FIRST = 1_000;
const AGAIN_LONGEST = 30_000;
const GREETING = 2_000;
let numbered = 0;

export class HearingRoom {
  readonly problem = signal<Problem | null>(null);
  readonly transcript = signal<Transcript | null>(null);
  readonly exhibits = signal<readonly Exhibit[]>([]);
  /** Whether it is known yet if this person may read the transcript. */
  readonly isDecided = signal(false);
  /** The last verdict on the transcript's document, until it is there again. */
  readonly verdict = signal<Verdict | null>(null);
  /** What others changed in the transcript during the last outage, until that has been noted. */
  readonly missed = signal<Missed | null>(null);
  readonly part = signal<Part>("transcript");
  /** How often the server has said that the list of exhibits is another. */
  readonly exhibitNews = signal(0);
  readonly model: HearingModel;
  readonly control: ControlChannel;
  /** Only used by those who write the transcript. */
  readonly desk: Desk;
  readonly signing: SigningRoom;
  /** Only used by a witness or an expert. */
  readonly extract: OwnExtract;
  /** The own place in the media room, once this person has joined it. */
  readonly media = signal<MediaRoom | null>(null);
  /** The documents' socket: whoever opens one on it closes it when this becomes null. */
  readonly collab = signal<Collab | null>(null);
  readonly isOnline: ReadonlySignal<boolean>;
  private readonly clearing = new Set<() => void>();
  /** The transcript's own copy on this device. */
  readonly document = signal<OpenDocument | null>(null);
  private stopMissed: () => void = () => undefined;
  private asking: AbortController | null = null;
  private again: ReturnType<typeof setTimeout> | undefined;
  private greeting: ReturnType<typeof setTimeout> | undefined;
  private wait = AGAIN_FIRST;
  private readonly stops: Array<() => void> = [];

  /** Both sockets together: the page is connected when everything it shows is live. */
  readonly connection = computed<Connection>(() => {
    const control = this.control.link.value.is;
    if (control !== "open") return control === "connecting" ? "connecting" : "lost";
    const documents = this.collab.value?.state.value ?? "connected";
    if (documents !== "connected") return documents === "connecting" ? "connecting" : "lost";
    const isThere = this.document.value?.isCurrent.value ?? this.isDecided.value;
    return isThere ? "connected" : "connecting";
  });

  constructor(
    readonly hearing: string,
    readonly me: string,
  ) {
    this.model = new HearingModel(me, {
      welcomed: () => {
        this.problem.value = null;
      },
      mustAskAgain: () => queueMicrotask(() => this.control.reconnect()),
      isolated: () => {
        forgetHearings();
        hush();
        this.media.value?.forget(this.model.log.known());
        this.desk.forget();
        this.clear();
      },
      released: () => this.expectGreeting(),
      stranded: (words) => this.desk.stranded(words, "control"),
      exhibitsChanged: () => {
        this.exhibitNews.value += 1;
        void this.ask(); // the clerk's editor offers their names
      },
    });
    this.control = new ControlChannel(hearing, {
      after: () => this.model.log.known(),
      opened: () => this.model.opened(),
      receive: (message) => this.model.receive(message),
    });
    // the control channel notices at once when the network goes, the documents' socket only by a long silence
    this.isOnline = computed(() => this.control.link.value.is === "open" && this.collab.value?.state.value === "connected");
    this.desk = new Desk(me, this.isOnline, this.model.writable);
    this.signing = new SigningRoom(hearing, this.model, this.document);
    this.extract = new OwnExtract(hearing, this.model);
    this.stops.push(this.followRights(), this.followLogin());
    void this.ask();
  }

  /** The person knows what has happened meanwhile. */
  noted(): void {
    batch(() => {
      this.missed.value = null;
      this.model.returned.value = null;
    });
  }

  /** `forget` is called before the page stops showing the hearing: nothing of it may stay. Returns how to take that back. */
  whenCleared(forget: () => void): () => void {
    this.clearing.add(forget);
    return () => this.clearing.delete(forget);
  }

  command(order: Order): void {
    this.noted();
    const message: CommandMessage = { type: "Command", id: `${Date.now()}-${(numbered += 1)}`, ...order };
    if (this.control.send(message)) this.model.pending.sent(message, this.model.log.known());
    else this.model.pending.outcome.value = { is: "unknown", command: order.command };
  }

  close(): void {
    for (const stop of this.stops) stop();
    this.desk.leave();
    this.signing.close();
    this.extract.close();
    this.leaveMedia();
    this.clear();
    this.control.close();
  }

  /** Asks anew whenever the own state, the phase or the gallery changes: each may give or take the right to read. */
  private followRights(): () => void {
    let before = "";
    return effect(() => {
      const { you, phase, welcomes, rules } = this.model;
      const standing = `${you.value?.state} ${phase.value} ${welcomes.value} ${rules.value.gallery_open}`;
      if (standing !== before && you.value) void this.ask();
      before = standing;
    });
  }

  /** Microphone and camera are let go as well. */
  private leaveMedia(): void {
    this.media.peek()?.close();
    this.media.value = null;
  }

  private followLogin(): () => void {
    return effect(() => {
      const link = this.control.link.value;
      if (link.is === "ended") this.leaveMedia();
      const isOut = link.is === "ended" && link.close === 4401;
      if (link.is === "ended" && link.code === "removed") queueMicrotask(() => this.clear());
      const collab = this.collab.value;
      if (isOut) leave("expired");
      else if (collab?.state.value === "unauthenticated") void this.lookAtLogin(collab);
    });
  }

  /** A page that is too slow to introduce itself is shut out like one without a login: which it is, the server says. */
  private async lookAtLogin(collab: Collab): Promise<void> {
    const problem = await request("/api/session").then(() => null, asProblem);
    if (problem?.status === 401) leave("expired");
    else if (this.collab.peek() === collab) collab.reconnect();
  }

  /** The greeting follows a release on the same socket; if it does not come, a new socket brings it. */
  private expectGreeting(): void {
    clearTimeout(this.greeting);
    this.greeting = setTimeout(() => this.model.isolated.value && this.control.reconnect(), GREETING);
  }

  private async ask(): Promise<void> {
    clearTimeout(this.again);
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    try {
      const answer = await request<HearingAnswer>(`/api/hearings/${encodeURIComponent(this.hearing)}`, {
        signal: asking.signal,
      });
      if (!asking.signal.aborted) this.decide(answer);
    } catch (error) {
      if (!asking.signal.aborted) this.failed(asProblem(error));
    }
  }

  private failed(problem: Problem): void {
    if (problem.status === 401) leave("expired");
    else if (problem.code === "isolated") this.model.isolated.value || this.model.hide(); // what is told since then stays
    else if (problem.status === 0 || problem.status >= 500) this.askLater();
    else this.turnedAway(problem);
  }

  /** This person has no part in the hearing (any more): what was read is not kept. */
  private turnedAway(problem: Problem): void {
    this.problem.value = problem;
    this.closeDocuments();
  }

  private askLater(): void {
    clearTimeout(this.again);
    this.again = setTimeout(() => void this.ask(), this.wait);
    this.wait = Math.min(this.wait * 2, AGAIN_LONGEST);
  }

  private decide({ documents: { transcript: name }, you, exhibits }: HearingAnswer): void {
    this.isDecided.value = true;
    this.exhibits.value = this.model.isolated.value ? [] : (exhibits ?? []);
    if (name === null || this.model.isolated.value) this.shut();
    else if (!this.document.peek()) this.openTranscript(name, you);
  }

  /** There is nothing to read (any more), which is no fault: the waiting screen says why. */
  private shut(): void {
    this.verdict.value = null;
    this.closeDocuments();
  }

  private openTranscript(name: string, { person, name: shown, role }: HearingAnswer["you"]): void {
    this.collab.value ??= new Collab();
    const isWriter = role === "clerk";
    const presence = isWriter ? { id: person, name: shown, color: colorOf(person) } : null;
    const opened = this.collab.value.open(name, (verdict) => this.refused(verdict), presence);
    this.document.value = opened;
    this.stopMissed = followMissed(opened, (missed) => (this.missed.value = missed));
    if (isWriter) this.desk.attach(opened);
    this.transcript.value = new Transcript(opened.doc, opened.synced);
    const stop = opened.synced.subscribe((isSynced) => {
      if (isSynced) this.arrived();
    });
    this.stops.push(stop);
  }

  private arrived(): void {
    this.wait = AGAIN_FIRST;
    this.verdict.value = null;
  }

  /** The server closed this document: what is allowed now is asked anew, and a fresh copy opened if it still is. */
  private refused(verdict: Verdict): void {
    this.verdict.value = verdict;
    this.desk.refused(verdict);
    this.closeTranscript();
    this.askLater();
  }

  private closeTranscript(): void {
    this.transcript.value?.close();
    this.transcript.value = null;
    this.stopMissed();
    this.stopMissed = () => undefined; // it knew the document
    this.missed.value = null;
    this.document.peek()?.close();
    this.document.value = null;
  }

  private closeDocuments(): void {
    for (const forget of this.clearing) forget();
    this.closeTranscript();
    this.collab.value?.close();
    this.collab.value = null;
  }

  private clear(): void {
    clearTimeout(this.again);
    clearTimeout(this.greeting);
    this.asking?.abort();
    this.isDecided.value = false;
    this.exhibits.value = [];
    this.verdict.value = null;
    this.signing.forget();
    this.extract.forget();
    this.closeDocuments();
  }
}
