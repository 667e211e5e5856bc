/**
 * One exhibit that is open: its PDF, its glyphs, its two books of annotations, and how it is looked at. Owns their life
 * and the choices of the moment (zoom, tool, selection); draws nothing.
 */
import { batch, computed, effect, type ReadonlySignal, signal, untracked } from "@preact/signals";
import type { Collab, Presence, Verdict } from "../documents/collab";
import { request } from "../session/http";
import { Problem } from "../session/problem";
import { Book, type NewEntry } from "./book";
import { asTurn, hundredths, type Point, type Rect, type Sheet, type Turn } from "./geometry";
import type { Exhibit } from "./exhibit-list";
import { type Line, linesOf, type Span } from "./glyphs";
import type { LiveStrokes } from "./live-strokes";
import { byTime, type DrawnKind, isAnswer, type Layer, type Mark } from "./marks";
import { isCancelled, PdfFile } from "./pdf-file";
import { Pointing } from "./pointing";
import { areApart, nowText } from "./server-time";

interface PageEntry {
  media: Rect;
  crop: Rect;
  rotate: number;
  user_unit: number;
  label: string;
  text: boolean;
}

export interface Selection extends Span {
  page: number;
}

/** `text`: words are chosen, and may then be marked. */
export type Tool = "text" | DrawnKind;

/** What stays where it is when the size changes, or when one comes back: a spot of a page, and where on the window it is. */
export interface Anchor {
  page: number;
  x: number;
  y: number;
  atX: number;
  atY: number;
}

export interface Surroundings {
  hearing: string;
  me: Presence;
  collab: ReadonlySignal<Collab | null>;
  isConnected: ReadonlySignal<boolean>;
  /** Whether annotations of it may be made before the court now, by anybody. */
  isSitting: ReadonlySignal<boolean>;
  nameOf: (person: string) => string;
}

const GLYPHS_KEPT = 40;
const AGAIN = 1_500;
/** A reader's write is answered without a verdict: after so long without a confirmation it counts as refused. */
const STUCK = 4_000;

export class OpenExhibit {
  readonly problem = signal<Problem | null>(null);
  readonly sheets = signal<readonly Sheet[]>([]);
  readonly labels = signal<readonly string[]>([]);
  /** How many pages the PDF has, once it is open. */
  readonly pages = signal(0);
  readonly scale = signal<number | "fit">("fit");
  /** The scale that the pages are drawn at now. */
  readonly shownScale = signal(1);
  readonly turned = signal<Turn>(0);
  readonly page = signal(0);
  readonly tool = signal<Tool>("text");
  readonly layer = signal<Layer>("court");
  readonly color = signal<string>("");
  readonly width = signal(2);
  readonly selection = signal<Selection | null>(null);
  /** The mark whose thread is shown. */
  readonly chosen = signal<string | null>(null);
  /** Where to go: a page, a mark or words found. Taken by the view. */
  readonly wanted = signal<{ page: number; point: Point | null } | null>(null);
  /** An own box on its way by key, before it is written. */
  readonly nudged = signal<{ id: string; rect: Rect } | null>(null);
  /** Whether a page has words to choose, as the server has seen. */
  readonly hasText = signal<readonly boolean[]>([]);
  readonly anchor: { current: Anchor } = { current: { page: 0, x: 0.5, y: 0, atX: 0, atY: 12 } };
  readonly books = signal<Partial<Record<Layer, Book>>>({});
  /** Own annotations that the server would not take. */
  readonly refused = signal<readonly NewEntry[]>([]);
  /** When annotations came to the server, as far as it was asked. */
  readonly received = signal<Readonly<Record<string, string>>>({});
  readonly file = new PdfFile();
  private readonly glyphs = new Map<number, Promise<Line[]>>();
  private readonly read = new Map<number, readonly Line[]>();
  private isClosed = false;
  private again: ReturnType<typeof setTimeout> | undefined;
  private stuck: ReturnType<typeof setTimeout> | undefined;
  private asking: ReturnType<typeof setTimeout> | undefined;
  private readonly stops: Array<() => void> = [];

