/** The messages of /media as values. Owns their form and the reading of a frame; never acts on one. */

export const LEGS = ["publish", "subscribe"] as const;
export type LegName = (typeof LEGS)[number];
export type Level = "good" | "fair" | "poor";

export interface Welcome {
  type: "Welcome";
  hearing: string;
  person: string;
  mode: "room" | "echo";
  ice_servers: RTCIceServer[];
  audio_slots: number;
  video_slots: number;
  force_relay: boolean;
}
export type Answer = { type: "Answer"; leg: LegName; sdp: string };
/** Who is heard and seen in which slot: slot i is the i-th receiver of that kind of the subscribe leg. */
export interface Slots {
  type: "Slots";
  seq: number;
  audio: Array<string | null>;
  video: Array<string | null>;
  large: string | null;
}
/** How the own line is: loss from 0 to 1. */
export interface Quality {
  type: "Quality";
  level: Level;
  loss: number;
  rtt_ms: number;
  jitter_ms: number;
  kbps: number;
  video_paused: boolean;
}
export type Speaking = { type: "Speaking"; person: string | null };
/** The media process is another: both legs are made anew, at once. */
export type Restart = { type: "Restart" };
export type Refused = { type: "Refused"; leg: LegName; code: string; title_zh: string; title_en: string };
export type Ended = { type: "Ended"; reason: "replaced" | "removed" | "closed" };
export type Ping = { type: "Ping" };

export type ServerMessage = Welcome | Answer | Slots | Quality | Speaking | Restart | Refused | Ended | Ping;

export type ClientMessage =
  | { type: "Offer"; leg: LegName; sdp: string }
  | { type: "Candidate"; leg: LegName; candidate: RTCIceCandidateInit | null }
  | { type: "Want"; large: string | null; visible: string[] | null; video: boolean }
  | { type: "Sending"; audio: boolean; video: boolean }
  | { type: "Pong" };

/** What this page receives; a newer server may send more, which is passed over. */
export const KNOWN: ReadonlySet<string> = new Set<ServerMessage["type"]>([
  "Welcome",
  "Answer",
  "Slots",
  "Quality",
  "Speaking",
  "Restart",
  "Refused",
  "Ended",
  "Ping",
]);
