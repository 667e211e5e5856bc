/** Requests to the API as the person of this tab. Owns the form of a request, never keeps what it got. */
import { withSession } from "../route";
import { Problem, readProblem, unreachable } from "./problem";

interface Options {
  method?: "GET" | "POST" | "PUT" | "PATCH";
  body?: unknown;
  signal?: AbortSignal;
}

function init({ method = "GET", body, signal }: Options): RequestInit {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  return {
    method,
    headers,
    credentials: "same-origin",
    cache: "no-store",
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  };
}

/** The answer's JSON, undefined for 204; throws a Problem, or the AbortError of `signal`. */
export async function request<T>(path: string, options: Options = {}): Promise<T> {
  const response = await fetch(withSession(path), init(options)).catch((error: unknown) => {
    throw options.signal?.aborted ? error : unreachable();
  });
  if (!response.ok) throw await readProblem(response);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** The answer's bytes as they came. */
export async function requestBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await (await answerTo(path)).arrayBuffer());
}

async function answerTo(path: string): Promise<Response> {
  const response = await fetch(withSession(path), init({})).catch(() => {
    throw unreachable();
  });
  if (!response.ok) throw await readProblem(response);
  return response;
}

export interface KeptFile {
  file: Blob;
  /** As the server calls it, "" when it says no name. */
  name: string;
}

/** A file that is to be kept, under the server's name for it. */
export async function requestFile(path: string): Promise<KeptFile> {
  const response = await answerTo(path);
  const file = await response.blob().catch(() => {
    throw unreachable();
  });
  const [, name = ""] = /filename\*=UTF-8''([^;]*)/.exec(response.headers.get("Content-Disposition") ?? "") ?? [];
  return { file, name: decodeURIComponent(name) };
}

/** Anything thrown by `request` as a Problem; what is no Problem is a fault of the page and goes on. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  throw error;
}
