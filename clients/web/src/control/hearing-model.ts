/** One hearing as its control messages tell it: owns the numbered log's end, the phase, the roster and the offers. Never sends. */
import { batch, computed, signal } from "@preact/signals";
import {
  type Bench,
  type HearingFacts,
  type LogEvent,
  type MediaRules,
  type Offer,
  type PersonMedia,
  type Phase,
  type RecessTerms,
  type RecordingMessage,
  type RosterEntry,
  type SigningStage,
  refusalTitles,
  type ServerMessage,
  type StrandedMessage,
  type Welcome,
  type You,
} from "./messages";
import { NumberedLog, withoutPayload } from "./numbered-log";
import { PendingCommands } from "./pending";

/** What the page does about a message beyond remembering it. */
export interface Reactions {
  welcomed(): void;
  /** A seq was skipped: connect again and ask for everything after the last one known. */
  mustAskAgain(): void;
  isolated(): void;
  /** The own isolation ended; the greeting is about to come. */
  released(): void;
  stranded(words: StrandedMessage): void;
  exhibitsChanged(): void;
}

/** Why the page was away, and what happened in that time as far as this person may know. */
export interface Return {
  from: "loss" | "isolation";
  events: readonly LogEvent[];
}

const NO_RULES: Readonly<Required<MediaRules>> = {
  recording: "off",
  announcing: "",
  floor: "",
  spotlight: "",
  gallery_open: true,
  hold: null,
};

type Table = { [T in ServerMessage["type"]]?: (message: Extract<ServerMessage, { type: T }>) => void };

export class HearingModel {
  readonly facts = signal<HearingFacts | null>(null);
  readonly you = signal<You | null>(null);
  readonly phase = signal<Phase | null>(null);
  readonly recess = signal<RecessTerms | null>(null);
  readonly signing = signal<SigningStage | null>(null);
  readonly paused = signal(false);
  readonly roster = signal<readonly RosterEntry[]>([]);
  readonly offers = signal<readonly Offer[]>([]);
  /** What the court has ordered for picture and sound. */
  readonly rules = signal<Readonly<Required<MediaRules>>>(NO_RULES);
  /** Who is in the media room, by person. */
  readonly media = signal<Readonly<Record<string, PersonMedia>>>({});
  /** How the recording fares; null for whom that is not told. */
  readonly recorder = signal<RecordingMessage | null>(null);
  /** How often the server has said that this person's extract of the transcript is another. */
  readonly extractNews = signal(0);
  readonly seq = signal(0);
  readonly appliedSeq = signal(0);
  readonly writable = signal(true);
  readonly isolated = signal(false);
  readonly returned = signal<Return | null>(null);
  /** What was said on private lines between the isolated and the clerks, as far as this person may know it; after an
   * outage some of it twice. */
  readonly line = signal<readonly LogEvent[]>([]);
  readonly welcomes = signal(0);
  /** The present socket's greeting is here with all that it replays. */
  readonly isGreeted = signal(false);
  readonly log = new NumberedLog();
  readonly pending = new PendingCommands();
  /** Everything recorded has been applied by the server and told to this page. */
  readonly inStep = computed(() => this.appliedSeq.value === this.seq.value && this.log.known() === this.seq.value);

  private isFresh = true;
  private replay: { from: number; until: number; away: Return["from"] } | null = null;
  private settledUntil = 0;
  private skippedAt = 0;

  constructor(
    private readonly me: string,
    private readonly reactions: Reactions,
  ) {}

  /** A new socket: the next greeting tells what was missed. */
  opened(): void {
    this.isFresh = true;
    this.isGreeted.value = false;
  }

  receive(message: ServerMessage): void {
    const act = this.table[message.type] as ((message: ServerMessage) => void) | undefined;
    batch(() => act?.(message));
  }

  private readonly table: Table = {
    Welcome: (message) => this.welcome(message),
    Event: (message) => this.event(message),
    State: (message) => this.bench(message),
    Applied: ({ applied_seq }) => this.applied(applied_seq),
    Presence: (message) => this.presence(new Set(message.connected), message.transcript_paused),
    Ack: ({ id, seq, applied_seq }) => this.ack(id, seq, applied_seq),
    Refused: (message) => this.pending.refused(message.id, refusalTitles(message)),
    Storage: ({ writable }) => {
      this.writable.value = writable;
    },
    Stranded: (message) => this.reactions.stranded(message),
    Media: ({ people }) => {
      this.media.value = people;
    },
    Recording: (message) => {
      this.recorder.value = message;
    },
    Extract: () => {
      this.extractNews.value += 1;
    },
    Exhibits: () => this.reactions.exhibitsChanged(),
  };

