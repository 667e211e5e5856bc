/** The own hearings as the server lists them: owns loading and sorting into days. Never draws. */
import { signal } from "@preact/signals";
import type { PersonState, Phase } from "../control/messages";
import { beijingDay } from "../i18n/times";
import { asProblem, request } from "../session/http";
import type { Problem } from "../session/problem";
import { leave } from "../session/session";

export interface HearingSummary {
  id: string;
  case_number: string;
  title: string;
  court: string;
  starts_at: string;
  /** null while this person may see nothing of the hearing. */
  phase: Phase | null;
  role: string;
  state: PersonState;
}

export type Listing =
  | { is: "loading" }
  | { is: "there"; hearings: readonly HearingSummary[] }
  | { is: "failed"; problem: Problem };

export type Part = "today" | "upcoming" | "earlier";
export const PARTS: readonly Part[] = ["today", "upcoming", "earlier"];

export const listing = signal<Listing>({ is: "loading" });

/** Loads the list; one that is on the screen already stays until the new one is there. */
export async function loadHearings(): Promise<void> {
  if (listing.value.is === "failed") listing.value = { is: "loading" };
  try {
    const { hearings } = await request<{ hearings: HearingSummary[] }>("/api/hearings");
    listing.value = { is: "there", hearings };
  } catch (error) {
    const problem = asProblem(error);
    if (problem.status === 401) leave("expired");
    else listing.value = { is: "failed", problem };
  }
}

/** Drops the list, which names hearings that this person may know nothing of now. */
export function forgetHearings(): void {
  listing.value = { is: "loading" };
}

/** What is going on counts as today, whenever it began. */
export function partOf(hearing: HearingSummary, today: string): Part {
  const day = beijingDay(hearing.starts_at);
  if (day === today || hearing.phase === "IN_SESSION" || hearing.phase === "RECESS") return "today";
  return day > today ? "upcoming" : "earlier";
}
