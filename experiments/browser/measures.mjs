/**
 * Outcomes of one world from its weekly records, as `simulation/measures.py` has them.
 *
 * Records are { columns, weeks, values }: values by week and then by column. An outcome
 * is an entry of the registry: numerator, denominator, trailing, summary.
 */

const WEEKS_A_YEAR = 52;
export const LAST_WEEKS = 26;
/** The week of the market shift in runs of so many weeks; null in a run of one. */
export const shockWeekOf = weeks => Math.min(52, Math.floor(weeks / 2)) || null;

/** The weekly records of a world, with its fields by name. */
export class Series {
  constructor(columns, values) {
    this.weeks = values.length / columns.length;
    this.columns = columns;
    this.values = values;
  }

  /** Return a field of all weeks. */
  field(name) {
    const width = this.columns.length, k = this.columns.indexOf(name);
    return Float64Array.from({ length: this.weeks }, (_, week) => this.values[week * width + k]);
  }

  /** Return a sum of fields by week; those with a minus are subtracted. */
  total(names) {
    const found = new Float64Array(this.weeks);
    names.forEach((name, k) => {
      const minus = name.startsWith("-"), field = this.field(minus ? name.slice(1) : name);
      for (let week = 0; week < this.weeks; week++) {
        const value = minus ? -field[week] : field[week];
        found[week] = k ? found[week] + value : value;
      }
    });
    return found;
  }
}

/** Return the weekly values of an outcome; NaN where its denominator is 0. */
export function weekly(series, outcome) {
  const top = trail(series.total(outcome.numerator), outcome.trailing);
  if (!outcome.denominator.length) return top;
  const bottom = trail(series.total(outcome.denominator), outcome.trailing);
  return top.map((value, week) => ratio(value, bottom[week]));
}

/**
 * Return one number for an outcome.
 * @param {Series} series
 * @param {object} outcome
 * @param {{probe: ?Series, shockWeek: ?number, baseline: ?Series}} pair the paired runs
 */
export function summarise(series, outcome, pair) {
  return SUMMARIES[outcome.summary](series, outcome, pair);
}

function trail(values, weeks) {
  if (weeks === 1) return values;
  const sums = cumulative(values);
  return sums.map((sum, week) => week < weeks ? sum : sum - sums[week - weeks]);
}
function cumulative(values) {
  let sum = 0;
  return values.map(value => sum += value);
}
const ratio = (top, bottom) => bottom === 0 ? NaN : top / bottom;

/**
 * Return the sum of numbers in the order in which numpy adds them: pairwise in halves of
 * multiples of eight, and eight at a time in blocks of at most 128.
 */
export function sum(values, from = 0, to = values.length) {
  const count = to - from;
  if (count < 8) {
    let total = 0;
    for (let k = from; k < to; k++) total += values[k];
    return total;
  }
  if (count <= 128) {
    const parts = Array.from({ length: 8 }, (_, k) => values[from + k]);
    let k = 8;
    for (; k < count - count % 8; k += 8) for (let j = 0; j < 8; j++) parts[j] += values[from + k + j];
    let total = ((parts[0] + parts[1]) + (parts[2] + parts[3])) + ((parts[4] + parts[5]) + (parts[6] + parts[7]));
    for (; k < count; k++) total += values[from + k];
    return total;
  }
  const half = Math.floor(count / 2) - Math.floor(count / 2) % 8;
  return sum(values, from, from + half) + sum(values, from + half, to);
}

/** Return the mean over weeks, missing ones left out. */
function mean(values) {
  return ratio(sum(values.map(x => Number.isFinite(x) ? x : 0)), values.filter(Number.isFinite).length);
}

/** Return numerator over denominator (or over weeks), both summed from a week on. */
function over(series, outcome, first) {
  const top = series.total(outcome.numerator).slice(first);
  if (!outcome.denominator.length) return mean(top);
  return ratio(sum(top), sum(series.total(outcome.denominator).slice(first)));
}

/** Return the time at which `left` falls to half its first value; its last week if never. */
function halfLife(left) {
  if (!(left[0] > 0)) return NaN;
  const half = left[0] / 2, week = left.findIndex(value => value <= half);
  if (week < 0) return left.length - 1;
  const before = left[Math.max(week - 1, 0)];
  return week - 1 + ratio(before - half, before - left[week]);
}

function recovery(series, _, { probe, shockWeek }) {
  if (!probe || shockWeek === null) return NaN;
  const wrong = series.field("shocked_wrong");
  return halfLife(probe.field("shocked_wrong").map((x, week) => x - wrong[week]).slice(shockWeek));
}

function survived(series) {
  const stock = series.field("stock_start"), corrupted = series.field("corruptions");
  const start = stock[0] > 0 ? 1 : NaN;
  let left = 1;
  return [start, ...series.field("corrections").map((x, week) => {
    const share = ratio(x - corrupted[week], stock[week]);
    left *= Math.max(0, 1 - (Number.isNaN(share) ? 0 : share));
    return start * left;
  })];
}

/** Return the margin so far, minus that of the baseline; null without a baseline. */
function marginAhead(series, { baseline, margin }) {
  if (!baseline) return null;
  const base = weekly(baseline, margin);
  return cumulative(weekly(series, margin).map((x, week) => x - base[week]));
}

function dip(series, _, pair) {
  const ahead = marginAhead(series, pair);
  return ahead ? Math.max(0, -Math.min(...ahead)) : NaN;
}

function payback(series, _, pair) {
  const found = marginAhead(series, pair);
  if (!found) return NaN;
  const ahead = [0, ...found], last = ahead.length - 1;
  const week = ahead.findLastIndex(value => value < 0);
  if (week <= 0) return 0;
  return week === last ? last : week + ratio(-ahead[week], ahead[week + 1] - ahead[week]);
}

const SUMMARIES = {
  ratio_last: (series, outcome) => over(series, outcome, -LAST_WEEKS),
  ratio_all: (series, outcome) => over(series, outcome, 0),
  mean_last: (series, outcome) => mean(weekly(series, outcome).slice(-LAST_WEEKS)),
  mean_all: (series, outcome) => mean(weekly(series, outcome)),
  total: (series, outcome) => sum(series.total(outcome.numerator)),
  per_year: (series, outcome) => WEEKS_A_YEAR * over(series, outcome, 0),
  half_life_recovery: recovery,
  half_life_change: series => halfLife(survived(series)),
  dip, payback,
};
