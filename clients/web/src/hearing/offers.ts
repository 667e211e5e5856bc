/** What the server offers this person to command, sorted for the page. Shows only what the right is there for; decides no right. */
import { COMMANDS, type CommandName, type Offer, type RosterEntry } from "../control/messages";

export type Known = Offer & { command: CommandName };

/** Guards that speak of who asks, not of when: such a command is not this person's and is not shown at all. */
const NOT_ONES_OWN: ReadonlySet<string> = new Set([
  "not_presiding",
  "not_a_judge",
  "neither_judge_nor_clerk",
  "not_in_hearing",
  "forbidden",
]);

const isKnown = (offer: Offer): offer is Known => (COMMANDS as readonly string[]).includes(offer.command);

function ownOffers(offers: readonly Offer[]): Known[] {
  return offers.filter(isKnown).filter((offer) => offer.allowed || !NOT_ONES_OWN.has(offer.reason ?? ""));
}

const FOR_SESSION: readonly CommandName[] = ["open", "resume", "recess", "close"];

/** Commands for the whole court: the next sensible one first, the others after it. */
export function sessionCommands(offers: readonly Offer[]): { next: Known | undefined; others: readonly Known[] } {
  const own = ownOffers(offers).filter((offer) => FOR_SESSION.includes(offer.command));
  const order = FOR_SESSION.flatMap((command) => own.filter((offer) => offer.command === command));
  const next = order.find((offer) => offer.allowed) ?? order.find((offer) => isWaitedFor(offer));
  return { next, others: order.filter((offer) => offer !== next) };
}

/** Not allowed yet, but only because somebody is missing: it stays the large button and says why it waits. */
const isWaitedFor = (offer: Offer): boolean => offer.reason === "judge_absent" || offer.reason === "clerk_absent";

/** The one command that fits this person's state; undefined when there is none. */
export function personCommand(offers: readonly Offer[], entry: RosterEntry): Known | undefined {
  const wanted = wantedFor(entry);
  return ownOffers(offers).find((offer) => offer.command === wanted && offer.allowed);
}

/** Whom no hearing can do without: the server refuses it, so the page does not offer it. */
const BENCH: ReadonlySet<string> = new Set(["presiding_judge", "judge", "assessor"]);

function wantedFor(entry: RosterEntry): CommandName | undefined {
  if (entry.state === "ISOLATED") return "release";
  return entry.state === "RELEASED" || entry.state === "REMOVED" || BENCH.has(entry.role) ? undefined : "isolate";
}
