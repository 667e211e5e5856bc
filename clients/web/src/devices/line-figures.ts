/** What a browser counts of its two connections (W3C webrtc-stats) as figures of the line. Pure: takes reports, keeps the last. */
import type { Figures } from "./device-tests";

type Report = Record<string, unknown>;

/** Counters of one moment: sums since the connections began, and the delays of this moment in milliseconds. */
export interface Counted {
  /** ms */
  at: number;
  bytes: number;
  received: number;
  lost: number;
  /** Loss on the way up, 0..1, as the server reports it; 0 when it has not. */
  lostUp: number;
  rtt: number | null;
  jitter: number | null;
  /** What the page's own buffer adds to the sound, ms. */
  buffered: number;
}

const numberIn = (report: Report, name: string): number => {
  const value = report[name];
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
};

/** `up`: the publishing connection's reports, `down`: the subscribing one's. */
export function count(at: number, up: readonly Report[], down: readonly Report[]): Counted {
  const inbound = down.filter(({ type }) => type === "inbound-rtp");
  const sound = inbound.filter(({ kind }) => kind === "audio");
  const answered = up.filter(({ type }) => type === "remote-inbound-rtp");
  const pairs = up.filter((report) => report["type"] === "candidate-pair" && report["nominated"] === true);
  const sum = (name: string): number => inbound.reduce((total, report) => total + numberIn(report, name), 0);
  const most = (reports: readonly Report[], name: string): number => Math.max(0, ...reports.map((report) => numberIn(report, name)));
  const emitted = sound.reduce((total, report) => total + numberIn(report, "jitterBufferEmittedCount"), 0);
  const delayed = sound.reduce((total, report) => total + numberIn(report, "jitterBufferDelay"), 0);
  const rtt = Math.max(most(pairs, "currentRoundTripTime"), most(answered, "roundTripTime"));
  const heard = sound.filter((report) => numberIn(report, "packetsReceived") > 0);
  return {
    at,
    bytes: sum("bytesReceived"),
    received: sum("packetsReceived"),
    lost: Math.max(0, sum("packetsLost")),
    lostUp: Math.min(1, most(answered, "fractionLost")),
    rtt: pairs.length > 0 || answered.length > 0 ? 1000 * rtt : null,
    jitter: heard.length > 0 ? 1000 * Math.max(most(heard, "jitter"), most(answered, "jitter")) : null,
    buffered: emitted > 0 ? (1000 * delayed) / emitted : 0,
  };
}

/** Over the time from the first to the last; `kbps` is the best second's. Null when nothing came back. */
export function figuresOf(counts: readonly Counted[]): Figures | null {
  const [first, last] = [counts[0], counts.at(-1)];
  if (!first || !last || last.received <= first.received) return null;
  const received = last.received - first.received;
  const lost = Math.max(0, last.lost - first.lost);
  const up = middle(counts.map(({ lostUp }) => lostUp));
  return {
    loss: round(Math.max(lost / (received + lost), up), 4),
    rtt_ms: round(middle(counts.flatMap(({ rtt }) => rtt ?? [])), 1),
    jitter_ms: round(middle(counts.flatMap(({ jitter }) => jitter ?? [])), 1),
    kbps: Math.round(best(counts)),
  };
}

function best(counts: readonly Counted[]): number {
  const rates = counts.slice(1).map((now, nth) => {
    const before = counts[nth] as Counted;
    return (8 * (now.bytes - before.bytes)) / Math.max(1, now.at - before.at);
  });
  return Math.max(0, ...rates);
}

function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

const round = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits;
