/** What the server says when something is refused (RFC 9457). Owns its form in the page, never decides what happens next. */

export interface Titles {
  zh: string;
  en: string;
}

/** A refused or failed request: `code` is stable, `status` is 0 when the server was not reached. */
export class Problem extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    readonly titles: Titles,
    readonly detail = "",
  ) {
    super(`${status} ${code} ${detail}`.trim());
  }
}

export function unreachable(): Problem {
  return new Problem("unreachable", 0, {
    zh: "无法连接到服务器，请检查网络后重试。",
    en: "The server cannot be reached. Check the network and try again.",
  });
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** Reads a refusal; one that is no problem+json still becomes a Problem with the status as its code. */
export async function readProblem(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  const fields = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  const titles = {
    zh: text(fields["title_zh"]) || text(fields["title"]) || `服务器返回错误 ${response.status}`,
    en: text(fields["title_en"]) || text(fields["title"]) || `The server answered with error ${response.status}`,
  };
  return new Problem(text(fields["code"]) || String(response.status), response.status, titles, text(fields["detail"]));
}
