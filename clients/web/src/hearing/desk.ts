/**
 * The clerk's desk: what becomes of the words typed on this page. Owns the saved mark, the updates kept until they are
 * confirmed, and the words offered back after a refusal or a deletion. Draws nothing and edits nothing.
 */
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import * as Y from "yjs";
import type { StrandedMessage } from "../control/messages";
import type { OpenDocument, Verdict } from "../documents/collab";
import { type Draft, forgetKept, Kept } from "../documents/kept";
import { type OwnWords, ownWords } from "../documents/own-words";

/** `saved` is said only when the server has everything on its disk. */
export type Saved = "saved" | "saving" | "kept" | "unkept";

/** Words without a living turn, waiting to be put back or given up. */
export interface Offer {
  id: string;
  why: "stranded" | Verdict;
  words: OwnWords;
}

type Wire = "document" | "control";
type Piece = Pick<StrandedMessage, "turn" | "person" | "words">;

/** So long an update may wait for its confirmation before it is written to this device. */
const KEEP_AFTER = 300;
/** The restored updates' origin: like typed here, so the provider sends them. */
const RESTORED = "restored";
let numbered = 0;

export class Desk {
  readonly offers = signal<readonly Offer[]>([]);
  readonly document = signal<OpenDocument | null>(null);
  /** The editor holds what is not in the document yet (an input method at work). */
  readonly isHolding = signal(false);
  /** Brings into the document what the editor holds. */
  settle: () => void = () => undefined;
  private readonly pieces = new Map<string, Record<Wire, string>>();
  private kept: Kept | null = null;
  private unsaved: Uint8Array[] = [];
  private written = 0;
  private isRestored = false;
  private readonly clients = new Set<number>();
  private readonly canKeep = signal(true);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stops: Array<() => void> = [];

  constructor(
    private readonly person: string,
    private readonly isConnected: ReadonlySignal<boolean>,
    private readonly isWritable: ReadonlySignal<boolean>,
  ) {}

  readonly saved = computed<Saved>(() => {
    const document = this.document.value;
    if (!document?.synced.value || !this.isConnected.value) return this.canKeep.value ? "kept" : "unkept";
    const isDone = document.unconfirmed.value === 0 && !this.isHolding.value && this.isWritable.value;
    return isDone ? "saved" : "saving";
  });

  /** A fresh document: follows what this page writes into it, and brings back what an earlier page could not send. */
  attach(document: OpenDocument): void {
    this.detach();
    this.kept = new Kept(this.person, document.name);
    this.document.value = document;
    this.clients.add(document.doc.clientID);
    const follow = (update: Uint8Array, origin: unknown): void => {
      if (!document.isFromServer(origin)) this.typed(update);
    };
    document.doc.on("update", follow);
    document.told = (message) => this.told(message);
    const leaving = (): void => this.keep();
    addEventListener("pagehide", leaving);
    this.stops = [
      () => document.doc.off("update", follow),
      () => removeEventListener("pagehide", leaving),
      effect(() => {
        if (this.saved.value === "saved") this.confirmed();
      }),
    ];
    void this.restore(document, this.kept);
  }

  /** The page goes elsewhere: what is not confirmed stays on this device. */
  leave(): void {
    this.settle();
    this.keep();
    this.detach();
  }

  private detach(): void {
    for (const stop of this.stops) stop();
    this.stops = [];
    clearTimeout(this.timer);
    this.timer = undefined;
    this.unsaved = [];
    this.written = 0;
    this.isRestored = false;
    this.document.value = null;
    this.settle = () => undefined;
  }

  // --- own updates until they are confirmed ---

  private typed(update: Uint8Array): void {
    this.unsaved.push(update);
    this.timer ??= setTimeout(() => this.keep(), KEEP_AFTER);
  }

  private keep(): void {
    this.timer = undefined;
    const [document, fresh] = [this.document.value, this.unsaved.slice(this.written)];
    if (!document || !this.kept || fresh.length === 0) return;
    this.written = this.unsaved.length;
    this.watch(this.kept.add(document.doc.clientID, fresh));
  }

  private confirmed(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const isKept = this.written > 0 || this.isRestored;
    this.unsaved = [];
    this.written = 0;
    this.isRestored = false;
    if (isKept && this.kept) this.watch(this.kept.dropUpdates(this.clients));
  }

