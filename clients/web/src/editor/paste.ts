/** What is pasted becomes plain turns: paragraphs, "原：" prefixes, nothing of Word's clothing. Pure but for reading the clipboard. */
import type { Node as PmNode } from "prosemirror-model";
import { schema, TURN, type TurnAttributes, newTurn } from "./schema";
import { prefixOf, type Speaker } from "./speakers";

/** So much goes into one update: far below the server's limits of 20,000 structures and 1 MiB, about ten structures a turn. */
export const TURNS_AT_ONCE = 500;
const CHARACTERS_AT_ONCE = 120_000;
/** A turn's text is limited by the server at 2^18 units; nobody speaks so long. */
const LONGEST_TURN = 50_000;

const UNWANTED = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffc]/g;
const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** One line of plain text: no control, direction or invisible characters, no half characters, blanks as one. */
export function cleanLine(line: string): string {
  return line.replace(LONE, "").replace(UNWANTED, "").replace(/[\t\u00a0\u2000-\u200a\u202f\u3000]+/g, " ").trim();
}

export const cleanLines = (text: string): string[] =>
  text
    .split(/\r\n|[\n\r\u2028\u2029\u0085\v\f]/)
    .map(cleanLine)
    .filter((line) => line !== "");

const HEADING = /^(【.*】|（[一二三四五六七八九十]{1,3}）[^：:]{0,40})$/;

/** What a line is, by its look: a speech of somebody named, a heading, otherwise more of the same. */
function attributesFor(line: string, speakers: readonly Speaker[], last: Partial<TurnAttributes>): [Partial<TurnAttributes>, string] {
  const found = prefixOf(line, speakers);
  if (found) {
    const { person, label } = found.speaker;
    return [{ kind: "speech", speaker: person, role: label }, line.slice(found.length)];
  }
  return HEADING.test(line) ? [{ kind: "heading" }, line] : [last, line];
}

export function turnsOfLines(lines: readonly string[], speakers: readonly Speaker[], first: Partial<TurnAttributes> = {}): PmNode[] {
  const turns: PmNode[] = [];
  let last = first;
  for (const line of lines) {
    const [attributes, words] = attributesFor(line, speakers, last);
    if (attributes.kind !== "heading") last = attributes;
    for (const part of parts(words)) turns.push(TURN.create(newTurn(attributes), part === "" ? null : schema.text(part)));
  }
  return turns;
}

/** Cut where nothing is torn: never between the halves of a character. */
function parts(words: string): string[] {
  if (words.length <= LONGEST_TURN) return [words];
  const high = words.charCodeAt(LONGEST_TURN - 1);
  const cut = high >= 0xd800 && high <= 0xdbff ? LONGEST_TURN - 1 : LONGEST_TURN;
  return [words.slice(0, cut), ...parts(words.slice(cut))];
}

/** Portions that each go into one update. */
export function portions(turns: readonly PmNode[]): PmNode[][] {
  const found: PmNode[][] = [];
  let size = 0;
  for (const turn of turns) {
    const now = found.at(-1);
    if (now && now.length < TURNS_AT_ONCE && size + turn.content.size <= CHARACTERS_AT_ONCE) {
      now.push(turn);
      size += turn.content.size;
    } else {
      found.push([turn]);
      size = turn.content.size;
    }
  }
  return found;
}
