/** The signalling socket of a media room, or of an echo. Never reads what a message means. */
import { LiveSocket } from "../control/live-socket";
import { type ClientMessage, KNOWN, type ServerMessage } from "./messages";

export class Line extends LiveSocket<ServerMessage, ClientMessage> {
  constructor(path: string, receive: (message: ServerMessage) => void) {
    super(path, KNOWN, receive);
  }

  /** Both connections are made anew when the socket is there again, so that it is not open until then. */
  override reconnect(): void {
    this.link.value = { is: "connecting" };
    super.reconnect();
  }
}
