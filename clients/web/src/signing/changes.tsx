/** What has changed since the version before, turn by turn: additions, removals, changed words; each leads to its line. */
import { useMemo } from "preact/hooks";
import { signingWords } from "../i18n/signing-words";
import type { Content } from "./content";
import { type Difference, differences, type Piece } from "./differences";
import { asReadTurn } from "./text-of";

interface Props {
  v: number;
  before: Content;
  now: Content;
}

export function Changes({ v, before, now }: Props) {
  const t = signingWords.value.changes;
  const found = useMemo(() => differences(before.blocks.map(asReadTurn), now.blocks.map(asReadTurn)), [before, now]);
  return (
    <section class="changes" aria-labelledby="signing-changes">
      <h3 id="signing-changes" class="signing-heading">
        {t.title(v)} <span class="quiet">{found.length > 0 ? t.count(found.length) : t.none}</span>
      </h3>
      {found.length > 0 && (
        <ol class="change-list">
          {found.map((one) => (
            <Change key={`${one.is} ${one.turn.id}`} change={one} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Change({ change: { is, turn, pieces } }: { change: Difference }) {
  const t = signingWords.value.changes;
  return (
    <li class={`change change-${is}`}>
      <span class="change-is">
        {t[is]}
        {turn.role && <span class="quiet">{turn.role}</span>}
      </span>
      <p class="change-words">
        {pieces.map((piece, place) => (
          <Words key={place} piece={piece} />
        ))}
        {pieces.every((piece) => piece.is === "same") && <span class="quiet">{t.other}</span>}
      </p>
      {is !== "removed" && (
        <button type="button" class="button button-small" onClick={() => goTo(turn.id)}>
          {t.show}
        </button>
      )}
    </li>
  );
}

function Words({ piece: { is, text } }: { piece: Piece }) {
  if (is === "added") return <ins>{text}</ins>;
  return is === "removed" ? <del>{text}</del> : <>{text}</>;
}

function goTo(turn: string): void {
  document.getElementById(`turn-${turn}`)?.scrollIntoView({ block: "center" });
}
