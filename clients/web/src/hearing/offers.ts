/** What the server offers this person to command, sorted for the page. Shows only what the right is there for; decides no right. */
import { COMMANDS, type CommandName, type Offer, type RosterEntry } from "../control/messages";

export type Known = Offer & { command: CommandName };

/** Guards that speak of who asks, not of when: such a command is not this person's and is not shown at all. */
const NOT_ONES_OWN: ReadonlySet<string> = new Set([
  "not_presiding",
  "not_a_judge",
  "not_a_clerk",
  "not_a_signer",
  "neither_judge_nor_clerk",
  "not_in_hearing",
  "forbidden",
]);

const isKnown = (offer: Offer): offer is Known => (COMMANDS as readonly string[]).includes(offer.command);

function ownOffers(offers: readonly Offer[]): Known[] {
  return offers.filter(isKnown).filter((offer) => offer.allowed || !NOT_ONES_OWN.has(offer.reason ?? ""));
}

/** One that may be given now; undefined when it is not this person's, or not now. */
export const offered = (offers: readonly Offer[], command: CommandName): Known | undefined =>
  ownOffers(offers).find((offer) => offer.command === command && offer.allowed);

const FOR_SESSION: readonly CommandName[] = [
  "open",
  "resume",
  "recess",
  "end_announcement",
  "open_waiting",
  "announce",
  "close",
  "start_signing",
  "reopen",
  "mark_incident",
  "close_gallery",
  "open_gallery",
];

/** Never the next sensible one: there must be a reason that only a person knows. */
const BY_CHOICE: readonly CommandName[] = ["reopen", "mark_incident", "close_gallery", "open_gallery"];
/** Shown at any time, with the reason why not now; the others only when they can be given. */
const AT_ANY_TIME: readonly CommandName[] = ["open", "resume", "recess", "close"];

/** Commands for the whole court: the next sensible one first, the others after it. */
export function sessionCommands(offers: readonly Offer[]): { next: Known | undefined; others: readonly Known[] } {
  const shown = ownOffers(offers).filter((offer) => FOR_SESSION.includes(offer.command));
  const own = shown.filter((offer) => offer.allowed || AT_ANY_TIME.includes(offer.command));
  const order = FOR_SESSION.flatMap((command) => own.filter((offer) => offer.command === command));
  const next = order.find((offer) => offer.allowed && !BY_CHOICE.includes(offer.command)) ?? order.find((offer) => isWaitedFor(offer));
  return { next, others: order.filter((offer) => offer !== next) };
}

/** Not allowed yet, but only because somebody is missing: it stays the large button and says why it waits. */
const isWaitedFor = (offer: Offer): boolean => offer.reason === "judge_absent" || offer.reason === "clerk_absent";

/** Whom no hearing can do without: the server refuses it, so the page does not offer it. */
const BENCH: ReadonlySet<string> = new Set(["presiding_judge", "judge", "assessor"]);
const CALLED: ReadonlySet<string> = new Set(["witness", "expert"]);
const PARTIES: ReadonlySet<string> = new Set(["plaintiff", "defendant", "appellant", "appellee", "third_party"]);

/** The commands that fit this person as they stand, what is ordered most often first. */
export function personCommands(offers: readonly Offer[], entry: RosterEntry, floor: string): readonly Known[] {
  return fitting(entry, entry.person === floor).flatMap((command) => offered(offers, command) ?? []);
}

function fitting(entry: RosterEntry, hasFloor: boolean): readonly CommandName[] {
  const { state, role } = entry;
  if (state === "RELEASED" || state === "REMOVED") return [];
  const isBench = BENCH.has(role);
  if (state === "ISOLATED") return CALLED.has(role) ? ["summon", "release", "remove"] : ["release", "remove"];
  const inCourt: readonly CommandName[] = state === "IN_COURT" ? fittingInCourt(entry, isBench, hasFloor) : [];
  const called: readonly CommandName[] = CALLED.has(role) ? [state === "IN_COURT" ? "dismiss" : "summon"] : [];
  return [...called, ...inCourt, ...consultation(entry), ...(isBench ? [] : ["isolate" as const, "remove" as const])];
}

function fittingInCourt(entry: RosterEntry, isBench: boolean, hasFloor: boolean): readonly CommandName[] {
  const speech: readonly CommandName[] = isBench ? [] : [entry.muted ? "unmute" : "mute"];
  return [...(isBench || hasFloor ? [] : ["floor" as const]), ...speech, ...(entry.hand ? ["lower_hand" as const] : []), "spotlight"];
}

function consultation(entry: RosterEntry): readonly CommandName[] {
  if (!PARTIES.has(entry.role)) return [];
  return [entry.consulting ? "end_consult" : "consult"];
}

/** Who has a hand up, the one who raised it first at the head. */
export const raisedHands = (roster: readonly RosterEntry[]): readonly RosterEntry[] =>
  roster.filter((entry) => (entry.hand ?? 0) > 0).sort((one, other) => (one.hand ?? 0) - (other.hand ?? 0));
