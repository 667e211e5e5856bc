/** How a turn stands in the editor: the speaker in the margin, the words to write in, the time. Draws one turn; changes none. */
import { effect, type ReadonlySignal } from "@preact/signals";
import type { Node as PmNode } from "prosemirror-model";
import type { EditorView, NodeView, ViewMutationRecord } from "prosemirror-view";
import type { RosterEntry } from "../control/messages";
import { sideOf } from "../hearing/sides";
import { wordFor, words } from "../i18n/language";
import { minuteOf, timeText } from "../i18n/times";
import { attributesOf, isCourts } from "./schema";

export type People = ReadonlySignal<ReadonlyMap<string, RosterEntry>>;
type GetPos = () => number | undefined;

function make(tag: string, name: string, isWritten = false): HTMLElement {
  const element = document.createElement(tag);
  element.className = name;
  if (!isWritten) element.contentEditable = "false";
  return element;
}

export class TurnNode implements NodeView {
  readonly dom: HTMLElement;
  readonly contentDOM: HTMLElement;
  private readonly speaker = make("span", "line-speaker");
  private readonly label = make("span", "line-role");
  private readonly name = make("span", "line-name");
  private readonly time = make("time", "line-time");
  private readonly stop: () => void;

  constructor(
    private node: PmNode,
    private readonly view: EditorView,
    private readonly getPos: GetPos,
    private readonly people: People,
  ) {
    const { kind } = attributesOf(node);
    this.dom = make("div", "line", true);
    this.contentDOM = document.createElement(kind === "heading" ? "h3" : "p");
    const inner = make("div", "line-words", true);
    inner.append(this.contentDOM);
    if (kind === "heading" || kind === "note") this.dom.append(this.contentDOM);
    else {
      this.speaker.append(this.label, this.name);
      this.dom.append(this.speaker, inner, this.time);
    }
    this.stop = effect(() => this.describe());
  }

  update(node: PmNode): boolean {
    const [now, next] = [attributesOf(this.node), attributesOf(node)];
    if (node.type !== this.node.type || now.kind !== next.kind || isCourts(this.node) !== isCourts(node)) return false;
    const isSame = node.sameMarkup(this.node);
    this.node = node;
    if (!isSame) this.describe();
    return true;
  }

  private describe(): void {
    const { id, kind, speaker, role, at, origin } = attributesOf(this.node);
    const t = words.value;
    const person = this.people.value.get(speaker ?? "");
    const label = role || person?.label || wordFor(t.role, person?.role ?? "");
    const isLocked = isCourts(this.node);
    this.dom.id = `turn-${id ?? ""}`;
    this.dom.className = `line line-${kind ?? "speech"}${isLocked ? " line-locked" : ""}`;
    if (kind === "speech") this.dom.classList.add(`side-${sideOf(person?.role ?? "", label)}`);
    this.label.textContent = isLocked ? this.source(kind, origin ?? "") : label || t.editor.noSpeaker;
    this.label.className = isLocked ? "line-tag" : label ? "line-role" : "line-role line-nobody";
    this.name.textContent = isLocked ? "" : (person?.name ?? "");
    this.dom.title = isLocked ? t.editor.locked : "";
    this.showTime(at ?? "");
  }

  private source(kind: string | null, origin: string): string {
    const t = words.value.transcript;
    if (kind === "procedure") return t.procedure;
    return origin.startsWith("opinion:") ? t.opinion : t.message;
  }

  /** Where the minute changes, as in the record that is read. */
  private showTime(at: string): void {
    const pos = this.getPos();
    const before = pos ? this.view.state.doc.resolve(Math.min(pos, this.view.state.doc.content.size)).nodeBefore : null;
    const isNew = !before || minuteOf(attributesOf(before).at ?? "") !== minuteOf(at);
    this.time.textContent = isNew ? timeText(at, "minute") : "";
    this.time.setAttribute("datetime", at);
  }

  ignoreMutation(mutation: ViewMutationRecord): boolean {
    return mutation.type !== "selection" && !this.contentDOM.contains(mutation.target);
  }

  destroy(): void {
    this.stop();
  }
}
