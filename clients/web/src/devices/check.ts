/** One run of the device test: its steps in order, what was opened, what was answered. Owns the devices it opened; never draws. */
import { batch, computed, signal } from "@preact/signals";
import { asProblem } from "../session/http";
import type { Problem } from "../session/problem";
import { leave } from "../session/session";
import { type Kind, open, openBoth, type Opening } from "./capture";
import { type DeviceResult, type DeviceState, type DeviceTest, keepTest } from "./device-tests";
import { type EchoState, measureEcho } from "./echo";

export const STEPS = ["start", "camera", "microphone", "speaker", "line", "result"] as const;
export type Step = (typeof STEPS)[number];

const UNTESTED: DeviceResult = { camera: "skipped", microphone: "skipped", speaker: "skipped", line: "skipped", figures: null };

export class DeviceCheck {
  readonly step = signal<Step>("start");
  readonly isAsking = signal(false);
  readonly openings = signal<Partial<Record<Kind, Opening>>>({});
  readonly echo = signal<EchoState>({ is: "idle" });
  readonly kept = signal<DeviceTest | null>(null);
  readonly problem = signal<Problem | null>(null);
  readonly number = computed(() => STEPS.indexOf(this.step.value));
  private result: DeviceResult = UNTESTED;
  private stopEcho: () => void = () => undefined;
  private isClosed = false;

  constructor(private readonly hearing: string) {}

  track(kind: Kind): MediaStreamTrack | null {
    const opening = this.openings.value[kind];
    return opening?.is === "open" ? opening.track : null;
  }

  /** Asks the browser, which asks the person. */
  async begin(): Promise<void> {
    this.isAsking.value = true;
    const openings = await openBoth();
    if (this.isClosed) return stopTracks(openings);
    batch(() => {
      this.isAsking.value = false;
      this.openings.value = openings;
      this.step.value = "camera";
    });
  }

  async openAgain(kind: Kind): Promise<void> {
    this.isAsking.value = true;
    const opening = await open(kind);
    if (this.isClosed) return stopTracks({ [kind]: opening });
    batch(() => {
      this.isAsking.value = false;
      this.openings.value = { ...this.openings.value, [kind]: opening };
    });
  }

  /** What came of a device; the next step follows. */
  answer(kind: Kind, state: "works" | "unsure" | "skipped"): void {
    const opening = this.openings.value[kind];
    this.note({ [kind]: opening?.is === "blocked" ? opening.why : state });
  }

  answerSpeaker(speaker: DeviceResult["speaker"]): void {
    this.note({ speaker });
    this.startEcho();
  }

  startEcho(): void {
    this.stopEcho();
    const tracks = [this.track("microphone"), this.track("camera")].filter((track) => track !== null);
    this.stopEcho = measureEcho(this.hearing, tracks, (state) => (this.echo.value = state));
  }

  answerLine(): void {
    const echo = this.echo.value;
    this.stopEcho();
    if (echo.is === "measured") this.note({ line: "measured", figures: echo.figures });
    else this.note({ line: echo.is === "unreachable" ? "unreachable" : "skipped", figures: null });
    this.release();
    void this.keep();
  }

  /** Sends the result; again after a failure. */
  async keep(): Promise<void> {
    this.problem.value = null;
    try {
      this.kept.value = await keepTest(this.hearing, this.result);
    } catch (error) {
      const problem = asProblem(error);
      if (problem.status === 401) leave("expired");
      else this.problem.value = problem;
    }
  }

  again(): void {
    this.release();
    this.result = UNTESTED;
    batch(() => {
      this.step.value = "start";
      this.openings.value = {};
      this.echo.value = { is: "idle" };
      this.kept.value = null;
      this.problem.value = null;
    });
  }

  close(): void {
    this.isClosed = true;
    this.release();
  }

  private note(found: Partial<Record<Kind, DeviceState>> | Partial<DeviceResult>): void {
    this.result = { ...this.result, ...found };
    this.step.value = STEPS[this.number.value + 1] ?? "result";
  }

  /** The camera's light goes out. */
  private release(): void {
    this.stopEcho();
    stopTracks(this.openings.value);
  }
}

function stopTracks(openings: Partial<Record<Kind, Opening>>): void {
  for (const opening of Object.values(openings)) if (opening.is === "open") opening.track.stop();
}
