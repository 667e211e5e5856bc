/** The verdict with one sentence of advice for each finding, and whether it is kept. */
import { deviceWords } from "../i18n/device-words";
import { inLanguage } from "../i18n/language";
import { timeText } from "../i18n/times";
import { Notice } from "../ui/notice";
import { go } from "../route";
import { Skeleton } from "../ui/skeleton";
import type { StepProps } from "./device-page";
import type { DeviceTest, Verdict } from "./device-tests";
import { FigureList } from "./line-step";

const TONE = { good: "good", fair: "warn", poor: "danger" } as const satisfies Record<Verdict, string>;

export function ResultStep({ check }: StepProps) {
  const t = deviceWords.value.result;
  const kept = check.kept.value;
  const problem = check.problem.value;
  return (
    <>
      {kept && <Outcome kept={kept} />}
      {!kept && !problem && (
        <>
          <h1>{t.keeping}</h1>
          <Skeleton lines={3} />
        </>
      )}
      {problem && (
        <>
          <h1>{t.failed}</h1>
          <Notice tone="warn" icon="warning" title={inLanguage(problem.titles)} />
        </>
      )}
      <div class="device-answers">
        {problem && (
          <button type="button" class="button button-main device-button" onClick={() => void check.keep()}>
            {deviceWords.value.tryAgain}
          </button>
        )}
        <button type="button" class={kept ? "button button-main device-button" : "button device-button"} onClick={() => go("/hearings")}>
          {deviceWords.value.back}
        </button>
        <button type="button" class="button device-button" onClick={() => check.again()}>
          {t.again}
        </button>
      </div>
    </>
  );
}

function Outcome({ kept }: { kept: DeviceTest }) {
  const t = deviceWords.value.result;
  return (
    <>
      <h1 class={`device-verdict device-${kept.verdict}`}>{t.verdicts[kept.verdict]}</h1>
      {kept.findings.length === 0 && <p class="lead">{t.fine}</p>}
      {kept.findings.length > 0 && (
        <section class="device-advice">
          <h2>{t.advice}</h2>
          {kept.findings.map((finding) => (
            <Notice
              key={finding.code}
              tone={TONE[finding.verdict]}
              icon="warning"
              title={inLanguage({ zh: finding.advice_zh, en: finding.advice_en })}
            />
          ))}
        </section>
      )}
      {kept.result.figures && <FigureList figures={kept.result.figures} />}
      <p class="quiet">{t.kept(timeText(kept.at, "moment"))}</p>
    </>
  );
}
