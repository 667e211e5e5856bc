/** The one button that copies a line's address: it stands at the line under the pointer, or with the focus. Draws no line. */
import { type Signal, useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { words } from "../i18n/language";
import { Icon } from "../ui/icons";
import { copied, copyAddress } from "./copy-address";

interface Place {
  turn: string;
  top: number;
  left: number;
}

type Box = RefObject<HTMLElement | null>;

export function LineLink({ box }: { box: Box }) {
  const t = words.value.transcript;
  const place = useSignal<Place | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => (box.current ? followLine(box.current, place) : undefined), []);
  const { turn, top, left } = place.value ?? { turn: "", top: 0, left: 0 };
  useLayoutEffect(() => {
    button.current?.style.setProperty("inset-block-start", `${top}px`);
    button.current?.style.setProperty("left", `${left}px`);
  }, [turn, top, left]);
  const isDone = copied.value?.turn === turn;
  return (
    <>
      {turn !== "" && (
        <button ref={button} type="button" class="line-link" title={t.copyLink} onClick={() => void copyAddress(turn)}>
          <Icon name={isDone ? "tick" : "link"} />
          <span class="visually-hidden">{t.copyLink}</span>
        </button>
      )}
      <p class="line-copied" role="status">
        {copied.value && t[copied.value.how]}
      </p>
    </>
  );
}

/** Asked only when the pointer comes to another element: no line listens, and nothing is measured while it moves within one. */
function followLine(box: HTMLElement, place: Signal<Place | null>): () => void {
  const whole = box.parentElement ?? box;
  const look = (event: Event): void => {
    const line = event.target instanceof Element ? event.target.closest(".line") : null;
    if (line instanceof HTMLElement && !isSelecting(event)) place.value = placeOf(line, box, whole);
  };
  const leave = (): void => {
    place.value = null;
  };
  const listeners: ReadonlyArray<[EventTarget, string, (event: Event) => void]> = [
    [box, "pointerover", look],
    [box, "focusin", look],
    [box, "scroll", leave],
    [whole, "pointerleave", leave],
  ];
  for (const [target, name, act] of listeners) target.addEventListener(name, act, { passive: true });
  return () => {
    for (const [target, name, act] of listeners) target.removeEventListener(name, act);
  };
}

const isSelecting = (event: Event): boolean => event instanceof PointerEvent && event.pointerType === "mouse" && event.buttons !== 0;

/** Beside the line where the sheet has room for it, else over the end of its first row. */
function placeOf(line: HTMLElement, box: HTMLElement, whole: HTMLElement): Place {
  const [at, inner, outer] = [line.getBoundingClientRect(), box.getBoundingClientRect(), whole.getBoundingClientRect()];
  const size = 2 * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  return {
    turn: line.id.replace("turn-", ""),
    top: Math.round(Math.max(at.top, inner.top) - outer.top),
    left: Math.round(Math.min(at.right + 1, inner.left + box.clientWidth - size - 1) - outer.left),
  };
}
