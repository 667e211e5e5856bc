/** The messages of /control as values. Owns their form and the reading of a frame; never acts on one. */
import type { Titles } from "../session/problem";

export type Phase = "SCHEDULED" | "PREPARING" | "IN_SESSION" | "RECESS" | "CLOSED";
export type PersonState = "INVITED" | "WAITING" | "IN_COURT" | "ISOLATED" | "RELEASED" | "REMOVED";
export const COMMANDS = ["open", "recess", "resume", "close", "isolate", "release"] as const;
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

/** How the court stands: what Welcome and State have in common. */
export interface Bench {
  phase: Phase;
  transcript_phase: string;
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
  | Ping;

export interface CommandMessage {
  type: "Command";
  id: string;
  command: CommandName;
  person?: string;
  reason?: string;
  until?: string;
}
export type ClientMessage = { type: "Hello"; after: number } | { type: "Pong" } | CommandMessage;

const KNOWN: ReadonlySet<string> = new Set<ServerMessage["type"]>([
  "Welcome",
  "Event",
  "Applied",
  "State",
  "Presence",
  "Ack",
  "Refused",
  "Storage",
  "Stranded",
  "Ping",
]);

/** One text frame; undefined for a type that this page does not know, which a newer server may send. */
export function readMessage(frame: string): ServerMessage | undefined {
  const message = JSON.parse(frame) as { type?: unknown };
  return typeof message.type === "string" && KNOWN.has(message.type) ? (message as ServerMessage) : undefined;
}

export const refusalTitles = (refused: Refused): Titles => ({ zh: refused.title_zh, en: refused.title_en });
