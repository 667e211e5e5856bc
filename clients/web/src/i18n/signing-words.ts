/** The words of the signing in the page's language; loaded with the signing. */
import { inBoth } from "./language";
import { zhSigning } from "./zh-signing";

export const signingWords = inBoth(zhSigning, (all) => all.enSigning);
