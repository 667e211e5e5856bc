/** Undo of what this page did, never of what others wrote, and never so that a turn is left without what it must have. */
import { type Command, type EditorState, Plugin, PluginKey } from "prosemirror-state";
import { ySyncPluginKey } from "y-prosemirror";
import * as Y from "yjs";
import { isFromDocument, type TranscriptBinding } from "./binding";
import { type RelativeSelection, relativeSelection } from "./positions";

interface History {
  manager: Y.UndoManager;
  /** The selection before the last change of this page: an undo puts the caret back there. */
  before: RelativeSelection | null;
}

const KEY = new PluginKey<History>("history");
const NEEDED: ReadonlySet<string | null> = new Set(["id", "kind", "at"]);
const ONE_STEP = 600; // ms between keys that are undone together

/** A turn that others have written into stays, and so does what every turn must have; both go with their turn. */
function mayDelete(item: Y.Item): boolean {
  if (item.parentSub !== null) return !NEEDED.has(item.parentSub);
  if (!(item.content instanceof Y.ContentType)) return true;
  const type = item.content.type;
  return !(type instanceof Y.XmlElement || type instanceof Y.XmlText) || living(type) === 0;
}

/** Characters that still stand in a turn or a text of it. */
function living(type: Y.XmlElement | Y.XmlText): number {
  if (type instanceof Y.XmlText) return type.length;
  return type.toArray().reduce((sum, child) => sum + (child instanceof Y.XmlText ? child.length : 0), 0);
}

export const canUndo = (state: EditorState): boolean => KEY.getState(state)?.manager.canUndo() === true;
export const canRedo = (state: EditorState): boolean => KEY.getState(state)?.manager.canRedo() === true;
export const undo: Command = (state) => (KEY.getState(state)?.manager.undo() ?? null) !== null;
export const redo: Command = (state) => (KEY.getState(state)?.manager.redo() ?? null) !== null;

/** What comes now is undone by itself, however soon after the last key. */
export const beginStep = (state: EditorState): void => KEY.getState(state)?.manager.stopCapturing();

export function ownHistory(binding: TranscriptBinding): Plugin<History> {
  const manager = new Y.UndoManager(binding.type, {
    trackedOrigins: new Set([ySyncPluginKey]),
    deleteFilter: mayDelete,
    captureTimeout: ONE_STEP,
  });
  return new Plugin<History>({
    key: KEY,
    state: {
      init: () => ({ manager, before: null }),
      apply: (tr, now, old) =>
        tr.docChanged && !isFromDocument(tr) ? { manager, before: relativeSelection(old.selection, binding) } : now,
    },
    view: (view) => {
      manager.on("stack-item-added", ({ stackItem }) => stackItem.meta.set(KEY, KEY.getState(view.state)?.before));
      manager.on("stack-item-popped", ({ stackItem }) => {
        binding.beforeTransactionSelection = (stackItem.meta.get(KEY) as RelativeSelection | null) ?? binding.beforeTransactionSelection;
      });
      return { destroy: () => manager.destroy() };
    },
  });
}
