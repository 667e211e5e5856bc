/** The picture of one person, chosen from all there are; the element itself is the player's. */
import { useEffect, useRef } from "preact/hooks";
import { playbackWords } from "../i18n/playback-words";
import { Choice } from "../ui/choice";
import { peopleSeen, roundAt } from "./moments";
import type { Player } from "./player";
import type { Recording } from "./recording";

export function Picture({ player, recording }: { player: Player; recording: Recording }) {
  const t = playbackWords.value;
  const frame = useRef<HTMLDivElement>(null);
  const picture = player.picture.value;
  const people = peopleSeen(recording.rounds);
  useEffect(() => {
    const first = people[0];
    if (player.shown.peek() === "" && first) player.show(first.person);
  }, [player]);
  useEffect(() => {
    if (picture) frame.current?.replaceChildren(picture);
    else frame.current?.replaceChildren();
  }, [picture]);
  const isRecorded = roundAt(recording.rounds, player.at.value) !== null;
  return (
    <>
      <div class="playback-picture">
        <div class="playback-frame" ref={frame} />
        {!picture && <p class="playback-none">{isRecorded ? t.noPicture : t.notRecorded}</p>}
      </div>
      {people.length > 1 && (
        <Choice
          legend={t.picture}
          options={people.map(({ person, name }) => ({ value: person, name }))}
          chosen={player.shown.value}
          choose={(person) => player.show(person)}
        />
      )}
      {player.missing.value.size > 0 && (
        <p class="playback-missing" role="status">
          {t.missing(player.missing.value.size)}
        </p>
      )}
    </>
  );
}
