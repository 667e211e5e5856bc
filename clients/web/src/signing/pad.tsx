/** The handwritten signature: drawn with finger, pen or mouse, or typed by those who cannot. Hands out a picture when asked. */
import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";
import { signingWords } from "../i18n/signing-words";
import { Choice } from "../ui/choice";
import type { Bytes } from "./bytes";
import { Handwriting, writtenName } from "./handwriting";

/** Asks the pad for the picture of this moment. */
export type Picture = RefObject<() => Bytes | null>;

type Way = "draw" | "type";

export function Pad({ picture, name }: { picture: Picture; name: string }) {
  const t = signingWords.value.sign;
  const way = useSignal<Way>("draw");
  const id = useId();
  return (
    <section class="pad" aria-labelledby={id}>
      <h3 id={id} class="field-name">
        {t.hand} <span class="quiet">{t.handHint}</span>
      </h3>
      <Choice
        legend={t.handWay}
        options={[
          { value: "draw", name: t.handBy.draw },
          { value: "type", name: t.handBy.type },
        ]}
        chosen={way.value}
        choose={(next) => (way.value = next)}
      />
      {way.value === "draw" ? <Drawn picture={picture} /> : <Typed picture={picture} name={name} />}
    </section>
  );
}

function Drawn({ picture }: { picture: Picture }) {
  const t = signingWords.value.sign;
  const canvas = useRef<HTMLCanvasElement>(null);
  const pad = useRef<Handwriting | null>(null);
  const isEmpty = useSignal(true);
  // before it is painted: whoever sees the field may draw
  useLayoutEffect(() => {
    if (!canvas.current) return undefined;
    const made = new Handwriting(canvas.current, (empty) => (isEmpty.value = empty));
    pad.current = made;
    picture.current = () => made.png();
    return () => {
      made.close();
      picture.current = () => null;
    };
  }, []);
  const clear = (): void => {
    pad.current?.clear();
    isEmpty.value = true;
  };
  return (
    <div class="pad-field">
      <canvas ref={canvas} class="pad-canvas" role="img" aria-label={t.pad} />
      {isEmpty.value && (
        <span class="pad-hint" aria-hidden="true">
          {t.empty}
        </span>
      )}
      <button type="button" class="button button-small" disabled={isEmpty.value} onClick={clear}>
        {t.clear}
      </button>
    </div>
  );
}

function Typed({ picture, name }: { picture: Picture; name: string }) {
  const t = signingWords.value.sign;
  const typed = useSignal("");
  useEffect(() => {
    picture.current = () => writtenName(typed.peek());
    return () => {
      picture.current = () => null;
    };
  }, []);
  return (
    <label class="field">
      <span class="field-name">{t.name}</span>
      <input
        type="text"
        class="pad-name"
        maxLength={40}
        autoComplete="off"
        placeholder={name}
        value={typed.value}
        onInput={(event) => (typed.value = event.currentTarget.value)}
      />
    </label>
  );
}
