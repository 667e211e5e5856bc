/** The exhibits beside the transcript: the list, or the one that is open. The start of everything that only they need. */
import { useEffect } from "preact/hooks";
import type { HearingRoom } from "../hearing/room";
import { ExhibitIndex } from "./exhibit-index";
import { exhibitsOf } from "./exhibit-room";
import { Viewer } from "./viewer";
import "./threads.css";
import "./exhibit.css";
import "./marks.css";

export function ExhibitPanel({ room }: { room: HearingRoom }) {
  const exhibits = exhibitsOf(room);
  const open = exhibits.open.value;
  useEffect(() => {
    if (open || !exhibits.left) return;
    document.querySelector<HTMLElement>(`.exhibit-row a[href="#exhibit-${exhibits.left}"]`)?.focus();
    exhibits.left = null;
  }, [open]);
  return open ? <Viewer key={open.exhibit.id} exhibits={exhibits} open={open} /> : <ExhibitIndex room={room} exhibits={exhibits} />;
}
