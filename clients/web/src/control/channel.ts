/** One control socket that comes back by itself. Owns connecting, Hello, keepalive and backoff; never reads what an event means. */
import { signal } from "@preact/signals";
import { socketAddress } from "../route";
import { Backoff } from "./backoff";
import { type ClientMessage, readMessage, type ServerMessage } from "./messages";

/** `ended`: the server closed it for good and says why; only a person's wish connects again. */
export type Link = { is: "connecting" } | { is: "open" } | { is: "lost" } | { is: "ended"; code: string; close: number };

/** The server sends at least a Ping every 10 s: silence this long means the line is dead, whatever the browser believes. */
const SILENCE = 25_000;
const GONE = { code: 1006, reason: "" };
const isFinal = (close: number): boolean => close >= 4400 && close < 4500;

interface Receiver {
  /** The last seq this page has without a gap, for Hello. */
  after(): number;
  opened(): void;
  receive(message: ServerMessage): void;
}

export class ControlChannel {
  readonly link = signal<Link>({ is: "connecting" });
  private socket: WebSocket | null = null;
  private readonly backoff = new Backoff();
  private retry: ReturnType<typeof setTimeout> | undefined;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private readonly wake = (): void => this.reconnectIfWaiting();
  /** The browser says that the network is gone: told at once instead of after a long silence. */
  private readonly lose = (): void => this.closed(GONE);

  constructor(
    private readonly hearing: string,
    private readonly receiver: Receiver,
  ) {
    addEventListener("online", this.wake);
    addEventListener("offline", this.lose);
    document.addEventListener("visibilitychange", this.wake);
    this.connect();
  }

  send(message: ClientMessage): boolean {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  /** Drops the socket and connects again at once, asking for everything after the last seq. */
  reconnect(): void {
    this.drop();
    this.connect();
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
    const socket = new WebSocket(socketAddress(`/control/${encodeURIComponent(this.hearing)}`));
    this.socket = socket;
    socket.onopen = () => this.greet();
    socket.onmessage = (event: MessageEvent<string>) => this.take(event.data);
    socket.onclose = (event) => this.closed(event);
    this.watch();
  }

  private greet(): void {
    this.receiver.opened();
    this.send({ type: "Hello", after: this.receiver.after() });
  }

  private take(frame: string): void {
    this.watch();
    this.backoff.reset();
    if (this.link.value.is !== "open") this.link.value = { is: "open" };
    const message = readMessage(frame);
    if (message?.type === "Ping") this.send({ type: "Pong" });
    else if (message) this.receiver.receive(message);
  }

  private closed(event: { code: number; reason: string }): void {
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
