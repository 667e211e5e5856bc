/** A hearing's phase as colour, shape and word. */
import { wordFor, words } from "../i18n/language";

export function PhaseChip({ phase }: { phase: string }) {
  return (
    <span class={`phase phase-${phase.toLowerCase()}`}>
      <span class="phase-dot" aria-hidden="true" />
      {wordFor(words.value.phase, phase)}
    </span>
  );
}
