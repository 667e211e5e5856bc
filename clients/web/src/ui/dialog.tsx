/** A modal question over the browser's own <dialog>: it traps the focus, gives it back, and closes on Escape. */
import type { ComponentChildren } from "preact";
import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";
import { words } from "../i18n/language";

interface Props {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  tone?: "calm" | "danger";
}

export function Dialog({ title, onClose, children, tone = "calm" }: Props) {
  const box = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const before = useRef<Element | null>(null);
  useEffect(() => {
    before.current = document.activeElement;
    box.current?.showModal();
  }, []);
  // not after the next frame, as other effects end: the focus would be taken from where somebody has gone meanwhile
  useLayoutEffect(() => {
    const dialog = box.current;
    return () => {
      const asked = before.current;
      dialog?.close();
      // once all of this drawing is done: what asked may be one that cannot be pressed then
      if (asked instanceof HTMLElement) queueMicrotask(() => giveBack(asked));
    };
  }, []);
  return (
    <dialog ref={box} class={`dialog dialog-${tone}`} aria-labelledby={titleId} onClose={onClose}>
      <h2 id={titleId} class="dialog-title">
        {title}
      </h2>
      {children}
    </dialog>
  );
}

interface Actions {
  /** What the button says that sends the form. */
  act: string;
  cancel: () => void;
  /** It cannot be taken back. */
  isFinal?: boolean;
  isDisabled?: boolean;
}

/** The last row of a form in a dialog. */
export function DialogActions({ act, cancel, isFinal = false, isDisabled = false }: Actions) {
  return (
    <div class="dialog-actions">
      <button type="button" class="button" onClick={cancel}>
        {words.value.cancel}
      </button>
      <button type="submit" class={`button ${isFinal ? "button-danger" : "button-main"}`} disabled={isDisabled}>
        {act}
      </button>
    </div>
  );
}

/** To what asked the question, or to the part of the page around it when that cannot be pressed any more. */
function giveBack(before: HTMLElement): void {
  before.focus();
  // a button that has just been disabled has the focus until the next frame
  const isKept = document.activeElement === before && !before.matches(":disabled");
  if (!isKept) before.closest<HTMLElement>("[tabindex]")?.focus();
}
