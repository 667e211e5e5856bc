/** The way into the media room from the hearing page: the button, the question, the column. Loads the rest when it is wanted. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { HearingRoom } from "../hearing/room";
import { words } from "../i18n/language";
import { Icon } from "../ui/icons";
import { later } from "../ui/later";
import { Skeleton } from "../ui/skeleton";
import { forgetJoined, joinedWith } from "./joined";
import type { Kind } from "./kinds";

const { part, fetch: load } = later(() => import("./media-part"));

/** Comes back after a reload without a click. */
export function useMedia(room: HearingRoom): void {
  const loaded = part.value;
  const kinds = joinedWith(room.hearing);
  // an isolated person's place is kept, and is empty
  const mayJoin = room.control.link.value.is !== "ended" && (room.model.isolated.value || isOpen(room));
  useEffect(() => {
    if (!kinds || !mayJoin || room.media.peek()) return;
    if (loaded) room.media.value = new loaded.MediaRoom(room.hearing, kinds);
    else load();
  }, [loaded, mayJoin, kinds === null, room.media.value === null]);
}

/** Everybody who is part of the hearing, as long as somebody may still be seen or heard in it. */
function isOpen(room: HearingRoom): boolean {
  const state = room.model.you.value?.state;
  return state !== undefined && state !== "RELEASED" && state !== "REMOVED" && room.model.signing.value?.stage !== "SETTLED";
}

export function JoinButton({ room }: { room: HearingRoom }) {
  const isAsking = useSignal(false);
  const loaded = part.value;
  if (room.media.value || !isOpen(room)) return null;
  const ask = (): void => {
    load();
    isAsking.value = true;
  };
  const join = (kinds: readonly Kind[]): void => {
    isAsking.value = false;
    if (!loaded) return;
    room.media.value = new loaded.MediaRoom(room.hearing, kinds);
    if (room.part.value === "transcript") room.part.value = "video"; // on a phone; exhibits that are open stay so
  };
  return (
    <div class="top-join">
      <button type="button" class="button button-main" onClick={ask}>
        <Icon name="camera" />
        <span class="top-join-word">{words.value.hearing.join}</span>
      </button>
      {isAsking.value && loaded && (
        <loaded.JoinDialog isObserver={room.model.you.value?.role === "observer"} join={join} onClose={() => (isAsking.value = false)} />
      )}
    </div>
  );
}

/** What stands in the video column; nothing before somebody has joined. */
export function VideoPlace({ room }: { room: HearingRoom }) {
  const media = room.media.value;
  const Panel = part.value?.VideoPanel;
  if (!media) return null;
  const leave = (): void => {
    forgetJoined();
    media.close();
    room.media.value = null;
    if (room.part.value === "video") room.part.value = "transcript";
  };
  return Panel ? <Panel room={room} media={media} leave={leave} /> : <Skeleton lines={4} />;
}
