/**
 * What is signed, as the browser computes it from its own replica: the twin of crdt_docs/signing/content.py and of
 * crdt_docs/transcript.py's blocks; one fixture holds the two equal. Imports nothing of the app, knows no keys.
 */
import canonicalize from "canonicalize";
import * as Y from "yjs";

export const SCHEMA = "yunting.transcript/1";
const ATTRIBUTES = ["id", "kind", "speaker", "role", "at", "origin"] as const;

export interface Person {
  id: string;
  role: string;
  name: string;
}

export interface Run {
  text: string;
  bold?: true;
  underline?: true;
  unsure?: { at: string };
}

export interface Block extends Record<(typeof ATTRIBUTES)[number], string> {
  runs: Run[];
}

export interface Content {
  schema: typeof SCHEMA;
  hearing: string;
  case: string;
  people: Person[];
  blocks: Block[];
  /** Whose part it is, when it is not the whole. */
  part?: string;
}

export interface Source {
  hearing: string;
  /** The case number. */
  case: string;
  people: Iterable<Person>;
  doc: Y.Doc;
}

/** P of the protocol. Throws when a person is named twice. */
export function contentOf({ hearing, case: caseNumber, people, doc }: Source): Content {
  const named = [...people].map(({ id, role, name }) => ({ id, role, name })).sort(byId);
  if (new Set(named.map((person) => person.id)).size !== named.length) throw new Error("a person is named twice");
  return { schema: SCHEMA, hearing, case: caseNumber, people: named, blocks: blocksOf(doc) };
}

const byId = (one: Person, other: Person): number => (one.id < other.id ? -1 : one.id > other.id ? 1 : 0);

/** The turns with their text in runs of equal marks, neighbours that look alike joined. */
export function blocksOf(doc: Y.Doc): Block[] {
  const elements = doc.getXmlFragment("transcript").toArray();
  return elements.filter((element) => element instanceof Y.XmlElement).map((element) => blockOf(element as Y.XmlElement));
}

function blockOf(element: Y.XmlElement): Block {
  const attributes = Object.fromEntries(ATTRIBUTES.map((key) => [key, String(element.getAttribute(key) ?? "")]));
  const runs = element.toArray().flatMap((child) => (child instanceof Y.XmlText ? runsOf(child) : []));
  return { ...(attributes as Omit<Block, "runs">), runs: joined(runs) };
}

interface Piece {
  insert: unknown;
  attributes?: Record<string, unknown>;
}

function runsOf(text: Y.XmlText): Run[] {
  const pieces = text.toDelta() as Piece[];
  return pieces.flatMap(({ insert, attributes = {} }) =>
    typeof insert === "string" && insert !== "" ? [{ text: insert, ...marksOf(attributes) }] : [],
  );
}

/** Canonical marks: bold and underline are true, whatever an editor wrote for "on". */
function marksOf(marks: Record<string, unknown>): Omit<Run, "text"> {
  const isOn = (name: string): boolean => marks[name] !== undefined && marks[name] !== null;
  return {
    ...(isOn("bold") ? { bold: true } : {}),
    ...(isOn("underline") ? { underline: true } : {}),
    ...(isOn("unsure") ? { unsure: { at: (marks["unsure"] as { at: string }).at } } : {}),
  };
}

function joined(runs: readonly Run[]): Run[] {
  const whole: Run[] = [];
  for (const run of runs) {
    const last = whole.at(-1);
    if (last && looksLike(last, run)) last.text += run.text;
    else whole.push({ ...run });
  }
  return whole;
}

const looksLike = (one: Run, other: Run): boolean =>
  one.bold === other.bold && one.underline === other.underline && one.unsure?.at === other.unsure?.at;

/** JCS (RFC 8785) in UTF-8. Throws on half a surrogate pair, which no JSON can hold. */
export function encode(content: Content): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(canonicalize(content));
}

/** SHA-256(schema ‖ 0x00 ‖ JCS(P)) in hex; of a part as well. */
export async function contentSha256(content: Content): Promise<string> {
  const [schema, encoded] = [new TextEncoder().encode(`${SCHEMA}\0`), encode(content)];
  const bytes = new Uint8Array(schema.length + encoded.length);
  bytes.set(schema);
  bytes.set(encoded, schema.length);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What a witness or expert signs: their own turns and, before each, the last one spoken by somebody else. */
export function part(content: Content, person: string): Content {
  const kept = new Set<number>();
  let others: number | null = null;
  content.blocks.forEach((block, place) => {
    if (block.kind !== "speech") return;
    if (block.speaker !== person) {
      others = place;
      return;
    }
    if (others !== null) kept.add(others);
    kept.add(place);
  });
  return { ...content, part: person, blocks: content.blocks.filter((_, place) => kept.has(place)) };
}
