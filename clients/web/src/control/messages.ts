/** The messages of /control as values. Owns their form and the reading of a frame; never acts on one. */
import type { Titles } from "../session/problem";

export type Phase = "SCHEDULED" | "PREPARING" | "IN_SESSION" | "RECESS" | "CLOSED";
export type PersonState = "INVITED" | "WAITING" | "IN_COURT" | "ISOLATED" | "RELEASED" | "REMOVED";
export const COMMANDS = [
  "open",
  "recess",
  "resume",
  "close",
  "isolate",
  "release",
  "start_signing",
  "reopen",
  "request_correction",
  "decide_correction",
  "object",
  "record_refusal",
  "confirm_refusal",
  "mark_unreachable",
  "open_waiting",
  "announce",
  "end_announcement",
  "summon",
  "dismiss",
  "mute",
  "unmute",
  "lock_all",
  "floor",
  "spotlight",
  "raise_hand",
  "lower_hand",
  "close_gallery",
  "open_gallery",
  "remove",
  "consult",
  "end_consult",
  "mark_incident",
  "line",
] as const;
export type CommandName = (typeof COMMANDS)[number];

export interface HearingFacts {
  id: string;
  case_number: string;
  title: string;
  court: string;
  starts_at: string;
}

export interface You {
  person: string;
  name: string;
  role: string;
  state: PersonState;
}

export interface RosterEntry {
  person: string;
  name: string;
  role: string;
  label: string;
  state: PersonState;
  connected: boolean;
  /** The court has closed this person's microphone. */
  muted?: boolean;
  /** Seq of the entry by which the hand was raised, 0 for none: the lower, the longer it has been up. */
  hand?: number;
  /** In an open consulting room, apart from the hearing. */
  consulting?: boolean;
}

/** What the media room says of one person; `level` is told to court staff and of oneself alone. */
export interface PersonMedia {
  connected: boolean;
  microphone: boolean;
  camera: boolean;
  level?: "good" | "fair" | "poor" | null;
  video_paused?: boolean;
}

/** What one may command now; `reason` is a guard's code while it is not allowed. */
export interface Offer {
  command: string;
  allowed: boolean;
  reason?: string | null;
  ground_zh: string;
  ground_en: string;
}

export interface EventHeader {
  v: number;
  hearing: string;
  seq: number;
  at: string;
  kind: string;
  actor: string;
  heads: Record<string, string>;
}

export interface RecessTerms {
  kind: string;
  reason: string;
  until: string;
}

export type Stage = "DRAFT" | "REVIEW" | "SIGNING" | "SETTLED";

/** The signing as everybody is told it; `of`: the log entry that started it, whose line ends the text. */
export interface SigningStage {
  v: number;
  stage: Stage;
  of?: number | null;
}

/** What governs picture and sound, as the log has it; persons are ids, "" for nobody. */
export interface MediaRules {
  recording?: "on" | "off";
  /** The clerk who speaks to everybody that waits. */
  announcing?: string;
  /** Who has the floor. */
  floor?: string;
  /** Whom everybody sees large. */
  spotlight?: string;
  gallery_open?: boolean;
  /** The judge's connection broke: all are silenced. `since`: RFC 3339. */
  hold?: { since: string } | null;
}

/** How the court stands: what Welcome and State have in common. */
export interface Bench extends MediaRules {
  phase: Phase;
  transcript_phase: string;
  signing?: SigningStage | null;
  recess?: RecessTerms | null;
  /** The court sits but nobody who may write the transcript is connected. */
  transcript_paused?: boolean;
  roster: RosterEntry[];
  commands: Offer[];
}

export type Welcome = {
  type: "Welcome";
  hearing: HearingFacts;
  you: You;
  seq: number;
  applied_seq: number;
  writable?: boolean;
} & Bench;
export type LogEvent = {
  type: "Event";
  header: EventHeader;
  leaf: string;
  salt?: string | null;
  payload?: Record<string, unknown> | null;
};
export type Applied = { type: "Applied"; applied_seq: number };
export type StateMessage = { type: "State"; you?: You } & Bench;
export type Presence = { type: "Presence"; connected: string[]; transcript_paused?: boolean };
export type Ack = { type: "Ack"; id: string; seq: number; applied_seq: number };
export type Refused = { type: "Refused"; id: string; code: string } & { title_zh: string; title_en: string };
export type StorageMessage = { type: "Storage"; writable: boolean };
/** Words of a person that no living turn of the document shows any more. */
export type StrandedMessage = { type: "Stranded"; document: string; turn: string; person: string; words: string };
/** Who is in the media room, as far as this person may know of them. */
export type MediaMessage = { type: "Media"; people: Record<string, PersonMedia> };
/** How the recording fares: to court staff alone. */
export type RecordingMessage = {
  type: "Recording";
  state: "on" | "off" | "gap" | "alarm";
  since_ms?: number;
  reason?: string;
  free_bytes?: number;
  hours_left?: number;
};
/** The extract for a witness in court is another: it is fetched anew. */
export type ExtractMessage = { type: "Extract"; turns: number };
/** The list of exhibits is another: it is fetched anew. */
export type ExhibitsMessage = { type: "Exhibits" };
export type Ping = { type: "Ping" };

export type ServerMessage =
  | Welcome
  | LogEvent
  | Applied
  | StateMessage
  | Presence
  | Ack
  | Refused
  | StorageMessage
  | StrandedMessage
  | MediaMessage
  | RecordingMessage
  | ExtractMessage
  | ExhibitsMessage
  | Ping;

export interface CommandMessage {
  type: "Command";
  id: string;
  command: CommandName;
  person?: string;
  reason?: string;
  until?: string;
  /** Of a recess: planned, technical, bench, mediation. */
  kind?: string;
  code?: string;
  turn?: string;
  /** The seq of an entry: every member of a command is a text. */
  of?: string;
  decision?: "granted" | "denied";
  /** Of a private line. */
  text?: string;
}
export type ClientMessage = { type: "Hello"; after: number } | { type: "Pong" } | CommandMessage;

/** What this page receives; a newer server may send more, which is passed over. */
export const KNOWN: ReadonlySet<string> = new Set<ServerMessage["type"]>([
  "Welcome",
  "Event",
  "Applied",
  "State",
  "Presence",
  "Ack",
  "Refused",
  "Storage",
  "Stranded",
  "Media",
  "Recording",
  "Extract",
  "Exhibits",
  "Ping",
]);

export const refusalTitles = (refused: Refused): Titles => ({ zh: refused.title_zh, en: refused.title_en });
