/** What the server tells of the signing of a transcript, as values. Owns their form; asks for nothing. */
import type { Stage } from "../control/messages";

export type SignerState = "PENDING" | "READING" | "SIGNED" | "OBJECTED" | "REFUSED" | "UNREACHABLE";
export type Scope = "whole" | "part";

/** A version that does not change any more, by its four digests. */
export interface Frozen {
  v: number;
  /** The log entry of the version, and the one that started the signing. */
  seq: number;
  of: number;
  at?: string;
  content_sha256: string;
  update_sha256: string;
  state_sha256: string;
  pdf_sha256: string;
  checked_by?: { person: string; role: string } | null;
  unprintable?: ReadonlyArray<{ turn: string; code_point: number }>;
}

/** Why a freeze failed, at a place of the text. */
export interface Finding {
  code: string;
  turn: string;
  at: number;
  code_point: number;
}

export interface Signer {
  person: string;
  name: string;
  role: string;
  label: string;
  scope: Scope;
  state: SignerState;
  at?: string | null;
  reason?: string | null;
  /** What the clerk has recorded and no judge has confirmed. */
  refusal?: { of: number; code: string } | null;
}

export interface CorrectionRequest {
  of: number;
  person: string;
  turn?: string | null;
  reason: string;
  state: "open" | "granted" | "denied";
}

export interface SigningView {
  stage: Stage;
  v: number;
  /** Why the last freeze failed. */
  fault?: string | null;
  frozen: Frozen | null;
  findings: readonly Finding[];
  signers: readonly Signer[];
  requests: readonly CorrectionRequest[];
  late: ReadonlyArray<{ of: number; person: string; at: string; bytes: number }>;
  versions: ReadonlyArray<{ v: number; seq: number; content_sha256: string }>;
  you: { signer: boolean; scope?: Scope | null; state?: SignerState | null; part_sha256?: string | null; keys?: readonly string[] };
  keys: ReadonlyArray<{ person: string; fingerprint: string }>;
  head: { size: number; root: string; checkpoint: string };
  court_key: string;
}

/** Entries of the log after which what the server tells of the signing may be another. */
export const SIGNING_KINDS: ReadonlySet<string> = new Set([
  "SigningStarted",
  "FreezeFailed",
  "Frozen",
  "KeyBound",
  "ReadingStarted",
  "Signed",
  "Objected",
  "CorrectionRequested",
  "CorrectionDecided",
  "Reopened",
  "RefusalRecorded",
  "RefusalConfirmed",
  "Unreachable",
  "LateEditKept",
  "SigningSettled",
]);

/** Whoever has these roles runs the signing; everybody else signs. */
const COURT: ReadonlySet<string> = new Set(["presiding_judge", "judge", "assessor", "judge_assistant", "clerk"]);
export const isOfCourt = (role: string): boolean => COURT.has(role);

/** After so long nobody has to be waited for (民诉法150). */
const READING_TIME = 5 * 24 * 3_600_000;
export const isReadingOver = ({ at = "" }: Frozen): boolean => Date.now() - Date.parse(at) >= READING_TIME;

const DONE: ReadonlySet<SignerState> = new Set(["SIGNED", "REFUSED", "UNREACHABLE"]);
export const isDone = (state: SignerState): boolean => DONE.has(state);

/** Somebody who still has to sign this version. */
export function mustSign({ stage, you }: SigningView): boolean {
  return stage === "SIGNING" && you.signer && !!you.state && !isDone(you.state);
}
