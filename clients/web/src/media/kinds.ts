/** The two kinds of media, by their names in every interface. */

export const KINDS = ["audio", "video"] as const;
export type Kind = (typeof KINDS)[number];
