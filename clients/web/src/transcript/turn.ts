/** A turn of the transcript as a value, read straight from the Y types (no editor binding). Never writes to a document. */
import * as Y from "yjs";

export type TurnKind = "speech" | "procedure" | "heading" | "note";

export interface Run {
  text: string;
  bold: boolean;
  underline: boolean;
  unsure: boolean;
}

export interface Turn {
  id: string;
  kind: TurnKind;
  speaker: string;
  role: string;
  at: string;
  origin: string;
  runs: readonly Run[];
}

const KINDS: readonly string[] = ["speech", "procedure", "heading", "note"];

/** Bold and underline are `{}` or `true`, unsure is `{at}`; anything else that is there and not false counts as set. */
const isSet = (value: unknown): boolean => value !== undefined && value !== null && value !== false;

function runsOf(text: Y.XmlText): Run[] {
  const pieces = text.toDelta() as Array<{ insert: unknown; attributes?: Record<string, unknown> }>;
  return pieces
    .filter((piece): piece is typeof piece & { insert: string } => typeof piece.insert === "string")
    .map(({ insert, attributes = {} }) => ({
      text: insert,
      bold: isSet(attributes["bold"]),
      underline: isSet(attributes["underline"]),
      unsure: isSet(attributes["unsure"]),
    }));
}

export const isTurn = (node: unknown): node is Y.XmlElement =>
  node instanceof Y.XmlElement && node.nodeName === "turn";

/** The turn of an element; its texts are read in order as one. */
export function readTurn(element: Y.XmlElement): Turn {
  const attribute = (name: string): string => element.getAttribute(name) ?? "";
  const kind = attribute("kind");
  return {
    id: attribute("id"),
    kind: (KINDS.includes(kind) ? kind : "note") as TurnKind,
    speaker: attribute("speaker"),
    role: attribute("role"),
    at: attribute("at"),
    origin: attribute("origin"),
    runs: element.toArray().flatMap((child) => (child instanceof Y.XmlText ? runsOf(child) : [])),
  };
}

export const turnText = (turn: Turn): string => turn.runs.map((run) => run.text).join("");

/** A name for the element that stays while it lives, even when its `id` attribute is repaired. */
export function keyOf(element: Y.XmlElement): string {
  const item = element._item;
  return item ? `${item.id.client}:${item.id.clock}` : "";
}
