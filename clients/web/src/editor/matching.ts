/** Which living element each wanted turn is: by identity, else by id. Pure; knows weights, nothing of documents. */

export interface Known {
  /** The node it was last shown as, null when never. */
  shown: unknown;
  id: string | null;
  /** How much it costs to take it out and put it in again; Infinity = may not be. */
  weight: number;
}

export interface Wanted {
  node: unknown;
  id: string | null;
}

/** For each wanted turn the place of the element that it is, or -1 for a turn to be made. Places only ever go up. */
export function match(known: readonly Known[], wanted: readonly Wanted[]): number[] {
  const places = new Map<unknown, number>();
  const ids = new Map<string, number[]>();
  known.forEach(({ shown, id }, place) => {
    if (shown !== null) places.set(shown, place);
    if (id !== null) ids.set(id, [...(ids.get(id) ?? []), place]);
  });
  const taken = new Set<number>();
  const take = (place: number | undefined): number => {
    if (place === undefined || taken.has(place)) return -1;
    taken.add(place);
    return place;
  };
  const found = wanted.map(({ node }) => take(places.get(node)));
  wanted.forEach(({ id }, at) => {
    if (found[at] === -1 && id !== null) found[at] = take(ids.get(id)?.find((place) => !taken.has(place)));
  });
  return ascending(found, known);
}

/** Keeps the heaviest row of places that only goes up; the others are moved, that is made anew. */
function ascending(found: readonly number[], known: readonly Known[]): number[] {
  const there = found.flatMap((place, at) => (place === -1 ? [] : [{ at, place }]));
  if (there.every(({ place }, n) => n === 0 || there[n - 1]!.place < place)) return [...found];
  const best: Array<{ sum: number; before: number }> = [];
  for (const [n, { place }] of there.entries()) {
    let [sum, before] = [0, -1];
    for (let m = 0; m < n; m++) {
      if (there[m]!.place < place && best[m]!.sum > sum) [sum, before] = [best[m]!.sum, m];
    }
    best.push({ sum: sum + Math.min(known[place]!.weight, 1e9), before });
  }
  const kept = new Set<number>();
  for (let n = best.reduce((top, one, at) => (one.sum > best[top]!.sum ? at : top), 0); n !== -1; n = best[n]!.before) {
    kept.add(there[n]!.at);
  }
  return found.map((place, at) => (kept.has(at) ? place : -1));
}
