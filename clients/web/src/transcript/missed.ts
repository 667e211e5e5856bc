/** What others did to the transcript while this page was cut off from it, counted from the Y types. Keeps no word of it. */
import { effect } from "@preact/signals";
import * as Y from "yjs";
import type { OpenDocument } from "../documents/collab";
import { isTurn } from "./turn";

export interface Missed {
  added: number;
  changed: number;
  removed: number;
  /** The first new line, or else the first one changed: its turn's id. */
  first: string | null;
}

/** Whoever reads sees no difference in the others. */
const SHOWN: readonly string[] = ["kind", "speaker", "role"];

/** Follows a document through its outages; `tell` is called after each in which something changed. Returns how to stop. */
export function followMissed(document: OpenDocument, tell: (missed: Missed) => void): () => void {
  const fragment = document.doc.getXmlFragment("transcript");
  let count = new Count(fragment);
  const observe = (events: Array<Y.YEvent<never>>, { origin }: Y.Transaction): void => {
    const isMissed = document.synced.peek() && !document.isCurrent.peek() && document.isFromServer(origin);
    if (isMissed) for (const event of events) count.take(event);
  };
  fragment.observeDeep(observe as never);
  const stop = effect(() => {
    if (!document.isCurrent.value) return;
    const missed = count.result();
    count = new Count(fragment);
    if (missed.added + missed.changed + missed.removed > 0) queueMicrotask(() => tell(missed));
  });
  return () => {
    stop();
    fragment.unobserveDeep(observe as never);
  };
}

class Count {
  private readonly added = new Set<Y.XmlElement>();
  private readonly changed = new Set<Y.XmlElement>();
  /** Ids of turns that are gone. */
  private readonly removed: string[] = [];

  constructor(private readonly fragment: Y.XmlFragment) {}

  take(event: Y.YEvent<never>): void {
    if ((event.target as unknown) === this.fragment) this.takeList(event);
    else if (isShown(event)) this.takeChange(event.target);
  }

  /** A turn that went and came back by its id was moved, which is a change. */
  result(): Missed {
    const turns = this.fragment.toArray().filter(isTurn);
    const gone = new Set(this.removed);
    for (const turn of this.added) {
      if (gone.delete(turn.getAttribute("id") ?? "") && this.added.delete(turn)) this.changed.add(turn);
    }
    const first = turns.find((turn) => this.added.has(turn)) ?? turns.find((turn) => this.changed.has(turn));
    return {
      added: this.added.size,
      changed: this.changed.size,
      removed: gone.size,
      first: first?.getAttribute("id") ?? null,
    };
  }

  private takeList({ changes }: Y.YEvent<never>): void {
    for (const turn of turnsIn(changes.deleted)) {
      this.changed.delete(turn);
      if (!this.added.delete(turn)) this.removed.push(idOfRemoved(turn));
    }
    for (const turn of turnsIn(changes.added)) this.added.add(turn);
  }

  private takeChange(target: Y.AbstractType<unknown>): void {
    let node: Y.AbstractType<unknown> | null = target;
    while (node && !isTurn(node)) node = node.parent;
    if (node && !this.added.has(node)) this.changed.add(node);
  }
}

function turnsIn(items: ReadonlySet<Y.Item>): Y.XmlElement[] {
  return [...items].flatMap(({ content }) => (content instanceof Y.ContentType && isTurn(content.type) ? [content.type] : []));
}

/** Words that came and went in one go, or a repaired id, are no change to a reader. */
function isShown({ target, changes }: Y.YEvent<never>): boolean {
  if (!isTurn(target)) return changes.delta.length > 0;
  return changes.delta.length > 0 || [...changes.keys.keys()].some((name) => SHOWN.includes(name));
}

/** A removed element's attributes read as nothing, but its items are still there while the removal is told. */
function idOfRemoved(turn: Y.XmlElement): string {
  return String(turn._map.get("id")?.content.getContent().at(-1) ?? "");
}
