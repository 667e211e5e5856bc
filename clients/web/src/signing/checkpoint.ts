/** Checkpoints of the log as signed notes (C2SP): read, and checked with the court's Ed25519 key. Never made here. */
import { type Bytes, fromBase64, hex, isSame, joined, sha256, utf8 } from "./bytes";

export interface Checkpoint {
  origin: string;
  size: number;
  root: Bytes;
}

/** `unable`: this browser does not know Ed25519. */
export type Signed = "right" | "wrong" | "unable";

const LINE = /^— (\S+) (\S+)$/;

/** The three lines of a note's text, as far as it is one. */
export function readCheckpoint(note: string): Checkpoint | null {
  const [origin, size, root] = note.split("\n");
  if (!origin || !size || !root || !/^(0|[1-9]\d{0,15})$/.test(size)) return null;
  return { origin, size: Number(size), root: fromBase64(root) };
}

interface CourtKey {
  name: string;
  id: Bytes;
  key: Bytes;
}

/** `name+keyid+base64(type ‖ key)`; the id must be that of name and key. */
async function readKey(vkey: string): Promise<CourtKey | null> {
  const parts = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(vkey);
  if (!parts) return null;
  const [name = "", id = "", coded = ""] = parts.slice(1);
  const key = fromBase64(coded);
  const made = (await sha256(joined(utf8(`${name}\n`), key))).slice(0, 4);
  return key[0] === 1 && hex(made) === id ? { name, id: made, key: key.slice(1) } : null;
}

/** Whether the court's key has signed the note. */
export async function checkNote(note: string, vkey: string): Promise<Signed> {
  const court = await readKey(vkey);
  const end = note.indexOf("\n\n");
  if (!court || end < 0) return "wrong";
  const text = utf8(note.slice(0, end + 1));
  for (const line of note.slice(end + 2).split("\n")) {
    const [, name, coded = ""] = LINE.exec(line) ?? [];
    const signature = name === court.name ? fromBase64(coded) : new Uint8Array(0);
    if (isSame(signature.slice(0, 4), court.id)) return verified(court.key, signature.slice(4), text);
  }
  return "wrong";
}

async function verified(key: Bytes, signature: Bytes, text: Bytes): Promise<Signed> {
  try {
    const imported = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
    return (await crypto.subtle.verify("Ed25519", imported, signature, text)) ? "right" : "wrong";
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotSupportedError") return "unable";
    throw error;
  }
}
