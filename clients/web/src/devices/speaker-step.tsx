/** A tone, and whether it was heard. */
import { useSignal } from "@preact/signals";
import { deviceWords } from "../i18n/device-words";
import { Answers } from "./answers";
import type { StepProps } from "./device-page";
import { playTone } from "./sound";

export function SpeakerStep({ check }: StepProps) {
  const t = deviceWords.value.speaker;
  const isPlaying = useSignal(false);
  const wasPlayed = useSignal(false);
  const play = async (): Promise<void> => {
    isPlaying.value = true;
    await playTone();
    isPlaying.value = false;
    wasPlayed.value = true;
  };
  return (
    <>
      <h1>{t.title}</h1>
      <p class="lead">{t.lead}</p>
      <button type="button" class="button device-button" disabled={isPlaying.value} onClick={() => void play()}>
        {isPlaying.value ? t.playing : t.play}
      </button>
      <Answers
        yes={t.yes}
        no={t.no}
        isOpen={wasPlayed.value}
        answer={(isFine) => check.answerSpeaker(isFine ? "heard" : "not_heard")}
        skip={() => check.answerSpeaker("skipped")}
      />
    </>
  );
}
