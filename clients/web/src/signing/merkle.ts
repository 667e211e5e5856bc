/** The hearing's log as a Merkle tree (RFC 6962): its root, and whether an entry is inside one. Holds no log. */
import { type Bytes, isSame, joined, sha256 } from "./bytes";

const NODE = Uint8Array.of(1);

const parent = (left: Bytes, right: Bytes): Promise<Bytes> => sha256(joined(NODE, left, right));

/** The root over leaf hashes: level by level, an odd one out goes up as it is. */
export async function rootOf(leaves: readonly Bytes[]): Promise<Bytes> {
  if (leaves.length === 0) return sha256(new Uint8Array(0));
  let level = [...leaves];
  while (level.length > 1) {
    const above: Array<Promise<Bytes> | Bytes> = [];
    for (let at = 0; at < level.length; at += 2) {
      const [left, right] = [level[at], level[at + 1]];
      if (left) above.push(right ? parent(left, right) : left);
    }
    level = await Promise.all(above);
  }
  return level[0] as Bytes;
}

export interface Inclusion {
  index: number;
  size: number;
  hashes: readonly Bytes[];
}

/** RFC 9162, 2.1.3.2: whether `leaf` is the entry at `index` of the tree of `size` leaves with this root. */
export async function isInside(leaf: Bytes, { index, size, hashes }: Inclusion, root: Bytes): Promise<boolean> {
  if (!(Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size)) return false;
  let [at, last, found] = [index, size - 1, leaf];
  for (const hash of hashes) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      found = await parent(hash, found);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else found = await parent(found, hash);
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && isSame(found, root);
}
