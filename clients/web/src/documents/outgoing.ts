/** What this page wrote into a document and the server has not confirmed: kept on this device, sent again by a later page. Draws nothing. */
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import * as Y from "yjs";
import type { OpenDocument } from "./collab";
import { Kept } from "./kept";

/** `saved` is said only when the server has everything on its disk. */
export type Saving = "saved" | "saving" | "kept" | "unkept";

const KEEP_AFTER = 300;
/** Origin of what an earlier page had written: like made here, so that the provider sends it. */
const RESTORED = "restored";

export class Outgoing {
  /** Called with what brings back an earlier page's updates, so that one may look before and after. */
  bringing: (back: () => void) => void = (back) => back();
  private readonly kept: Kept;
  private readonly clients = new Set<number>();
  private readonly canKeep = signal(true);
  private unsaved: Uint8Array[] = [];
  private written = 0;
  private isRestored = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly stops: Array<() => void> = [];

  readonly saving = computed<Saving>(() => {
    if (!this.document.synced.value || !this.isConnected.value) return this.canKeep.value ? "kept" : "unkept";
    return this.document.unconfirmed.value === 0 ? "saved" : "saving";
  });

  constructor(
    person: string,
    private readonly document: OpenDocument,
    private readonly isConnected: ReadonlySignal<boolean>,
  ) {
    this.kept = new Kept(person, document.name);
    this.clients.add(document.doc.clientID);
    const follow = (update: Uint8Array, origin: unknown): void => {
      if (!document.isFromServer(origin)) this.made(update);
    };
    const leaving = (): void => this.keep();
    document.doc.on("update", follow);
    addEventListener("pagehide", leaving);
    this.stops.push(
      () => document.doc.off("update", follow),
      () => removeEventListener("pagehide", leaving),
      effect(() => {
        if (this.saving.value === "saved") this.confirmed();
      }),
    );
    void this.restore();
  }

  /** The document closes: what is not confirmed stays on this device. */
  close(): void {
    this.keep();
    this.stop();
  }

  /** The server will never take it. */
  drop(): void {
    this.stop();
    this.watch(this.kept.dropUpdates(this.clients));
  }

  private stop(): void {
    for (const stop of this.stops.splice(0)) stop();
    clearTimeout(this.timer);
  }

  private made(update: Uint8Array): void {
    this.unsaved.push(update);
    this.timer ??= setTimeout(() => this.keep(), KEEP_AFTER);
  }

  private keep(): void {
    this.timer = undefined;
    const fresh = this.unsaved.slice(this.written);
    if (fresh.length === 0) return;
    this.written = this.unsaved.length;
    this.watch(this.kept.add(this.document.doc.clientID, fresh));
  }

  private confirmed(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const isKept = this.written > 0 || this.isRestored;
    this.unsaved = [];
    this.written = 0;
    this.isRestored = false;
    if (isKept) this.watch(this.kept.dropUpdates(this.clients));
  }

  /** A browser that lets nothing be kept is told about in the saved mark. */
  private watch(work: Promise<unknown>): void {
    work.then(
      () => (this.canKeep.value = true),
      () => (this.canKeep.value = false),
    );
  }

  private async restore(): Promise<void> {
    const found = await this.kept.updates().catch(() => {
      this.canKeep.value = false;
      return [];
    });
    const earlier = found.filter(({ client }) => client !== this.document.doc.clientID);
    if (earlier.length === 0 || this.stops.length === 0) return;
    const stop = effect(() => {
      if (this.document.synced.value) queueMicrotask(() => this.apply(earlier.splice(0)));
    });
    this.stops.push(stop);
  }

  private apply(earlier: ReadonlyArray<{ client: number; update: Uint8Array }>): void {
    if (earlier.length === 0 || this.stops.length === 0) return;
    for (const { client } of earlier) this.clients.add(client);
    this.isRestored = true; // a confirmation takes them off this device
    const updates = Y.mergeUpdates(earlier.map(({ update }) => update));
    this.bringing(() => Y.applyUpdate(this.document.doc, updates, RESTORED));
    if (this.saving.value === "saved") this.confirmed(); // the server had them all
  }
}
