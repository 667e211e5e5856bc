/** The statement a person signs, as a DSSE envelope over its canonical JSON. Makes and signs it; sends nothing. */
import { base64, type Bytes, canonical, fromBase64, hex, joined, sha256, utf8 } from "./bytes";
import { CURVE, fingerprintOf, type Jwk, type SigningKey } from "./keys";

export const STATEMENT_TYPE = "application/vnd.yunting.statement+json";

export interface Statement {
  schema: "yunting.statement/1";
  hearing: string;
  version: number;
  content_sha256: string;
  update_sha256: string;
  state_sha256: string;
  pdf_sha256: string;
  person: { id: string; name: string };
  role: string;
  scope: "whole" | "part";
  part_sha256?: string;
  /** RFC 3339 */
  time: string;
  key: string;
  log_head: { size: number; root: string };
  handwriting_sha256?: string;
  reservation?: string;
}

export interface Envelope {
  payloadType: string;
  payload: string;
  signatures: ReadonlyArray<{ keyid: string; sig: string }>;
}

export const statementBytes = (statement: Statement): Bytes => utf8(canonical(statement));

export const digestOf = async (bytes: Bytes): Promise<string> => hex(await sha256(bytes));

/** What is signed: the type and the payload, each with its length (DSSE's PAE). */
function preAuthentication(type: string, payload: Bytes): Bytes {
  return joined(utf8(`DSSEv1 ${utf8(type).length} ${type} ${payload.length} `), payload);
}

const BY = { name: "ECDSA", hash: "SHA-256" };

/** The signature is r ‖ s, 64 bytes, as WebCrypto makes it. */
export async function sealed(statement: Statement, key: SigningKey): Promise<Envelope> {
  const payload = statementBytes(statement);
  const signature = await crypto.subtle.sign(BY, key.private, preAuthentication(STATEMENT_TYPE, payload));
  return {
    payloadType: STATEMENT_TYPE,
    payload: base64(payload),
    signatures: [{ keyid: key.fingerprint, sig: base64(new Uint8Array(signature)) }],
  };
}

/** Whether it is a statement under exactly one signature, of this key. */
export async function isSealedBy({ payloadType, payload, signatures }: Envelope, jwk: Jwk): Promise<boolean> {
  const [signature] = signatures;
  if (payloadType !== STATEMENT_TYPE || signatures.length !== 1 || signature?.keyid !== (await fingerprintOf(jwk))) return false;
  const key = await crypto.subtle.importKey("jwk", { ...jwk }, CURVE, false, ["verify"]);
  return crypto.subtle.verify(BY, key, fromBase64(signature.sig), preAuthentication(payloadType, fromBase64(payload)));
}
