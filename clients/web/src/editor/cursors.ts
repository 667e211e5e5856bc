/** The other clerk's caret, selection and name in the text, and this page's for the others. Draws what the awareness of the document says. */
import { type EditorState, Plugin, PluginKey } from "prosemirror-state";
import { Decoration, DecorationSet, type EditorView } from "prosemirror-view";
import { relativePositionToAbsolutePosition } from "y-prosemirror";
import type { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import { colorOf } from "../transcript/colors";
import { isFromDocument, type TranscriptBinding } from "./binding";
import { relativeSelection } from "./positions";

interface Writer {
  id?: unknown;
  name?: unknown;
}

/** y-prosemirror's field, so that any editor on it is seen and sees. */
interface Cursor {
  anchor: unknown;
  head: unknown;
}

interface Change {
  added: number[];
  updated: number[];
  removed: number[];
}

const KEY = new PluginKey<DecorationSet>("writers");

/** Colours are this page's own: what somebody else sends is not put into a style. */
const color = ({ id, name }: Writer): string => colorOf(String(id ?? name ?? ""));

function caretOf(writer: Writer): HTMLElement {
  const mark = document.createElement("span");
  mark.className = "writer-caret";
  mark.style.setProperty("--writer", color(writer));
  mark.dataset["name"] = String(writer.name ?? ""); // drawn by the style sheet: it is no part of the text
  return mark;
}

export function writersPlugin(awareness: Awareness, binding: TranscriptBinding): Plugin<DecorationSet> {
  return new Plugin<DecorationSet>({
    key: KEY,
    state: {
      init: (_config, state) => drawn(state, awareness, binding),
      apply: (tr, before, _old, state) =>
        isFromDocument(tr) || tr.getMeta(KEY) ? drawn(state, awareness, binding) : before.map(tr.mapping, tr.doc),
    },
    props: { decorations: (state) => KEY.getState(state) },
    view: (view) => follow(view, awareness, binding),
  });
}

function drawn(state: EditorState, awareness: Awareness, binding: TranscriptBinding): DecorationSet {
  const marks: Decoration[] = [];
  for (const [client, { user, cursor }] of awareness.getStates() as Map<number, { user?: Writer; cursor?: Cursor | null }>) {
    if (client === awareness.clientID || !user?.name || !cursor) continue;
    const [anchor, head] = [placeOf(cursor.anchor, state, binding), placeOf(cursor.head, state, binding)];
    if (anchor === null || head === null) continue;
    marks.push(Decoration.widget(head, () => caretOf(user), { key: String(client), side: 10 }));
    const look = { class: "writer-selection", style: `--writer: ${color(user)}` };
    if (anchor !== head) marks.push(Decoration.inline(Math.min(anchor, head), Math.max(anchor, head), look, { inclusiveEnd: true }));
  }
  return DecorationSet.create(state.doc, marks);
}

/** Others send what they like: what is no place of this document is not drawn. */
function placeOf(sent: unknown, state: EditorState, binding: TranscriptBinding): number | null {
  if (sent === null || typeof sent !== "object") return null;
  const relative = Y.createRelativePositionFromJSON(sent);
  const place = relativePositionToAbsolutePosition(binding.doc, binding.type, relative, binding.mapping);
  return place === null ? null : Math.max(0, Math.min(place, state.doc.content.size - 1));
}

function follow(view: EditorView, awareness: Awareness, binding: TranscriptBinding) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const changed = ({ added, updated, removed }: Change): void => {
    const isOthers = [...added, ...updated, ...removed].some((client) => client !== awareness.clientID);
    if (isOthers) timer ??= setTimeout(draw);
  };
  const draw = (): void => {
    timer = undefined;
    view.dispatch(view.state.tr.setMeta(KEY, true));
  };
  const tell = (): void => tellOwn(view, awareness, binding);
  awareness.on("change", changed);
  view.dom.addEventListener("focusin", tell);
  view.dom.addEventListener("focusout", tell);
  return {
    update: (_view: EditorView, before: EditorState) => {
      if (view.state.doc !== before.doc || !view.state.selection.eq(before.selection)) tell();
    },
    destroy: () => {
      clearTimeout(timer);
      awareness.off("change", changed);
      view.dom.removeEventListener("focusin", tell);
      view.dom.removeEventListener("focusout", tell);
      awareness.setLocalStateField("cursor", null);
    },
  };
}

/** Where this page writes; nowhere as long as the editor is not in use. */
function tellOwn(view: EditorView, awareness: Awareness, binding: TranscriptBinding): void {
  const told = (awareness.getLocalState() as { cursor?: Cursor | null } | null)?.cursor ?? null;
  if (!view.hasFocus()) {
    if (told) awareness.setLocalStateField("cursor", null);
    return;
  }
  const { anchor, head } = relativeSelection(view.state.selection, binding);
  if (!told || !isSame(told.anchor, anchor) || !isSame(told.head, head)) awareness.setLocalStateField("cursor", { anchor, head });
}

const isSame = (told: unknown, now: Y.RelativePosition): boolean =>
  Y.compareRelativePositions(Y.createRelativePositionFromJSON(told), now);
