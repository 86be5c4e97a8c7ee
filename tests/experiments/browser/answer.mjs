/* Answer for comparisons as pages do: node answer.mjs TABLES CASES, both JSON files. */
import { readFileSync } from "node:fs";
import * as resolving from "../../../experiments/browser/resolving.mjs";
import { Series, summarise, weekly } from "../../../experiments/browser/measures.mjs";
import { compare, detour, useQuantiles, verdictOn, isSettled, worldsToSettle } from "../../../experiments/browser/statistics.mjs";
import { headline, judgement, onTheWay, pairTexts, sideOf, useWords } from "../../../experiments/browser/words.mjs";

const [tables, cases] = process.argv.slice(2).map(file => JSON.parse(readFileSync(file, "utf8")));
const missing = values => values.map(x => x === null ? NaN : x);
const outcomes = Object.fromEntries(tables.outcomes.map(one => [one.id, one]));
useQuantiles(tables.quantiles);

const ANSWERS = {
  compared({ outcome, a, b, together, language }) {
    useWords(tables.words, language);
    const one = outcomes[outcome], found = compare(missing(a), missing(b), together);
    const d = found.difference;
    return {
      ends: [found.a.estimate, found.b.estimate, d.estimate, d.low, d.high, d.sd],
      verdict: verdictOn(d, one.smallest), settled: isSettled(d, one.smallest), needed: worldsToSettle(d, one.smallest), side: sideOf(d, one),
      texts: pairTexts(found, one), word: judgement(d, one),
    };
  },
  told({ language, scenario, base, pairs }) {
    useWords(tables.words, language);
    return headline(scenario, base, pairs.map(([id, a, b]) =>
      [outcomes[id], compare(missing(a), missing(b)).difference]));
  },
  measured({ series, probe, baseline, shock_week }) {
    const read = values => values && new Series(tables.columns, Float64Array.from(missing(values)));
    const pair = { probe: read(probe), baseline: read(baseline), shockWeek: shock_week, margin: outcomes.margin };
    const own = read(series);
    return tables.outcomes.map(one => [summarise(own, one, pair), [...weekly(own, one)]]);
  },
  detour({ outcome, base, other, language }) {
    useWords(tables.words, language);
    const one = outcomes[outcome], found = detour(base.map(missing), other.map(missing), one.smallest);
    return found && [found.first, found.last, onTheWay(found, one)];
  },
  resolved: ({ base, choice }) => resolving.resolve(tables, base, choice),
};
/* JSON has no NaN. */
const plain = (_, value) => Number.isNaN(value) ? "nan" : value;
process.stdout.write(JSON.stringify(cases.map(one => ANSWERS[one.kind](one)), plain));
