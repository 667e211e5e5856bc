/** A question on the screen that stands only as long as what it was asked about: another device may have answered it. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

export interface Question<T> {
  asked: T | null;
  ask: (about: T) => void;
  drop: () => void;
}

export function useQuestion<T>(standing: string): Question<T> {
  const asked = useSignal<{ about: T; standing: string } | null>(null);
  const before = useRef(standing);
  useEffect(() => {
    // only a change drops it: the effect of the first drawing may run after the first click
    if (before.current !== standing) asked.value = null;
    before.current = standing;
  }, [standing]);
  return {
    asked: asked.value?.standing === standing ? asked.value.about : null,
    ask: (about) => {
      asked.value = { about, standing };
    },
    drop: () => {
      asked.value = null;
    },
  };
}
