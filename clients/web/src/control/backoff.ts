/** How long to wait before the next try: 0.5 s doubling to 5 s, spread so that a whole courtroom does not return at once. */

const FIRST = 500;
const LONGEST = 5_000;

export class Backoff {
  private tries = 0;

  constructor(private readonly random: () => number = Math.random) {}

  /** Milliseconds until the next try. */
  next(): number {
    const full = Math.min(LONGEST, FIRST * 2 ** this.tries);
    this.tries += 1;
    return Math.max(FIRST, full * (0.7 + 0.3 * this.random()));
  }

  reset(): void {
    this.tries = 0;
  }
}
