/** One hearing as its control messages tell it: owns the numbered log's end, the phase, the roster and the offers. Never sends. */
import { batch, computed, signal } from "@preact/signals";
import {
  type HearingFacts,
  type LogEvent,
  type Offer,
  type Phase,
  type RosterEntry,
  refusalTitles,
  type ServerMessage,
  type Welcome,
  type You,
} from "./messages";
import { PendingCommands } from "./pending";

/** What the page does about a message beyond remembering it. */
export interface Reactions {
  welcomed(): void;
  /** A seq was skipped, or this person's isolation ended: ask again for everything after the last one known. */
  mustAskAgain(): void;
  isolated(): void;
}

type Table = { [T in ServerMessage["type"]]?: (message: Extract<ServerMessage, { type: T }>) => void };

export class HearingModel {
  readonly facts = signal<HearingFacts | null>(null);
  readonly you = signal<You | null>(null);
  readonly phase = signal<Phase | null>(null);
  readonly roster = signal<readonly RosterEntry[]>([]);
  readonly offers = signal<readonly Offer[]>([]);
  readonly seq = signal(0);
  readonly appliedSeq = signal(0);
  readonly writable = signal(true);
  readonly isolated = signal(false);
  readonly log = signal<readonly LogEvent[]>([]);
  /** Events that came while the connection was lost; null when there was no loss or it was dismissed. */
  readonly meanwhile = signal<readonly LogEvent[] | null>(null);
  readonly pending = new PendingCommands();
  readonly welcomes = signal(0);
  /** Everything commanded has been recorded, applied and told to this page. */
  readonly inStep = computed(
    () => this.appliedSeq.value === this.seq.value && this.known() === this.seq.value && this.writable.value,
  );

  private readonly me: string;
  private replayUntil = 0;
  private replayFrom: number | null = null;
  private skippedAt = 0;

  constructor(
    me: string,
    private readonly reactions: Reactions,
  ) {
    this.me = me;
  }

  /** The last seq that this page has without a gap. */
  known(): number {
    return this.log.value.at(-1)?.header.seq ?? 0;
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
    Presence: ({ connected }) => this.presence(new Set(connected)),
    Ack: ({ id, seq, applied_seq }) => this.ack(id, seq, applied_seq),
    Refused: (message) => this.pending.refused(message.id, refusalTitles(message)),
    Storage: ({ writable }) => {
      this.writable.value = writable;
    },
  };

  private welcome(message: Welcome): void {
    const isReturn = this.welcomes.value > 0;
    this.isolated.value = false;
    this.facts.value = message.hearing;
    this.you.value = message.you;
    this.seq.value = message.seq;
    this.appliedSeq.value = message.applied_seq;
    this.writable.value = true;
    this.bench(message);
    this.welcomes.value += 1;
    this.replayUntil = message.seq;
    this.replayFrom = isReturn ? this.known() : null;
    this.reactions.welcomed();
    this.finishReplay();
  }

  private bench(message: { phase: Phase; roster: RosterEntry[]; commands: Offer[] }): void {
    this.phase.value = message.phase;
    this.roster.value = message.roster;
    this.offers.value = message.commands;
    const own = message.roster.find((entry) => entry.person === this.me);
    if (own && this.you.value && own.state !== this.you.value.state) {
      this.you.value = { ...this.you.value, state: own.state };
    }
  }

  private event(entry: LogEvent): void {
    if (this.isAboutMe(entry, "Released") && this.isolated.value) return this.reactions.mustAskAgain();
    if (this.isAboutMe(entry, "Isolated") && !this.isOld(entry)) this.hide();
    if (!this.isolated.value) this.append(entry);
  }

  private append(entry: LogEvent): void {
    const { seq } = entry.header;
    if (seq <= this.known()) return;
    if (seq > this.known() + 1 && this.skippedAt !== seq) {
      this.skippedAt = seq; // asked for once; a log that truly lacks it is shown as it is
      return this.reactions.mustAskAgain();
    }
    this.log.value = [...this.log.value, entry];
    this.seq.value = Math.max(this.seq.value, seq);
    this.finishReplay();
  }

  /** The replay of a greeting is over: what was missed can be told, and what became of commands that had no answer. */
  private finishReplay(): void {
    if (this.replayFrom === null || this.known() < this.replayUntil) return;
    const from = this.replayFrom;
    this.replayFrom = null;
    this.meanwhile.value = this.log.value.filter((entry) => entry.header.seq > from);
    this.pending.settle(this.log.value, this.me);
  }

  private isAboutMe(entry: LogEvent, kind: string): boolean {
    return entry.header.kind === kind && entry.payload?.["person"] === this.me;
  }

  /** Part of a replay: a later entry of it, or the greeting, has said how things stand now. */
  private isOld(entry: LogEvent): boolean {
    return this.welcomes.value > 0 && !this.isolated.value && entry.header.seq <= this.replayUntil;
  }

  /** Drops all that the page knows about the hearing, as the court has ordered. */
  hide(): void {
    batch(() => {
      this.isolated.value = true;
      this.facts.value = this.phase.value = this.you.value = null;
      this.roster.value = this.offers.value = [];
      this.meanwhile.value = null;
      this.pending.clear();
      this.log.value = this.log.value.map(({ type, header, leaf }) => ({ type, header, leaf }));
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

  private presence(connected: ReadonlySet<string>): void {
    this.roster.value = this.roster.value.map((entry) => ({ ...entry, connected: connected.has(entry.person) }));
  }
}
