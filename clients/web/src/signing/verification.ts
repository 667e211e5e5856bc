/**
 * Whether what is to be signed is what this device has: own copy, served bytes, the log's entry and the server's answer
 * must agree. Says which of them do not; lets nothing pass that could not be compared.
 */
import type { LogEvent } from "../control/messages";
import type { Bytes } from "./bytes";
import { type Content, contentSha256, encode } from "./content";
import { isLeaf } from "./log-head";
import type { Frozen, Scope } from "./messages";

/** What was compared with the version that is to be signed. */
export const COMPARED = ["log", "served", "copy", "pdf"] as const;
export type Compared = (typeof COMPARED)[number];

export interface Findings {
  /** The digest that a signature would be over: of the whole text, or of the own part. */
  digest: string;
  /** What was looked at, and whether it agrees. */
  agrees: Partial<Record<Compared, boolean>>;
}

interface Evidence {
  person: string;
  scope: Scope;
  /** The digest of the own part, as the server answers; empty for the whole. */
  part: string;
  /** What the server answers about the version. */
  frozen: Frozen;
  /** The log's entry about it, as it came over the control channel. */
  entry: LogEvent | undefined;
  /** This person was isolated when it was written: that it says nothing to them is right. */
  isWithheld: boolean;
  /** The bytes of the text, as they were served. */
  served: Bytes;
  /** The digest of the printed form as it was served; empty for those who may not read the whole. */
  pdf: string;
  /** The own copy; null for those who may not read the whole. */
  copy: Content | null;
}

const DIGESTS = ["v", "content_sha256", "update_sha256", "state_sha256", "pdf_sha256"] as const;

export async function compare({ entry, isWithheld, served, pdf, copy, ...known }: Evidence): Promise<Findings> {
  const { scope, part, frozen } = known;
  const wanted = scope === "whole" ? frozen.content_sha256 : part;
  const read = JSON.parse(new TextDecoder().decode(served)) as Content;
  const agrees: Findings["agrees"] = {
    ...(isWithheld ? {} : { log: isLogged(entry, known) && (await isLeaf(entry)) }),
    served: isCanonical(served, read) && (await contentSha256(read)) === wanted,
  };
  if (scope === "whole") {
    agrees.copy = copy !== null && (await contentSha256(copy)) === wanted;
    agrees.pdf = pdf === frozen.pdf_sha256;
  }
  return { digest: wanted, agrees };
}

type Known = Pick<Evidence, "person" | "scope" | "part" | "frozen">;

/** The log says the same; who was isolated when it was written is not told what it says, and has the copy to compare. */
function isLogged(entry: LogEvent | undefined, { person, scope, part, frozen }: Known): entry is LogEvent {
  const payload = entry?.header.kind === "Frozen" && entry.payload;
  if (!payload) return false;
  const signers = (payload["signers"] ?? []) as ReadonlyArray<{ person: string; scope: Scope; part_sha256?: string }>;
  const own = signers.find((signer) => signer.person === person);
  const isOwn = own?.scope === scope && (scope === "whole" || own.part_sha256 === part);
  return isOwn && DIGESTS.every((name) => payload[name] === frozen[name]);
}

/** The bytes are the one form of what they say. */
function isCanonical(served: Bytes, read: Content): boolean {
  const own = encode(read);
  return own.length === served.length && own.every((byte, at) => byte === served[at]);
}

export const allAgree = ({ agrees, digest }: Findings): boolean => digest !== "" && Object.values(agrees).every(Boolean);

