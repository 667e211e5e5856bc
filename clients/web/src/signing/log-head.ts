/** The hearing's log as a tree: the leaf that an entry makes, and the end of the log as this page has it. A signature names it. */
import type { LogEvent } from "../control/messages";
import { type Bytes, canonical, fromHex, hex, joined, sha256, utf8 } from "./bytes";
import { rootOf } from "./merkle";

/** Over the entries that are here without a gap, from the first on. */
export async function logHead(entries: readonly LogEvent[]): Promise<{ size: number; root: string }> {
  return { size: entries.length, root: hex(await rootOf(entries.map(({ leaf }) => fromHex(leaf)))) };
}

interface Entry {
  header: unknown;
  leaf: string;
  salt?: string | null;
  payload?: unknown;
}

const LEAF = Uint8Array.of(0);

/** SHA-256(0x00 ‖ JCS(header) ‖ SHA-256(salt ‖ JCS(payload))). */
async function leafOf({ header, salt, payload }: Entry): Promise<Bytes> {
  const inner = await sha256(joined(fromHex(salt ?? ""), utf8(canonical(payload))));
  return sha256(joined(LEAF, utf8(canonical(header)), inner));
}

/** Whether an entry says what its leaf was made of. */
export const isLeaf = async (entry: Entry): Promise<boolean> => hex(await leafOf(entry)) === entry.leaf;
