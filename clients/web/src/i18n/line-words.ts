/** The words of the private line in the page's language; loaded with it. */
import { inBoth } from "./language";
import { zhLine } from "./zh-line";

export const lineWords = inBoth(zhLine, (all) => all.enLine);
