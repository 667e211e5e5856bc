/** The exhibits' words in the language of this moment: loaded with the exhibits, so that nobody else waits for them. */
import { inBoth } from "./language";
import { zhExhibit } from "./zh-exhibit";

export const exhibitWords = inBoth(zhExhibit, (all) => all.enExhibit);
