/** A hearing that is open in this tab: ties the control channel to the documents. Owns their life; never draws. */
import { batch, computed, effect, signal } from "@preact/signals";
import { ControlChannel } from "../control/channel";
import { HearingModel } from "../control/hearing-model";
import type { CommandMessage, CommandName } from "../control/messages";
import { forgetHearings } from "../hearings/hearing-list";
import { Collab, type OpenDocument, type Verdict } from "../documents/collab";
import { asProblem, request } from "../session/http";
import type { Problem } from "../session/problem";
import { leave } from "../session/session";
import { Desk } from "./desk";
import { colorOf } from "../transcript/colors";
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

export type Connection = "connected" | "connecting" | "lost";
export interface Order {
  command: CommandName;
  person?: string;
  reason?: string;
  until?: string;
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
  readonly model: HearingModel;
  readonly control: ControlChannel;
  /** Only used by those who write the transcript. */
  readonly desk: Desk;
  private readonly collab = signal<Collab | null>(null);
  private readonly document = signal<OpenDocument | null>(null);
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
    me: string,
  ) {
    this.model = new HearingModel(me, {
      welcomed: () => {
        this.problem.value = null;
      },
      mustAskAgain: () => queueMicrotask(() => this.control.reconnect()),
      isolated: () => {
        forgetHearings();
        hush();
        this.desk.forget();
        this.clear();
      },
      released: () => this.expectGreeting(),
      stranded: (words) => this.desk.stranded(words, "control"),
    });
    this.control = new ControlChannel(hearing, {
      after: () => this.model.log.known(),
      opened: () => this.model.opened(),
      receive: (message) => this.model.receive(message),
    });
    // the control channel notices at once when the network goes, the documents' socket only by a long silence
    const isOnline = computed(() => this.control.link.value.is === "open" && this.collab.value?.state.value === "connected");
    this.desk = new Desk(me, isOnline, this.model.writable);
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

  command(order: Order): void {
    this.noted();
    const message: CommandMessage = { type: "Command", id: `${Date.now()}-${(numbered += 1)}`, ...order };
    if (this.control.send(message)) this.model.pending.sent(message, this.model.log.known());
    else this.model.pending.outcome.value = { is: "unknown", command: order.command };
  }

  close(): void {
    for (const stop of this.stops) stop();
    this.desk.leave();
    this.clear();
    this.control.close();
  }

  /** Asks anew whenever the own state or the phase changes: either may give or take the right to read. */
  private followRights(): () => void {
    let before = "";
    return effect(() => {
      const standing = `${this.model.you.value?.state} ${this.model.phase.value} ${this.model.welcomes.value}`;
      if (standing !== before && this.model.you.value) void this.ask();
      before = standing;
    });
  }

  private followLogin(): () => void {
    return effect(() => {
      const link = this.control.link.value;
      const isOut = link.is === "ended" && link.close === 4401;
      if (isOut || this.collab.value?.state.value === "unauthenticated") leave("expired");
    });
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
    else if (problem.code === "isolated") this.model.hide();
    else if (problem.status === 0 || problem.status >= 500) this.askLater();
    else this.problem.value = problem;
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
    this.closeDocuments();
  }
}
