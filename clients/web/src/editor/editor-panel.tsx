/** The clerk's panel of the hearing: the editor between its tools and what must be known of it. Loaded for clerks only. */
import { type ReadonlySignal, type Signal, useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { OpenDocument } from "../documents/collab";
import type { Saved } from "../hearing/desk";
import type { HearingRoom } from "../hearing/room";
import { words } from "../i18n/language";
import { announce } from "../ui/announcer";
import { Icon } from "../ui/icons";
import { useFollow } from "../transcript/follow";
import { LineLink } from "../transcript/line-link";
import { ToEnd } from "../transcript/transcript-view";
import { Visits } from "../transcript/visits";
import { ClerkEditor } from "./clerk-editor";
import { Completions } from "./completions";
import { split } from "./commands";
import { FindBar } from "./find-bar";
import { Offers } from "./offers";
import { Tools } from "./tools";
import "./editor.css";

interface Props {
  room: HearingRoom;
  document: OpenDocument;
}

export function EditorPanel({ room, document }: Props) {
  const t = words.value;
  const box = useRef<HTMLDivElement>(null);
  const place = useRef<HTMLDivElement>(null);
  const editor = useSignal<ClerkEditor | null>(null);
  const isSearching = useSignal(false);
  const hint = useHint();
  useEffect(() => mount(room, document, place.current, editor, isSearching, hint.show), [document]);
  const count = useComputed(() => editor.value?.state.value.doc.childCount ?? 0);
  const follow = useFollow(box, place, count.value);
  const now = editor.value;
  return (
    <div class="transcript editor">
      <div class="panel-head">
        <h2 id="transcript">{t.transcript.title}</h2>
        <span class="editor-state">
          {now && <Counted editor={now} />}
          <SavedMark saved={room.desk.saved} />
        </span>
      </div>
      {now && <Tools editor={now} room={room} isSearching={isSearching} />}
      {now && isSearching.value && <FindBar editor={now} close={() => (isSearching.value = false)} />}
      {now && <Offers editor={now} room={room} />}
      <Visits box={box} count={count.value} isReady={now !== null} enter={(turn) => now?.enter(turn)} />
      <div class="transcript-scroll" ref={box} role="region" aria-labelledby="transcript" tabIndex={-1}>
        <div class="editor-place" ref={place} />
        {now && count.value === 0 && <Begin editor={now} />}
      </div>
      {now && <Completions editor={now} />}
      {hint.text && (
        <p class="editor-hint" role="status">
          <Icon name="lock" />
          {hint.text}
        </p>
      )}
      <LineLink box={box} />
      {!follow.isFollowing.value && <ToEnd unread={follow.unread.value} toEnd={follow.toEnd} />}
    </div>
  );
}

function mount(
  room: HearingRoom,
  document: OpenDocument,
  place: HTMLElement | null,
  editor: Signal<ClerkEditor | null>,
  isSearching: Signal<boolean>,
  hint: (text: string) => void,
): (() => void) | undefined {
  if (!place) return undefined;
  const made = new ClerkEditor(place, document, {
    roster: room.model.roster,
    vocabulary: () => [
      ...room.model.roster.peek().map(({ name }) => name),
      ...room.exhibits.peek().flatMap(({ number, title }) => [`证据${number}《${title}》`, title]),
    ],
    refused: () => hint(words.peek().editor.lockedHint),
    lost: (turn, lost) => room.desk.lost(turn, lost),
    openSearch: () => (isSearching.value = true),
    label: words.peek().editor.label,
  });
  editor.value = made;
  const stops = [follow(room, made, document), () => made.destroy()];
  return () => {
    editor.value = null;
    for (const stop of stops) stop();
  };
}

/** The desk knows what the editor holds, and sees turns that put offered words back on another page. */
function follow(room: HearingRoom, editor: ClerkEditor, document: OpenDocument): () => void {
  const { desk } = room;
  const holding = editor.binding.isHolding.subscribe((isHolding) => (desk.isHolding.value = isHolding));
  desk.settle = () => editor.binding.release();
  const fragment = document.doc.getXmlFragment("transcript");
  const look = ({ changes }: { changes: { added: Set<{ content: unknown }> } }): void => {
    if (desk.offers.peek().length === 0) return;
    for (const { content } of changes.added) {
      const element = (content as { type?: { toArray(): Array<{ toString(): string }> } }).type;
      if (element) desk.seenBack(element.toArray().map(String).join(""));
    }
  };
  fragment.observe(look as never);
  return () => {
    holding();
    fragment.unobserve(look as never);
    desk.isHolding.value = false;
  };
}

const HINT_FOR = 5_000;

function useHint(): { text: string; show: (text: string) => void } {
  const text = useSignal("");
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const show = (said: string): void => {
    text.value = said;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => (text.value = ""), HINT_FOR);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  return { text: text.value, show };
}

/** Lines and characters; counted when nothing is typed, not at every key. */
function Counted({ editor }: { editor: ClerkEditor }) {
  const t = words.value;
  const size = useSignal({ turns: 0, characters: 0 });
  useSignalEffect(() => {
    const { doc } = editor.state.value;
    const timer = setTimeout(() => {
      let characters = 0;
      doc.forEach((turn) => (characters += turn.content.size));
      size.value = { turns: doc.childCount, characters };
    }, 250);
    return () => clearTimeout(timer);
  });
  return <span class="quiet">{t.editor.counted(size.value.turns, size.value.characters)}</span>;
}

const TONE = { saved: "good", saving: "busy", kept: "bad", unkept: "bad" } as const;

function SavedMark({ saved: mark }: { saved: ReadonlySignal<Saved> }) {
  const saved = mark.value; // read here: it changes twice a key, and nothing else of the panel does
  const t = words.value.editor.saved;
  const before = useRef<Saved>(saved);
  useEffect(() => {
    const isWorth = saved === "kept" || saved === "unkept" || before.current === "kept" || before.current === "unkept";
    before.current = saved;
    if (isWorth && saved !== "saving") announce(t[saved]);
  }, [saved]);
  return (
    <span class={`saved light light-${TONE[saved]}`} data-saved={saved}>
      <Icon name="tick" />
      <span class="light-dot" aria-hidden="true" />
      {t[saved]}
    </span>
  );
}

function Begin({ editor }: { editor: ClerkEditor }) {
  const t = words.value.editor;
  return (
    <div class="empty">
      <h3>{words.value.transcript.emptyTitle}</h3>
      <p>{t.beginHint}</p>
      <button type="button" class="button button-main" onClick={() => editor.run(split)}>
        {t.begin}
      </button>
    </div>
  );
}

