/** Which side of the courtroom a person belongs to: by role, an agent by the printed label. Decides colours and order, no rights. */

export const SIDES = ["court", "plaintiff", "defendant", "witness", "other"] as const;
export type Side = (typeof SIDES)[number];

const BY_ROLE: Readonly<Record<string, Side>> = {
  presiding_judge: "court",
  judge: "court",
  assessor: "court",
  judge_assistant: "court",
  clerk: "court",
  plaintiff: "plaintiff",
  appellant: "plaintiff",
  defendant: "defendant",
  appellee: "defendant",
  witness: "witness",
  expert: "witness",
};

/** First characters of the labels that a Chinese transcript prints: 审判员, 书记员, 原告…, 被告…, 证人, 鉴定人. */
const BY_LABEL: ReadonlyArray<[string, Side]> = [
  ["审", "court"],
  ["合", "court"],
  ["书", "court"],
  ["法", "court"],
  ["人民陪审", "court"],
  ["原", "plaintiff"],
  ["上诉", "plaintiff"],
  ["被", "defendant"],
  ["证", "witness"],
  ["鉴", "witness"],
];

export function sideOf(role: string, label: string): Side {
  return BY_ROLE[role] ?? BY_LABEL.find(([start]) => label.startsWith(start))?.[1] ?? "other";
}