  readonly marks = computed<readonly Mark[]>(() => Object.values(this.books.value).flatMap((book) => [...book.marks.value.values()]));
  readonly answers = computed(() => {
    const answers = new Map<string, Mark[]>();
    for (const mark of this.marks.value.filter(isAnswer).sort(byTime)) {
      const to = mark.reply_to ?? "";
      answers.set(to, [...(answers.get(to) ?? []), mark]);
    }
    return answers;
  });
  readonly byPage = computed(() => {
    const pages = new Map<number, Mark[]>();
    for (const mark of this.marks.value) {
      if (isAnswer(mark) || mark.page === undefined) continue;
      pages.set(mark.page, [...(pages.get(mark.page) ?? []), mark]);
    }
    return pages;
  });
  /** Whether this person may make annotations that others see. */
  readonly mayWrite = computed(() => this.around.isSitting.value && this.books.value.court?.document.mayWrite.value === true);
  readonly hasNotes = computed(() => this.books.value.own?.document.mayWrite.value === true);
  /** Where this page writes now; null: nowhere. */
  readonly book = computed<Book | null>(() => {
    const { court, own } = this.books.value;
    if (this.layer.value === "own") return this.hasNotes.value ? (own ?? null) : null;
    return this.mayWrite.value ? (court ?? null) : null;
  });
  readonly live = computed<LiveStrokes | null>(() => this.books.value.court?.live ?? null);
  readonly pointing = new Pointing(this, () => this.live.peek());

  constructor(
    readonly exhibit: Exhibit,
    private readonly around: Surroundings,
  ) {
    this.color.value = around.me.color;
    this.stops.push(
      effect(() => {
        const collab = around.collab.value;
        untracked(() => this.follow(collab));
      }),
      effect(() => {
        if (around.isSitting.value && this.books.peek().court?.document.mayWrite.peek() === false) {
          untracked(() => this.follow(around.collab.peek())); // the right has come since it was asked for
        }
      }),
      effect(() => {
        const isStuck = !this.mayWrite.value && this.books.value.court?.outgoing.saving.value === "saving";
        clearTimeout(this.stuck);
        if (isStuck) this.stuck = setTimeout(() => this.turnedAway("court", "forbidden"), STUCK);
      }),
      effect(() => {
        const known = this.received.peek();
        const isOdd = this.marks.value.some(({ id, layer, created }) => layer === "court" && !known[id] && areApart(created, nowText()));
        if (isOdd) this.asking ??= setTimeout(() => void this.askReceived(), AGAIN);
      }),
    );
    void this.open();
  }

  get path(): string {
    return `/api/hearings/${encodeURIComponent(this.around.hearing)}/exhibits/${encodeURIComponent(this.exhibit.id)}`;
  }

  get me(): Presence {
    return this.around.me;
  }

  /** The lines of a page; asked for once, and forgotten when many others were looked at since. */
  linesOf(page: number): Promise<Line[]> {
    const known = this.glyphs.get(page);
    this.glyphs.delete(page);
    const asked = known ?? request<Parameters<typeof linesOf>[0]>(`${this.path}/pages/${page}/glyphs`).then(linesOf);
    this.glyphs.set(page, asked);
    asked.then(
      (lines) => this.isClosed || this.read.set(page, lines),
      () => this.glyphs.delete(page), // asked anew by the next view of it
    );
    const oldest = this.glyphs.keys().next().value;
    if (this.glyphs.size > GLYPHS_KEPT && oldest !== undefined) {
      this.glyphs.delete(oldest);
      this.read.delete(oldest);
    }
    return asked;
  }

  /** The lines of a page as far as they are here; none before. */
  linesNow(page: number): readonly Line[] {
    return this.read.get(page) ?? [];
  }

  /** pdf.js knows a page better than the table made of it. */
  corrected(page: number, sheet: Sheet): void {
    const known = this.sheets.peek()[page];
    if (!known || JSON.stringify(known) === JSON.stringify(sheet)) return;
    this.sheets.value = this.sheets.peek().map((each, n) => (n === page ? sheet : each));
  }

  go(page: number, point: Point | null = null): void {
    this.wanted.value = { page: Math.min(Math.max(page, 0), Math.max(this.sheets.peek().length - 1, 0)), point };
  }

  rotate(): void {
    batch(() => {
      this.turned.value = asTurn(this.turned.peek() + 90);
      this.go(this.page.peek());
    });
  }

  /** How a page stands on the screen, as a turn of its user space. */
  rotationOf(page: number): Turn {
    return asTurn((this.sheets.peek()[page]?.rotate ?? 0) + this.turned.peek());
  }

