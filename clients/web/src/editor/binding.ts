/**
 * Ties the editor to the document. Owns what goes from one to the other: turns are told apart by id, so that a split, a
 * join or a move is exactly that in the document; what an input method has not finished stays on this page.
 * Writes nothing before a person acts.
 */
import { signal } from "@preact/signals";
import { Fragment, Node as PmNode } from "prosemirror-model";
import { AllSelection, type EditorState, Plugin, TextSelection, type Transaction } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { ProsemirrorBinding, relativePositionToAbsolutePosition, ySyncPluginKey } from "y-prosemirror";
import * as Y from "yjs";
import { isTurn } from "../transcript/turn";
import { addedWords, isTouched, rebased, replaceTurns } from "./changes";
import { match } from "./matching";
import { type RelativeSelection, relativeSelection } from "./positions";
import { attributesOf, isCourts, type TurnAttributes } from "./schema";
import { elementOf, nodeOf, writeAttributes, writeWords } from "./turn-types";

/** The turn that an input method is writing in: what the document has of it, and what the page shows. */
interface Held {
  element: Y.XmlElement;
  base: PmNode;
  /** Somebody else has changed it since. */
  isStale: boolean;
}

/** Words that this page alone has and that lost their turn. */
export interface LostWords {
  turn: string;
  words: string;
}

/** What a turn carried, and the id of the turn that it stood behind; null at the beginning. */
export interface Gone {
  attributes: TurnAttributes;
  behind: string | null;
}

const MOST_GONE = 500;

/** Meta of a transaction: the id of the turn that is being moved. */
export const MOVED = "moved turn";

export class TranscriptBinding extends ProsemirrorBinding {
  /** Whether something on this page has not been written into the document yet. */
  readonly isHolding = signal(false);
  /** Turns that are gone, by id; the last of them only. */
  readonly gone = new Map<string, Gone>();
  onLost: (lost: LostWords) => void = () => undefined;
  private moved: string | null = null;
  private isComposing = false;
  private held: Held | null = null;
  private isWriting = false;
  private readonly elementBy = new WeakMap<PmNode, Y.XmlElement>();

  constructor(transcript: Y.XmlFragment) {
    super(transcript);
    this.beforeAllTransactions = () => {
      const state = this.view?.state;
      if (state && !this.isWriting) this.beforeTransactionSelection ??= relativeSelection(state.selection, this);
    };
  }

  get view(): EditorView | null {
    return this.prosemirrorView as EditorView | null;
  }

  // --- from the document ---

  /** The element that a node stands for, once it was shown or written. */
  elementOf(node: PmNode): Y.XmlElement | undefined {
    return this.elementBy.get(node);
  }

  private know(element: Y.XmlElement, node: PmNode): void {
    this.mapping.set(element, node);
    this.elementBy.set(node, element);
  }

  /** The whole document as nodes. */
  nodes(): PmNode[] {
    return this.elements().map((element) => this.shown(element));
  }

  override _typeChanged(events: Array<Y.YEvent<never>>, transaction: Y.Transaction): void {
    const view = this.view;
    if (!view) return;
    this.mux(() => {
      this.forget(events, transaction);
      this.show(view, transaction.origin instanceof Y.UndoManager);
    });
  }

  private show(view: EditorView, isUndo: boolean): void {
    const tr = replaceTurns(view.state, this.nodes());
    if (tr) {
      this.restoreSelection(tr, view.state, isUndo);
      view.dispatch(fromDocument(isUndo ? tr.scrollIntoView() : tr, isUndo));
    }
    this.adopt(view.state.doc);
  }

  /** The page's own nodes stand for the elements from now on: what is the same object needs no second look. */
  private adopt(doc: PmNode): void {
    this.elements().forEach((element, place) => {
      const node = doc.maybeChild(place);
      if (node) this.know(element, node);
    });
  }

  private elements(): Y.XmlElement[] {
    return this.type.toArray().filter(isTurn);
  }

  private shown(element: Y.XmlElement): PmNode {
    const known = this.mapping.get(element) as PmNode | undefined;
    if (known) return known;
    const node = nodeOf(element);
    this.know(element, node);
    return node;
  }

  private forget(events: Array<Y.YEvent<never>>, transaction: Y.Transaction): void {
    for (const event of events) {
      let type: Y.AbstractType<unknown> | null = event.target as Y.AbstractType<unknown>;
      for (; type; type = type.parent) this.changed(type);
    }
    Y.iterateDeletedStructs(transaction, transaction.deleteSet, (struct) => {
      if (struct instanceof Y.Item && struct.content instanceof Y.ContentType) this.removed(struct.content.type);
    });
  }

