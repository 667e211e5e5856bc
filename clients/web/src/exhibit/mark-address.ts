/** Copies an annotation's address. Owns what is said about it, as long as that is worth saying; never shows it. */
import { signal } from "@preact/signals";
import { go, hearingPath, route } from "../route";

export const copiedMark = signal<{ id: string; how: "copied" | "shown" } | null>(null);

const SAID_FOR = 4_000;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Where nothing may be copied, the address stands in the address bar instead. */
export async function copyMarkAddress(id: string): Promise<void> {
  const here = route.peek();
  if (here.page !== "hearing") return;
  const path = `${hearingPath(here.hearing)}#annotation-${id}`;
  const { clipboard } = navigator as Partial<Pick<Navigator, "clipboard">>;
  const isCopied = clipboard ? await clipboard.writeText(location.origin + path).then(() => true, () => false) : false;
  if (!isCopied) go(path, { replace: true });
  copiedMark.value = { id, how: isCopied ? "copied" : "shown" };
  clearTimeout(timer);
  timer = setTimeout(() => (copiedMark.value = null), SAID_FOR);
}
