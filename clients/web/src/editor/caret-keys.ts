/**
 * The caret's way from one turn to the next, and to both ends of the transcript. Within a turn it is the browser's own; over the
 * border of a block (blocks.ts) the browser loses it. Changes no text.
 */
import { Plugin, Selection, TextSelection } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";

type Direction = -1 | 1;

/** Where the caret wants to stand in each row that it is led through by arrows, as long as nothing else moves it. */
interface Column {
  head: number;
  left: number;
}

export function caretKeys(): Plugin {
  let column: Column | null = null;

  const vertical = (view: EditorView, by: Direction, isExtending: boolean): boolean => {
    const { head } = view.state.selection;
    if (!view.endOfTextblock(by < 0 ? "up" : "down")) return false;
    const left = column?.head === head ? column.left : view.coordsAtPos(head).left;
    const place = inRow(view, by, left);
    if (place !== null) {
      select(view, place, isExtending);
      column = { head: place, left };
    }
    return true;
  };

  return new Plugin({
    props: {
      handleKeyDown: (view, event) => {
        if (event.isComposing || view.state.selection.$head.depth === 0) return false;
        const { key, shiftKey } = event;
        if (isToAnEnd(event)) return toAnEnd(view, key === "Home" || key === "ArrowUp" ? -1 : 1, shiftKey);
        if (event.altKey || event.metaKey) return false;
        if (key === "ArrowLeft" || key === "ArrowRight") return horizontal(view, key === "ArrowLeft" ? -1 : 1, shiftKey);
        if (event.ctrlKey) return false;
        return (key === "ArrowUp" || key === "ArrowDown") && vertical(view, key === "ArrowUp" ? -1 : 1, shiftKey);
      },
    },
  });
}

function select(view: EditorView, head: number, isExtending: boolean): void {
  const { doc, selection, tr } = view.state;
  view.dispatch(tr.setSelection(TextSelection.create(doc, isExtending ? selection.anchor : head, head)).scrollIntoView());
}

/** The near edge of the neighbouring turn: its end above, its start below; null beyond the first and the last. */
function edge(view: EditorView, by: Direction): number | null {
  const { $head } = view.state.selection;
  const other = view.state.doc.maybeChild($head.index(0) + by);
  return other ? (by < 0 ? $head.before(1) - 1 : $head.after(1) + 1) : null;
}

function horizontal(view: EditorView, by: Direction, isExtending: boolean): boolean {
  const { $head, empty } = view.state.selection;
  const isAtEdge = $head.parentOffset === (by < 0 ? 0 : $head.parent.content.size);
  if (!isAtEdge || (!empty && !isExtending)) return false;
  const place = edge(view, by);
  if (place !== null) select(view, place, isExtending);
  return true;
}

/** The place nearest to `left` in the neighbour's near row; its edge where the row is not drawn. */
function inRow(view: EditorView, by: Direction, left: number): number | null {
  const near = edge(view, by);
  if (near === null) return null;
  const row = view.coordsAtPos(near);
  const found = view.posAtCoords({ left, top: (row.top + row.bottom) / 2 });
  const $near = view.state.doc.resolve(near);
  return found && found.pos >= $near.start() && found.pos <= $near.end() ? found.pos : near;
}

/** Ctrl+Home and Ctrl+End; Command+Up and Command+Down on a Mac. */
const isToAnEnd = ({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean =>
  !altKey && ((ctrlKey && (key === "Home" || key === "End")) || (metaKey && (key === "ArrowUp" || key === "ArrowDown")));

function toAnEnd(view: EditorView, by: Direction, isExtending: boolean): boolean {
  const { doc } = view.state;
  select(view, (by < 0 ? Selection.atStart(doc) : Selection.atEnd(doc)).head, isExtending);
  return true;
}
