/** Commands on their way: owns what was sent and how it ended. A command is done when it is acked and applied, never before. */
import { computed, signal } from "@preact/signals";
import type { Titles } from "../session/problem";
import type { CommandMessage, CommandName, LogEvent } from "./messages";

export interface Pending {
  id: string;
  command: CommandName;
  person: string | undefined;
  /** The last seq known when it was sent. */
  sentAfter: number;
  /** The seq of its own event once acked. */
  seq: number | undefined;
}

export type Outcome =
  | { is: "done"; command: CommandName }
  | { is: "refused"; command: CommandName; titles: Titles }
  | { is: "unknown"; command: CommandName };

export const EVENT_OF: Readonly<Record<CommandName, string>> = {
  open: "SessionOpened",
  recess: "SessionRecessed",
  resume: "SessionResumed",
  close: "SessionClosed",
  isolate: "Isolated",
  release: "Released",
  start_signing: "SigningStarted",
  reopen: "Reopened",
  request_correction: "CorrectionRequested",
  decide_correction: "CorrectionDecided",
  object: "Objected",
  record_refusal: "RefusalRecorded",
  confirm_refusal: "RefusalConfirmed",
  mark_unreachable: "Unreachable",
  open_waiting: "WaitingOpened",
  announce: "AnnouncementStarted",
  end_announcement: "AnnouncementEnded",
  summon: "WitnessSummoned",
  dismiss: "WitnessDismissed",
  mute: "Muted",
  unmute: "Unmuted",
  lock_all: "AllMuted",
  floor: "FloorGranted",
  spotlight: "Spotlighted",
  raise_hand: "HandRaised",
  lower_hand: "HandLowered",
  close_gallery: "GalleryClosed",
  open_gallery: "GalleryOpened",
  remove: "Removed",
  consult: "ConsultationStarted",
  end_consult: "ConsultationEnded",
  mark_incident: "IncidentMarked",
  line: "PrivateLine",
};

export class PendingCommands {
  private readonly waiting = signal<readonly Pending[]>([]);
  readonly outcome = signal<Outcome | null>(null);
  /** The command that is being carried out at this moment, the oldest first. */
  readonly current = computed<Pending | undefined>(() => this.waiting.value[0]);

  sent(message: CommandMessage, sentAfter: number): void {
    const { id, command, person } = message;
    this.outcome.value = null;
    this.waiting.value = [...this.waiting.value, { id, command, person, sentAfter, seq: undefined }];
  }

  acked(id: string, seq: number, applied: number): void {
    this.waiting.value = this.waiting.value.map((one) => (one.id === id ? { ...one, seq } : one));
    this.applied(applied);
  }

  applied(applied: number): void {
    for (const one of this.waiting.value) {
      if (one.seq !== undefined && one.seq <= applied) this.end(one, { is: "done", command: one.command });
    }
  }

  refused(id: string, titles: Titles): void {
    const one = this.waiting.value.find((each) => each.id === id);
    if (one) this.end(one, { is: "refused", command: one.command, titles });
  }

  /** After a lost connection: `log` tells which commands arrived although their Ack did not. */
  settle(log: readonly LogEvent[], actor: string): void {
    for (const one of this.waiting.value) {
      const arrived = log.some((entry) => isEventOf(one, entry, actor));
      this.end(one, { is: arrived ? "done" : "unknown", command: one.command });
    }
  }

  clear(): void {
    this.waiting.value = [];
    this.outcome.value = null;
  }

  dismiss(): void {
    this.outcome.value = null;
  }

  private end(one: Pending, outcome: Outcome): void {
    this.waiting.value = this.waiting.value.filter((each) => each !== one);
    this.outcome.value = outcome;
  }
}

function isEventOf(one: Pending, { header, payload }: LogEvent, actor: string): boolean {
  const isItsKind = header.kind === EVENT_OF[one.command] && header.actor === actor && header.seq > one.sentAfter;
  return isItsKind && (one.person === undefined || payload?.["person"] === one.person);
}
