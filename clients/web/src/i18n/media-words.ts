/** The media room's words in the language of this moment: loaded with it, so that nobody else waits for them. */
import { inBoth } from "./language";
import { zhMedia } from "./zh-media";

export const mediaWords = inBoth(zhMedia, (all) => all.enMedia);
