/** The choice in the address, so that Back and a copied link work; and in files. */
import { useWords } from "./words.mjs";
import { page } from "./state.mjs";
import { node } from "./dom.mjs";
import { changes, titleOf } from "./telling.mjs";
import { scenarioFiles } from "./scenario_files.mjs";

export const MOST_PINS = 3;
/** Numbers of simulations to choose from; with 0 they go on until the verdicts are settled. */
export const WORLDS = [0, 20, 40, 100, 200, 400];

/** What the organisation of the page is called in addresses. */
const organisation = () => `${DATA.title.en}: ${DATA.people}`;

export function writeAddress(remember) {
  const text = `#${encodeURIComponent(JSON.stringify({ ...page.choice, language: page.language, of: organisation(), pins: page.pins.map(pin => pin.choice) }))}`;
  if (text === location.hash || remember === "none") return;
  if (remember === "push") history.pushState(null, "", text);
  else history.replaceState(null, "", text);
}

/** Take what the address says, as far as this file knows it; anything else is left out. */
export function readAddress() {
  let read = {};
  try { read = JSON.parse(decodeURIComponent(location.hash.slice(1)) || "{}"); } catch { read = {}; }
  page.isElsewhere = typeof read?.of === "string" && read.of !== organisation();
  page.language = read?.language in DATA.words ? read.language : DATA.language;
  page.choice = known(read);
  page.pins = (Array.isArray(read?.pins) ? read.pins : []).slice(0, MOST_PINS).map(one => ({ choice: known(one) })).filter(one => changes(one.choice));
}

/** A choice as far as this page knows what it names; anything else is left out. */
export function known(read) {
  const first = DATA.questions.find(one => one.id === read?.question) ?? DATA.questions[0];
  const table = Object.fromEntries(DATA.levers.map(one => [one.name, one.settings.map(x => x.name)]));
  const whole = (value, { low, high }, other) => Number.isInteger(value) && value >= low && value <= high ? value : other;
  const weeks = { low: 0, high: DATA.horizon.high - 1 };
  const rows = (found, fits) => {
    const kept = Array.isArray(found) ? found.filter(row => Array.isArray(row) && whole(row[0], weeks, -1) >= 0 && fits(row)) : [];
    return kept.length || found?.length === 0 ? kept : null;
  };
  const settings = given => Object.fromEntries(Object.entries(given && typeof given === "object" ? given : {})
    .filter(([name, setting]) => table[name]?.includes(setting)));
  const within = (given, ends) => Object.fromEntries(Object.entries(ends).map(([name, one]) => [name, whole(given?.[name], one, one.value)]));
  return {
    question: read?.question === "" ? "" : first.id,
    promoted: settings(read?.promoted),
    levers: read?.levers ? settings(read.levers) : { ...first.choice.levers },
    plan: rows(read?.plan, row => table[row[1]]?.includes(row[2])) ?? [...first.choice.plan],
    numbers: rows(read?.numbers, row => Number.isFinite(row[2]) && row[2] >= DATA.numbers[row[1]]?.low && row[2] <= DATA.numbers[row[1]].high) ?? [...first.choice.numbers],
    heads: DATA.heads && within(read?.heads, DATA.heads), euros: within(read?.euros, DATA.euros),
    weeks: whole(read?.weeks, DATA.horizon, DATA.weeks),
    seed: DATA.draws ? DATA.seed : whole(read?.seed, { low: 0, high: 2 ** 53 - 1 }, DATA.seed),
    worlds: WORLDS.includes(read?.worlds) ? read.worlds : 0,
  };
}

/** The scenario files of the choice, by name. */
export function chosenFiles() {
  const titles = { en: "", nl: "" };
  const before = page.language;
  for (const one of Object.keys(titles)) {
    page.language = one;
    useWords(DATA.sentences, one);
    titles[one] = titleOf(page.choice);
  }
  page.language = before;
  useWords(DATA.sentences, page.language);
  const asked = DATA.questions.find(one => one.id === page.choice.question)?.question;
  return scenarioFiles(DATA, page.choice, titles, asked?.en && asked.nl ? asked : null);
}

export function saveFiles() {
  for (const [name, text] of Object.entries(chosenFiles())) download(name, new Blob([text], { type: "application/toml" }));
}

/** Let the browser save a file. */
export function download(name, content) {
  const link = node("a", { href: URL.createObjectURL(content), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
