/** A skeleton for what is still loading: grey bars in the place of the words to come. */
import { words } from "../i18n/language";

export function Skeleton({ lines }: { lines: number }) {
  return (
    <div class="skeleton" role="status">
      <span class="visually-hidden">{words.value.loading}</span>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} class={`skeleton-bar skeleton-bar-${line % 3}`} aria-hidden="true" />
      ))}
    </div>
  );
}
