/** The exhibit's PDF with its annotations in it, to keep or to print. Asks the server for it and says why there is none; draws no mark. */
import { useSignal } from "@preact/signals";
import { exhibitWords } from "../i18n/exhibit-words";
import { inLanguage } from "../i18n/language";
import { asProblem, requestFile } from "../session/http";
import type { Problem } from "../session/problem";
import { announce } from "../ui/announcer";
import { keepFile } from "../ui/keep-file";
import { Notice } from "../ui/notice";
import type { OpenExhibit } from "./open-exhibit";

export function AnnotatedCopy({ open }: { open: OpenExhibit }) {
  const t = exhibitWords.value.thread;
  const isBeingMade = useSignal(false);
  const problem = useSignal<Problem | null>(null);
  const keep = async () => {
    [isBeingMade.value, problem.value] = [true, null];
    announce(exhibitWords.value.thread.making);
    try {
      const { file, name } = await requestFile(`${open.path}/annotated`);
      keepFile(file, name || "annotated.pdf");
      announce(exhibitWords.value.thread.made);
    } catch (error) {
      problem.value = asProblem(error);
    } finally {
      isBeingMade.value = false;
    }
  };
  return (
    <div class="annotated-copy">
      <button type="button" class="button button-small" aria-disabled={isBeingMade.value} onClick={() => !isBeingMade.value && void keep()}>
        {isBeingMade.value ? t.making : t.annotated}
      </button>
      <p class="quiet">{t.annotatedHint}</p>
      <div role="status">{problem.value && <Notice tone="warn" icon="warning" title={inLanguage(problem.value.titles)} />}</div>
    </div>
  );
}
