/**
 * Groups the lines of the editor in blocks that the browser may leave undrawn. The lines stay children of one element, as
 * ProseMirror wants them; the blocks stand in its shadow tree, each with a slot. Owns the grouping, never a line.
 */
import { Plugin } from "prosemirror-state";

const SIZE = 50;

interface Block {
  box: HTMLElement;
  slot: HTMLSlotElement;
  lines: readonly Element[];
}

class Blocks {
  private readonly root: ShadowRoot;
  private readonly changes: MutationObserver;
  private readonly blockOf = new WeakMap<Element, Block>();
  private blocks: Block[] = [];
  private drawn: Block | null = null;

  constructor(private readonly sheet: HTMLElement) {
    this.root = sheet.attachShadow({ mode: "open", slotAssignment: "manual" });
    this.changes = new MutationObserver(() => this.arrange());
    this.changes.observe(sheet, { childList: true });
    this.arrange();
  }

  /** At once, before anybody asks where a line is; `written` = the place of the line with the caret. */
  settle(written: number): void {
    if (this.changes.takeRecords().length > 0) this.arrange();
    const line = this.sheet.children[written];
    this.draw((line && this.blockOf.get(line)) ?? null);
  }

  /** A letter typed into a line that is not laid out yet would fall beside it and be lost. */
  private draw(block: Block | null): void {
    if (block === this.drawn) return;
    this.drawn?.box.setAttribute("part", "block");
    block?.box.setAttribute("part", "block block-written");
    this.drawn = block;
  }

  stop(): void {
    this.changes.disconnect();
  }

  /** Each line stays in its block where the order allows it; a new one joins the line before. */
  private arrange(): void {
    if (this.blocks.length === 0) this.add(0);
    const wanted: Element[][] = this.blocks.map(() => []);
    const places = new Map(this.blocks.map((block, place) => [block, place]));
    let now = 0;
    for (const line of this.sheet.children) {
      const own = this.blockOf.get(line);
      now = Math.max(now, (own && places.get(own)) ?? 0);
      wanted[now]!.push(line);
    }
    [...this.blocks].forEach((block, place) => this.fill(block, wanted[place]!));
  }

  private fill(block: Block, lines: readonly Element[]): void {
    if (lines.length === 0) this.remove(block);
    else if (lines.length > 2 * SIZE) this.part(block, lines);
    else if (lines.length !== block.lines.length || lines.some((line, place) => line !== block.lines[place])) this.assign(block, lines);
  }

  private part(block: Block, lines: readonly Element[]): void {
    let place = this.blocks.indexOf(block);
    this.assign(block, lines.slice(0, SIZE));
    for (let from = SIZE; from < lines.length; from += SIZE) {
      place += 1;
      this.assign(this.add(place), lines.slice(from, from + SIZE));
    }
  }

  private assign(block: Block, lines: readonly Element[]): void {
    block.lines = lines;
    for (const line of lines) this.blockOf.set(line, block);
    block.slot.assign(...lines);
  }

  private add(place: number): Block {
    const block = { box: document.createElement("div"), slot: document.createElement("slot"), lines: [] };
    block.box.setAttribute("part", "block");
    block.box.append(block.slot);
    this.root.insertBefore(block.box, this.blocks[place]?.box ?? null);
    this.blocks.splice(place, 0, block);
    return block;
  }

  private remove(block: Block): void {
    block.box.remove();
    this.blocks = this.blocks.filter((one) => one !== block);
  }
}

export const blocksPlugin = (): Plugin =>
  new Plugin({
    view: ({ dom }) => {
      const blocks = new Blocks(dom);
      return { update: ({ state }) => blocks.settle(state.selection.$head.index(0)), destroy: () => blocks.stop() };
    },
  });
