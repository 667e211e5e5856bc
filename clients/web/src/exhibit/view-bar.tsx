/** How an exhibit is looked at: page, size, turn, find, the list of annotations. Says what is chosen to the open exhibit. */
import { type Signal, useSignal } from "@preact/signals";
import { exhibitWords } from "../i18n/exhibit-words";
import { ExhibitIcon, type ExhibitIconName } from "./exhibit-icons";
import type { OpenExhibit } from "./open-exhibit";
import { zoomed } from "./zoom";

interface Props {
  open: OpenExhibit;
  isFinding: Signal<boolean>;
  areMarksShown: Signal<boolean>;
}

export function ViewBar({ open, isFinding, areMarksShown }: Props) {
  const t = exhibitWords.value.view;
  const zoom = (by: 1 | -1): void => zoomed(open, by);
  return (
    <div class="exhibit-bar" role="toolbar" aria-label={t.bar}>
      <PageBox open={open} />
      <span class="exhibit-bar-group">
        <Button icon="smaller" name={t.smaller} isSpare act={() => zoom(-1)} />
        <Button icon="fit" name={t.fit} act={() => (open.scale.value = "fit")} isOn={open.scale.value === "fit"} />
        <Button icon="larger" name={t.larger} isSpare act={() => zoom(1)} />
        <Button icon="rotate" name={t.rotate} act={() => open.rotate()} />
      </span>
      <span class="exhibit-bar-group exhibit-bar-end">
        <Button icon="find" name={t.search} act={() => (isFinding.value = !isFinding.value)} isOn={isFinding.value} />
        <Button icon="marks" name={t.marks} act={() => (areMarksShown.value = !areMarksShown.value)} isOn={areMarksShown.value} />
      </span>
    </div>
  );
}

function PageBox({ open }: { open: OpenExhibit }) {
  const t = exhibitWords.value.view;
  const typed = useSignal<string | null>(null);
  const [page, all] = [open.page.value, open.sheets.value.length];
  const take = (): void => {
    const wanted = Number.parseInt(typed.value ?? "", 10);
    typed.value = null;
    if (Number.isFinite(wanted)) open.go(wanted - 1);
  };
  return (
    <span class="exhibit-bar-group exhibit-page-box">
      <Button icon="before" name={t.before} isExtra act={() => open.go(page - 1)} isOff={page <= 0} />
      <input
        aria-label={t.page}
        inputMode="numeric"
        size={Math.max(2, String(all).length)}
        value={typed.value ?? String(all === 0 ? "" : page + 1)}
        onInput={(event) => (typed.value = event.currentTarget.value)}
        onFocus={(event) => event.currentTarget.select()}
        onBlur={take}
        onKeyDown={(event) => event.key === "Enter" && take()}
      />
      <span class="quiet">{t.of(all)}</span>
      <Button icon="next" name={t.next} isExtra act={() => open.go(page + 1)} isOff={page >= all - 1} />
    </span>
  );
}

interface ButtonProps {
  icon: ExhibitIconName;
  name: string;
  act: (event: MouseEvent) => void;
  isOn?: boolean;
  isOff?: boolean;
  /** What scrolling does too, and what two fingers do too: left out where room is short, or very short. */
  isExtra?: boolean;
  isSpare?: boolean;
}

export function Button({ icon, name, act, isOn, isOff = false, isExtra = false, isSpare = false }: ButtonProps) {
  return (
    <button
      type="button"
      class={`exhibit-button ${isExtra ? "is-extra" : ""} ${isSpare ? "is-spare" : ""}`}
      title={name}
      aria-label={name}
      disabled={isOff}
      {...(isOn === undefined ? {} : { "aria-pressed": isOn })}
      onMouseDown={(event) => event.preventDefault()} // the words that are chosen stay chosen
      onClick={act}
    >
      <ExhibitIcon name={icon} />
    </button>
  );
}
