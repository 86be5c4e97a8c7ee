/** What came out of the worlds lived so far. */
import { shockWeekOf } from "./measures.mjs";
import { compare, isSettled } from "./statistics.mjs";
import { SETTLED, page } from "./state.mjs";

export const outcome = id => DATA.outcomes.find(one => one.id === id);

/** Worlds 0, 1, 2, ... without a gap: those that the command line would run. */
export function livedWorlds() {
  const found = [];
  while (page.worlds.has(found.length)) found.push(page.worlds.get(found.length));
  return found;
}

/** The share of worlds that may end before half is relearned, with a time to relearn at all. */
const MANY_UNENDED = 0.5;

/** Values of an outcome by world, of scenario k; NaN for times of runs that are too short. */
export function valuesOf(lived, k, id) {
  const one = outcome(id), at = DATA.outcomes.indexOf(one);
  const values = lived.map(world => world[k].values[at]);
  if (one.summary !== "half_life_recovery") return values;
  const { weeks } = page.choice, observed = weeks - (shockWeekOf(weeks) ?? 0) - 1;
  const unended = values.filter(value => value >= observed).length;
  return unended < MANY_UNENDED * values.length ? values : values.map(() => NaN);
}

export const compared = (lived, k, id) => compare(valuesOf(lived, 0, id), valuesOf(lived, k, id));
export const isSure = (difference, one) => page.state === SETTLED || isSettled(difference, one.smallest);
