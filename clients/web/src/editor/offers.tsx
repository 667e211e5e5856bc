/** Words that lost their turn, or that the server would not take, offered back. One click makes a turn of them. */
import { useEffect } from "preact/hooks";
import type { Offer } from "../hearing/desk";
import type { HearingRoom } from "../hearing/room";
import { words } from "../i18n/language";
import { announce } from "../ui/announcer";
import { Notice } from "../ui/notice";
import type { ClerkEditor } from "./clerk-editor";

export function Offers({ editor, room }: { editor: ClerkEditor; room: HearingRoom }) {
  const t = words.value.editor.offer;
  const offers = room.desk.offers.value;
  useEffect(() => {
    if (offers.length > 0) announce(t.label);
  }, [offers.length]);
  if (offers.length === 0) return null;
  return (
    <section class="offers" aria-label={t.label}>
      {offers.map((offer) => (
        <OneOffer key={offer.id} offer={offer} editor={editor} room={room} />
      ))}
    </section>
  );
}

function OneOffer({ offer, editor, room }: { offer: Offer; editor: ClerkEditor; room: HearingRoom }) {
  const t = words.value.editor.offer;
  const { turn, speaker, role, words: text } = offer.words;
  const putBack = (): void => {
    room.desk.settled(offer);
    editor.putBack(text, turn, { speaker, role });
  };
  const discard = (): void => {
    room.desk.settled(offer);
    editor.view.focus();
  };
  const actions = (
    <span class="row">
      <button type="button" class="button button-main button-small" onClick={putBack}>
        {t.putBack}
      </button>
      <button type="button" class="button button-small" onClick={discard}>
        {t.discard}
      </button>
    </span>
  );
  return (
    <Notice tone="warn" icon="warning" title={t[offer.why]} action={actions}>
      <q class="offer-words">{text}</q>
    </Notice>
  );
}
