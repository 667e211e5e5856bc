/** Entries of the hearing's log with what they say: what this page has forgotten is asked for again. Judges no signature. */
import type { LogEvent } from "../control/messages";
import { request } from "../session/http";
import type { Jwk } from "./keys";
import { isLeaf } from "./log-head";

type Payload = Record<string, unknown>;

export class ToldLog {
  constructor(
    private readonly hearing: string,
    private readonly entries: readonly LogEvent[],
  ) {}

  /** The entry as the control channel brought it; what it says, when that is not here (any more), as the server tells it now. */
  async told(seq: number): Promise<LogEvent | undefined> {
    const entry = this.entries[seq - 1];
    if (!entry || entry.payload) return entry;
    const path = `/api/hearings/${encodeURIComponent(this.hearing)}/log?after=${seq - 1}&limit=1`;
    const [found] = (await request<{ entries: LogEvent[] }>(path)).entries;
    return found ? { ...found, header: entry.header, leaf: entry.leaf } : entry;
  }

  /** Whether this person was isolated when entry `seq` was written: so they are not told what it says. */
  async isIsolated(person: string, seq: number): Promise<boolean> {
    const last = await this.last(["Isolated", "Released"], seq, (payload) => payload["person"] === person);
    return last?.header.kind === "Isolated";
  }

  /** The public key that the log has bound to this person under this name. */
  async key(person: string, fingerprint: string): Promise<Jwk | undefined> {
    const isSuch = (payload: Payload): boolean => payload["person"] === person && payload["fingerprint"] === fingerprint;
    const bound = await this.last(["KeyBound"], this.entries.length + 1, isSuch);
    return bound?.payload?.["jwk"] as Jwk | undefined;
  }

  /** The newest of these kinds before `seq` that says such a thing, and has the leaf of it. */
  private async last(kinds: readonly string[], seq: number, isSuch: (payload: Payload) => boolean): Promise<LogEvent | undefined> {
    for (let at = seq - 1; at > 0; at -= 1) {
      const entry = kinds.includes(this.entries[at - 1]?.header.kind ?? "") && (await this.told(at));
      if (entry && entry.payload && isSuch(entry.payload) && (await isLeaf(entry))) return entry;
    }
    return undefined;
  }
}
