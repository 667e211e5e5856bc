/** Whether new lines are read aloud, as a choice of the display menu. Reads nothing itself. */
import { words } from "../i18n/language";
import { zh } from "../i18n/zh";
import { Choice } from "../ui/choice";
import { canRead, chooseReading, isReading, readAloud, voice } from "./read-aloud";

export function ReadAloudChoice() {
  const t = words.value.display;
  if (!canRead) return null;
  if (voice.value === null) return <p class="quiet">{t.noVoice}</p>;
  return (
    <Choice
      legend={t.readAloud}
      options={[
        { value: "on", name: t.on },
        { value: "off", name: t.off },
      ]}
      chosen={isReading.value ? "on" : "off"}
      choose={(next) => {
        chooseReading(next === "on");
        readAloud(zh.display.readingAloud); // browsers let a page speak from a click on; the voice is Chinese as the record
      }}
    />
  );
}
