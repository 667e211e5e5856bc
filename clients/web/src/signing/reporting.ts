/** While a version is being fixed: what text this page of the court holds, told to the server. Decides nothing. */
import type { SigningStage } from "../control/messages";
import type { OpenDocument } from "../documents/collab";
import { asProblem, request } from "../session/http";
import { contentSha256 } from "./content";
import { holdsLine, ownText } from "./own-text";
import type { SigningRoom } from "./signing-room";

/** `of`: the entry that started this try; a failed one is followed by one of the same version. */
interface Found {
  v: number;
  of: number;
  content_sha256: string;
}

const told = new WeakMap<OpenDocument, string>();

const AGAIN = 1_000;

/** Tells it once the copy holds the last line, until then with each update; and again to a server that greets again. */
export function reportDigest(room: SigningRoom, { v, of: seq }: SigningStage, copy: OpenDocument): void {
  const of = seq ?? 0;
  const start = `${v} ${of} ${room.model.welcomes.peek()}`;
  if (told.get(copy) === start) return;
  told.set(copy, start);
  const look = (): void => {
    const content = copy.unconfirmed.peek() === 0 ? ownText(room.model, copy.doc) : null;
    if (!content || !holdsLine(content, of)) return;
    copy.doc.off("update", look);
    void contentSha256(content).then((digest) => tell(room, { v, of, content_sha256: digest }));
  };
  copy.doc.on("update", look);
  look();
}

/** Without an answer it is told again while that try lasts; too late, the freeze goes on without this page and says so itself. */
async function tell(room: SigningRoom, body: Found): Promise<void> {
  const { stage, of } = room.model.signing.peek() ?? {};
  if (stage !== "REVIEW" || of !== body.of) return;
  try {
    await request(`${room.path}/digest`, { method: "POST", body });
  } catch (error) {
    const refused = asProblem(error);
    if (refused.status === 0 || refused.status >= 500) setTimeout(() => void tell(room, body), AGAIN);
    else if (refused.status !== 409) room.problem.value = refused;
  }
}
