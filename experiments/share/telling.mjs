/** What is chosen, and what came out, in words. */
import { decimalsTold, inLanguage, labelOf, names, number, onTheWay, sideOf, sizeOf } from "./words.mjs";
import { detour, verdictOn } from "./statistics.mjs";
import { HEADLINES, SETTLED, page } from "./state.mjs";
import { compared, outcome } from "./results.mjs";

const MOST_ALSO = 4;

export const say = (key, values = {}) =>
  DATA.words[page.language][key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
export const question = () => DATA.questions.find(one => one.id === page.choice.question);
export const changes = one => one.plan.length + one.numbers.length > 0;
export const lever = name => DATA.levers.find(one => one.name === name);
export const settingWords = (name, setting) => {
  const known = lever(name)?.words?.settings[setting];
  return known ? inLanguage(known) : `${name} = ${setting}`;
};

/** The title of a choice: that of its question, or its moves. */
export function titleOf(one) {
  const known = DATA.questions.find(x => x.id === one.question);
  if (known) return inLanguage(known.title);
  const moves = [...one.plan.map(([, name, setting]) => settingWords(name, setting)),
    ...one.numbers.map(([, name, value]) => `${inLanguage(DATA.numbers[name].words)}: ${number(value, 2)}`)];
  return moves.length ? `\u201c${moves.join("; ")}\u201d` : say("own_question");
}

/** What is changed, in the words of the levers; and what today is supposed to be. */
export function changesTold() {
  const { base } = DATA, now = { ...base.levers, ...page.choice.promoted };
  const other = Object.entries(page.choice.levers).filter(([name, setting]) => now[name] !== setting);
  const told = [];
  if (other.length) told.push(say("starting", { whats: names(other.map(pair => settingWords(...pair))) }));
  const moves = [...page.choice.plan.map(([week, name, setting]) => [week, settingWords(name, setting)]),
    ...page.choice.numbers.map(([week, name, value]) => [week, `${inLanguage(DATA.numbers[name].words)}: ${number(value, 2)}`])];
  const inWords = moves.map(([week, text]) => week ? say("from_week", { week: number(week), what: text }) : text);
  if (inWords.length) told.push(say("changing", { whats: names(inWords) }));
  if (DATA.draws) told.push(say("drawn", { whats: names(DATA.draws.names.map(name => inLanguage(name)).slice(0, MOST_ALSO)), n: number(DATA.draws.names.length) }));
  return told.join(" ");
}

/** What to do, in one line: from the verdicts on the headline outcomes alone. */
export function recommendation(pairs) {
  const told = side => names(pairs.filter(([one, x]) => sideOf(x, one) === side).map(([one, x]) => {
    const size = signedSize(x, one);
    return say(`${one.id}_${x.estimate > 0 ? "higher" : "lower"}`, { size });
  }));
  const better = told("good"), worse = told("bad");
  if (better && worse) return say("weigh", { better, worse });
  if (better) return say("do", { better });
  if (worse) return say("dont", { worse });
  const open = pairs.some(([one, x]) => verdictOn(x, one.smallest) === "unclear");
  if (!open) return say("nothing");
  return page.state === SETTLED ? say("open_after", { n: number(page.worlds.size) }) : say("open");
}

/** What differs from the end on the way there, a sentence for each headline outcome. */
export function roadTold(lived) {
  return HEADLINES.filter(id => lived[0][0].weekly[id]).map(id => {
    const [a, b] = [0, 1].map(k => lived.map(world => [...world[k].weekly[id]]));
    const found = detour(a, b, outcome(id).smallest);
    return found && onTheWay(found, outcome(id));
  }).filter(Boolean).join(" ");
}

/** Side outcomes that are clearly worse or better, in one sentence each. */
export function alsoTold(lived) {
  const found = DATA.outcomes.filter(one => one.shown && !HEADLINES.includes(one.id))
    .map(one => [one, compared(lived, 1, one.id).difference]);
  const told = side => found.filter(([one, x]) => sideOf(x, one) === side).slice(0, MOST_ALSO).map(([one, x]) => {
    const [, size, unit] = /^(\S+)\s*(.*)$/.exec(signedSize(x, one)), scaled = /^(on|op) /.test(unit);
    return `${lowered(labelOf(one))} (${scaled ? size : `${size} ${unit}`})`;
  });
  const [worse, better] = [told("bad"), told("good")];
  const sides = HEADLINES.map(id => sideOf(compared(lived, 1, id).difference, outcome(id)));
  const key = (side, usual) => sides.includes(side) ? `also_${usual}` : `only_${usual}`;
  const worseKey = sides.includes("good") && !sides.includes("bad") ? "price" : key("bad", "worse");
  return [worse.length ? say(worseKey, { whats: names(worse) }) : "", better.length ? say(key("good", "better"), { whats: names(better) }) : ""]
    .filter(Boolean).join(" ");
}
const lowered = text => text.slice(0, 1).toLowerCase() + text.slice(1);

export function signedSize(difference, one) {
  const size = sizeOf(difference.estimate, one, decimalsTold(difference, one));
  return difference.estimate > 0 && /[1-9]/.test(size) ? `+${size}` : size;
}

