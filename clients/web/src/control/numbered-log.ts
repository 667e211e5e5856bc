/** The hearing's log as this page has it: gapless up to `known`, with single entries ahead of that. Never asks for more. */
import { signal } from "@preact/signals";
import type { LogEvent } from "./messages";

export class NumberedLog {
  readonly entries = signal<readonly LogEvent[]>([]);
  private readonly ahead = new Map<number, LogEvent>();

  /** The last seq before which nothing is missing. */
  known(): number {
    return this.entries.value.at(-1)?.header.seq ?? 0;
  }

  /** Adds an entry at its place; one that is here already changes nothing. Whether nothing is missing before it now. */
  add(entry: LogEvent): boolean {
    const { seq } = entry.header;
    if (seq <= this.known()) return true;
    this.ahead.set(seq, entry);
    this.join();
    return seq <= this.known();
  }

  after(seq: number): readonly LogEvent[] {
    return this.entries.value.filter((entry) => entry.header.seq > seq);
  }

  /** Forgets what the entries say; that they were here stays known. */
  forgetPayloads(): void {
    this.entries.value = this.entries.value.map(withoutPayload);
    for (const [seq, entry] of this.ahead) this.ahead.set(seq, withoutPayload(entry));
  }

  private join(): void {
    const joined: LogEvent[] = [];
    for (let next = this.known() + 1; ; next += 1) {
      const entry = this.ahead.get(next);
      if (!entry) break;
      this.ahead.delete(next);
      joined.push(entry);
    }
    if (joined.length > 0) this.entries.value = [...this.entries.value, ...joined];
  }
}

export const withoutPayload = ({ type, header, leaf }: LogEvent): LogEvent => ({ type, header, leaf });
