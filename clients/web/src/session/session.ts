/** Who this tab is: owns the login session as the page knows it. The credential itself stays in an HttpOnly cookie. */
import { signal } from "@preact/signals";
import { forgetKept } from "../documents/kept";
import { goAs, goAsNobody, herePath, nextPath } from "../route";
import { forgetKeys } from "../signing/key-store";
import { asProblem, request } from "./http";
import type { Problem } from "./problem";

export interface Session {
  session: string;
  person: { id: string; name: string };
  expires_at: string;
}

export type Standing =
  | { is: "unknown" }
  | { is: "working" }
  | { is: "in"; session: Session }
  | { is: "out"; why: "no_login" | "expired" | "logged_out" }
  | { is: "refused"; problem: Problem };

export const standing = signal<Standing>({ is: "unknown" });

function adopt(session: Session, path: string): void {
  standing.value = { is: "in", session };
  goAs(session.session, path);
}

/** Finds out who this tab is; a tab without a login is sent to the login page, which remembers where it wanted to go. */
export async function recognise(): Promise<void> {
  standing.value = { is: "working" };
  try {
    const session = await request<Session>("/api/session");
    adopt(session, location.pathname === "/" || location.pathname === "/login" ? nextPath() : herePath());
  } catch (error) {
    const problem = asProblem(error);
    if (problem.status === 401) leave("no_login");
    else standing.value = { is: "refused", problem };
  }
}

export async function logInByLink(secret: string): Promise<void> {
  standing.value = { is: "working" };
  const path = nextPath();
  try {
    adopt(await request<Session>("/api/login/link", { method: "POST", body: { secret } }), path);
  } catch (error) {
    standing.value = { is: "refused", problem: asProblem(error) };
  }
}

/** Ends the page's own notion of the login; where it was comes back after the next login. */
export function leave(why: "no_login" | "expired" | "logged_out"): void {
  const here = herePath();
  standing.value = { is: "out", why };
  const wanted = why !== "logged_out" && here.startsWith("/hearings/") ? `?next=${encodeURIComponent(here)}` : "";
  goAsNobody(`/login${wanted}`);
}

/** Why the last attempt to log out did not reach the server; the login then still stands. */
export const logOutProblem = signal<Problem | null>(null);

export async function logOut(): Promise<void> {
  logOutProblem.value = null;
  const person = standing.value.is === "in" ? standing.value.session.person.id : null;
  try {
    await request("/api/logout", { method: "POST" });
  } catch (error) {
    const problem = asProblem(error);
    if (problem.status !== 401) {
      logOutProblem.value = problem;
      return;
    }
  }
  leave("logged_out");
  if (person !== null) await Promise.all([forgetKept(person), forgetKeys(person)]).catch(isNothingKept);
}

/** A browser that lets nothing be kept has nothing to forget. */
function isNothingKept(error: unknown): void {
  if (!(error instanceof DOMException)) throw error;
}
