/** Who can be made the speaker of a turn, with the key and the prefixes that do it. Reads the roster; decides no rights. */
import type { RosterEntry } from "../control/messages";
import { zh } from "../i18n/zh";
import { SIDES, sideOf } from "../hearing/sides";

export interface Speaker {
  person: string;
  name: string;
  role: string;
  /** What the transcript prints before the words. */
  label: string;
  /** 1 to 9 with Ctrl; 0 = no key left. */
  key: number;
}

/** The clerks write; the people that they write down come first. */
const LAST: ReadonlySet<string> = new Set(["clerk", "observer"]);
const LONGEST_LABEL = 64;

export function speakersOf(roster: readonly RosterEntry[]): Speaker[] {
  const rank = (entry: RosterEntry): number =>
    (LAST.has(entry.role) ? SIDES.length : 0) + SIDES.indexOf(sideOf(entry.role, entry.label));
  const sorted = [...roster].sort((one, other) => rank(one) - rank(other));
  return sorted.map(({ person, name, role, label }, place) => ({
    person,
    name,
    role,
    label: (label || roleWord(role)).slice(0, LONGEST_LABEL),
    key: place < 9 ? place + 1 : 0,
  }));
}

/** The record is Chinese whatever language the page speaks. */
const roleWord = (role: string): string => (zh.role as Record<string, string>)[role] ?? role;

/** Words before a colon that name this speaker: the printed label, the role's name, the person's name. */
const prefixesOf = (speaker: Speaker): string[] => [speaker.label, roleWord(speaker.role), speaker.name];

const PREFIX = /^([^：:\s]{1,16})\s*[：:]\s*/;

export interface Prefixed {
  speaker: Speaker;
  /** How the line names it. */
  word: string;
  /** How many characters the prefix takes. */
  length: number;
}

/** The speaker that a line names at its start ("原：…"); undefined when it names none. */
export function prefixOf(line: string, speakers: readonly Speaker[]): Prefixed | undefined {
  const found = PREFIX.exec(line);
  const word = found?.[1];
  if (!found || word === undefined) return undefined;
  const speaker =
    speakers.find(({ label }) => label === word) ?? speakers.find((one) => prefixesOf(one).includes(word));
  return speaker && { speaker, word, length: found[0].length };
}
