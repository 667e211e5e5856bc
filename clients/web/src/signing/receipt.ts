/** A receipt: what the court hands out for a signature, and whether it holds: what crdt_docs/signing/receipt.py demands. Never asks for one. */
import { keepFile } from "../ui/keep-file";
import { base64, canonical, fromBase64, fromHex, hex } from "./bytes";
import { checkNote, readCheckpoint, type Signed } from "./checkpoint";
import { digestOf, type Envelope, isSealedBy, type Statement, statementBytes } from "./envelope";
import type { Jwk } from "./keys";
import { isLeaf } from "./log-head";
import { isInside } from "./merkle";
import type { Scope } from "./messages";

export interface Receipt {
  schema: string;
  envelope: Envelope;
  entry: { header: Record<string, unknown>; leaf: string; salt: string; payload: Record<string, unknown> };
  proof: { index: number; size: number; hashes: readonly string[] };
  checkpoint: string;
  keys: ReadonlyArray<{ person: string; fingerprint: string }>;
  court_key: string;
}

/** One thing that was looked at. `unable`: it could not be looked at here. */
export interface Check {
  what: "statement" | "entry" | "proof" | "checkpoint";
  is: Signed;
}

/** What a receipt is held against: whose it must be, over what was sent, by which keys. */
interface Known {
  sent: Envelope;
  person: string;
  scope: Scope;
  hearing: string;
  courtKey: string;
  /** The key that the signature must be of. */
  jwk: Jwk | undefined;
}

type Look = (receipt: Receipt, known: Known, statement: Statement) => Promise<boolean | Signed>;

/** It has these members, in the order of the alphabet, and no others. */
const has = (value: object, members: string): boolean => Object.keys(value).sort().join() === members;

/** Its members are these, as far as they are named; an undefined one is not there. */
const says = (value: object, members: object): boolean => canonical({ ...value, ...members }) === canonical(value);

const LOOKS: Readonly<Record<Check["what"], Look>> = {
  statement: async (receipt, { sent, person: id, scope, hearing, jwk }, statement) =>
    has(receipt, "checkpoint,court_key,entry,envelope,keys,proof,schema") &&
    says(receipt, { schema: "yunting.receipt/1", envelope: sent }) &&
    base64(statementBytes(statement)) === sent.payload &&
    says(statement, { hearing, scope, person: { ...statement.person, id }, key: sent.signatures[0]?.keyid }) &&
    receipt.keys.some(({ person, fingerprint }) => person === id && fingerprint === statement.key) &&
    jwk !== undefined &&
    isSealedBy(sent, jwk),
  entry: async ({ entry, envelope }, { person, hearing }, { version: v, handwriting_sha256, reservation, log_head }) => {
    const statement_sha256 = await digestOf(fromBase64(envelope.payload));
    return (
      has(entry, "header,leaf,payload,salt") &&
      says(entry.header, { hearing, kind: "Signed", actor: person }) &&
      says(entry.payload, { person, v, envelope, statement_sha256, handwriting_sha256, reservation }) &&
      Number(entry.header["seq"]) > log_head.size &&
      isLeaf(entry)
    );
  },
  proof: async ({ entry, proof, checkpoint }) => {
    const [head, hashes] = [readCheckpoint(checkpoint), proof.hashes.map(fromHex)];
    return (
      head !== null &&
      has(proof, "hashes,index,size") &&
      says(proof, { size: head.size, index: Number(entry.header["seq"]) - 1, hashes: hashes.map(hex) }) &&
      isInside(fromHex(entry.leaf), { ...proof, hashes }, head.root)
    );
  },
  checkpoint: async ({ court_key, checkpoint }, { hearing, courtKey }) =>
    court_key === courtKey && readCheckpoint(checkpoint)?.origin === `yunting/${hearing}` && checkNote(checkpoint, courtKey),
};

/** Whether the receipt is for exactly this envelope of this person, in a log that the court's key stands for. */
export function checkReceipt(receipt: Receipt, known: Known): Promise<Check[]> {
  const looks = Object.entries(LOOKS) as Array<[Check["what"], Look]>;
  const malformed = (): false => false; // what has not even the form of a receipt is wrong
  return Promise.all(
    looks.map(async ([what, look]) => {
      const found = await (async () => look(receipt, known, statementOf(receipt)))().catch(malformed);
      return { what, is: found === true ? "right" : found || "wrong" };
    }),
  );
}

/** What was signed, out of the envelope. */
export const statementOf = ({ envelope }: Receipt): Statement =>
  JSON.parse(new TextDecoder().decode(fromBase64(envelope.payload))) as Statement;

/** Nothing about it is wrong. */
export const holds = (checks: readonly Check[]): boolean => checks.every(({ is }) => is !== "wrong");

export const saveReceipt = (receipt: Receipt, name: string): void =>
  keepFile(new Blob([JSON.stringify(receipt, null, 2)], { type: "application/json" }), name);
