/** One socket of JSON messages that comes back by itself. Owns connecting, keepalive and backoff; never reads what a message means. */
import { signal } from "@preact/signals";
import { socketAddress } from "../route";
import { Backoff } from "./backoff";

/** `ended`: the server closed it for good and says why; only a person's wish connects again. */
export type Link = { is: "connecting" } | { is: "open" } | { is: "lost" } | { is: "ended"; code: string; close: number };

/** The server sends at least a Ping every 10 s: silence this long means the line is dead, whatever the browser believes. */
const SILENCE = 25_000;
const GONE = { code: 1006, reason: "" };
const isFinal = (close: number): boolean => close >= 4400 && close < 4500;

export class LiveSocket<Received extends { type: string }, Sent extends { type: string }> {
  readonly link = signal<Link>({ is: "connecting" });
  private socket: WebSocket | null = null;
  private readonly backoff = new Backoff();
  private retry: ReturnType<typeof setTimeout> | undefined;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private readonly wake = (): void => this.reconnectIfWaiting();
  /** The browser says that the network is gone: told at once instead of after a long silence. */
  private readonly lose = (): void => this.closed(GONE);

  /** `known`: the types that are received; others are passed over. `opened`: a socket is there, and may be greeted. */
  constructor(
    private readonly path: string,
    private readonly known: ReadonlySet<string>,
    private readonly receive: (message: Received) => void,
    private readonly opened: (socket: LiveSocket<Received, Sent>) => void = () => undefined,
  ) {
    addEventListener("online", this.wake);
    addEventListener("offline", this.lose);
    document.addEventListener("visibilitychange", this.wake);
    this.connect();
  }

  send(message: Sent | { type: "Pong" }): boolean {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  /** Drops the socket and connects again at once. */
  reconnect(): void {
    this.drop();
    if (this.link.value.is === "ended") this.link.value = { is: "connecting" };
    this.connect();
  }

  /** For good, until `reconnect`. */
  end(): void {
    this.drop();
    this.link.value = { is: "ended", code: "", close: 0 };
  }

  close(): void {
    removeEventListener("online", this.wake);
    removeEventListener("offline", this.lose);
    document.removeEventListener("visibilitychange", this.wake);
    this.drop();
  }

  private reconnectIfWaiting(): void {
    if (this.retry !== undefined && !document.hidden) this.reconnect();
  }

  private connect(): void {
    const socket = new WebSocket(socketAddress(this.path));
    this.socket = socket;
    socket.onopen = () => this.opened(this);
    socket.onmessage = (event: MessageEvent<string>) => this.take(event.data);
    socket.onclose = (event) => this.closed(event);
    this.watch();
  }

  private take(frame: string): void {
    this.watch();
    this.backoff.reset();
    if (this.link.value.is !== "open") this.link.value = { is: "open" };
    const message = JSON.parse(frame) as { type?: unknown };
    if (message.type === "Ping") this.send({ type: "Pong" });
    else if (typeof message.type === "string" && this.known.has(message.type)) this.receive(message as Received);
  }

  private closed(event: { code: number; reason: string }): void {
    if (this.link.value.is === "ended") return;
    this.drop();
    if (isFinal(event.code)) {
      this.link.value = { is: "ended", code: event.reason || String(event.code), close: event.code };
      return;
    }
    this.link.value = { is: "lost" };
    this.retry = setTimeout(() => this.connect(), this.backoff.next());
  }

  /** Starts the wait for the next frame anew. */
  private watch(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.closed(GONE), SILENCE);
  }

  private drop(): void {
    clearTimeout(this.retry);
    clearTimeout(this.silence);
    this.retry = undefined;
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}
