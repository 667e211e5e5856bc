/**
 * Groups the lines of the editor in blocks that the browser may leave undrawn. The lines stay children of one element, as
 * ProseMirror wants them; the blocks stand in its shadow tree, each with a slot. Owns the grouping, never a line.
 */
import { Plugin } from "prosemirror-state";

const SIZE = 50;

interface Block {
  box: HTMLElement;
  slot: HTMLSlotElement;
  lines: Element[];
}

class Blocks {
  private readonly root: ShadowRoot;
  private readonly blockOf = new WeakMap<Element, Block>();
  private blocks: Block[] = [];

  constructor(private readonly sheet: HTMLElement) {
    this.root = sheet.attachShadow({ mode: "open", slotAssignment: "manual" });
    this.arrange();
  }

  /** Each line stays in its block where the order allows it; a new one joins the line before. */
  arrange(): void {
    const wanted = new Map<Block, Element[]>(this.blocks.map((block) => [block, []]));
    const places = new Map(this.blocks.map((block, place) => [block, place]));
    let now = this.blocks[0] ?? this.add(0, wanted);
    for (const line of this.sheet.children) {
      const own = this.blockOf.get(line);
      if (own && (places.get(own) ?? -1) > (places.get(now) ?? -1)) now = own;
      wanted.get(now)!.push(line);
    }
    for (const [block, lines] of wanted) this.fill(block, lines);
  }

  private fill(block: Block, lines: Element[]): void {
    if (lines.length === 0) return this.remove(block);
    if (lines.length > 2 * SIZE) return this.part(block, lines);
    if (lines.length === block.lines.length && lines.every((line, place) => line === block.lines[place])) return undefined;
    this.assign(block, lines);
  }

  private part(block: Block, lines: Element[]): void {
    let place = this.blocks.indexOf(block);
    this.assign(block, lines.slice(0, SIZE));
    for (let from = SIZE; from < lines.length; from += SIZE) {
      place += 1;
      this.assign(this.add(place), lines.slice(from, from + SIZE));
    }
  }

  private assign(block: Block, lines: Element[]): void {
    block.lines = lines;
    for (const line of lines) this.blockOf.set(line, block);
    block.slot.assign(...lines);
  }

  private add(place: number, wanted?: Map<Block, Element[]>): Block {
    const block = { box: document.createElement("div"), slot: document.createElement("slot"), lines: [] };
    block.box.setAttribute("part", "block");
    block.box.append(block.slot);
    this.root.insertBefore(block.box, this.blocks[place]?.box ?? null);
    this.blocks.splice(place, 0, block);
    wanted?.set(block, []);
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
      return { update: (now, before) => void (now.state.doc !== before.doc && blocks.arrange()) };
    },
  });
