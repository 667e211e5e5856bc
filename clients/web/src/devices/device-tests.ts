/** Device tests as the server keeps them: their form, one's own sent, the latest fetched. Never judges: the server does. */
import { request } from "../session/http";
import type { Blocked } from "./capture";

export type Verdict = "good" | "fair" | "poor";
export type DeviceState = "works" | "unsure" | "skipped" | Blocked;

/** `loss` 0..1; milliseconds; `kbps` kbit/s that came back. */
export interface Figures {
  loss: number;
  rtt_ms: number;
  jitter_ms: number;
  kbps: number;
}

export interface DeviceResult {
  camera: DeviceState;
  microphone: DeviceState;
  speaker: "heard" | "not_heard" | "skipped";
  line: "measured" | "unreachable" | "skipped";
  figures: Figures | null;
}

export interface DeviceTest {
  person: string;
  at: string;
  verdict: Verdict;
  result: DeviceResult;
  findings: Array<{ code: string; verdict: Verdict; advice_zh: string; advice_en: string }>;
}

const pathOf = (hearing: string): string => `/api/hearings/${encodeURIComponent(hearing)}`;

export function keepTest(hearing: string, result: DeviceResult): Promise<DeviceTest> {
  return request<DeviceTest>(`${pathOf(hearing)}/device-test`, { method: "PUT", body: result });
}

/** Everybody's latest for the court, one's own for anybody else. */
export async function latestTests(hearing: string): Promise<DeviceTest[]> {
  return (await request<{ tests: DeviceTest[] }>(`${pathOf(hearing)}/device-tests`)).tests;
}
