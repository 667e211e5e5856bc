/** The two lights of the top bar, as dot and word: is the page connected, and is all that was commanded carried out. */
import { words } from "../i18n/language";
import type { HearingRoom } from "./room";

type Tone = "good" | "busy" | "bad";

export function Light({ tone, word }: { tone: Tone; word: string }) {
  return (
    <span class={`light light-${tone}`}>
      <span class="light-dot" aria-hidden="true" />
      {word}
    </span>
  );
}

export function ConnectionLight({ room }: { room: HearingRoom }) {
  const t = words.value.lights;
  const now = room.connection.value;
  const tone = ({ connected: "good", connecting: "busy", lost: "bad" } as const)[now];
  return <Light tone={tone} word={t[now]} />;
}

/** Green only when connected, with every event here, applied by the server, storage writable and no command on its way. */
export function StepLight({ room }: { room: HearingRoom }) {
  const t = words.value.lights;
  if (room.connection.value !== "connected" || !room.model.writable.value) return <Light tone="bad" word={t.unknownStep} />;
  const isDone = room.model.inStep.value && !room.model.pending.current.value;
  return <Light tone={isDone ? "good" : "busy"} word={isDone ? t.inStep : t.transferring} />;
}
