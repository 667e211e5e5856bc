/** The hearing's exhibits as the server lists them, and files on their way there. Owns both; never draws and opens no PDF. */
import { signal } from "@preact/signals";
import { withSession } from "../route";
import { asProblem, request } from "../session/http";
import { Problem, type Titles, unreachable } from "../session/problem";

export interface Warning {
  code: string;
  title_zh: string;
  title_en: string;
}

/** Its file and its annotations are kept; nobody marks it any more. */
export interface Withdrawal {
  person: string;
  at: string;
  reason: string;
}

export interface Exhibit {
  id: string;
  number: number;
  title: string;
  purpose: string;
  offered_by: string;
  name: string;
  uploaded_by: string;
  uploaded_at: string;
  size: number;
  sha256: string;
  pages: number;
  state: "listed" | "received" | "ready" | "refused";
  intake: { step: number; steps: number; code?: string; title_zh?: string; title_en?: string };
  warnings: Warning[];
  withdrawn: Withdrawal | null;
  /** Whether it is this person's to withdraw, as far as that does not depend on the moment. */
  may_withdraw: boolean;
}

export interface Upload {
  id: number;
  name: string;
  /** 0 to 1; 1: the server has it all. */
  share: number;
  problem: Problem | null;
  stop: () => void;
}

export interface Offering {
  file: File;
  title: string;
  purpose: string;
  offered_by: string;
}

const POLL_FIRST = 500;
const POLL_LONGEST = 5_000;
const MOST_BYTES = 100 * 2 ** 20;
let numbered = 0;

export class ExhibitList {
  readonly exhibits = signal<readonly Exhibit[] | null>(null);
  readonly problem = signal<Problem | null>(null);
  readonly uploads = signal<readonly Upload[]>([]);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private wait = POLL_FIRST;
  private isClosed = false;
  private asked = 0;

  constructor(private readonly hearing: string) {
    void this.ask();
  }

  get path(): string {
    return `/api/hearings/${encodeURIComponent(this.hearing)}/exhibits`;
  }

  /** Also while a file is being looked through: the server tells its end, but not its steps. */
  async ask(): Promise<void> {
    clearTimeout(this.timer);
    const mine = (this.asked += 1);
    try {
      const { exhibits } = await request<{ exhibits: Exhibit[] }>(this.path);
      if (this.isClosed || mine !== this.asked) return;
      this.exhibits.value = [...exhibits].sort((a, b) => place(a) - place(b) || a.uploaded_at.localeCompare(b.uploaded_at));
      this.problem.value = null;
      if (exhibits.some(({ state }) => state === "received")) this.askLater();
      else this.wait = POLL_FIRST;
    } catch (error) {
      if (this.isClosed || mine !== this.asked) return;
      this.problem.value = asProblem(error);
      if (this.problem.value.status === 0) this.askLater();
    }
  }

  private askLater(): void {
    this.timer = setTimeout(() => void this.ask(), this.wait);
    this.wait = Math.min(this.wait * 1.5, POLL_LONGEST);
  }

  /** By a clerk; throws a Problem. */
  async arrange(id: string, changes: { title: string; purpose: string; number?: number }): Promise<void> {
    await request(`${this.path}/${encodeURIComponent(id)}`, { method: "PATCH", body: changes });
    await this.ask();
  }

  /** By the side that offers it, or a clerk; throws a Problem. */
  async withdraw(id: string, reason: string): Promise<void> {
    await request(`${this.path}/${encodeURIComponent(id)}/withdraw`, { method: "POST", body: { reason } });
    await this.ask();
  }

  withdrawalOf(id: string): Withdrawal | null {
    return this.exhibits.value?.find((each) => each.id === id)?.withdrawn ?? null;
  }

  upload({ file, title, purpose, offered_by }: Offering): void {
    const call = new XMLHttpRequest();
    const id = (numbered += 1);
    this.uploads.value = [...this.uploads.value, { id, name: file.name, share: 0, problem: null, stop: () => call.abort() }];
    if (file.size > MOST_BYTES) return this.move(id, { problem: tooLarge() });
    const fields = new URLSearchParams({ title, purpose, offered_by, name: file.name });
    call.open("POST", withSession(`${this.path}?${fields.toString()}`));
    call.setRequestHeader("Accept", "application/json");
    call.setRequestHeader("Content-Type", "application/octet-stream");
    call.upload.onprogress = ({ loaded, total }) => this.move(id, { share: total > 0 ? loaded / total : 0 });
    call.onload = () => this.arrived(id, call);
    call.onerror = () => this.move(id, { problem: unreachable() });
    call.onabort = () => this.dismiss(id);
    call.send(file);
  }

  dismiss(id: number): void {
    this.uploads.value = this.uploads.value.filter((upload) => upload.id !== id);
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    for (const upload of this.uploads.peek()) upload.stop();
    this.exhibits.value = null;
    this.uploads.value = [];
  }

  private arrived(id: number, call: XMLHttpRequest): void {
    if (call.status >= 400) return this.move(id, { problem: problemOf(call) });
    this.dismiss(id);
    this.wait = POLL_FIRST;
    void this.ask();
  }

  private move(id: number, fields: Partial<Upload>): void {
    this.uploads.value = this.uploads.value.map((upload) => (upload.id === id ? { ...upload, ...fields } : upload));
  }
}

/** What has no number, because it was not accepted, comes last. */
const place = ({ number }: Exhibit): number => number || Number.MAX_SAFE_INTEGER;

function tooLarge(): Problem {
  return new Problem("too_large", 413, { zh: "文件超过 100 MB，请拆分后再上传。", en: "The file is over 100 MB. Split it and upload the parts." });
}

function problemOf(call: XMLHttpRequest): Problem {
  let body: Record<string, unknown> = {};
  try {
    body = JSON.parse(call.responseText) as Record<string, unknown>;
  } catch {
    // an answer that is none of the server's own: its status is all there is to say
  }
  const word = (key: string, otherwise: string): string => (typeof body[key] === "string" ? body[key] : otherwise);
  const titles: Titles = {
    zh: word("title_zh", `服务器返回错误 ${call.status}`),
    en: word("title_en", `The server answered with error ${call.status}`),
  };
  return new Problem(word("code", String(call.status)), call.status, titles);
}
