/** The transcript document as signals: one a turn, so that a key typed in one turn redraws that turn alone. Read only. */
import { batch, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type * as Y from "yjs";
import { isTurn, keyOf, readTurn, type Turn } from "./turn";

export interface Line {
  key: string;
  turn: Signal<Turn>;
}

/** Longest time that a change may wait for a frame; a hidden tab draws no frames. */
const LATEST = 250;

export class Transcript {
  readonly lines = signal<readonly Line[]>([]);
  private readonly fragment: Y.XmlFragment;
  private readonly known = new Map<Y.XmlElement, Line>();
  private readonly dirty = new Set<Y.XmlElement>();
  private isListDirty = true;
  private frame = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly observe = (events: Array<Y.YEvent<never>>): void => this.changed(events);

  constructor(
    doc: Y.Doc,
    /** Whether the document has come from the server at least once. */
    readonly isLoaded: ReadonlySignal<boolean>,
  ) {
    this.fragment = doc.getXmlFragment("transcript");
    this.fragment.observeDeep(this.observe as never);
    this.draw();
  }

  close(): void {
    this.fragment.unobserveDeep(this.observe as never);
    this.unschedule();
    this.known.clear();
    this.dirty.clear();
    this.lines.value = [];
  }

  /** Shows now what waits for the next frame. */
  settle(): void {
    if (this.timer !== undefined) this.draw();
  }

  private changed(events: Array<Y.YEvent<never>>): void {
    for (const event of events) {
      const element = this.turnOf(event.target);
      if (element) this.dirty.add(element);
      else this.isListDirty = true;
    }
    this.schedule();
  }

  /** The turn that a changed type lies in; null for the fragment itself. */
  private turnOf(type: Y.AbstractType<unknown>): Y.XmlElement | null {
    for (let node: Y.AbstractType<unknown> | null = type; node && node !== (this.fragment as unknown); node = node.parent) {
      if (isTurn(node)) return node;
    }
    return null;
  }

  private schedule(): void {
    if (this.timer !== undefined) return;
    this.frame = requestAnimationFrame(() => this.draw());
    this.timer = setTimeout(() => this.draw(), LATEST);
  }

  private unschedule(): void {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private draw(): void {
    this.unschedule();
    batch(() => {
      if (this.isListDirty) this.drawList();
      for (const element of this.dirty) {
        const line = this.known.get(element);
        if (line) line.turn.value = readTurn(element);
      }
      this.dirty.clear();
    });
  }

  private drawList(): void {
    this.isListDirty = false;
    const elements = this.fragment.toArray().filter(isTurn);
    const living = new Set<Y.XmlElement>(elements);
    for (const element of this.known.keys()) if (!living.has(element)) this.known.delete(element);
    this.lines.value = elements.map((element) => this.lineOf(element));
  }

  private lineOf(element: Y.XmlElement): Line {
    const known = this.known.get(element);
    if (known) return known;
    const fresh = { key: keyOf(element), turn: signal(readTurn(element)) };
    this.known.set(element, fresh);
    return fresh;
  }
}
