/** The answers to a step's question. */
import { deviceWords } from "../i18n/device-words";

interface Props {
  yes: string;
  no: string;
  answer: (isFine: boolean) => void;
  skip: () => void;
  /** Not before there was something to see or hear. */
  isOpen?: boolean;
}

export function Answers({ yes, no, answer, skip, isOpen = true }: Props) {
  return (
    <div class="device-answers">
      <button type="button" class="button button-main device-button" disabled={!isOpen} onClick={() => answer(true)}>
        {yes}
      </button>
      <button type="button" class="button device-button" disabled={!isOpen} onClick={() => answer(false)}>
        {no}
      </button>
      <button type="button" class="button button-plain device-skip" onClick={skip}>
        {deviceWords.value.skip}
      </button>
    </div>
  );
}
