/** The echo under way, and what it has measured. */
import { deviceWords } from "../i18n/device-words";
import { Notice } from "../ui/notice";
import type { DeviceCheck } from "./check";
import type { StepProps } from "./device-page";
import type { Figures } from "./device-tests";
import type { EchoState } from "./echo";
import { Picture } from "./picture";

export function LineStep({ check }: StepProps) {
  const t = deviceWords.value;
  const echo = check.echo.value;
  if (echo.is === "unreachable") return <Unreachable check={check} />;
  const isDone = echo.is === "measured";
  return (
    <>
      <h1>{isDone ? t.line.done : t.line.title}</h1>
      {!isDone && <p class="lead">{t.line.lead}</p>}
      {!isDone && <progress class="device-bar" aria-label={t.line.progress} max={1} value={echo.is === "measuring" ? echo.done : 0} />}
      {echo.is === "connecting" && <p role="status">{t.line.connecting}</p>}
      {echo.is === "measuring" && <Picture tracks={echo.stream.getTracks()} label={t.line.echo} />}
      <Measured echo={echo} />
      <div class="device-answers">
        {isDone && (
          <button type="button" class="button button-main device-button" onClick={() => check.answerLine()}>
            {t.line.next}
          </button>
        )}
        {!isDone && (
          <button type="button" class="button button-plain device-skip" onClick={() => check.answerLine()}>
            {t.skip}
          </button>
        )}
      </div>
    </>
  );
}

function Unreachable({ check }: { check: DeviceCheck }) {
  const t = deviceWords.value;
  return (
    <>
      <h1>{t.line.unreachable}</h1>
      <Notice tone="warn" icon="warning" title={t.line.unreachableHelp} />
      <div class="device-answers">
        <button type="button" class="button button-main device-button" onClick={() => check.startEcho()}>
          {t.tryAgain}
        </button>
        <button type="button" class="button device-button" onClick={() => check.answerLine()}>
          {t.line.next}
        </button>
      </div>
    </>
  );
}

function Measured({ echo }: { echo: EchoState }) {
  if ((echo.is !== "measuring" && echo.is !== "measured") || !echo.figures) return null;
  return <FigureList figures={echo.figures} sound={echo.sound} />;
}

export function FigureList({ figures, sound }: { figures: Figures; sound?: number }) {
  const t = deviceWords.value.line;
  const rows: Array<[string, string]> = [
    [t.figures.loss, t.percent(figures.loss)],
    [t.figures.rtt, t.ms(figures.rtt_ms)],
    [t.figures.jitter, t.ms(figures.jitter_ms)],
    [t.figures.kbps, t.rate(figures.kbps)],
    ...(sound === undefined ? [] : [[t.figures.sound, t.ms(sound)] as [string, string]]),
  ];
  return (
    <dl class="facts device-figures">
      {rows.map(([name, value]) => (
        <>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </>
      ))}
    </dl>
  );
}
