/** The text that is signed, drawn as the transcript is, but standing still; people are named as the signed text names them. */
import { signal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { RosterEntry } from "../control/messages";
import { Blocks } from "../transcript/blocks";
import type { Speakers } from "../transcript/turn-view";
import type { Content, Person } from "./content";
import { asTurn } from "./text-of";

export function SignedText({ content }: { content: Content }) {
  const lines = useMemo(() => content.blocks.map((turn) => ({ key: turn.id, turn: signal(asTurn(turn)) })), [content]);
  const speakers = useMemo(() => signal(speakersOf(content.people)), [content]);
  return (
    <div class="sheet" role="list">
      <Blocks lines={lines} speakers={speakers} />
    </div>
  );
}

function speakersOf(people: readonly Person[]): Speakers {
  const known = new Map(people.map((person) => [person.id, asEntry(person)]));
  return { of: (person) => known.get(person) };
}

/** As the transcript's view takes people; where they are plays no part in a text that stands. */
const asEntry = ({ id, name, role }: Person): RosterEntry => ({
  person: id,
  name,
  role,
  label: "",
  state: "IN_COURT",
  connected: false,
});
