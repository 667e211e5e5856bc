/** English words of the private line. */
import type { LineWords } from "./zh-line";

export const enLine: LineWords = {
  own: "Write to the clerk",
  hint: "If you need help, write here. Only the clerks and judges see it; it is not part of the transcript.",
  of: (name) => `Private line with ${name}`,
  from: (name) => `${name} has written and waits for the clerk`,
  view: "Show",
  answer: "Answer",
  write: "Message",
  send: "Send",
};
