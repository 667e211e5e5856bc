/** Words looked for in the whole exhibit, page after page. Owns what was found and which place is shown; draws nothing. */
import { computed, signal } from "@preact/signals";
import { corner, type Quad } from "./geometry";
import { found, quadsOf, type Span } from "./glyphs";
import type { OpenExhibit } from "./open-exhibit";

export interface Hit {
  page: number;
  span: Span;
  quads: readonly Quad[];
}

const AT_ONCE = 4;
const MOST = 2_000;

export class Find {
  readonly words = signal("");
  readonly hits = signal<readonly Hit[]>([]);
  readonly current = signal(0);
  /** Pages that were looked at; null: nothing is being looked for. */
  readonly looked = signal<number | null>(null);
  readonly isIncomplete = signal(false);
  private run = 0;
  private readonly byPage = computed(() => {
    const pages = new Map<number, Array<{ quads: readonly Quad[]; isCurrent: boolean }>>();
    const current = this.hits.value[this.current.value];
    for (const hit of this.hits.value) {
      const entry = { quads: hit.quads, isCurrent: hit === current };
      pages.set(hit.page, [...(pages.get(hit.page) ?? []), entry]);
    }
    return pages;
  });

  constructor(private readonly open: OpenExhibit) {}

  get pages(): number {
    return this.open.sheets.value.length;
  }

  on(page: number): ReadonlyArray<{ quads: readonly Quad[]; isCurrent: boolean }> {
    return this.byPage.value.get(page) ?? [];
  }

  /** From the page that is shown on, then from the start; the first place found is gone to at once. */
  async look(words: string): Promise<void> {
    const mine = (this.run += 1);
    this.words.value = words;
    this.hits.value = [];
    this.current.value = 0;
    this.isIncomplete.value = false;
    this.looked.value = null;
    if (words.trim() === "") return;
    const all = this.open.sheets.peek().length;
    const start = this.open.page.peek();
    for (let n = 0; n < all; n += AT_ONCE) {
      this.looked.value = n;
      const pages = Array.from({ length: Math.min(AT_ONCE, all - n) }, (_, k) => (start + n + k) % all);
      const hits = (await Promise.all(pages.map((page) => this.onPage(page, words)))).flat();
      if (mine !== this.run) return;
      this.add(hits);
      if (this.hits.peek().length > MOST) break;
    }
    this.looked.value = null;
  }

  step(by: 1 | -1): void {
    const all = this.hits.peek().length;
    if (all === 0) return;
    this.current.value = (this.current.peek() + by + all) % all;
    this.show();
  }

  clear(): void {
    void this.look("");
  }

  /** The order stays that of the pages, and what is shown stays what is shown. */
  private add(hits: readonly Hit[]): void {
    if (hits.length === 0) return;
    const before = this.hits.peek();
    const shown = before[this.current.peek()] ?? hits[0]!;
    const next = [...before, ...hits].sort((a, b) => a.page - b.page || a.span.from.line - b.span.from.line || a.span.from.at - b.span.from.at);
    this.hits.value = next;
    this.current.value = next.indexOf(shown);
    if (before.length === 0) this.show();
  }

  /** The words found are chosen too, so that they can be marked without a pointer. */
  private show(): void {
    const hit = this.hits.peek()[this.current.peek()];
    if (!hit) return;
    this.open.selection.value = { page: hit.page, ...hit.span };
    this.open.go(hit.page, hit.quads[0] ? corner(hit.quads[0], "ul") : null);
  }

  private async onPage(page: number, words: string): Promise<Hit[]> {
    const lines = await this.open.linesOf(page).catch(() => {
      this.isIncomplete.value = true;
      return [];
    });
    return found(lines, words).map((span) => ({ page, span, quads: quadsOf(lines, span) }));
  }
}