  /** A box with its upper left corner, as the page stands now, at a point. */
  boxAt(page: number, [x, y]: Point, [width, height]: Point): Rect {
    const corners: Record<Turn, Rect> = {
      0: [x, y - height, x + width, y],
      90: [x, y, x + height, y + width],
      180: [x - width, y, x, y + height],
      270: [x - height, y - width, x, y],
    };
    return corners[this.rotationOf(page)].map(hundredths) as unknown as Rect;
  }

  nameOf(person: string): string {
    return this.around.nameOf(person);
  }

  bookOf(mark: Mark): Book | undefined {
    return this.books.peek()[mark.layer];
  }

  /** Makes what was refused once more, as new entries. */
  tryAgain(): void {
    const entries = this.refused.peek();
    this.refused.value = [];
    this.books.peek().court?.add(entries);
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.again);
    clearTimeout(this.stuck);
    clearTimeout(this.asking);
    for (const stop of this.stops.splice(0)) stop();
    this.closeBooks();
    this.file.close();
    this.glyphs.clear();
    this.read.clear();
    batch(() => {
      this.sheets.value = [];
      this.selection.value = null;
      this.refused.value = [];
    });
  }

  private async open(): Promise<void> {
    try {
      const pages = this.file.open(`${this.path}/served`, (error) => this.failed(error));
      pages.catch(() => undefined); // told below
      const { page_table: table } = await request<{ page_table: PageEntry[] }>(this.path);
      if (this.isClosed) return;
      this.sheets.value = table.map(({ crop, rotate, user_unit }) => ({ crop, rotate: asTurn(rotate), unit: user_unit || 1 }));
      this.hasText.value = table.map(({ text }) => text);
      this.labels.value = table.map(({ label }) => label);
      this.pages.value = await pages;
    } catch (error) {
      this.failed(error);
    }
  }

  /** What is not told now is asked for with the next change. */
  private async askReceived(): Promise<void> {
    const answer = await request<{ received: Record<string, string> }>(`${this.path}/annotations`).catch(() => null);
    this.asking = undefined;
    if (answer && !this.isClosed) this.received.value = answer.received;
  }

  private failed(error: unknown): void {
    if (this.isClosed || isCancelled(error)) return;
    this.problem.value = error instanceof Problem ? error : unreadable(error);
  }

  /** The documents live on the hearing's socket and end with it. */
  private follow(collab: Collab | null): void {
    const { hearing, me } = this.around;
    this.closeBooks();
    if (!collab) return;
    const names: Record<Layer, string> = {
      court: `${hearing}/annotations/${this.exhibit.id}`,
      own: `${hearing}/notes/${me.id}/${this.exhibit.id}`,
    };
    for (const layer of ["court", "own"] as const) this.openBook(collab, layer, names[layer]);
  }

  private openBook(collab: Collab, layer: Layer, name: string): void {
    const document = collab.open(name, (verdict) => this.turnedAway(layer, verdict), layer === "court" ? this.me : null);
    this.books.value = { ...this.books.peek(), [layer]: new Book(document, layer, this.me.id, this.around.isConnected) };
  }

  /** This copy is of no more use: a fresh one is opened, and what it held of ours is offered again. */
  private turnedAway(layer: Layer, verdict: Verdict): void {
    const { [layer]: book, ...rest } = this.books.peek();
    if (!book) return;
    this.file.ask(`${this.path}/served`); // the clock may be what was wrong
    if (layer === "court") this.refused.value = [...this.refused.peek(), ...book.refusedEntries()];
    book.close(verdict);
    this.books.value = rest;
    if (layer === "own" && verdict === "forbidden") return; // not everybody has notes of their own
    this.again = setTimeout(() => {
      const collab = this.around.collab.peek();
      if (!this.isClosed && collab) this.follow(collab);
    }, AGAIN);
  }

  private closeBooks(): void {
    for (const book of Object.values(this.books.peek())) book.close();
    this.books.value = {};
  }
}

function unreadable(error: unknown): Problem {
  return new Problem(
    "unreadable",
    0,
    { zh: "无法显示这份证据，请稍后重试。原件不受影响。", en: "This exhibit cannot be shown now; please try again. The original is not affected." },
    String(error),
  );
}
