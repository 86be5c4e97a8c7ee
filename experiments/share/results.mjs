/** What came out of the worlds lived so far. */
import { compare, isSettled } from "./statistics.mjs";
import { SETTLED, page } from "./state.mjs";

export const outcome = id => DATA.outcomes.find(one => one.id === id);

/** Worlds 0, 1, 2, ... without a gap: those that the command line would run. */
export function livedWorlds() {
  const found = [];
  while (page.worlds.has(found.length)) found.push(page.worlds.get(found.length));
  return found;
}

/** Values of an outcome by world, of scenario k. */
export const valuesOf = (lived, k, id) => lived.map(world => world[k].values[DATA.outcomes.indexOf(outcome(id))]);
export const compared = (lived, k, id) => compare(valuesOf(lived, 0, id), valuesOf(lived, k, id));
export const isSure = (difference, one) => page.state === SETTLED || isSettled(difference, one.smallest);
