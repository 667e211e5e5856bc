/** The bytes of a served PDF, asked for piece by piece as pdf.js wants them. Nothing of them stays in the browser's cache. */
import type * as PdfJs from "pdfjs-dist";
import { withSession } from "../route";
import { readProblem, unreachable } from "../session/problem";
import { hear } from "./server-time";

const FIRST = 2 ** 17;
const TRIES = 4;
const PAUSE = 800;

export interface Piece {
  bytes: Uint8Array<ArrayBuffer>;
  /** Of the whole file. */
  size: number;
}

async function piece(path: string, from: number, to: number, signal: AbortSignal): Promise<Piece> {
  const response = await fetch(withSession(path), {
    headers: { Range: `bytes=${from}-${to - 1}` },
    credentials: "same-origin",
    cache: "no-store",
    signal,
  }).catch((error: unknown) => {
    throw signal.aborted ? error : unreachable();
  });
  hear(response);
  if (!response.ok) throw await readProblem(response);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const size = Number(/\/(\d+)$/.exec(response.headers.get("Content-Range") ?? "")?.[1] ?? bytes.length);
  return { bytes, size };
}

/** A bad line drops a piece now and then: asked for again before the exhibit is given up. */
async function patiently(path: string, from: number, to: number, signal: AbortSignal): Promise<Piece> {
  for (let tried = 1; ; tried++) {
    try {
      return await piece(path, from, to, signal);
    } catch (error) {
      if (signal.aborted || tried === TRIES || !isPassing(error)) throw error;
      await new Promise((done) => setTimeout(done, PAUSE * tried));
    }
  }
}

const isPassing = (error: unknown): boolean => {
  const status = (error as { status?: number }).status ?? -1;
  return status === 0 || status >= 500;
};

/** The first piece tells how long the file is. */
export const firstPiece = (path: string, signal: AbortSignal): Promise<Piece> => patiently(path, 0, FIRST, signal);

/** `failed` is told when a later piece does not come. */
export function openRanges(
  library: typeof PdfJs,
  path: string,
  first: Piece,
  signal: AbortSignal,
  failed: (error: unknown) => void,
): PdfJs.PDFDataRangeTransport {
  class Ranges extends library.PDFDataRangeTransport {
    override requestDataRange(begin: number, end: number): void {
      patiently(path, begin, Math.min(end, first.size), signal).then(
        ({ bytes }) => this.onDataRange(begin, bytes),
        (error: unknown) => signal.aborted || failed(error),
      );
    }
  }
  return new Ranges(first.size, first.bytes);
}
