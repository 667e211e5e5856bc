/** The time in Beijing, by the second. Never announced: a clock that speaks is noise. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { words } from "../i18n/language";
import { timeText } from "../i18n/times";

export function Clock() {
  const now = useSignal(new Date());
  useEffect(() => {
    const timer = setInterval(() => (now.value = new Date()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const text = timeText(now.value, "clock");
  return (
    <span class="clock">
      <span class="visually-hidden">{words.value.hearing.clock} </span>
      <time dateTime={now.value.toISOString()}>
        {text.slice(0, 5)}
        <span class="clock-seconds">{text.slice(5)}</span>
      </time>
    </span>
  );
}
