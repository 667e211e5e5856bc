/** Places that outlive changes: ProseMirror's as Yjs' relative ones, found by the turn instead of by a walk through the document. */
import type { ResolvedPos } from "prosemirror-model";
import type { Selection } from "prosemirror-state";
import { absolutePositionToRelativePosition } from "y-prosemirror";
import * as Y from "yjs";
import type { TranscriptBinding } from "./binding";

export interface RelativeSelection {
  type: string;
  anchor: Y.RelativePosition;
  head: Y.RelativePosition;
}

export function relativeSelection(selection: Selection, binding: TranscriptBinding): RelativeSelection {
  const anchor = relativePosition(selection.$anchor, binding);
  const head = selection.empty ? anchor : relativePosition(selection.$head, binding);
  return { type: (selection.toJSON() as { type: string }).type, anchor, head };
}

function relativePosition($pos: ResolvedPos, binding: TranscriptBinding): Y.RelativePosition {
  const element = binding.elementOf($pos.parent);
  if (element) return within(element, $pos.parentOffset);
  return absolutePositionToRelativePosition($pos.pos, binding.type, binding.mapping) as Y.RelativePosition;
}

function within(element: Y.XmlElement, offset: number): Y.RelativePosition {
  let [left, last] = [offset, null as Y.XmlText | null];
  for (const text of element.toArray()) {
    if (!(text instanceof Y.XmlText)) continue;
    if (left <= text.length) return Y.createRelativePositionFromTypeIndex(text, left);
    left -= text.length;
    last = text;
  }
  if (last) return Y.createRelativePositionFromTypeIndex(last, last.length);
  return new Y.RelativePosition(element._item?.id ?? null, null, null);
}
