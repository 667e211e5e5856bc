/** Undo of what this page did, never of what others wrote, and never so that a turn is left without what it must have. */
import type { Plugin } from "prosemirror-state";
import { ySyncPluginKey, yUndoPlugin } from "y-prosemirror";
import * as Y from "yjs";

const NEEDED: ReadonlySet<string | null> = new Set(["id", "kind", "at"]);

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

export function ownHistory(transcript: Y.XmlFragment): Plugin {
  const undoManager = new Y.UndoManager(transcript, {
    trackedOrigins: new Set([ySyncPluginKey]),
    deleteFilter: mayDelete,
    captureTimeout: 600,
  });
  return yUndoPlugin({ undoManager }) as Plugin;
}
