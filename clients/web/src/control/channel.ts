/** The control socket: asks for everything after what this page knows whenever it is there again. Never reads what an event means. */
import { LiveSocket } from "./live-socket";
import { type ClientMessage, KNOWN, type ServerMessage } from "./messages";

interface Receiver {
  /** The last seq this page has without a gap, for Hello. */
  after(): number;
  opened(): void;
  receive(message: ServerMessage): void;
}

export class ControlChannel extends LiveSocket<ServerMessage, ClientMessage> {
  constructor(hearing: string, receiver: Receiver) {
    super(
      `/control/${encodeURIComponent(hearing)}`,
      KNOWN,
      (message) => receiver.receive(message),
      (socket) => {
        receiver.opened();
        socket.send({ type: "Hello", after: receiver.after() });
      },
    );
  }
}
