/** A colour a writer, the same on every page; dark enough for white words on it. */

export const COLORS = ["#0b5a5d", "#8a3b12", "#5a3788", "#a01c5c", "#1d5fa0", "#4f6000"] as const;

export function colorOf(person: string): string {
  let sum = 0;
  for (const character of person) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return COLORS[sum % COLORS.length] ?? COLORS[0];
}
