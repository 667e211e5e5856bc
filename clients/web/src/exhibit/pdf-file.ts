/** pdf.js and the one PDF that is open in it: owns the worker, the pages and their rendering. Never reads what an annotation is. */
import type * as PdfJs from "pdfjs-dist";
import { firstPiece, openRanges } from "./ranges";

declare const __PDFJS__: string;

type Library = typeof PdfJs;
let library: Promise<Library> | null = null;

/** Fetched with the first exhibit that is opened; asked again when it could not be fetched. */
function loadLibrary(): Promise<Library> {
  library ??= (import(/* @vite-ignore */ `${__PDFJS__}/legacy/build/pdf.min.mjs`) as Promise<Library>).then(
    (loaded) => {
      loaded.GlobalWorkerOptions.workerSrc = `${__PDFJS__}/legacy/build/pdf.worker.min.mjs`;
      return loaded;
    },
    (error: unknown) => {
      library = null;
      throw error;
    },
  );
  return library;
}

let worker: PdfJs.PDFWorker | null = null;

/** Before anything is opened: what reads a PDF is there when the first one is. */
export async function warmUp(): Promise<void> {
  const { PDFWorker } = await loadLibrary();
  worker ??= PDFWorker.create({});
}

/** The worker goes with everything that it had read. */
export function coolDown(): void {
  worker?.destroy();
  worker = null;
}

const RANGE = 2 ** 17;
/** More pixels than this are not drawn: a page is then a little less sharp, and the device keeps its memory. */
const MOST_PIXELS = 12_000_000;

export interface Drawing {
  canvas: HTMLCanvasElement;
  done: Promise<void>;
  cancel: () => void;
}

export class PdfFile {
  private task: PdfJs.PDFDocumentLoadingTask | null = null;
  private file: PdfJs.PDFDocumentProxy | null = null;
  private isClosed = false;
  private readonly asking = new AbortController();

  /** Only what is looked at is fetched; `failed` is told when a piece of it does not come. */
  async open(path: string, failed: (error: unknown) => void): Promise<number> {
    const first = firstPiece(path, this.asking.signal);
    first.catch(() => undefined); // told below, when the library is there
    await warmUp();
    const library = await loadLibrary();
    const range = openRanges(library, path, await first, this.asking.signal, failed);
    if (this.isClosed || !worker) throw new Closed();
    this.task = library.getDocument({
      range,
      worker,
      rangeChunkSize: RANGE,
      disableAutoFetch: true,
      disableStream: true,
      cMapUrl: `${__PDFJS__}/cmaps/`,
      standardFontDataUrl: `${__PDFJS__}/standard_fonts/`,
      wasmUrl: `${__PDFJS__}/wasm/`,
      iccUrl: `${__PDFJS__}/iccs/`,
      enableXfa: false,
      stopAtErrors: false,
    });
    this.file = await this.task.promise;
    if (this.isClosed) throw new Closed();
    return this.file.numPages;
  }

  /** `n` from 0. */
  async page(n: number): Promise<PdfJs.PDFPageProxy> {
    if (!this.file) throw new Closed();
    return this.file.getPage(n + 1);
  }

  /** A canvas of its own for each drawing, so that the old one stands until the new one is there. */
  draw(page: PdfJs.PDFPageProxy, scale: number, turned: number): Drawing {
    const rotation = (page.rotate + turned) % 360;
    const plain = page.getViewport({ scale, rotation });
    const dense = Math.min(devicePixelRatio, Math.sqrt(MOST_PIXELS / (plain.width * plain.height)));
    const viewport = page.getViewport({ scale: scale * dense, rotation });
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(viewport.width));
    canvas.height = Math.max(1, Math.round(viewport.height));
    const task = page.render({ canvas, viewport });
    return { canvas, done: task.promise, cancel: () => task.cancel() };
  }

  /** For the time in its answer. */
  ask(path: string): void {
    firstPiece(path, this.asking.signal).catch(() => undefined); // that it cannot be had is told by the pages
  }

  close(): void {
    this.isClosed = true;
    this.asking.abort();
    this.file = null;
    void this.task?.destroy();
    this.task = null;
  }
}

/** Somebody has closed the exhibit meanwhile, which is no fault. */
export class Closed extends Error {}

export const isCancelled = (error: unknown): boolean =>
  error instanceof Closed || (error instanceof Error && /RenderingCancelled|AbortException|AbortError|Worker was destroyed|Transport destroyed/.test(`${error.name} ${error.message}`));

/** Gives the memory of a canvas back at once. */
export function emptyCanvas(canvas: HTMLCanvasElement): void {
  canvas.width = canvas.height = 0;
  canvas.remove();
}
