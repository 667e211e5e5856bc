/** Whether the hearing is being recorded, as dot and word in the top bar: everybody has a right to know. */
import { words } from "../i18n/language";
import type { RecordingMessage } from "../control/messages";
import type { HearingRoom } from "./room";

type Tone = "on" | "off" | "gap" | "alarm";

export function RecordingLight({ room }: { room: HearingRoom }) {
  const tone = toneOf(room);
  if (!tone) return null;
  const t = words.value.recording;
  const { hours_left: hours } = room.model.recorder.value ?? {};
  const left = hours === undefined ? {} : { title: t.left(Math.floor(hours)) };
  return (
    <span class={`recording recording-${tone}`} {...left}>
      <span class="recording-dot" aria-hidden="true" />
      {t[tone]}
    </span>
  );
}

/** Before the court sits: how long the disk will do, and that it is little when it is less than a morning. */
export function DiskLeft({ room }: { room: HearingRoom }) {
  const hours = room.model.recorder.value?.hours_left;
  if (hours === undefined) return null;
  const t = words.value.recording;
  return hours < 4 ? (
    <p class="attendance attendance-short">
      <strong>{t.low}</strong>
      <span>{t.left(hours)}</span>
    </p>
  ) : (
    <p class="quiet">{t.left(Math.floor(hours))}</p>
  );
}

/** Nobody sends sound or picture: there is nothing to record. */
export const isIdle = (recorder: RecordingMessage | null): boolean => recorder?.reason === "nobody_sending";

/** null before the session and after it: nothing is to be recorded then. */
function toneOf(room: HearingRoom): Tone | null {
  const { phase, rules, recorder } = room.model;
  if (phase.value !== "IN_SESSION" && phase.value !== "RECESS") return null;
  if (rules.value.recording !== "on") return "off";
  const state = recorder.value?.state;
  if (isIdle(recorder.value)) return "off";
  return state === "gap" || state === "alarm" ? state : "on";
}
