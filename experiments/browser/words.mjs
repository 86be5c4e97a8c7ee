/**
 * Numbers and sentences, as `experiments/words` has them, from the same table of labels.
 *
 * An outcome is an entry of the registry: label, in_sentence, unit, unit_one, display,
 * good, smallest. Texts are in the language of `useWords`.
 */
import { isKnown, verdictOn } from "./statistics.mjs";

const CARRIED = 1.5, MOST_DECIMALS = 6, FEWEST_DECIMALS = -15, FINEST = 1e-2, NOISE = 1e-9, MINUS = "\u2212";
let table = {}, language = "en";

/** Use these labels: language -> key -> text; and this language. */
export function useWords(labels, chosen) {
  table = labels;
  language = chosen;
}
export const inLanguage = texts => texts[language];

/** Return the text under a key, with values filled in. */
export function say(key, values = {}) {
  return table[language][key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** Round half to even at a number of decimals, from the decimal digits of the number. */
export function roundTo(value, decimals) {
  if (!Number.isFinite(value)) return value;
  if (decimals >= 0) {
    const text = exactly(value, decimals);
    return Number(text);
  }
  const unit = 10 ** -decimals, whole = Math.floor(value / unit), rest = value - whole * unit;
  const up = rest > unit / 2 || rest === unit / 2 && whole % 2 !== 0;
  return (whole + (up ? 1 : 0)) * unit;
}

/** Return a number with so many decimals, as printf does: exact ties go to the even digit. */
function exactly(value, decimals) {
  const text = value.toFixed(decimals), step = 10 ** -decimals;
  const scaled = Math.abs(value) * 2 ** 20;
  const isTie = Number.isInteger(scaled) && tie(Math.abs(value), decimals);
  if (!isTie) return text;
  const lower = Math.floor(Math.abs(value) / step);
  const even = lower % 2 === 0 ? lower : lower + 1;
  return (Math.sign(value) * even / 10 ** decimals).toFixed(decimals);
}
/** Whether a number lies exactly between two of so many decimals. */
function tie(value, decimals) {
  const digits = value.toString();
  if (digits.includes("e")) return false;
  const part = digits.split(".")[1] ?? "";
  return part.length === decimals + 1 && part.endsWith("5");
}

/** Return a number as the language writes it; negative decimals round to tens, ... */
export function number(value, decimals = 0) {
  if (Number.isNaN(value)) return say("missing");
  if (!Number.isFinite(value)) return (value < 0 ? MINUS : "") + say("endless");
  const fixed = roundTo(value, decimals).toFixed(Math.max(decimals, 0));
  const [, sign, whole, rest] = /^(-?)(\d+)(\.\d+)?$/.exec(fixed);
  const zero = Number(fixed) === 0;
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, say("thousands"));
  return (zero || !sign ? "" : MINUS) + grouped + (rest ?? "").replace(".", say("decimal"));
}

const scaleOf = outcome => outcome.display === "percent" ? 100 : 1;

function place(value) {
  if (value === Infinity) return FEWEST_DECIMALS;
  const found = -Math.floor(Math.log10(value / CARRIED) + 1e-9);
  return Math.max(FEWEST_DECIMALS, Math.min(found, MOST_DECIMALS));
}

/** Return the decimals with which a difference of an outcome is written. */
export function decimalsTold(interval, outcome) {
  const scale = scaleOf(outcome), matters = outcome.smallest * scale;
  const half = (interval.high - interval.low) / 2;
  if (!isKnown(interval) || half <= NOISE * Math.abs(interval.estimate)) return Math.max(0, place(matters));
  const wide = interval.high * scale / 2 - interval.low * scale / 2, decimals = place(wide);
  const apart = interval.low > 0 || interval.high < 0;
  const hidden = apart && [interval.low, interval.high].some(x => roundTo(x * scale, decimals) === 0);
  return Math.min(decimals + (hidden ? 1 : 0), MOST_DECIMALS, Math.max(0, place(FINEST * matters)));
}

/** Return three numbers rounded so that b - a = difference still holds. */
export function onOneGrid(a, b, difference, decimals) {
  if (![a, b, difference].every(Number.isFinite)) return [a, b, difference];
  const unit = 10 ** -decimals, step = roundTo(difference / unit, 0), below = Math.floor(a / unit);
  const moved = whole => Math.max(Math.abs(whole - a / unit), Math.abs(whole + step - b / unit));
  const whole = moved(below + 1) < moved(below) ? below + 1 : below;
  return [whole, whole + step, step].map(count => roundTo(count * unit, Math.max(decimals, 0)));
}

const showsMore = text => /[1-9]/.test(text);
const signed = (text, value) => value > 0 && showsMore(text) ? `+${text}` : text;

/** Return { a, b, difference }: texts that add up, the difference with its interval. */
export function pairTexts({ a, b, difference }, outcome) {
  const scale = scaleOf(outcome);
  if (!Number.isFinite(difference.estimate)) return { a: "", b: "", difference: "" };
  const places = decimalsTold(difference, outcome);
  const exact = [a, b, difference].map(x => x.estimate * scale);
  const [first, second, apart] = onOneGrid(...exact, places);
  const text = signed(number(apart, places), apart);
  const ends = isKnown(difference) ? ` (${endsOf(difference, outcome, places)})` : "";
  return { a: number(first, places), b: number(second, places), difference: text + ends };
}
function endsOf(interval, outcome, places) {
  const [low, high] = [interval.low, interval.high].map(x => number(x * scaleOf(outcome), places));
  return say("interval", { low, high });
}

/** Return a difference with its unit: points, or the outcome's own. */
export function sizeOf(difference, outcome, decimals) {
  const value = difference * scaleOf(outcome), text = number(value, decimals);
  if (!Number.isFinite(value)) return text;
  const one = text.replace(MINUS, "") === "1";
  if (outcome.display === "percent") return `${text} ${say(one ? "point" : "points")}`;
  const unit = inLanguage(one ? outcome.unit_one : outcome.unit);
  return unit.startsWith("%") ? text + unit : `${text} ${unit}`;
}

/** Return names as a list in words. */
export function names(items) {
  if (items.length < 2) return items[0] ?? "";
  return `${items.slice(0, -1).join(", ")} ${say("and")} ${items[items.length - 1]}`;
}

export const labelOf = outcome => inLanguage(outcome.label);
const way = (higher, outcome) =>
  say(outcome.display === "weeks" ? higher ? "longer" : "shorter" : higher ? "different_higher" : "different_lower");

/** Return an effect as what follows a scenario's name. */
function effect(difference, outcome) {
  const verb = difference.estimate > 0 ? "raises" : "lowers";
  const d = verb === "lowers" ? mirrored(difference) : difference, places = decimalsTold(d, outcome);
  return say(outcome.display === "weeks" ? `${verb}_weeks` : verb, {
    what: inLanguage(outcome.in_sentence), size: sizeOf(d.estimate, outcome, places),
    interval: endsOf(d, outcome, places),
  });
}
const mirrored = x => ({ ...x, estimate: -x.estimate, low: -x.high, high: -x.low });

/** Return a sentence about a detour, as `on_the_way` in Python does. */
export function onTheWay({ first, last, difference }, outcome) {
  const higher = difference.estimate > 0, d = higher ? difference : mirrored(difference), places = decimalsTold(d, outcome);
  const word = outcome.good === "neutral" ? "otherwise" : higher === (outcome.good === "higher") ? "better" : "worse";
  return say("on_the_way", { what: labelOf(outcome), word: say(word), size: sizeOf(d.estimate, outcome, places), way: way(higher, outcome),
    interval: endsOf(d, outcome, places), first: number(first), last: number(last) });
}

function slight(difference, outcome) {
  const times = scaleOf(outcome), apart = Math.abs(difference.estimate);
  let places = decimalsTold(difference, outcome);
  while (roundTo(apart * times, places) >= outcome.smallest * times && places < MOST_DECIMALS) places += 1;
  const size = sizeOf(difference.estimate, outcome, places);
  const shown = Number((outcome.smallest * scaleOf(outcome)).toPrecision(6)).toString();
  return say("slight", {
    what: labelOf(outcome), way: way(difference.estimate > 0, outcome),
    size: signed(size, difference.estimate),
    matters: sizeOf(outcome.smallest, outcome, (shown.split(".")[1] ?? "").length),
  });
}

function unclear(difference, outcome) {
  const what = inLanguage(outcome.in_sentence);
  if (!isKnown(difference)) return say(difference.n ? "unclear_few" : "effect_unknown", { what });
  const places = decimalsTold(difference, outcome);
  return say("unclear_between", {
    what, low: sizeOf(-difference.low, outcome, places), high: sizeOf(difference.high, outcome, places),
    lower: way(false, outcome), higher: way(true, outcome),
  });
}

/**
 * Return the answer in sentences, as `phrases.headline` does.
 * @param {string} scenario its title
 * @param {string} base the title of what it is compared with
 * @param {[object, object][]} differences pairs of outcome and interval
 */
export function headline(scenario, base, differences) {
  if (!differences.some(([, x]) => isKnown(x))) return say("scenario_too_few", { scenario, base });
  const by = { clear: [], slight: [], none: [], unclear: [] };
  for (const pair of differences) by[verdictOn(pair[1], pair[0].smallest)].push(pair);
  const told = (pairs, write) => pairs.map(([outcome, x]) => write(x, outcome));
  const first = by.clear.length ? say("scenario_does", { scenario, clauses: names(told(by.clear, effect)) })
    : say(by.unclear.length ? "scenario_unclear" : "scenario_none", { scenario });
  const same = by.none.map(([outcome]) => inLanguage(outcome.in_sentence));
  return [first, ...told(by.slight, slight), ...(same.length ? [say("no_difference_in", { whats: names(same) })] : []),
    ...told(by.unclear, unclear)].join(" ");
}

/** Return the verdict in a word or two, as `phrases.judgement` does. */
export function judgement(difference, outcome) {
  if (!difference.n) return say("missing");
  const said = verdictOn(difference, outcome.smallest);
  if (said === "none" || said === "unclear") return say(`verdict_${said}`);
  const higher = difference.estimate > 0;
  const word = outcome.good === "neutral" ? say(higher ? "different_higher" : "different_lower")
    : say(higher === (outcome.good === "higher") ? "better" : "worse");
  return said === "clear" ? word : say("slightly", { word });
}

/** Return `good` or `bad` for a clear difference, else an empty text. */
export function sideOf(difference, outcome) {
  if (verdictOn(difference, outcome.smallest) !== "clear" || outcome.good === "neutral") return "";
  return (difference.estimate > 0) === (outcome.good === "higher") ? "good" : "bad";
}