  private changed(type: Y.AbstractType<unknown>): void {
    if (this.held && type === (this.held.element as unknown)) this.held.isStale = true;
    else this.mapping.delete(type as never);
  }

  private removed(type: Y.AbstractType<unknown>): void {
    const node = this.mapping.get(type as never);
    if (!(node instanceof PmNode)) return;
    this.mapping.delete(type as never);
    this.remember(node, this.shownBefore(node));
    const held = this.held;
    if (held === null || held.element !== (type as unknown)) return;
    const words = addedWords(held.base, node);
    if (words) this.onLost({ turn: attributesOf(node).id ?? "", words });
    this.drop();
  }

  /** Whose turn it was that is gone, and where it stood: words put back get both again. */
  private remember(node: PmNode, behind: string | null): void {
    const attributes = attributesOf(node);
    if (attributes.id === null) return;
    this.gone.set(attributes.id, { attributes, behind });
    const oldest = this.gone.size > MOST_GONE ? this.gone.keys().next().value : undefined;
    if (oldest !== undefined) this.gone.delete(oldest);
  }

  private shownBefore(node: PmNode): string | null {
    const turns = this.view?.state.doc.content.content ?? [];
    const before = turns[turns.indexOf(node) - 1];
    return before ? attributesOf(before).id : null;
  }

  /** A place outside what was replaced has been kept by the transaction itself. */
  private restoreSelection(tr: Transaction, state: EditorState, isUndo: boolean): void {
    const before = this.beforeTransactionSelection as RelativeSelection | null;
    if (!before || (!isUndo && !isTouched(tr, state.selection.from, state.selection.to))) return;
    if (before.type === "all") {
      tr.setSelection(new AllSelection(tr.doc));
      return;
    }
    const [anchor, head] = [this.placeOf(before.anchor), this.placeOf(before.head)];
    if (anchor === null || head === null) return;
    const most = tr.doc.content.size;
    tr.setSelection(TextSelection.between(tr.doc.resolve(Math.min(anchor, most)), tr.doc.resolve(Math.min(head, most))));
  }

  private placeOf(relative: unknown): number | null {
    const place = relativePositionToAbsolutePosition(this.doc, this.type, relative, this.mapping);
    return place === null || place < 0 ? null : place;
  }

  // --- into the document ---

  override _prosemirrorChanged(doc: PmNode): void {
    this.isWriting = true;
    this.doc.transact(() => {
      this.isWriting = false;
      this.write(doc);
      if (this.view) this.beforeTransactionSelection = relativeSelection(this.view.state.selection, this);
    }, ySyncPluginKey);
  }

  /** What a transaction of this page changed goes into the document. */
  push(view: EditorView): void {
    this.mux(() => this._prosemirrorChanged(view.state.doc));
  }

  moving(id: string | null): void {
    this.moved = id;
  }

  private write(doc: PmNode): void {
    const elements = this.elements();
    const nodes = doc.content.content;
    const least = Math.min(elements.length, nodes.length);
    let start = 0;
    while (start < least && this.isShown(elements[start]!, nodes[start]!)) start += 1;
    let end = 0;
    while (end < least - start && this.isShown(elements.at(-1 - end)!, nodes.at(-1 - end)!)) end += 1;
    this.writeBetween(start, elements.slice(start, elements.length - end), nodes.slice(start, nodes.length - end));
  }

  private isShown(element: Y.XmlElement, node: PmNode): boolean {
    return this.mapping.get(element) === node;
  }

  private writeBetween(start: number, elements: readonly Y.XmlElement[], nodes: readonly PmNode[]): void {
    const known = elements.map((element) => ({
      shown: this.mapping.get(element) ?? null,
      id: element.getAttribute("id") ?? null,
      weight: this.weightOf(element),
    }));
    const places = match(known, nodes.map((node) => ({ node, id: attributesOf(node).id })));
    const kept = new Set(places);
    for (let place = elements.length - 1; place >= 0; place--) if (!kept.has(place)) this.remove(start + place, elements[place]!);
    nodes.forEach((node, at) => {
      const element = elements[places[at]!];
      if (element) this.update(element, node);
      else this.insert(start + at, node);
    });
  }

  private weightOf(element: Y.XmlElement): number {
    const node = this.mapping.get(element) as PmNode | undefined;
    if (node && isCourts(node)) return Infinity;
    return this.moved !== null && element.getAttribute("id") === this.moved ? 0.5 : 1 + element.length;
  }

