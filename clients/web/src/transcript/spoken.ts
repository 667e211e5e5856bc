/** Tells of new lines once they have come to rest, for a screen reader or a voice: never key by key. Says nothing itself. */
import { effect } from "@preact/signals";
import type { Line, Transcript } from "./transcript";
import { turnText } from "./turn";

/** What can be said now: the line, or what was added to it since it was last said. */
export interface Rested {
  /** The speaker's printed label; empty for what goes on and for what nobody says. */
  label: string;
  text: string;
}

/** So long nobody has typed in the line. */
const REST = 1_500;
/** Of many lines that come at once, after an outage, only the newest are told. */
const AT_ONCE = 3;

/** Follows the lines at the end; returns how to stop. What was there at the start is not told. */
export function followRested(transcript: Transcript, tell: (rested: Rested) => void): () => void {
  const follower = new Follower(tell);
  const stop = effect(() => {
    if (!transcript.isLoaded.value) return;
    transcript.settle(); // what came with the first exchange was there at the start
    follower.see(transcript.lines.value);
  });
  return () => {
    stop();
    follower.stop();
  };
}

class Follower {
  private known: Set<string> | null = null;
  private last = "";
  private readonly watched = new Map<string, Watched>();

  constructor(private readonly tell: (rested: Rested) => void) {}

  see(lines: readonly Line[]): void {
    const end = lines.at(-1);
    this.last = end?.key ?? "";
    if (this.known === null) {
      this.known = new Set(lines.map(({ key }) => key));
      if (end) this.watch(end, textOf(end));
      return;
    }
    for (const line of newAtEnd(lines, this.known)) this.watch(line, "");
    for (const { key } of lines) this.known.add(key);
    for (const [key, watched] of this.watched) if (key !== this.last && watched.isSaid()) this.leave(key);
  }

  stop(): void {
    for (const key of [...this.watched.keys()]) this.leave(key);
  }

  private watch(line: Line, said: string): void {
    const rested = (): void => {
      if (line.key !== this.last) this.leave(line.key);
    };
    this.watched.set(line.key, new Watched(line, said, this.tell, rested));
  }

  private leave(key: string): void {
    this.watched.get(key)?.stop();
    this.watched.delete(key);
  }
}

function newAtEnd(lines: readonly Line[], known: ReadonlySet<string>): readonly Line[] {
  let start = lines.length;
  while (start > 0 && lines.length - start < AT_ONCE && !known.has(lines[start - 1]!.key)) start -= 1;
  return lines.slice(start);
}

class Watched {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly end: () => void;

  constructor(
    private readonly line: Line,
    private said: string,
    private readonly tell: (rested: Rested) => void,
    private readonly rested: () => void,
  ) {
    this.end = effect(() => {
      const { value: turn } = line.turn;
      clearTimeout(this.timer);
      if (turnText(turn).trim() !== this.said) this.timer = setTimeout(() => this.rest(), REST);
    });
  }

  isSaid(): boolean {
    return textOf(this.line) === this.said;
  }

  stop(): void {
    clearTimeout(this.timer);
    this.end();
  }

  private rest(): void {
    const [before, now] = [this.said, textOf(this.line)];
    this.said = now;
    const isContinued = before !== "" && now.startsWith(before);
    const text = isContinued ? now.slice(before.length) : now;
    if (text !== "") this.tell({ label: isContinued ? "" : this.line.turn.peek().role, text });
    this.rested();
  }
}

const textOf = (line: Line): string => turnText(line.turn.peek()).trim();
