/** The transcript's text as this device holds it, in the form that is signed. Reads the copy and the roster; compares nothing. */
import type * as Y from "yjs";
import type { HearingModel } from "../control/hearing-model";
import { type Content, contentOf } from "./content";

/** Null as long as the hearing's facts are not here. */
export function ownText(model: HearingModel, doc: Y.Doc): Content | null {
  const facts = model.facts.peek();
  if (!facts) return null;
  const people = model.roster.peek().map(({ person, role, name }) => ({ id: person, role, name }));
  return contentOf({ hearing: facts.id, case: facts.case_number, people, doc });
}

/** Whether the copy holds the line that the start of the signing wrote last. */
export const holdsLine = (content: Content, of: number): boolean => content.blocks.some(({ id }) => id === `c${of}`);
