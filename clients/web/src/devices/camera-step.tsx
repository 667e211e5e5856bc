/** The own picture, and whether it can be seen. */
import { deviceWords } from "../i18n/device-words";
import { Answers } from "./answers";
import { BlockedDevice } from "./blocked";
import type { StepProps } from "./device-page";
import { Picture } from "./picture";

export function CameraStep({ check }: StepProps) {
  const t = deviceWords.value;
  const opening = check.openings.value.camera;
  if (opening?.is === "blocked") return <BlockedDevice check={check} kind="camera" why={opening.why} />;
  return (
    <>
      <h1>{t.camera.title}</h1>
      <p class="lead">{t.camera.lead}</p>
      {opening && <Picture tracks={[opening.track]} label={t.camera.preview} isMirrored />}
      <Answers
        yes={t.camera.yes}
        no={t.camera.no}
        answer={(isFine) => check.answer("camera", isFine ? "works" : "unsure")}
        skip={() => check.answer("camera", "skipped")}
      />
    </>
  );
}
