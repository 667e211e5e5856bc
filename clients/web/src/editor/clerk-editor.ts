/** The clerk's editor without its panels: one ProseMirror view over one open document. Owns the view and its life. */
import { effect, type ReadonlySignal, signal } from "@preact/signals";
import { baseKeymap, toggleMark } from "prosemirror-commands";
import { keymap } from "prosemirror-keymap";
import { DOMParser as PmParser, type Slice } from "prosemirror-model";
import { type Command, EditorState, Plugin, TextSelection } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import type { RosterEntry } from "../control/messages";
import type { OpenDocument } from "../documents/collab";
import { blocksPlugin } from "./blocks";
import { bindingPlugin, isFromDocument, TranscriptBinding } from "./binding";
import { here, insertAt, joinAfter, joinBefore, move, placeBehind, putTurns, speak, split, takePrefix, toggleUnsure, turnOf } from "./commands";
import { completionPlugin } from "./completion";
import { writersPlugin } from "./cursors";
import { completeTurns, courtsGuard } from "./guard";
import { ownHistory, redo, undo } from "./history";
import { cleanLine, cleanLines, portions, turnsOfLines } from "./paste";
import { attributesOf, isCourts, likeTurn, MARKS, schema, type TurnAttributes } from "./schema";
import { searchPlugin } from "./search";
import { type Speaker, speakersOf } from "./speakers";
import type { Template } from "./templates";
import { TurnNode } from "./turn-node";

export interface Surroundings {
  roster: ReadonlySignal<readonly RosterEntry[]>;
  /** Names and titles that may be completed. */
  vocabulary: () => readonly string[];
  /** A change of a line of the court was refused. */
  refused: () => void;
  lost: (turn: string, words: string) => void;
  openSearch: () => void;
  label: string;
}

export class ClerkEditor {
  readonly state = signal<EditorState>(EditorState.create({ schema }));
  readonly binding: TranscriptBinding;
  readonly view: EditorView;
  private readonly speakers: () => readonly Speaker[];
  private readonly people = signal<ReadonlyMap<string, RosterEntry>>(new Map());
  private readonly stop: () => void;
  private print = "";

  constructor(place: HTMLElement, document: OpenDocument, private readonly around: Surroundings) {
    const fragment = document.doc.getXmlFragment("transcript");
    this.speakers = () => speakersOf(around.roster.peek());
    this.stop = effect(() => this.know(around.roster.value));
    this.binding = new TranscriptBinding(fragment);
    this.binding.onLost = ({ turn, words }) => around.lost(turn, words);
    const doc = schema.topNodeType.create(null, this.binding.nodes());
    this.view = new EditorView(place, {
      state: EditorState.create({ doc, schema, plugins: this.plugins(document) }),
      nodeViews: { turn: (node, view, getPos) => new TurnNode(node, view, getPos, this.people) },
      attributes: { role: "textbox", "aria-multiline": "true", "aria-label": around.label, spellcheck: "false", class: "sheet", tabindex: "0" },
      dispatchTransaction: (tr) => {
        this.view.updateState(this.view.state.apply(tr));
        this.state.value = this.view.state;
      },
      transformPastedHTML: () => "",
      handlePaste: (_view, event) => this.paste(event),
      handleDrop: () => true,
      clipboardTextSerializer: (slice) => plainText(slice),
    });
    this.state.value = this.view.state;
  }

  run(command: Command): boolean {
    const isDone = command(this.view.state, this.view.dispatch, this.view);
    this.view.focus();
    return isDone;
  }

  /** Lines as turns where the caret is, in portions that each make one update. */
  put(lines: readonly string[], first: Partial<TurnAttributes> = {}): void {
    for (const turns of portions(turnsOfLines(lines, this.speakers(), first))) {
      this.view.dispatch(putTurns(this.view.state, turns));
    }
    this.view.focus();
  }

  putTemplate({ turns }: Template): void {
    const made = turns.map(([kind, label, text]) => {
      const speaker = this.speakers().find((one) => label !== "" && one.label.startsWith(label));
      return turnOf(text, { kind, speaker: speaker?.person ?? null, role: label === "" ? null : (speaker?.label ?? label) });
    });
    this.view.dispatch(putTurns(this.view.state, made));
    this.view.focus();
  }

  /** Words that lost their turn become one again, where it stood; else behind the caret's turn, or at the end when nobody is writing here. */
  putBack(words: string, turn: string, more: Partial<TurnAttributes>): void {
    const { state } = this.view;
    const { speaker = null, role = null } = this.binding.gone.get(turn)?.attributes ?? more;
    const made = turnOf(words, { speaker: speaker || null, role: role || null });
    const place = this.formerPlace(turn);
    if (place !== null) this.view.dispatch(insertAt(state, place, made));
    else this.view.dispatch(here(state) ? putTurns(state, [made]) : insertAt(state, state.doc.content.size, made));
    this.view.focus();
  }

