/** What an isolated person sees: that they are isolated, and nothing of the hearing. */
import { useEffect } from "preact/hooks";
import { words } from "../i18n/language";
import { announce } from "../ui/announcer";
import { Icon } from "../ui/icons";
import { PageFrame } from "../ui/page-frame";
import { Light } from "./lights";
import { LinePlace } from "./line-place";
import type { HearingRoom } from "./room";

export function Isolated({ room }: { room: HearingRoom }) {
  const t = words.value;
  useEffect(() => announce(t.isolated.title), [t]);
  const isConnected = room.control.link.value.is === "open";
  return (
    <PageFrame narrow>
      <section class="waiting waiting-isolated" aria-labelledby="isolated">
        <span class="waiting-mark">
          <Icon name="shield" />
        </span>
        <h1 id="isolated">{t.isolated.title}</h1>
        <p class="lead">{t.isolated.body}</p>
        <p>{t.isolated.next}</p>
        {room.media.value && <p class="quiet">{t.isolated.media}</p>}
        <p class="row">
          <span class="quiet">{t.isolated.keep}</span>
          <Light tone={isConnected ? "good" : "bad"} word={isConnected ? t.lights.connected : t.lights.lost} />
        </p>
        <LinePlace room={room} />
      </section>
    </PageFrame>
  );
}
