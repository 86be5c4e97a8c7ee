/**
 * Intervals and verdicts, as `experiments/statistics` has them: the same rules.
 *
 * An interval is { estimate, low, high, n, dropped, sd }.
 */
import { sum } from "./measures.mjs";

const ENOUGH_FOR_SKEWNESS = 20, ENOUGH_TO_BE_SAME = 10, SETTLED_SHARE = 0.5;
const LAST_WEEKS = 26, QUARTER = 13;

/** Student's quantiles of 95 % intervals, by degrees of freedom from 1 on. */
let quantiles = [];

/** Use these quantiles: lists by number of simultaneous intervals, from 1 on. */
export function useQuantiles(lists) {
  quantiles = lists;
}

/** Return the mean of the finite values with its interval, one of `together`. */
export function meanInterval(values, together = 1, forSkewness = together === 1) {
  const kept = values.filter(Number.isFinite), n = kept.length;
  const estimate = n ? sum(kept) / n : NaN;
  const centred = kept.map(x => x - estimate);
  const square = sum(centred.map(x => x * x));
  const sd = n > 1 ? Math.sqrt(square / (n - 1)) : NaN;
  const found = { estimate, low: NaN, high: NaN, n, dropped: values.length - n, sd };
  if (n < 2) return found;
  const reach = quantiles[together - 1][n - 2] / Math.sqrt(n);
  const skewed = forSkewness && n >= ENOUGH_FOR_SKEWNESS && sd > 0;
  const skewness = skewed ? skewnessOf(centred, square) : 0;
  const end = quantile => {
    const moved = quantile - skewness / (6 * n), root = Math.cbrt(1 + skewness * moved);
    return estimate - sd * 3 * moved / (root ** 2 + root + 1);
  };
  return { ...found, low: end(reach), high: end(-reach) };
}

function skewnessOf(centred, square) {
  const sd = Math.sqrt(square / centred.length);
  return sd > 0 ? sum(centred.map(x => (x / sd) ** 3)) / centred.length : 0;
}

/** Return the means of both sides and of the difference, over the worlds that have both. */
export function compare(a, b, together = 1) {
  const both = k => Number.isFinite(a[k]) && Number.isFinite(b[k]);
  const kept = [...a.keys()].filter(both);
  const dropped = a.length - kept.length;
  const of = values => ({ ...meanInterval(values, 1), dropped });
  return {
    a: of(kept.map(k => a[k])),
    b: of(kept.map(k => b[k])),
    difference: { ...meanInterval(kept.map(k => b[k] - a[k]), together), dropped },
  };
}

export const isKnown = x => [x.estimate, x.low, x.high].every(Number.isFinite);
const mayChange = x => !(x.sd > 0) && x.n < ENOUGH_TO_BE_SAME;

/** Return `clear`, `slight`, `none` or `unclear`: the rule of `verdicts.py`. */
export function verdictOn(difference, smallest) {
  if (!isKnown(difference) || mayChange(difference)) return "unclear";
  const { low, high, estimate } = difference;
  if (low > 0 || high < 0) return Math.abs(estimate) >= smallest ? "clear" : "slight";
  return low >= -smallest && high <= smallest ? "none" : "unclear";
}

/**
 * Return whether an interval is as narrow as what matters; until then it is provisional.
 * Where no world has a value more worlds have none either.
 */
export function isSettled(difference, smallest) {
  if (!difference.n && difference.dropped) return true;
  if (!isKnown(difference) || mayChange(difference)) return false;
  return (difference.high - difference.low) / 2 <= SETTLED_SHARE * smallest;
}

/** Return about how many worlds settle a verdict; 0 without an interval. */
export function worldsToSettle(difference, smallest) {
  if (!isKnown(difference)) return 0;
  const ratio = (difference.high - difference.low) / 2 / (SETTLED_SHARE * smallest);
  return Math.max(ENOUGH_TO_BE_SAME, Math.ceil(difference.n * ratio ** 2));
}

/** The sign of a difference that surely exceeds the smallest one, else 0. */
const surely = (x, smallest) => isKnown(x) ? (x.low > smallest) - (x.high < -smallest) : 0;

/**
 * Return the quarter before the last half year in which a difference surely goes beyond
 * its end by enough, as `detour` in Python does; null if there is none.
 * @param {number[][]} base weekly values by world
 * @param {number[][]} other of the same worlds
 * @param {number} smallest the difference that matters
 */
export function detour(base, other, smallest) {
  const weeks = base[0]?.length ?? 0, quarters = Math.floor((weeks - LAST_WEEKS) / QUARTER);
  if (quarters < 1) return null;
  const apart = other.map((row, world) => [...row].map((x, week) => x - base[world][week]));
  const ends = apart.map(row => meanKnown(row.slice(-LAST_WEEKS)));
  let found = null;
  for (let k = 0; k < quarters; k += 1) {
    const way = apart.map(row => meanKnown(row.slice(k * QUARTER, (k + 1) * QUARTER)));
    const difference = meanInterval(way, quarters, false), beyond = meanInterval(way.map((x, world) => x - ends[world]), quarters, false);
    const sign = surely(difference, smallest);
    if (!sign || sign !== surely(beyond, smallest)) continue;
    if (found && Math.abs(found.difference.estimate) >= Math.abs(difference.estimate)) continue;
    found = { first: k * QUARTER, last: (k + 1) * QUARTER - 1, difference };
  }
  return found;
}

function meanKnown(values) {
  const kept = values.filter(Number.isFinite);
  return kept.length ? sum(kept) / kept.length : NaN;
}

/** Return means and interval ends by week of rows of worlds. */
export function byWeek(worlds) {
  const weeks = worlds[0]?.length ?? 0;
  return Array.from({ length: weeks }, (_, week) => {
    const kept = worlds.map(row => row[week]).filter(Number.isFinite), n = kept.length;
    if (!n) return { mean: NaN, low: NaN, high: NaN };
    const mean = sum(kept) / n;
    const error = n > 1 ? Math.sqrt(sum(kept.map(x => (x - mean) ** 2)) / (n - 1) / n) : NaN;
    const reach = n > 1 ? quantiles[0][n - 2] * error : NaN;
    return { mean, low: mean - reach, high: mean + reach };
  });
}
