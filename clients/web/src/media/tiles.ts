/** Who stands in the video grid and how: a pure reading of the roster, the slots and what is known of everybody's line. */
import type { PersonMedia, RosterEntry } from "../control/messages";
import { SIDES, sideOf } from "../hearing/sides";
import type { Level } from "./messages";

/** What stands in a tile instead of a picture, or `picture`. */
export type Shown = "picture" | "off" | "paused" | "isolated" | "lost";

export interface Tile {
  entry: RosterEntry;
  isMe: boolean;
  shown: Shown;
  stream: MediaStream | null;
  /** By the court; nobody can undo it for themselves. */
  isMuted: boolean;
  /** The own microphone is off. */
  isSilent: boolean;
  isSpeaking: boolean;
  hasFloor: boolean;
  isSpotlit: boolean;
  level: Level | null;
}

export interface View {
  me: string;
  roster: readonly RosterEntry[];
  people: Readonly<Record<string, PersonMedia>>;
  pictures: ReadonlyMap<string, MediaStream>;
  heard: ReadonlySet<string>;
  speaking: string | null;
  floor: string;
  spotlight: string;
  own: { picture: MediaStream | null; isSilent: boolean; level: Level | null };
  /** Pictures are off on this page. */
  isSparing: boolean;
}

/** The court first, the others by their sides; within a side as the roster has them. */
export function tilesOf(view: View): Tile[] {
  const shown = view.roster.filter((entry) => entry.person === view.me || isThere(view, entry));
  return SIDES.flatMap((side) => shown.filter((entry) => sideOf(entry.role, entry.label) === side)).map((entry) => tileOf(view, entry));
}

function isThere(view: View, { person, state }: RosterEntry): boolean {
  if (state === "ISOLATED") return true;
  return view.pictures.has(person) || view.heard.has(person) || (state === "IN_COURT" && view.people[person] !== undefined);
}

function tileOf(view: View, entry: RosterEntry): Tile {
  const { person } = entry;
  const isMe = person === view.me;
  const media = view.people[person];
  const shown = shownFor(view, entry);
  return {
    entry,
    isMe,
    shown,
    stream: shown !== "picture" ? null : isMe ? view.own.picture : (view.pictures.get(person) ?? null),
    isMuted: entry.muted ?? false,
    isSilent: isMe ? view.own.isSilent : media?.microphone === false,
    isSpeaking: view.speaking === person,
    hasFloor: view.floor === person,
    isSpotlit: view.spotlight === person,
    level: isMe ? view.own.level : (media?.level ?? null),
  };
}

function shownFor(view: View, { person, state }: RosterEntry): Shown {
  const media = view.people[person];
  if (person === view.me) return view.own.picture ? "picture" : "off";
  if (state === "ISOLATED") return "isolated";
  if (media && !media.connected) return "lost";
  if (view.pictures.has(person) && media?.camera !== false && !view.isSparing) return media?.video_paused ? "paused" : "picture";
  return "off";
}

/** Who is large: whom this person chose, else whom the server or the court put there, else the first of the others. */
export function largeOf(tiles: readonly Tile[], wanted: ReadonlyArray<string | null>): Tile | undefined {
  const named = wanted.map((person) => tiles.find((tile) => tile.entry.person === person && !tile.isMe)).find(Boolean);
  return named ?? tiles.find((tile) => !tile.isMe && tile.shown === "picture") ?? tiles.find((tile) => !tile.isMe) ?? tiles[0];
}

const NOT_EXPECTED: ReadonlySet<string> = new Set(["observer", "helper"]);

/** Who should be in the room by now and is not: for the court, which can then ask after them. */
export function withoutMedia(view: View): readonly RosterEntry[] {
  return view.roster.filter(
    ({ person, role, state }) =>
      person !== view.me && !NOT_EXPECTED.has(role) && (state === "IN_COURT" || state === "WAITING" || state === "INVITED") && !view.people[person]?.connected,
  );
}