  private welcome(message: Welcome): void {
    const away = this.isolated.value ? "isolation" : this.isFresh && this.welcomes.value > 0 ? "loss" : null;
    this.isFresh = false;
    this.isolated.value = false;
    this.facts.value = message.hearing;
    this.seq.value = this.settledUntil = message.seq;
    this.appliedSeq.value = message.applied_seq;
    this.writable.value = message.writable ?? true;
    this.bench(message);
    this.welcomes.value += 1;
    this.replay = away && { from: this.log.known(), until: message.seq, away };
    this.reactions.welcomed();
    this.finishReplay();
  }

  private bench(message: Bench & { you?: You }): void {
    if (message.you) this.you.value = message.you;
    this.phase.value = message.phase;
    this.recess.value = message.recess ?? null;
    this.signing.value = message.signing ?? null;
    this.paused.value = message.transcript_paused ?? false;
    this.rules.value = rulesOf(message);
    this.roster.value = message.roster;
    this.offers.value = message.commands;
  }

  private event(entry: LogEvent): void {
    if (this.isAboutMe(entry, "Isolated") && entry.header.seq > this.settledUntil) {
      this.hide();
    }
    if (entry.header.kind === "PrivateLine" && entry.payload) this.line.value = [...this.line.value, entry];
    if (this.isolated.value) return this.eventWhileIsolated(entry);
    if (!this.log.add(entry) && this.skippedAt !== entry.header.seq) {
      this.skippedAt = entry.header.seq; // asked for once; a log that truly lacks it is shown as it is
      this.reactions.mustAskAgain();
    }
    this.seq.value = Math.max(this.seq.value, entry.header.seq);
    this.finishReplay();
  }

  /** Own isolations and releases come ahead of what lies between them: no gap is missed, nothing is kept of the content. */
  private eventWhileIsolated(entry: LogEvent): void {
    this.log.add(withoutPayload(entry));
    if (this.isAboutMe(entry, "Released")) this.reactions.released();
  }

  /** The replay of a greeting is over: what was missed can be told, and what became of commands that had no answer. */
  private finishReplay(): void {
    if (this.replay && this.log.known() < this.replay.until) return;
    if (this.replay) {
      const { from, away } = this.replay;
      this.replay = null;
      this.returned.value = { from: away, events: this.log.after(from) };
      this.pending.settle(this.log.entries.value, this.me);
    }
    this.isGreeted.value = true;
  }

  private isAboutMe(entry: LogEvent, kind: string): boolean {
    return entry.header.kind === kind && entry.payload?.["person"] === this.me;
  }

  /** Drops all that the page knows about the hearing, as the court has ordered. */
  hide(): void {
    batch(() => {
      this.isolated.value = true;
      this.facts.value = this.phase.value = this.you.value = this.recess.value = this.signing.value = null;
      this.roster.value = this.offers.value = this.line.value = [];
      this.rules.value = NO_RULES;
      this.media.value = {};
      this.recorder.value = null;
      this.returned.value = null;
      this.pending.clear();
      this.log.forgetPayloads();
    });
    this.reactions.isolated();
  }

  private applied(applied: number): void {
    this.appliedSeq.value = Math.max(this.appliedSeq.value, applied);
    this.pending.applied(this.appliedSeq.value);
  }

  private ack(id: string, seq: number, applied: number): void {
    this.seq.value = Math.max(this.seq.value, seq);
    this.pending.acked(id, seq, applied);
    this.applied(applied);
  }

  private presence(connected: ReadonlySet<string>, paused: boolean | undefined): void {
    this.roster.value = this.roster.value.map((entry) => ({ ...entry, connected: connected.has(entry.person) }));
    if (paused !== undefined) this.paused.value = paused;
  }
}

/** A server that says nothing of them has none of these orders. */
function rulesOf({ recording, announcing, floor, spotlight, gallery_open, hold }: MediaRules): Readonly<Required<MediaRules>> {
  return {
    recording: recording ?? "off",
    announcing: announcing ?? "",
    floor: floor ?? "",
    spotlight: spotlight ?? "",
    gallery_open: gallery_open ?? true,
    hold: hold ?? null,
  };
}