  /** A browser that lets nothing be kept is told about in the saved mark. */
  private watch(work: Promise<unknown>): void {
    work.then(
      () => (this.canKeep.value = true),
      () => (this.canKeep.value = false),
    );
  }

  private async restore(document: OpenDocument, kept: Kept): Promise<void> {
    const [updates, drafts] = await Promise.all([kept.updates(), kept.drafts()]).catch(() => {
      this.canKeep.value = false;
      return [[], []] as const;
    });
    if (this.document.value !== document) return;
    for (const draft of drafts) this.offerDraft(draft);
    const mine = updates.filter(({ client }) => client !== document.doc.clientID);
    if (mine.length > 0) this.whenSynced(document, () => this.apply(document, mine));
  }

  private whenSynced(document: OpenDocument, act: () => void): void {
    let isDone = false;
    this.stops.push(
      effect(() => {
        if (!document.synced.value || isDone) return;
        isDone = true;
        queueMicrotask(() => this.document.value === document && act());
      }),
    );
  }

  private apply(document: OpenDocument, updates: ReadonlyArray<{ client: number; update: Uint8Array }>): void {
    for (const { client } of updates) this.clients.add(client);
    this.isRestored = true; // they lie on this device already: a confirmation takes them off it
    Y.applyUpdate(document.doc, Y.mergeUpdates(updates.map(({ update }) => update)), RESTORED);
    if (this.saved.value === "saved") this.confirmed(); // the server had them all
  }

  // --- words offered back ---

  /** The server would not have this copy: own words that it never confirmed become a draft before the copy goes. */
  refused(verdict: Verdict): void {
    const [document, kept] = [this.document.value, this.kept];
    if (!document || !kept) return;
    this.settle();
    const words = ownWords(document.doc, this.unsaved);
    const clients = new Set(this.clients);
    this.detach();
    this.clients.clear();
    const draft: Draft = { id: freshId(), why: verdict, at: new Date().toISOString(), words };
    if (words.length > 0) {
      this.offerDraft(draft);
      this.watch(kept.addDraft(draft));
    }
    this.watch(kept.dropUpdates(clients));
  }

  private offerDraft({ id, why, words }: Draft): void {
    const known = new Set(this.offers.value.map((offer) => offer.id));
    const fresh = words.map((own, place) => ({ id: `${id} ${place}`, why, words: own }));
    this.offers.value = [...this.offers.value, ...fresh.filter((offer) => !known.has(offer.id))];
  }

  private told(message: unknown): void {
    const { type, ...piece } = message as { type?: string } & Piece;
    if (type === "stranded") this.stranded(piece, "document");
  }

  /** Both wires tell the same; a turn's pieces become one offer, as long as the wire that has told more says. */
  stranded({ turn, person, words }: Piece, wire: Wire): void {
    const id = `stranded ${turn} ${person}`;
    const told = this.pieces.get(id) ?? { document: "", control: "" };
    told[wire] += words;
    this.pieces.set(id, told);
    const longer = told.document.length > told.control.length ? told.document : told.control;
    const offer: Offer = { id, why: "stranded", words: { turn, speaker: "", role: "", words: longer } };
    const others = this.offers.value.filter((one) => one.id !== id);
    this.offers.value = longer.trim() === "" ? others : [...others, offer];
  }

  /** Lost on this page before the server ever had them. */
  lost(turn: string, words: string): void {
    this.stranded({ turn, person: this.person, words }, "document");
    this.stranded({ turn, person: this.person, words }, "control");
  }

  /** Put back or given up. */
  settled(offer: Offer): void {
    this.pieces.delete(offer.id);
    this.offers.value = this.offers.value.filter((one) => one.id !== offer.id);
    const draft = offer.id.split(" ")[0] ?? "";
    const isLast = !this.offers.value.some((one) => one.id.startsWith(`${draft} `));
    if (offer.why !== "stranded" && isLast && this.kept) this.watch(this.kept.dropDraft(draft));
  }

  /** The other clerk has put the same words back. */
  seenBack(words: string): void {
    for (const offer of this.offers.value) if (offer.words.words === words) this.settled(offer);
  }

  /** Nothing of what was typed stays here: the court has isolated this person, or they have logged out. */
  forget(): void {
    this.detach();
    this.offers.value = [];
    this.pieces.clear();
    this.watch(forgetKept(this.person));
  }
}

const freshId = (): string => `draft-${Date.now().toString(36)}-${(numbered += 1)}`;
