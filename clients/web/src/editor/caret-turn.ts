/**
 * Marks the turn with the caret for the style sheet, which lays that one out at once: letters typed into a turn that is not
 * laid out yet would fall beside it and be lost. Changes no text.
 */
import { Plugin } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { here } from "./commands";

export function caretTurn(): Plugin {
  return new Plugin({
    props: {
      decorations: (state) => {
        const now = here(state);
        return now && DecorationSet.create(state.doc, [Decoration.node(now.pos, now.pos + now.turn.nodeSize, { "data-caret": "" })]);
      },
    },
  });
}
