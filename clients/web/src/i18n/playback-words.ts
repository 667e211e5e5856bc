/** The words of the playback in the page's language; loaded with it. */
import { inBoth } from "./language";
import { zhPlayback } from "./zh-playback";

export const playbackWords = inBoth(zhPlayback, (all) => all.enPlayback);
