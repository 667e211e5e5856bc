/** A page's words as text over its picture: for screen readers, for fingers and for copying. Its characters are the glyph table's. */
import { asCss, corner, type Matrix, minus, times } from "./geometry";
import type { Line, Spot } from "./glyphs";

const SIZE = 10;
let measuring: CanvasRenderingContext2D | null = null;

/** Each line lies in user space; the holder's own matrix brings it to the screen. */
export function textLayer(lines: readonly Line[]): DocumentFragment {
  const layer = document.createDocumentFragment();
  lines.forEach((line, n) => {
    const text = line.characters.join("");
    if (text.trim() === "") return;
    const span = document.createElement("span");
    span.textContent = text;
    span.dataset["line"] = String(n);
    span.style.transform = asCss(placing(line, text));
    layer.append(span, document.createElement("br"));
  });
  return layer;
}

/** From the span's own box (its width in our letters, ten high) to where the line stands. */
function placing({ quads }: Line, text: string): Matrix {
  const [first, last] = [quads[0]!, quads.at(-1)!];
  const origin = corner(first, "ul");
  const along = times(minus(corner(last, "ur"), origin), 1 / widthOf(text));
  const down = times(minus(corner(first, "ll"), origin), 1 / SIZE);
  return [...along, ...down, ...origin];
}

function widthOf(text: string): number {
  measuring ??= document.createElement("canvas").getContext("2d");
  if (!measuring) return SIZE * text.length;
  measuring.font = `${SIZE}px sans-serif`;
  return measuring.measureText(text).width || 1;
}

/** The spot of the glyph table that a place in the text is. */
export function spotInText(node: Node, offset: number): Spot | null {
  const span = (node instanceof Element ? node : node.parentElement)?.closest<HTMLElement>("[data-line]");
  if (!span) return null;
  const before = node instanceof Text ? node.data.slice(0, offset) : offset === 0 ? "" : (span.textContent ?? "");
  return { line: Number(span.dataset["line"]), at: Array.from(before).length };
}
