/** The one socket to /collab of a page, and the documents on it. Owns providers and their Y.Docs; never draws what they hold. */
import { HocuspocusProvider, HocuspocusProviderWebsocket } from "@hocuspocus/provider";
import { batch, signal } from "@preact/signals";
import { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import { socketAddress } from "../route";

export type SocketState = "connecting" | "connected" | "lost" | "unauthenticated";
/** Verdicts of an in-band close; after any of them this Y.Doc is of no further use. */
export type Verdict = "forbidden" | "stale" | "malformed";
const VERDICTS: readonly string[] = ["forbidden", "stale", "malformed"];
const isVerdict = (reason: string): reason is Verdict => VERDICTS.includes(reason);
const STATES = { connecting: "connecting", connected: "connected", disconnected: "lost" } as const;

export class Collab {
  readonly state = signal<SocketState>("connecting");
  private readonly socket = new HocuspocusProviderWebsocket({
    url: socketAddress("/collab"),
    delay: 500,
    minDelay: 500,
    maxDelay: 5_000,
    onStatus: ({ status }) => this.move(STATES[status]),
    onClose: ({ event }) => this.closed(event.code),
  });

  /** Opens a document with a fresh Y.Doc; `refused` is called at most once, and the document is closed by then. */
  open(name: string, refused: (verdict: Verdict) => void, presence: Presence | null = null): OpenDocument {
    return new OpenDocument(name, this.socket, refused, presence);
  }

  close(): void {
    this.socket.destroy();
  }

  /** Once more, when the server has taken it for nobody's and the login stands all the same. */
  reconnect(): void {
    if (this.state.value !== "unauthenticated") return;
    this.state.value = "connecting";
    void this.socket.connect();
  }

  private move(next: SocketState): void {
    if (this.state.value !== "unauthenticated") this.state.value = next;
  }

  private closed(code: number): void {
    if (code !== 4401) return;
    this.state.value = "unauthenticated";
    this.socket.disconnect();
  }
}

/** What a writer shows of itself to the others in the document. */
export interface Presence {
  id: string;
  name: string;
  color: string;
}

export class OpenDocument {
  readonly doc = new Y.Doc();
  readonly synced = signal(false);
  /** Whether it has all that the server has: not from a lost socket to the end of the next exchange. */
  readonly isCurrent = signal(false);
  /** Whether the server lets this person write here; null until it has said. */
  readonly mayWrite = signal<boolean | null>(null);
  /** Frames of this page that the server has not confirmed to be on its disk. */
  readonly unconfirmed = signal(0);
  readonly awareness: Awareness | null;
  /** A message of the server about this document. */
  told: (message: unknown) => void = () => undefined;
  private readonly provider: HocuspocusProvider;
  private isOpen = true;

  constructor(
    readonly name: string,
    socket: HocuspocusProviderWebsocket,
    private readonly refused: (verdict: Verdict) => void,
    presence: Presence | null,
  ) {
    this.awareness = presence && new Awareness(this.doc);
    this.awareness?.setLocalStateField("user", presence);
    this.provider = new HocuspocusProvider({
      name,
      document: this.doc,
      websocketProvider: socket,
      token: "", // the cookie of the upgrade speaks for this tab
      awareness: this.awareness, // a reader shows nothing of itself; the server's own frames keep the socket alive
      onAuthenticated: ({ scope }) => (this.mayWrite.value = scope === "read-write"),
      onUnsyncedChanges: ({ number }) => (this.unconfirmed.value = number),
      onStateless: ({ payload }) => this.told(JSON.parse(payload)),
      onSynced: ({ state }) => this.mark(state),
      onAuthenticationFailed: ({ reason }) => this.refuse(isVerdict(reason) ? reason : "forbidden"),
      onClose: ({ event }) => this.closed(event),
    });
    this.provider.attach();
  }

  /** Leaves the room and frees the copy: nothing of the document stays reachable from here. */
  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.provider.destroy();
    this.doc.destroy();
  }

  /** Whether `origin` of an update is the server's, not this page's. */
  isFromServer(origin: unknown): boolean {
    return origin === this.provider;
  }

  private mark(state: boolean): void {
    if (!state) return;
    batch(() => (this.synced.value = this.isCurrent.value = true));
  }

  /** A real CloseEvent is the socket's, which comes back by itself; a plain object is the server's verdict on this document. */
  private closed(event: { code: number; reason: string }): void {
    if (event instanceof CloseEvent) this.isCurrent.value = false;
    else if (isVerdict(event.reason)) this.refuse(event.reason);
  }

  private refuse(verdict: Verdict): void {
    // after the provider has finished with the frame that brought the verdict
    queueMicrotask(() => {
      if (!this.isOpen) return;
      this.close();
      this.refused(verdict);
    });
  }
}
