/** The start of everything that only those need who join the media room. */
import "./media.css";

export { JoinDialog } from "./join-dialog";
export { MediaRoom } from "./media-room";
export { VideoPanel } from "./video-panel";
