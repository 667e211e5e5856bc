/** The other clerk's caret, selection and name in the text. Draws what the awareness of the document says. */
import type { DecorationAttrs } from "prosemirror-view";
import type { Plugin } from "prosemirror-state";
import { yCursorPlugin } from "y-prosemirror";
import type { Awareness } from "y-protocols/awareness";
import { colorOf } from "../transcript/colors";

interface Writer {
  id?: unknown;
  name?: unknown;
}

/** Colours are this page's own: what somebody else sends is not put into a style. */
const color = ({ id, name }: Writer): string => colorOf(String(id ?? name ?? ""));

function caretOf(writer: Writer): HTMLElement {
  const mark = document.createElement("span");
  mark.className = "writer-caret";
  mark.style.setProperty("--writer", color(writer));
  mark.dataset["name"] = String(writer.name ?? ""); // drawn by the style sheet: it is no part of the text
  return mark;
}

const selectionOf = (writer: Writer): DecorationAttrs => ({
  class: "writer-selection",
  style: `--writer: ${color(writer)}`,
});

export const writersPlugin = (awareness: Awareness): Plugin =>
  yCursorPlugin(awareness, {
    cursorBuilder: caretOf,
    selectionBuilder: selectionOf,
    awarenessStateFilter: (own: number, other: number, state: { user?: Writer }) => own !== other && Boolean(state.user?.name),
  }) as Plugin;
