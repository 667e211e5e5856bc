/** A button that opens a small panel below (or above) it; closes on Escape, on a click elsewhere and when the focus leaves. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { type IconName, Icon } from "./icons";

interface Props {
  label: string;
  icon: IconName;
  /** Whether the label is shown beside the icon or only spoken. */
  isQuiet?: boolean;
  side?: "below" | "above";
  class?: string;
  children: (close: () => void) => ComponentChildren;
}

export function Menu({ label, icon, isQuiet = false, side = "below", class: extra = "", children }: Props) {
  const isOpen = useSignal(false);
  const panel = useId();
  const root = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    isOpen.value = false;
    opener.current?.focus();
  };
  useEffect(() => closeFromOutside(root.current, () => (isOpen.value = false)), []);
  // at the foot of a list the panel lies below what is seen of it
  useEffect(() => {
    if (isOpen.value) document.getElementById(panel)?.scrollIntoView({ block: "nearest" });
  }, [isOpen.value]);
  return (
    <div class={`menu ${extra}`} ref={root} onKeyDown={(event) => event.key === "Escape" && isOpen.value && close()}>
      <button
        ref={opener}
        type="button"
        class="button button-plain"
        aria-expanded={isOpen.value}
        aria-controls={panel}
        onClick={() => (isOpen.value = !isOpen.value)}
      >
        <Icon name={icon} />
        <span class={isQuiet ? "visually-hidden" : ""}>{label}</span>
      </button>
      {isOpen.value && (
        <div id={panel} class={`menu-panel menu-${side}`} role="group" aria-label={label}>
          {children(close)}
        </div>
      )}
    </div>
  );
}

function closeFromOutside(root: HTMLElement | null, close: () => void): () => void {
  const look = (event: Event): void => {
    if (root && event.target instanceof Node && !root.contains(event.target)) close();
  };
  document.addEventListener("pointerdown", look);
  document.addEventListener("focusin", look);
  return () => {
    document.removeEventListener("pointerdown", look);
    document.removeEventListener("focusin", look);
  };
}