  /** Behind the nearest turn before it that still lives; null when this page never saw where the turn stood. */
  private formerPlace(turn: string): number | null {
    const { gone } = this.binding;
    let before = gone.get(turn);
    for (let steps = 0; before && steps < gone.size; steps++) {
      if (before.behind === null) return 0;
      const place = placeBehind(this.view.state.doc, before.behind);
      if (place !== null) return place;
      before = gone.get(before.behind);
    }
    return null;
  }

  /** The caret before the turn's first word. */
  enter(id: string): void {
    const { doc, tr } = this.view.state;
    doc.forEach((turn, place) => {
      if (attributesOf(turn).id === id) this.view.dispatch(tr.setSelection(TextSelection.create(tr.doc, place + 1)));
    });
    this.view.focus();
  }

  destroy(): void {
    this.stop();
    this.view.destroy();
  }

  /** Presence comes and goes without a line being drawn anew. */
  private know(roster: readonly RosterEntry[]): void {
    const print = roster.map(({ person, name, role, label }) => [person, name, role, label].join()).join("|");
    if (print === this.print) return;
    this.print = print;
    this.people.value = new Map(roster.map((entry) => [entry.person, entry]));
  }

  private plugins(document: OpenDocument): Plugin[] {
    return [
      blocksPlugin(),
      bindingPlugin(this.binding),
      ownHistory(this.binding),
      ...(document.awareness ? [writersPlugin(document.awareness, this.binding)] : []),
      courtsGuard(this.around.refused),
      completeTurns(),
      searchPlugin(),
      completionPlugin(this.around.vocabulary),
      this.prefixes(),
      keymap(this.keys()),
      keymap(baseKeymap),
    ];
  }

  private keys(): Record<string, Command> {
    const speakerKeys = Array.from({ length: 9 }, (_, n): [string, Command] => [
      `Ctrl-${n + 1}`,
      (state, dispatch) => {
        const speaker = this.speakers().find(({ key }) => key === n + 1);
        return speaker ? speak(speaker)(state, dispatch) : false;
      },
    ]);
    const undoOwn: Command = (state) => undo(state) || true;
    const redoOwn: Command = (state) => redo(state) || true;
    return {
      ...Object.fromEntries(speakerKeys),
      Enter: split,
      "Shift-Enter": split,
      Backspace: joinBefore,
      Delete: joinAfter,
      "Alt-ArrowUp": move(-1),
      "Alt-ArrowDown": move(1),
      "Mod-b": toggleMark(MARKS.bold),
      "Mod-u": toggleMark(MARKS.underline),
      "Mod-/": toggleUnsure,
      "Mod-z": undoOwn,
      "Mod-y": redoOwn,
      "Mod-Shift-z": redoOwn,
      "Mod-f": () => {
        this.around.openSearch();
        return true;
      },
    };
  }

  /** "原：" as it is typed, by key or by an input method, whose composition must be over first. */
  private prefixes(): Plugin {
    return new Plugin({
      appendTransaction: (transactions, _before, after) => {
        const typed = transactions.some((tr) => tr.docChanged && !isFromDocument(tr) && tr.getMeta("composition") === undefined);
        return typed ? takePrefix(after, this.speakers()) : null;
      },
      props: {
        handleDOMEvents: {
          compositionend: (view) => {
            setTimeout(() => {
              const tr = view.isDestroyed || view.composing ? null : takePrefix(view.state, this.speakers());
              if (tr) view.dispatch(tr);
            }, AFTER_COMPOSITION);
            return false;
          },
        },
      },
    });
  }

  private paste(event: ClipboardEvent): boolean {
    const lines = linesOf(event.clipboardData);
    if (lines.length === 0) return true;
    const now = here(this.view.state);
    if (lines.length === 1 && now && !isCourts(now.turn)) this.pasteWords(lines[0]!);
    else this.put(lines, now ? { ...like(now.turn) } : {});
    return true;
  }

  private pasteWords(line: string): void {
    this.view.dispatch(this.view.state.tr.insertText(line).scrollIntoView());
  }
}

/** Longer than the binding waits for the end of a composition. */
const AFTER_COMPOSITION = 40;

function like(turn: Parameters<typeof likeTurn>[0]): Partial<TurnAttributes> {
  const { kind, speaker, role } = likeTurn(turn);
  return { kind, speaker, role };
}

/** The plain text wins; Word and web pages that give only HTML are read as paragraphs. */
function linesOf(clipboard: DataTransfer | null): string[] {
  const text = clipboard?.getData("text/plain") ?? "";
  if (text !== "") return cleanLines(text);
  const html = clipboard?.getData("text/html") ?? "";
  if (html === "") return [];
  const parsed = new DOMParser().parseFromString(html, "text/html");
  for (const unwanted of parsed.querySelectorAll("style, script, title, head")) unwanted.remove();
  const lines: string[] = [];
  PmParser.fromSchema(schema).parse(parsed.body).forEach((turn) => lines.push(cleanLine(turn.textContent)));
  return lines.filter((line) => line !== "");
}

function plainText(slice: Slice): string {
  const lines: string[] = [];
  slice.content.forEach((turn) => {
    const { role } = attributesOf(turn);
    lines.push(role && slice.openStart === 0 ? `${role}：${turn.textContent}` : turn.textContent);
  });
  return lines.join("\n");
}
