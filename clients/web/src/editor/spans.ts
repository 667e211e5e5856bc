/**
 * Words that come over a selection of several turns: the turns are joined first, as by a key. Left to the browser, an input method
 * would leave an empty turn behind. Owns no text.
 */
import { type EditorState, Plugin } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";

const isOverTurns = ({ selection: { $from, $to } }: EditorState): boolean => !$from.sameParent($to);

/** Whether the selection lies within one turn now; a line of the court in it stays, and so does the selection. */
function joined(view: EditorView): boolean {
  if (isOverTurns(view.state)) view.dispatch(view.state.tr.deleteSelection());
  return !isOverTurns(view.state);
}

export const joinSpans = (): Plugin =>
  new Plugin({
    props: {
      handleDOMEvents: {
        compositionstart: (view) => {
          joined(view);
          return false;
        },
        beforeinput: (view, event) => {
          if (!view.composing && event.inputType.startsWith("insert") && !joined(view)) event.preventDefault();
          return false;
        },
      },
    },
  });
