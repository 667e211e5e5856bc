/** The address bar: which page it names and which login session (`?as=`) the tab speaks for. Never talks to the server. */
import { signal } from "@preact/signals";

/** A page (from 1) of an exhibit, or an annotation wherever it is. */
export type ExhibitPlace = { exhibit: string; page: number | null } | { annotation: string };

export type Route =
  | { page: "login" }
  | { page: "hearings" }
  | { page: "hearing"; hearing: string; turn: string | null; exhibit: ExhibitPlace | null }
  | { page: "devices" | "recording"; hearing: string }
  | { page: "unknown" };

const HEARING = /^\/hearings\/([0-9A-Za-z_-]{1,64})\/?$/;

/** What belongs to a hearing and has a page of its own: the device test before it, the recording after it. */
const BESIDE = /^\/hearings\/([0-9A-Za-z_-]{1,64})\/(test|recording)\/?$/;

/** A turn of the hearing, in the fragment. */
const TURN = /^#turn-([0-9A-Za-z_-]{1,64})$/;

/** An exhibit, a page of one, or an annotation. */
const EXHIBIT = /^#exhibit-([0-9A-Za-z_-]{1,64}?)(?:-page-(\d{1,5}))?$/;
const ANNOTATION = /^#annotation-([0-9A-Fa-f-]{36})$/;
const PLACES = [TURN, EXHIBIT, ANNOTATION];

function exhibitIn(hash: string): ExhibitPlace | null {
  const annotation = ANNOTATION.exec(hash)?.[1];
  if (annotation !== undefined) return { annotation };
  const [, exhibit, page] = EXHIBIT.exec(hash) ?? [];
  return exhibit === undefined ? null : { exhibit, page: page === undefined ? null : Number(page) };
}

function parse({ pathname: path, hash }: Location): Route {
  if (path === "/" || /^\/hearings\/?$/.test(path)) return { page: "hearings" };
  if (/^\/login\/?$/.test(path)) return { page: "login" };
  const [, beside, which] = BESIDE.exec(path) ?? [];
  if (beside !== undefined) return { page: which === "test" ? "devices" : "recording", hearing: beside };
  const hearing = HEARING.exec(path)?.[1];
  return hearing === undefined ? { page: "unknown" } : { page: "hearing", hearing, turn: TURN.exec(hash)?.[1] ?? null, exhibit: exhibitIn(hash) };
}

export const route = signal<Route>(parse(location));

function sessionInAddress(): string | null {
  return new URLSearchParams(location.search).get("as");
}

/** Adds this tab's `as` to an address of our own; without one the server takes the newest session. */
export function withSession(path: string): string {
  return asSession(path, sessionInAddress());
}

function asSession(path: string, as: string | null): string {
  if (as === null) return path;
  const [beforeFragment = "", ...fragment] = path.split("#");
  const joint = beforeFragment.includes("?") ? "&" : "?";
  return [`${beforeFragment}${joint}as=${encodeURIComponent(as)}`, ...fragment].join("#");
}

/** The WebSocket address of a path on our own server. */
export function socketAddress(path: string): string {
  const address = new URL(withSession(path), location.href);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  return address.href;
}

function show(address: string, replace: boolean): void {
  if (replace) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  route.value = parse(location);
}

export function go(path: string, { replace = false } = {}): void {
  show(withSession(path), replace);
  if (!replace) scrollTo(0, 0);
}

/** Binds the tab to one login session: from now on its address carries `as`, so that another login elsewhere changes nothing here. */
export function goAs(session: string, path: string): void {
  show(asSession(path, session), true);
}

/** Leaves the session's name behind: the tab is nobody's. */
export function goAsNobody(path: string): void {
  show(path, true);
}

/** The login secret of the fragment, taken out of the address bar before anything else runs; null when there is none. */
export function takeSecret(): string | null {
  const secret = location.hash.slice(1);
  if (route.value.page !== "login" || secret === "") return null;
  history.replaceState(null, "", location.pathname + location.search);
  return secret;
}

/** Where a login leads: a path of our own after `next=`, never another origin. */
export function nextPath(): string {
  const next = new URLSearchParams(location.search).get("next") ?? "/hearings";
  const [path = "", place = ""] = next.split(/(?=#)/);
  if (BESIDE.test(next)) return next;
  return HEARING.test(path) && (place === "" || isPlace(place)) ? next : "/hearings";
}

const isPlace = (hash: string): boolean => PLACES.some((place) => place.test(hash));

/** Where the tab is, as a path of our own: with the turn, page or annotation that its address names. */
export function herePath(): string {
  return location.pathname + (isPlace(location.hash) ? location.hash : "");
}

export const hearingPath = (hearing: string): string => `/hearings/${encodeURIComponent(hearing)}`;
export const deviceTestPath = (hearing: string): string => `${hearingPath(hearing)}/test`;
export const recordingPath = (hearing: string): string => `${hearingPath(hearing)}/recording`;

addEventListener("popstate", () => {
  route.value = parse(location);
});
