/**
 * The annotations of one exhibit in one layer: owns the document, what this page writes into it and the undoing of that.
 * Every change is written as values under keys of one's own; nothing here draws.
 */
import { type ReadonlySignal, signal } from "@preact/signals";
import * as Y from "yjs";
import type { OpenDocument, Verdict } from "../documents/collab";
import { Outgoing } from "../documents/outgoing";
import { LiveStrokes } from "./live-strokes";
import { nowText } from "./server-time";
import { type Entry, type Layer, type Mark, readEntry } from "./marks";

type Values = Partial<Entry>;
/** What was there before and what is there now, key by key; undefined: nothing. */
interface Change {
  id: string;
  before: Values;
  after: Values;
}
type Step = readonly Change[];

export type NewEntry = Omit<Entry, "id" | "v" | "author" | "created">;

const newId = (): string => {
  const [a, b, c, d, e] = [4, 2, 2, 2, 6].map((bytes) =>
    Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, "0")).join(""),
  );
  return `${a}-${b}-4${c!.slice(1)}-${"89ab"[Number.parseInt(d![0]!, 16) % 4]}${d!.slice(1)}-${e}`;
};

export class Book {
  readonly marks = signal<ReadonlyMap<string, Mark>>(new Map());
  readonly canUndo = signal(false);
  readonly canRedo = signal(false);
  readonly outgoing: Outgoing;
  /** null: nobody else is here. */
  readonly live: LiveStrokes | null;
  private readonly root: Y.Map<Y.Map<unknown>>;
  private done: Step[] = [];
  private undone: Step[] = [];
  /** Own entries that the server has not confirmed, to be offered again if it refuses them. */
  private readonly waiting = new Set<string>();
  private readonly stops: Array<() => void> = [];

  constructor(
    readonly document: OpenDocument,
    readonly layer: Layer,
    private readonly me: string,
    isConnected: ReadonlySignal<boolean>,
  ) {
    this.root = document.doc.getMap("annotations");
    this.outgoing = new Outgoing(me, document, isConnected);
    this.outgoing.bringing = (back) => this.watch(back);
    this.live = document.awareness && new LiveStrokes(document.awareness);
    const observe = (events: Array<Y.YEvent<Y.AbstractType<unknown>>>): void => this.read(events);
    this.root.observeDeep(observe);
    this.stops.push(
      () => this.root.unobserveDeep(observe),
      this.outgoing.saving.subscribe((saving) => saving === "saved" && this.waiting.clear()),
    );
    this.readAll();
  }

  /** Makes entries as one step; answers with their ids. */
  add(fresh: readonly NewEntry[]): string[] {
    const made = fresh.map((values): Entry => ({ ...values, id: newId(), v: 1, author: this.me, created: nowText() }));
    this.document.doc.transact(() => {
      for (const entry of made) this.root.set(entry.id, new Y.Map(Object.entries(entry)));
    });
    const deleted = this.tombstone();
    this.remember(made.map(({ id }) => ({ id, before: { deleted }, after: {} })));
    return made.map(({ id }) => id);
  }

  change(id: string, values: Values): void {
    const mark = this.own(id);
    if (!mark) return;
    const after: Values = { ...values, modified: nowText() };
    const before = Object.fromEntries(Object.keys(after).map((key) => [key, mark[key as keyof Entry]])) as Values;
    this.write([{ id, values: after }]);
    this.remember([{ id, before, after }]);
  }

  remove(id: string): void {
    if (!this.own(id) || this.own(id)?.deleted) return;
    const deleted = this.tombstone();
    this.write([{ id, values: { deleted } }]);
    this.remember([{ id, before: {}, after: { deleted } }]);
  }

  undo(): void {
    this.walk(this.done, this.undone, "before", "after");
  }

  redo(): void {
    this.walk(this.undone, this.done, "after", "before");
  }

  /** Copies of own entries that were refused, for another try. */
  refusedEntries(): NewEntry[] {
    return [...this.waiting].flatMap((id) => {
      const mark = this.marks.peek().get(id);
      if (!mark || mark.deleted) return [];
      const { id: _, v: __, author: ___, created: ____, layer: _____, modified: ______, ...values } = mark;
      return [values];
    });
  }

  /** `verdict`: the server refused what this page wrote, so it must not be sent again. */
  close(verdict: Verdict | null = null): void {
    for (const stop of this.stops.splice(0)) stop();
    if (verdict === null) this.outgoing.close();
    else this.outgoing.drop();
    this.live?.close();
    this.document.close();
    this.marks.value = new Map();
    this.done = this.undone = [];
  }

  /** What an earlier page made and could not send may be refused too. */
  private watch(back: () => void): void {
    const before = new Set(this.root.keys());
    back();
    for (const id of this.root.keys()) if (!before.has(id)) this.waiting.add(id);
  }

  private own(id: string): Mark | undefined {
    const mark = this.marks.peek().get(id);
    return mark?.author === this.me ? mark : undefined;
  }

  private tombstone(): NonNullable<Entry["deleted"]> {
    return { by: this.me, at: nowText() };
  }

  private remember(step: Step): void {
    for (const { id } of step) this.waiting.add(id);
    this.done.push(step);
    this.undone = [];
    this.tell();
  }

  /** A key that had no value is cleared again: an entry itself is never taken away. */
  private walk(from: Step[], to: Step[], side: "before" | "after", other: "before" | "after"): void {
    const step = from.pop();
    if (!step) return;
    this.write(
      step.map((change) => {
        const gone = Object.keys(change[other]).filter((key) => change[side][key as keyof Values] === undefined);
        const values: Values = { ...Object.fromEntries(gone.map((key) => [key, undefined])), ...change[side] };
        return { id: change.id, values: values.deleted ? { ...values, deleted: this.tombstone() } : values };
      }),
    );
    for (const { id } of step) this.waiting.add(id);
    to.push(step);
    this.tell();
  }

  private write(changes: ReadonlyArray<{ id: string; values: Values }>): void {
    this.document.doc.transact(() => {
      for (const { id, values } of changes) {
        const entry = this.root.get(id);
        if (!entry) continue;
        for (const [key, value] of Object.entries(values)) {
          if (value !== undefined) entry.set(key, value);
          else if (entry.has(key)) entry.delete(key);
        }
      }
    });
  }

  private tell(): void {
    this.canUndo.value = this.done.length > 0;
    this.canRedo.value = this.undone.length > 0;
  }

  private readAll(): void {
    this.marks.value = new Map([...this.root.keys()].flatMap((id) => this.entry(id)));
  }

  private read(events: ReadonlyArray<Y.YEvent<Y.AbstractType<unknown>>>): void {
    const touched = new Set(
      events.flatMap((event) => (event.path.length === 0 ? [...event.changes.keys.keys()] : [String(event.path[0])])),
    );
    const next = new Map(this.marks.peek());
    for (const id of touched) {
      next.delete(id);
      for (const [key, mark] of this.entry(id)) next.set(key, mark);
    }
    this.marks.value = next;
  }

  private entry(id: string): Array<[string, Mark]> {
    const mark = readEntry(this.root.get(id), this.layer);
    return mark ? [[id, mark]] : [];
  }
}
