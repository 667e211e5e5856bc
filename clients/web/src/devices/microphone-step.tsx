/** The microphone: its level while somebody speaks, and some seconds recorded and played back. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { deviceWords } from "../i18n/device-words";
import { Answers } from "./answers";
import { BlockedDevice } from "./blocked";
import type { DeviceCheck } from "./check";
import type { StepProps } from "./device-page";
import { mayRecord, recordTrack, watchLevel } from "./sound";

const LENGTH = 5_000; // ms

export function MicrophoneStep({ check }: StepProps) {
  const opening = check.openings.value.microphone;
  if (opening?.is === "blocked") return <BlockedDevice check={check} kind="microphone" why={opening.why} />;
  return opening ? <Listening check={check} track={opening.track} /> : null;
}

function Listening({ check, track }: { check: DeviceCheck; track: MediaStreamTrack }) {
  const t = deviceWords.value;
  const wasHeard = useSignal(false);
  return (
    <>
      <h1>{t.microphone.title}</h1>
      <p class="lead">{t.microphone.lead}</p>
      <Level track={track} heard={() => (wasHeard.value = true)} />
      <p class={wasHeard.value ? "device-heard" : "quiet"} role="status">
        {wasHeard.value ? t.microphone.loud : t.microphone.quiet}
      </p>
      {mayRecord() && <Recorded track={track} />}
      <Answers
        yes={t.microphone.yes}
        no={t.microphone.no}
        isOpen
        answer={(isFine) => check.answer("microphone", isFine ? "works" : "unsure")}
        skip={() => check.answer("microphone", "skipped")}
      />
    </>
  );
}

function Level({ track, heard }: { track: MediaStreamTrack; heard: () => void }) {
  const level = useSignal(0);
  useEffect(
    () =>
      watchLevel(track, (now, isLoud) => {
        level.value = now;
        if (isLoud) heard();
      }),
    [track],
  );
  return <meter class="device-level" aria-label={deviceWords.value.microphone.level} min={0} max={1} value={level.value} />;
}

function Recorded({ track }: { track: MediaStreamTrack }) {
  const t = deviceWords.value.microphone;
  const isRecording = useSignal(false);
  const address = useSignal("");
  useEffect(() => () => URL.revokeObjectURL(address.value), []);
  const record = async (): Promise<void> => {
    isRecording.value = true;
    URL.revokeObjectURL(address.value);
    address.value = "";
    const file = await recordTrack(track, LENGTH);
    address.value = URL.createObjectURL(file);
    isRecording.value = false;
  };
  return (
    <div class="device-recorded">
      <button type="button" class="button device-button" disabled={isRecording.value} onClick={() => void record()}>
        {isRecording.value ? t.recording : t.record}
      </button>
      {address.value !== "" && <audio src={address.value} aria-label={t.playback} controls autoPlay />}
    </div>
  );
}
