/** Where the private line between an isolated person and the clerks stands on the page, until it is loaded. */
import type { RosterEntry } from "../control/messages";
import { laterPart } from "../ui/later";
import type { HearingRoom } from "./room";

export interface LineProps {
  room: HearingRoom;
  /** In the roster, whose line it is. Elsewhere: one's own while isolated, for the court everybody's that waits for an answer. */
  entry?: RosterEntry;
}

export const LinePlace = laterPart<LineProps>(async () => (await import("./line-view")).LineView);
