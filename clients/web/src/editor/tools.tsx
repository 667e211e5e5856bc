/** The clerk's tools: speakers with their keys, marks, kinds, templates. Draws them; what they do stands in commands.ts. */
import { type Signal, useComputed } from "@preact/signals";
import { toggleMark } from "prosemirror-commands";
import type { EditorState } from "prosemirror-state";
import type { HearingRoom } from "../hearing/room";
import { sideOf } from "../hearing/sides";
import { words } from "../i18n/language";
import { copyAddress } from "../transcript/copy-address";
import { Menu } from "../ui/menu";
import type { ClerkEditor } from "./clerk-editor";
import { here, move, setKind, speak, toggleUnsure } from "./commands";
import { canRedo, canUndo, redo, undo } from "./history";
import { attributesOf, isCourts, MARKS } from "./schema";
import { type Speaker, speakersOf } from "./speakers";
import { templatesFor } from "./templates";

interface Props {
  editor: ClerkEditor;
  room: HearingRoom;
  isSearching: Signal<boolean>;
}

export function Tools({ editor, room, isSearching }: Props) {
  const t = words.value.editor;
  const speakers = speakersOf(room.model.roster.value);
  const isShared = (label: string): boolean => speakers.filter((speaker) => speaker.label === label).length > 1;
  return (
    <div class="tools" role="toolbar" aria-label={t.tools} onPointerDown={keepFocus}>
      <div class="tools-row">
        {speakers.map((speaker) => (
          <SpeakerButton key={speaker.person} editor={editor} speaker={speaker} isAlone={!isShared(speaker.label)} />
        ))}
      </div>
      <div class="tools-row">
        <Marks editor={editor} />
        <Steps editor={editor} />
        <button type="button" class="tool" aria-pressed={isSearching.value} onClick={() => (isSearching.value = !isSearching.value)}>
          {t.find.open}
        </button>
        <Templates editor={editor} room={room} />
        <More editor={editor} />
      </div>
    </div>
  );
}

/** A click on a tool leaves the caret where it is. */
function keepFocus(event: PointerEvent): void {
  if (event.target instanceof Element && event.target.closest(".tool")) event.preventDefault();
}

function speakerNow(state: EditorState): string | null {
  const now = here(state);
  return now && attributesOf(now.turn).speaker;
}

/** Where room is short a label that nobody shares stands alone. */
function SpeakerButton({ editor, speaker, isAlone }: { editor: ClerkEditor; speaker: Speaker; isAlone: boolean }) {
  const isNow = useComputed(() => speakerNow(editor.state.value) === speaker.person).value;
  return (
    <button
      type="button"
      class={`tool tool-speaker side-${sideOf(speaker.role, speaker.label)}`}
      aria-pressed={isNow}
      aria-keyshortcuts={speaker.key ? `Control+${speaker.key}` : undefined}
      onClick={() => editor.run(speak(speaker))}
    >
      <b>{speaker.label}</b> <span class={isAlone ? "tool-name" : ""}>{speaker.name}</span>
      {speaker.key > 0 && <kbd aria-hidden="true">{speaker.key}</kbd>}
    </button>
  );
}

function isMarked(state: EditorState, name: keyof typeof MARKS): boolean {
  const { from, to, empty, $from } = state.selection;
  if (empty) return (state.storedMarks ?? $from.marks()).some((mark) => mark.type === MARKS[name]);
  return state.doc.rangeHasMark(from, to, MARKS[name]);
}

function Marks({ editor }: { editor: ClerkEditor }) {
  const t = words.value.editor;
  const [isBold, isUnderlined, isUnsure] = (["bold", "underline", "unsure"] as const).map(
    (name) => useComputed(() => isMarked(editor.state.value, name)).value,
  );
  const isEmpty = useComputed(() => editor.state.value.selection.empty).value;
  return (
    <span class="tool-group">
      <button type="button" class="tool" aria-pressed={isBold} aria-keyshortcuts="Control+B" onClick={() => editor.run(toggleMark(MARKS.bold))}>
        <b>{t.bold}</b>
      </button>
      <button type="button" class="tool" aria-pressed={isUnderlined} aria-keyshortcuts="Control+U" onClick={() => editor.run(toggleMark(MARKS.underline))}>
        <u>{t.underline}</u>
      </button>
      <button type="button" class="tool" aria-pressed={isUnsure} aria-keyshortcuts="Control+/" disabled={isEmpty} onClick={() => editor.run(toggleUnsure)}>
        {t.unsure}
      </button>
    </span>
  );
}

function Steps({ editor }: { editor: ClerkEditor }) {
  const t = words.value.editor;
  const mayUndo = useComputed(() => canUndo(editor.state.value)).value;
  const mayRedo = useComputed(() => canRedo(editor.state.value)).value;
  return (
    <span class="tool-group">
      <button type="button" class="tool" aria-keyshortcuts="Control+Z" disabled={!mayUndo} onClick={() => editor.run(undo)}>
        {t.undo}
      </button>
      <button type="button" class="tool" aria-keyshortcuts="Control+Y" disabled={!mayRedo} onClick={() => editor.run(redo)}>
        {t.redo}
      </button>
    </span>
  );
}

function Templates({ editor, room }: { editor: ClerkEditor; room: HearingRoom }) {
  const t = words.value.editor;
  const offered = templatesFor(room.model.phase.value);
  if (offered.length === 0) return null;
  return (
    <Menu label={t.templates} icon="more" class="tool-menu">
      {(close) =>
        offered.map((template) => (
          <button
            key={template.name}
            type="button"
            class="menu-item"
            onClick={() => {
              close();
              editor.putTemplate(template);
            }}
          >
            {t.template[template.name]}
          </button>
        ))
      }
    </Menu>
  );
}

function turnNow(state: EditorState): { id: string | null; isOwn: boolean } | null {
  const now = here(state);
  return now && { id: attributesOf(now.turn).id, isOwn: !isCourts(now.turn) };
}

function More({ editor }: { editor: ClerkEditor }) {
  const t = words.value.editor;
  const turn = useComputed(() => turnNow(editor.state.value)?.id ?? null).value;
  const isOwn = useComputed(() => turnNow(editor.state.value)?.isOwn === true).value;
  const items = [
    [t.kinds.speech, setKind("speech"), ""],
    [t.kinds.heading, setKind("heading"), ""],
    [t.kinds.note, setKind("note"), ""],
    [t.moveUp, move(-1), "Alt+↑"],
    [t.moveDown, move(1), "Alt+↓"],
  ] as const;
  return (
    <Menu label={t.turn} icon="settings" class="tool-menu menu-right">
      {(close) => (
        <>
          {items.map(([name, command, key]) => (
            <button
              key={name}
              type="button"
              class="menu-item"
              disabled={!isOwn}
              onClick={() => {
                close();
                editor.run(command);
              }}
            >
              {name}
              {key && <span class="menu-why">{key}</span>}
            </button>
          ))}
          <button
            type="button"
            class="menu-item"
            disabled={turn === null}
            onClick={() => {
              close();
              if (turn !== null) void copyAddress(turn);
            }}
          >
            {words.value.transcript.copyLink}
          </button>
          <p class="editor-keys quiet">{t.keys}</p>
        </>
      )}
    </Menu>
  );
}
