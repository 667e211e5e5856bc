/** A recording as the server lists it, and the requests for it. Times are unix milliseconds. */
import { request } from "../session/http";

export interface RecordedFile {
  person: string;
  person_name: string;
  kind: "audio" | "video";
  name: string;
  url: string;
  sha256: string;
  bytes: number;
  from_ms: number;
  to_ms: number;
}
export interface Round {
  round: number;
  from_ms: number;
  to_ms: number;
  files: readonly RecordedFile[];
}
export interface Gap {
  from_ms: number;
  to_ms: number;
  reason: string;
  actor: string;
  seq: number;
  detail: string;
  /** Of what is missing inside of rounds: whose, of which kind; empty: anybody's. */
  person_name?: string;
  kind?: string;
}
export interface Incident {
  seq: number;
  at_ms: number;
  actor: string;
  person: string;
  reason: string;
}
export interface Clip {
  seq: number;
  of: number;
  from_ms: number;
  to_ms: number;
  sha256: string;
  url: string;
}
export interface Recording {
  opened_ms: number;
  closed_ms: number;
  to_ms: number;
  rounds: readonly Round[];
  gaps: readonly Gap[];
  partial: readonly Gap[];
  incidents: readonly Incident[];
  clips: readonly Clip[];
  archive: string;
}
export interface Turn {
  id: string;
  kind: string;
  speaker: string;
  role: string;
  at: string;
  text: string;
}

const pathOf = (hearing: string): string => `/api/hearings/${encodeURIComponent(hearing)}`;

export const fetchRecording = (hearing: string): Promise<Recording> => request(`${pathOf(hearing)}/recording`);

export async function fetchTurns(hearing: string): Promise<Turn[]> {
  return (await request<{ turns: Turn[] }>(`${pathOf(hearing)}/transcript`)).turns;
}

export interface Named {
  title: string;
  case_number: string;
  roster: Array<{ person: string; name: string; role: string; label: string }>;
}
export const fetchNamed = (hearing: string): Promise<Named> => request(pathOf(hearing));

export function makeClip(hearing: string, of: number): Promise<Clip> {
  return request(`${pathOf(hearing)}/recording/clips`, { method: "POST", body: { of, before_s: 30, after_s: 60 } });
}
