/** The signing of this hearing as the server tells this person: asked for anew whenever the log says so. Signs nothing, draws nothing. */
import { effect, signal } from "@preact/signals";
import type { HearingModel } from "../control/hearing-model";
import type { OpenDocument } from "../documents/collab";
import { asProblem, request } from "../session/http";
import type { Problem } from "../session/problem";
import { isOfCourt, mustSign, SIGNING_KINDS, type SigningView } from "./messages";
import type { OwnSigning } from "./own-signing";

const AGAIN_FIRST = 1_000;
const AGAIN_LONGEST = 30_000;

interface Copy {
  readonly value: OpenDocument | null;
}

export class SigningRoom {
  readonly view = signal<SigningView | null>(null);
  readonly problem = signal<Problem | null>(null);
  /** The signing stands where the transcript stood. */
  readonly isOpen = signal(false);
  readonly path: string;
  /** This person's way through the present version: it outlives a look at the transcript. */
  own: OwnSigning | null = null;
  private asking: AbortController | null = null;
  private again: ReturnType<typeof setTimeout> | undefined;
  private wait = AGAIN_FIRST;
  private asked = "";
  private opened = "";
  private readonly stops: Array<() => void>;

  constructor(
    readonly hearing: string,
    readonly model: HearingModel,
    /** The transcript's own copy on this device. */
    readonly copy: Copy,
  ) {
    this.path = `/api/hearings/${encodeURIComponent(hearing)}/signing`;
    this.stops = [effect(() => this.follow()), effect(() => this.report())];
  }

  close(): void {
    for (const stop of this.stops) stop();
    this.forget();
  }

  /** Nothing of it stays: the court has isolated this person. */
  forget(): void {
    clearTimeout(this.again);
    this.asking?.abort();
    this.view.value = null;
    this.isOpen.value = false;
    this.own = null;
    this.asked = this.opened = "";
  }

  private follow(): void {
    const { log, signing, welcomes, you, isolated } = this.model;
    const entries = log.entries.value.filter(({ header }) => SIGNING_KINDS.has(header.kind));
    const last = entries.at(-1)?.header.seq ?? 0;
    const now = `${last} ${signing.value?.stage} ${signing.value?.v} ${welcomes.value} ${you.value?.state}`;
    if (now === this.asked || isolated.value || !you.value || entries.length === 0) return;
    this.asked = now;
    void this.ask();
  }

  async ask(): Promise<void> {
    clearTimeout(this.again);
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    try {
      const view = await request<SigningView>(this.path, { signal: asking.signal });
      if (!asking.signal.aborted) this.take(view);
    } catch (error) {
      if (!asking.signal.aborted) this.failed(asProblem(error));
    }
  }

  private take(view: SigningView): void {
    this.wait = AGAIN_FIRST;
    this.problem.value = null;
    this.view.value = view;
    this.openForSigner(view);
  }

  /** Once a version, for those who are here to sign: nobody has to look for the place. The court has other work on its hands. */
  private openForSigner(view: SigningView): void {
    const version = `${view.stage} ${view.v}`;
    if (version === this.opened || isOfCourt(this.model.you.peek()?.role ?? "")) return;
    this.opened = version;
    this.isOpen.value = mustSign(view) || (this.isOpen.peek() && view.stage !== "DRAFT");
  }

  private failed(problem: Problem): void {
    if (problem.status !== 0 && problem.status < 500) {
      this.problem.value = problem;
      return;
    }
    this.again = setTimeout(() => void this.ask(), this.wait);
    this.wait = Math.min(this.wait * 2, AGAIN_LONGEST);
  }

  /** The court's own pages say what text they hold before a version is fixed. */
  private report(): void {
    const { signing, you } = this.model;
    const [stage, copy] = [signing.value, this.copy.value];
    const isAsked = stage?.stage === "REVIEW" && isOfCourt(you.value?.role ?? "");
    if (!isAsked || !stage || !copy?.isCurrent.value || !this.model.isGreeted.value) return;
    void import("./signing-panel").then(({ reportDigest }) => reportDigest(this, stage, copy));
  }
}
