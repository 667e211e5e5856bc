/** A witness's or expert's extract of the transcript: made by the server, asked for anew whenever it says so. Draws nothing. */
import { effect, signal } from "@preact/signals";
import type { HearingModel } from "../control/hearing-model";
import { asProblem, request } from "../session/http";
import type { Turn } from "../transcript/turn";

/** A turn without its marks. */
export interface ExtractTurn extends Omit<Turn, "runs"> {
  text: string;
}

export interface ExtractAnswer {
  turns: readonly ExtractTurn[];
}

const EXTRACTED: ReadonlySet<string> = new Set(["witness", "expert"]);
const AGAIN_FIRST = 1_000;
const AGAIN_LONGEST = 30_000;

export class OwnExtract {
  readonly answer = signal<ExtractAnswer | null>(null);
  /** The last attempt did not reach the server. */
  readonly isFailing = signal(false);
  private asking: AbortController | null = null;
  private again: ReturnType<typeof setTimeout> | undefined;
  private wait = AGAIN_FIRST;
  private readonly stop: () => void;

  constructor(
    private readonly hearing: string,
    private readonly model: HearingModel,
  ) {
    let before = "";
    this.stop = effect(() => {
      const standing = this.isDue() ? `${model.extractNews.value} ${model.welcomes.value}` : "";
      if (standing === before) return;
      before = standing;
      if (standing) void this.ask();
      else this.forget();
    });
  }

  /** Whether this person is somebody in court who is shown an extract instead of the transcript. */
  isDue(): boolean {
    const you = this.model.you.value;
    return you !== null && EXTRACTED.has(you.role) && you.state === "IN_COURT";
  }

  close(): void {
    this.stop();
    this.forget();
  }

  /** Nothing of it stays: the person is out of the courtroom again. */
  forget(): void {
    clearTimeout(this.again);
    this.asking?.abort();
    this.answer.value = null;
    this.isFailing.value = false;
  }

  private async ask(): Promise<void> {
    clearTimeout(this.again);
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    try {
      const path = `/api/hearings/${encodeURIComponent(this.hearing)}/extract`;
      const answer = await request<ExtractAnswer>(path, { signal: asking.signal });
      if (!asking.signal.aborted) this.take(answer);
    } catch (error) {
      if (!asking.signal.aborted) this.failed(asProblem(error).status);
    }
  }

  private take(answer: ExtractAnswer): void {
    this.wait = AGAIN_FIRST;
    this.isFailing.value = false;
    this.answer.value = answer;
  }

  /** A refusal stands until the own state is another; anything else is tried again. */
  private failed(status: number): void {
    if (status !== 0 && status < 500) return;
    this.isFailing.value = true;
    this.again = setTimeout(() => void this.ask(), this.wait);
    this.wait = Math.min(this.wait * 2, AGAIN_LONGEST);
  }
}
