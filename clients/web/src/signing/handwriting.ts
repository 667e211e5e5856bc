/** A signature as a picture of fixed size: drawn by hand, or a name in letters. Makes PNG bytes; keeps none. */
import SignaturePad from "signature_pad";
import { type Bytes, fromBase64 } from "./bytes";

/** Pixels of the picture, whatever the size on the screen. */
const WIDTH = 600;
const HEIGHT = 200;
const INK = "#171a21";
const PAPER = "#ffffff";

const pngOf = (canvas: HTMLCanvasElement): Bytes => fromBase64(canvas.toDataURL("image/png").split(",")[1] ?? "");

/** A field to draw in. Points are those of the screen, so a field of another width redraws what was drawn. */
export class Handwriting {
  private readonly pad: SignaturePad;
  private readonly observer: ResizeObserver;
  private width = 0;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    changed: (isEmpty: boolean) => void,
  ) {
    canvas.width = WIDTH;
    canvas.height = HEIGHT;
    this.pad = new SignaturePad(canvas, { penColor: INK, backgroundColor: PAPER, minWidth: 0.9, maxWidth: 2.8 });
    this.pad.addEventListener("endStroke", () => changed(this.pad.isEmpty()));
    this.observer = new ResizeObserver(() => this.fit());
    this.observer.observe(canvas);
    this.fit();
  }

  close(): void {
    this.observer.disconnect();
    this.pad.off();
  }

  clear(): void {
    this.pad.clear();
  }

  png(): Bytes | null {
    return this.pad.isEmpty() ? null : pngOf(this.canvas);
  }

  private fit(): void {
    const width = this.canvas.offsetWidth;
    if (width === 0 || width === this.width) return;
    const by = this.width === 0 ? 1 : width / this.width;
    this.width = width;
    const drawn = this.pad.toData().map((stroke) => ({
      ...stroke,
      points: stroke.points.map((point) => ({ ...point, x: point.x * by, y: point.y * by })),
    }));
    this.canvas.getContext("2d")?.setTransform(WIDTH / width, 0, 0, WIDTH / width, 0, 0);
    this.pad.clear();
    this.pad.fromData(drawn);
  }
}

/** A name in letters, as large as the picture allows. */
export function writtenName(name: string): Bytes | null {
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const pen = canvas.getContext("2d");
  if (!pen || name.trim() === "") return null;
  pen.fillStyle = PAPER;
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  pen.fillStyle = INK;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.font = `110px "Kaiti SC", KaiTi, STKaiti, serif`;
  pen.fillText(name.trim(), WIDTH / 2, HEIGHT / 2, WIDTH - 40);
  return pngOf(canvas);
}