  private remove(index: number, element: Y.XmlElement): void {
    if (this.held?.element === element) this.drop();
    const node = this.mapping.get(element);
    const before = index > 0 ? (this.type.get(index - 1) as Y.XmlElement) : null;
    if (node instanceof PmNode) this.remember(node, before?.getAttribute("id") ?? null);
    this.mapping.delete(element);
    this.type.delete(index, 1);
  }

  private insert(index: number, node: PmNode): void {
    const isWrittenIn = this.isBeingWritten(node);
    const element = elementOf(isWrittenIn ? node.copy(Fragment.empty) : node);
    this.type.insert(index, [element]);
    if (isWrittenIn) this.hold(element, node.copy(Fragment.empty));
    this.know(element, node);
  }

  private update(element: Y.XmlElement, node: PmNode): void {
    const base = this.mapping.get(element) as PmNode | undefined;
    if (base === node) return;
    writeAttributes(element, node);
    if (this.held?.element === element || (base && this.isBeingWritten(node))) this.hold(element, base ?? node);
    else writeWords(element, node);
    this.know(element, node);
  }

  // --- input methods ---

  /** Letters of a composition are nobody else's: the turn that is written in waits for its end. */
  startComposing(): void {
    this.release();
    this.isComposing = true;
  }

  private isBeingWritten(node: PmNode): boolean {
    return this.isComposing && this.view?.state.selection.$head.parent === node;
  }

  private hold(element: Y.XmlElement, base: PmNode): void {
    this.held ??= { element, base, isStale: false };
    this.isHolding.value = true;
  }

  private drop(): void {
    this.held = null;
    this.isHolding.value = false;
  }

  /** The composition is over: what it made of the turn goes into the document, beside what others wrote there. */
  release(): void {
    this.isComposing = false;
    const [held, view] = [this.held, this.view];
    this.drop();
    if (!held || !view) return;
    const shown = this.mapping.get(held.element) as PmNode;
    if (!held.isStale) {
      this.know(held.element, held.base);
      this.push(view);
    } else this.mux(() => this.settle(view, held, shown));
  }

  private settle(view: EditorView, held: Held, shown: PmNode): void {
    const merged = rebased(held.base, shown, nodeOf(held.element));
    this.doc.transact(() => {
      writeAttributes(held.element, merged);
      writeWords(held.element, merged);
    }, ySyncPluginKey);
    this.know(held.element, merged);
    this.show(view, false);
  }

  /** What is still being composed when the editor goes away was never anybody's words. */
  override destroy(): void {
    if (!this.isComposing) this.release();
    super.destroy();
  }
}

const fromDocument = (tr: Transaction, isUndoRedoOperation: boolean): Transaction =>
  tr.setMeta("addToHistory", false).setMeta(ySyncPluginKey, { isChangeOrigin: true, isUndoRedoOperation });

export const isFromDocument = (tr: Transaction): boolean =>
  (tr.getMeta(ySyncPluginKey) as { isChangeOrigin?: boolean } | undefined)?.isChangeOrigin === true;

/** The plugin under y-prosemirror's own key, so that its cursors and its undo find this binding. */
export function bindingPlugin(binding: TranscriptBinding): Plugin {
  const first = {
    type: binding.type,
    doc: binding.doc,
    binding,
    snapshot: null,
    prevSnapshot: null,
    isChangeOrigin: false,
    isUndoRedoOperation: false,
    addToHistory: true,
  };
  let moved: string | null = null;
  return new Plugin({
    key: ySyncPluginKey,
    state: {
      init: () => first,
      apply: (tr, before: typeof first) => {
        const change = tr.getMeta(ySyncPluginKey) as Partial<typeof first> | undefined;
        const id = tr.getMeta(MOVED) as string | undefined;
        if (id !== undefined) moved = id;
        return {
          ...before,
          isChangeOrigin: change?.isChangeOrigin === true,
          isUndoRedoOperation: change?.isUndoRedoOperation === true,
        };
      },
    },
    props: { handleDOMEvents: composition(binding) },
    view: (view) => {
      binding.initView(view);
      return {
        update: (now, before) => {
          if (now.state.doc !== before.doc) {
            binding.moving(moved);
            binding.push(now);
          }
          moved = null;
        },
        destroy: () => binding.destroy(),
      };
    },
  });
}

/** Longer than ProseMirror takes to read the last of a composition from the page. */
const SETTLED = 25;

function composition(binding: TranscriptBinding): Record<string, (view: EditorView, event: Event) => boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const soon = (): boolean => {
    clearTimeout(timer);
    timer = setTimeout(() => binding.release(), SETTLED);
    return false;
  };
  return {
    compositionstart: () => {
      clearTimeout(timer);
      binding.startComposing();
      return false;
    },
    compositionend: soon,
    blur: soon,
  };
}
