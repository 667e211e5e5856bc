/** A modal question over the browser's own <dialog>: it traps the focus, gives it back, and closes on Escape. */
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

interface Props {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  tone?: "calm" | "danger";
}

export function Dialog({ title, onClose, children, tone = "calm" }: Props) {
  const box = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = box.current;
    const before = document.activeElement;
    dialog?.showModal();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement) giveBack(before);
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

/** To what asked the question, or to the part of the page around it when that cannot be pressed any more. */
function giveBack(before: HTMLElement): void {
  before.focus();
  if (document.activeElement !== before) before.closest<HTMLElement>("[tabindex]")?.focus();
}
