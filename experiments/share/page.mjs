/**
 * The page that runs the model: a question, its answer, and everything behind it.
 *
 * `DATA` has the tables, the organisation and the questions; `WORKER` the source of a
 * worker, `MODULE` the model in base64. What is chosen is in `choice` alone: levers of
 * today, moves and numbers by week, head counts, euros, weeks, seed. It is kept in the
 * address, so that Back and a copied link work.
 */
import { differenceChart, intervalRow, peopleGraph } from "./charts.mjs";
import { summarise } from "./measures.mjs";
import { Pool } from "./pool.mjs";
import { resolve } from "./resolving.mjs";
import { byWeek, compare, isSettled, useQuantiles, verdictOn } from "./statistics.mjs";
import { decimalsTold, headline, inLanguage, judgement, names, number, pairTexts,
  shortLabel, sideOf, sizeOf, useWords } from "./words.mjs";
import { scenarioFiles } from "./scenario_files.mjs";

const HEADLINES = ["lead_quality", "learning_speed", "burnout"];
const DRAWN = { learning_speed: "wrong_stock" };
const YEARLY = ["cost", "revenue", "margin"];
const STEP_WORLDS = 24, PAINT_MS = 250;
const el = id => document.getElementById(id);
const outcome = id => DATA.outcomes.find(one => one.id === id);

let choice, language = DATA.language, pins = [], asked = "", pool, worlds = new Map(), limit = 0;
let settled = false, painted = 0, steps = null, ranked = "lead_quality", graphWeek = 80, trouble = "";

const say = (key, values = {}) =>
  DATA.words[language][key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

/** Make an element of HTML; texts are texts, and never markup. */
function node(name, attributes = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made[key] = value;
    else if (value !== false && value !== null) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...inside.flat().filter(x => x !== null && x !== undefined));
  return made;
}

/* --- what is asked ------------------------------------------------------------------- */

const question = () => DATA.questions.find(one => one.id === choice.question);
const changes = one => one.plan.length + one.numbers.length > 0;

/** The scenarios of a choice: as-is and to-be, each with a key that tells it from others. */
function scenariosOf(one) {
  const { asIs, toBe } = resolve(DATA, DATA.base, one);
  const made = stages => {
    const scenario = { stages, heads: one.heads, euros: one.euros, weeks: one.weeks, seed: one.seed };
    return { ...scenario, key: JSON.stringify([stages.map(x => [x.week, x.structure, x.hours, x.euros]), one.heads, one.euros, one.weeks, one.seed]) };
  };
  return [made(asIs), made(toBe)];
}

/** All scenarios of the screen: as-is, to-be, and those of pinned answers. */
const shownScenarios = () => [...scenariosOf(choice), ...pins.map(pin => scenariosOf(pin.choice)[1])];

function start() {
  useWords(DATA.sentences, language);
  settled = false;
  steps = null;
  limit = DATA.worlds.first;
  worlds = new Map();
  live();
  writeAddress();
  draw();
}

function live() {
  const scenarios = shownScenarios(), missing = [];
  for (let replicate = 0; replicate < limit; replicate++) if (!worlds.has(replicate)) missing.push(replicate);
  pool.live(scenarios, missing, (replicate, lived) => {
    worlds.set(replicate, lived);
    if (worlds.size === limit) goOn();
    paint();
  });
}

/** After the worlds asked for: enough, or as many more as settle the headline verdicts. */
function goOn() {
  const lived = [...worlds.values()];
  const needed = Math.max(0, ...HEADLINES.map(id => neededFor(compared(lived, 1, id).difference, outcome(id))));
  const { most, person_weeks: personWeeks, fewest_more: fewestMore, spare } = DATA.worlds;
  const seats = lived[0].slice(0, 2).reduce((sum, one) => sum + one.seats, 0);
  const affordable = Math.min(most, Math.floor(personWeeks / (choice.weeks * seats)));
  settled = needed <= worlds.size || worlds.size >= affordable;
  if (!settled) {
    limit = Math.min(affordable, Math.max(Math.floor(spare * needed), limit + fewestMore));
    live();
  }
}
function neededFor(difference, one) {
  if (!Number.isFinite(difference.low) || difference.n === 0) return 0;
  const half = (difference.high - difference.low) / 2;
  return Math.max(10, Math.ceil(difference.n * (half / (0.5 * one.smallest)) ** 2));
}

/** Draw now if everything is there, else at most a few times a second. */
function paint() {
  if (!settled && performance.now() - painted < PAINT_MS) return;
  painted = performance.now();
  drawAnswer();
}

/* --- what came out -------------------------------------------------------------------- */

/** Values of an outcome by world: of a scenario, or against the as-is where it is money. */
function valuesOf(lived, k, id) {
  const one = outcome(id), at = DATA.outcomes.indexOf(one);
  if (one.summary !== "dip" && one.summary !== "payback") return lived.map(world => world[k].values[at]);
  if (k === 0) return lived.map(() => NaN);
  return lived.map(world => summarise(asSeries(world[k].margin), one, { baseline: asSeries(world[0].margin), margin: MARGIN }));
}
const MARGIN = { numerator: ["margin"], denominator: [], trailing: 1 };
const asSeries = margin => ({ weeks: margin.length, total: () => margin });

const compared = (lived, k, id) => compare(valuesOf(lived, 0, id), valuesOf(lived, k, id));

/** The worlds so far, in order, so that the same ones always give the same numbers. */
const livedWorlds = () => [...worlds.entries()].sort((a, b) => a[0] - b[0]).map(pair => pair[1]);

/* --- drawing -------------------------------------------------------------------------- */

function draw() {
  document.documentElement.lang = language;
  document.title = `${say("brand")}: ${titleOf(choice)}`;
  for (const [id, key] of Object.entries({ brand: "brand", language: "other_language", save: "save", print: "print",
    "what-if": "what_if", "organisation-title": "organisation", "graph-title": "graph", "money-title": "money",
    "next-title": "next", "levers-title": "levers", "table-title": "all_outcomes", "money-note": "money_note",
    "find-next": "next_button", "week-label": "graph_week" })) el(id).textContent = say(key);
  el("search").placeholder = say("search", { n: DATA.questions.length });
  el("search").setAttribute("aria-label", el("search").placeholder);
  el("version").textContent = say("version", { version: DATA.version });
  drawQuestions();
  drawDials();
  drawLevers();
  drawAnswer();
}

const titleOf = one => {
  const known = DATA.questions.find(x => x.id === one.question);
  return known ? inLanguage(known.title) : say("own_question");
};

function drawQuestions() {
  const wanted = el("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = one => wanted.every(word =>
    `${inLanguage(one.title)} ${inLanguage(one.question)}`.toLowerCase().includes(word));
  const groups = DATA.groups.map(group => [group, DATA.questions.filter(x => x.group === group && fits(x))]);
  const shown = groups.filter(([, found]) => found.length).flatMap(([group, found]) => [
    node("div", { class: "group" }, say(`group_${group}`)),
    ...found.map(one => node("button", { class: "q", type: "button", title: inLanguage(one.question),
      "aria-current": String(one.id === choice.question), onclick: () => ask(one) }, inLanguage(one.title)))]);
  el("questions").replaceChildren(...(shown.length ? shown : [node("p", { class: "note" }, say("no_question"))]));
}

function ask(one) {
  choice = { ...choice, question: one.id, levers: { ...one.choice.levers }, plan: [...one.choice.plan], numbers: [...one.choice.numbers] };
  start();
}

function drawDials() {
  const heads = Object.entries(choice.heads ?? {}).filter(([name]) => `heads_${name}` in DATA.words.en);
  const dials = [
    ...heads.map(([name, value]) => dial(say(`heads_${name}`), value, 1, Math.max(40, 2 * value), 1,
      found => { choice.heads = { ...choice.heads, [name]: found }; })),
    ...Object.entries(choice.euros).map(([name, value]) => dial(say(name), value, DATA.euros[name].low, DATA.euros[name].high,
      DATA.euros[name].step, found => { choice.euros = { ...choice.euros, [name]: found }; })),
    dial(say("weeks"), choice.weeks, 26, 208, 26, found => { choice.weeks = found; }),
  ];
  el("dials").replaceChildren(...dials);
}

function dial(text, value, min, max, step, set) {
  const shown = node("output", {}, number(value));
  const input = node("input", { type: "range", min, max, step, value, "aria-label": text,
    oninput: event => { shown.textContent = number(Number(event.target.value)); },
    onchange: event => { set(Number(event.target.value)); start(); } });
  return node("label", { class: "dial" }, node("span", {}, text), shown, input);
}

/** The answer: headline, sentences, three differences, and what is behind them. */
function drawAnswer() {
  const lived = livedWorlds(), found = question();
  el("organisation").textContent = say("people", { title: inLanguage(DATA.title), n: number(lived[0]?.[0].seats ?? DATA.people) });
  el("asked").textContent = found ? inLanguage(found.question) : "";
  el("trouble").hidden = !trouble;
  el("trouble").textContent = trouble;
  drawPins();
  drawProgress();
  const some = lived.length > 1 && changes(choice);
  for (const id of ["three", "behind", "more"]) el(id).hidden = !some;
  el("headline").classList.toggle("provisional", !settled);
  if (!changes(choice)) {
    el("headline").textContent = say("same");
    el("lead").textContent = "";
    return;
  }
  if (!some) {
    el("headline").textContent = say("first");
    el("lead").textContent = "";
    return;
  }
  const pairs = HEADLINES.map(id => [outcome(id), compared(lived, 1, id).difference]);
  el("headline").textContent = recommendation(pairs);
  el("lead").textContent = headline(titleOf(choice), say("today"), pairs);
  el("three").replaceChildren(...clearestFirst(pairs).map(id => card(lived, id)));
  drawMoney(lived);
  drawTable(lived);
  drawGraph(lived);
  drawSteps();
}

/** The headline outcomes, those with a clear difference first. */
function clearestFirst(pairs) {
  const rank = { clear: 0, slight: 1, unclear: 2, none: 3 };
  const order = ([one, x]) => settled ? rank[verdictOn(x, one.smallest)] : 0;
  return [...pairs].sort((a, b) => order(a) - order(b)).map(([one]) => one.id);
}

/** What to do, in one line: from the verdicts on the headline outcomes alone. */
function recommendation(pairs) {
  const told = side => names(pairs.filter(([one, x]) => sideOf(x, one) === side).map(([one, x]) => {
    const higher = x.estimate > 0;
    if (one.id === "learning_speed") return say(higher ? "learning_slower" : "learning_faster");
    return say("move", { way: say(higher ? "way_higher" : "way_lower"), what: lowered(shortLabel(one)) });
  }));
  const better = told("good"), worse = told("bad");
  if (better && worse) return say("weigh", { better, worse });
  if (better) return say("do", { better });
  if (worse) return say("dont", { worse });
  return say(pairs.some(([one, x]) => verdictOn(x, one.smallest) === "unclear") ? "open" : "nothing");
}
const lowered = text => text.slice(0, 1).toLowerCase() + text.slice(1);

function card(lived, id) {
  const one = outcome(id), found = compared(lived, 1, id), d = found.difference;
  const said = verdictOn(d, one.smallest), sure = isSettled(d, one.smallest) || settled, side = sure ? sideOf(d, one) : "";
  const texts = pairTexts(found, one), places = decimalsTold(d, one), unit = one.display === "percent" ? "%" : "";
  const size = sizeOf(d.estimate, one, places), signed = d.estimate > 0 && /[1-9]/.test(size) ? `+${size}` : size.replace("-", "−");
  const matters = said === "clear" ? "" : ` · ${say("would_matter", { matters: sizeOf(one.smallest, one, one.smallest < 1 && unit === "" ? 2 : 0) })}`;
  const drawn = outcome(DRAWN[id] ?? id), scale = drawn.display === "percent" ? 100 : 1;
  const lines = [1, ...pins.keys().map(k => k + 2)].slice(0, 1).map(k => ({
    side, weeks: byWeek(lived.map(world => difference(world[k].weekly[drawn.id], world[0].weekly[drawn.id], scale))),
  }));
  const end = said === "unclear" ? "" : drawn === one ? signed.split(" ")[0] : "";
  return node("div", { class: `card${sure ? "" : " provisional"}` },
    node("span", { class: `pill ${side}` }, sure ? say(`verdict_${said}`) : say("provisional")),
    node("h3", {}, shortLabel(one)),
    node("div", { class: "number" }, signed,
      node("small", {}, say("from_to", { a: texts.a + unit, b: texts.b + unit }) + matters)),
    node("p", { class: "note" }, drawn === one ? "" : shortLabel(drawn)),
    differenceChart({ label: say("chart", { what: shortLabel(drawn), end: signed }), lines, end,
      matters: drawn.smallest * scale, write: x => (x > 0 ? "+" : "") + number(x, Math.abs(x) < 1 && x !== 0 ? 1 : 0).replace("-", "−"),
      when: week => week === 0 ? say("now") : week % 52 ? "" : say(week === 52 ? "year" : "years", { n: week / 52 }) }));
}

/** The difference of two worlds by week, each a mean of four weeks. */
function difference(b, a, scale) {
  const found = b.map((x, week) => scale * (x - a[week]));
  return found.map((_, week) => {
    const kept = found.slice(Math.max(0, week - 3), week + 1).filter(Number.isFinite);
    return kept.length ? kept.reduce((sum, x) => sum + x, 0) / kept.length : NaN;
  });
}

function drawPins() {
  const letter = k => String.fromCharCode(66 + k);
  const pinned = pins.map((pin, k) => node("button", { class: "pin", type: "button", onclick: () => { choice = { ...pin.choice }; pins.splice(k, 1); start(); } },
    node("b", {}, letter(k + 1)), ` ${pin.title}`));
  el("pins").replaceChildren(node("span", { class: "pin" }, node("b", {}, "A"), ` ${say("today")}`),
    ...(changes(choice) ? [node("span", { class: "pin" }, node("b", {}, "B"), ` ${titleOf(choice)}`)] : []), ...pinned,
    ...(changes(choice) && pins.length < 3 ? [node("button", { class: "pin add", type: "button", id: "pin", onclick: pin }, say("pin"))] : []),
    ...(changes(choice) ? [node("button", { class: "pin add", type: "button", id: "promote", onclick: promote }, say("promote"))] : []));
}

function pin() {
  pins.push({ title: titleOf(choice), choice: structuredClone(choice) });
  start();
}

/** Make the to-be today's organisation, whatever week its changes came in. */
function promote() {
  const levers = { ...choice.levers };
  for (const [, name, setting] of choice.plan) levers[name] = setting;
  choice = { ...choice, question: "", levers, plan: [], numbers: [] };
  start();
}

function drawProgress() {
  const running = !settled && changes(choice);
  el("progress").replaceChildren(...(running ? [node("progress", { value: worlds.size, max: limit }),
    ` ${say("running", { n: number(worlds.size), most: number(limit) })} `,
    node("button", { type: "button", onclick: stop }, say("stop"))] : []));
  el("told").textContent = worlds.size ? say("told", { n: number(worlds.size), seed: choice.seed }) : "";
}

function stop() {
  pool.stop();
  settled = worlds.size > 1;
  drawAnswer();
}

function drawMoney(lived) {
  const told = (label, found, one, isChange) => {
    const text = pairTexts(found, one).difference, side = isChange ? sideOf(found.difference, one) : "";
    return text ? [node("dt", {}, label), node("dd", { class: side && `${side}-text` }, isChange ? text : text.replace(/^\+/, ""))] : [];
  };
  const label = one => `${inLanguage(one.label)}, ${inLanguage(one.unit)}`;
  const alone = values => compare(values.map(() => 0), values);
  const once = outcome("change_cost"), margin = compared(lived, 1, "margin").difference;
  const rows = [...told(label(once), alone(valuesOf(lived, 1, once.id)), once, false),
    ...YEARLY.flatMap(id => told(label(outcome(id)), compared(lived, 1, id), outcome(id), true))];
  const pays = outcome("payback_weeks");
  if (sideOf(margin, outcome("margin")) === "good") rows.push(...told(label(pays), alone(valuesOf(lived, 1, pays.id)), pays, false));
  el("money").replaceChildren(...rows);
}

function drawTable(lived) {
  const rows = [];
  let group = "";
  for (const one of DATA.outcomes.filter(x => x.shown)) {
    const found = compared(lived, 1, one.id), texts = pairTexts(found, one), side = sideOf(found.difference, one);
    if (one.group !== group) rows.push(node("tr", { class: "group-row" }, node("th", { colspan: 5 }, inLanguage(DATA.outcomeGroups[one.group]))));
    group = one.group;
    rows.push(node("tr", {}, node("th", { scope: "row", title: inLanguage(one.explanation) }, `${inLanguage(one.label)}, ${inLanguage(one.unit)}`),
      ...["a", "b", "difference"].map(key => node("td", { class: "n" }, texts[key])),
      node("td", { class: side && `${side}-text` }, texts.difference && judgement(found.difference, one))));
  }
  const heads = ["outcome", "today", "changed", "difference", "verdict"];
  el("table").replaceChildren(node("thead", {}, node("tr", {}, ...heads.map((key, k) => node("th", { scope: "col", class: k > 0 && k < 4 ? "n" : "" }, say(key))))),
    node("tbody", {}, ...rows));
  el("command").textContent = `orgsim compare as-is.toml to-be.toml --replicates ${worlds.size} --seed ${choice.seed}`;
  el("same-numbers").textContent = say("same_numbers");
}

/** One world's people: who has most contact with whom, and who is worn out. */
function drawGraph(lived) {
  const world = lived[0]?.[1];
  if (!world?.graph) return;
  const { departments, leaders, ties, scores, names: called } = world.graph, weeks = scores.length / departments.length;
  const week = Math.min(graphWeek, weeks - 1), worn = k => scores[week * departments.length + k] > DATA.complaintsAbove;
  const people = [...departments].map((department, k) => ({ department: Math.min(4, department), leader: leaders[k] === 1,
    worn: worn(k), name: called?.[k] ?? say(`department_${DATA.departments[Math.min(4, department)]}`) }));
  el("week").max = weeks - 1;
  el("week").value = week;
  el("graph").replaceChildren(peopleGraph({ people, ties, departments: DATA.departments,
    label: say("graph_label", { n: people.length, worn: people.filter(x => x.worn).length }) }));
  el("graph-note").textContent = say("graph_note", { week: number(week) });
  el("legend").replaceChildren(...DATA.departments.map((name, k) => node("span", {}, node("i", { class: `d${k} swatch` }), say(`department_${name}`))),
    node("span", {}, node("i", { class: "swatch ring" }), say("worn")));
}

/* --- next steps ----------------------------------------------------------------------- */

/** Each setting that is not in the plan, added to it. */
function movesLeft() {
  const now = { ...DATA.base.levers, ...choice.levers, ...Object.fromEntries(choice.plan.map(row => row.slice(1))) };
  return DATA.levers.filter(one => one.words).flatMap(lever => lever.settings
    .filter(one => one.name !== now[lever.name] && lever.words.settings[one.name])
    .map(one => ({ lever: lever.name, setting: one.name, words: lever.words.settings[one.name] })));
}

function findSteps() {
  const moves = movesLeft(), base = scenariosOf(choice)[1];
  const scenarios = moves.map(one => scenariosOf({ ...choice, plan: [...choice.plan, [0, one.lever, one.setting]] })[1]);
  const replicates = Array.from({ length: STEP_WORLDS }, (_, k) => k);
  steps = { moves, worlds: new Map() };
  pool.live([base, ...scenarios], replicates, (replicate, lived) => {
    steps?.worlds.set(replicate, lived);
    drawSteps();
  });
  drawSteps();
}

function drawSteps() {
  el("next-for").replaceChildren(...HEADLINES.map(id => node("option", { value: id, selected: id === ranked }, shortLabel(outcome(id)))));
  el("next-for").value = ranked;
  el("next-for").hidden = !steps;
  el("find-next").hidden = steps !== null || !settled;
  if (!steps) { el("steps").replaceChildren(); el("next-note").textContent = ""; return; }
  const one = outcome(ranked), lived = [...steps.worlds.values()], sign = one.good === "lower" ? -1 : 1;
  el("next-note").textContent = say("next_note", { n: number(lived.length), what: inLanguage(one.in_sentence) });
  if (lived.length < 2) { el("steps").replaceChildren(); return; }
  const found = steps.moves.map((move, k) => ({ move, found: compared(lived, k + 1, ranked) }))
    .sort((a, b) => sign * (b.found.difference.estimate - a.found.difference.estimate)).slice(0, 8);
  const reach = Math.max(one.smallest * 1.5, ...found.flatMap(({ found: { difference: d } }) => [Math.abs(d.low), Math.abs(d.high)]).filter(Number.isFinite));
  el("steps").replaceChildren(...found.map(({ move, found: pair }) => {
    const d = pair.difference, side = sideOf(d, one);
    return node("li", {}, node("button", { type: "button", onclick: () => addMove(move) }, say("add", { move: inLanguage(move.words) })),
      intervalRow({ ...d, matters: one.smallest, reach, side }), node("span", { class: side && `${side}-text` }, pairTexts(pair, one).difference));
  }));
}

function addMove({ lever, setting }) {
  choice = { ...choice, question: "", plan: [...choice.plan.filter(row => row[1] !== lever), [0, lever, setting]] };
  start();
}

/* --- levers --------------------------------------------------------------------------- */

function drawLevers() {
  const now = { ...DATA.base.levers, ...choice.levers }, planned = Object.fromEntries(choice.plan.map(([week, name, setting]) => [name, { week, setting }]));
  const groups = DATA.leverGroups.map(({ group, levers }) => node("div", {}, node("div", { class: "group" }, say(`group_${group}`)),
    ...levers.map(name => leverRow(DATA.levers.find(one => one.name === name), now[name], planned[name]))));
  el("levers").replaceChildren(...groups);
}

function leverRow(lever, now, planned) {
  const options = (chosen, first) => [...(first ? [node("option", { value: "", selected: !chosen }, first)] : []),
    ...lever.settings.map(one => node("option", { value: one.name, selected: one.name === chosen }, inLanguage(lever.words.settings[one.name])))];
  const title = inLanguage(lever.words.name);
  return node("div", { class: "lever" }, node("span", {}, title),
    node("select", { "aria-label": `${title}: ${say("today")}`, onchange: event => {
      choice = { ...choice, question: "", levers: { ...choice.levers, [lever.name]: event.target.value } }; start(); } }, ...options(now)),
    node("select", { "aria-label": `${title}: ${say("changed")}`, onchange: event => {
      const rest = choice.plan.filter(row => row[1] !== lever.name), setting = event.target.value;
      choice = { ...choice, question: "", plan: setting ? [...rest, [planned?.week ?? 0, lever.name, setting]] : rest }; start(); } },
    ...options(planned?.setting, say("no_change"))));
}

/* --- the address, files and the beginning --------------------------------------------- */

function writeAddress() {
  const text = `#${encodeURIComponent(JSON.stringify({ ...choice, language }))}`;
  if (text !== location.hash) history.pushState(null, "", text);
}

/** Take what the address says, as far as this file knows it; anything else is left out. */
function readAddress() {
  let read = {};
  try { read = JSON.parse(decodeURIComponent(location.hash.slice(1)) || "{}"); } catch { read = {}; }
  const first = DATA.questions.find(one => one.id === read.question) ?? DATA.questions[0];
  const table = Object.fromEntries(DATA.levers.map(one => [one.name, one.settings.map(x => x.name)]));
  const known = (name, setting) => table[name]?.includes(setting);
  const whole = (value, low, high, other) => Number.isInteger(value) && value >= low && value <= high ? value : other;
  const rows = (found, fits) => Array.isArray(found) ? found.filter(row => Array.isArray(row) && whole(row[0], 0, 519, -1) >= 0 && fits(row)) : null;
  language = read.language in DATA.words ? read.language : DATA.language;
  const within = (given, ends) => Object.fromEntries(Object.entries(ends).map(([name, one]) =>
    [name, whole(given?.[name], one.low, one.high, one.value)]));
  choice = {
    question: read.question === "" ? "" : first.id,
    levers: read.levers && typeof read.levers === "object" ? Object.fromEntries(Object.entries(read.levers).filter(pair => known(...pair))) : { ...first.choice.levers },
    plan: rows(read.plan, row => known(row[1], row[2])) ?? [...first.choice.plan],
    numbers: rows(read.numbers, row => row[1] in DATA.base.structure && Number.isFinite(row[2])) ?? [...first.choice.numbers],
    heads: DATA.heads && within(read.heads, DATA.heads), euros: within(read.euros, DATA.euros),
    weeks: whole(read.weeks, 26, 520, DATA.weeks), seed: whole(read.seed, 0, 2 ** 53 - 1, DATA.seed),
  };
}

function saveFiles() {
  for (const [name, text] of Object.entries(scenarioFiles(DATA, choice))) {
    const link = node("a", { href: URL.createObjectURL(new Blob([text], { type: "application/toml" })), download: name });
    link.click();
    URL.revokeObjectURL(link.href);
  }
}

const bytesOf = text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0));

function begin() {
  if (typeof WebAssembly !== "object" || typeof Worker !== "function") {
    el("headline").textContent = say("no_workers");
    return;
  }
  useQuantiles(DATA.quantiles);
  readAddress();
  useWords(DATA.sentences, language);
  pool = new Pool(WORKER, { module: bytesOf(MODULE), version: DATA.version, columns: DATA.columns, outcomes: DATA.outcomes,
    drawn: DATA.drawn, margin: outcome("margin"), organisation: DATA.organisation },
  error => { trouble = say("failed", { why: error.message }); drawAnswer(); });
  el("language").onclick = () => { language = language === "en" ? "nl" : "en"; useWords(DATA.sentences, language); writeAddress(); draw(); };
  el("save").onclick = saveFiles;
  el("print").onclick = () => print();
  el("search").oninput = drawQuestions;
  el("find-next").onclick = findSteps;
  el("next-for").onchange = event => { ranked = event.target.value; drawSteps(); };
  el("week").oninput = event => { graphWeek = Number(event.target.value); drawGraph(livedWorlds()); };
  window.onpopstate = () => { readAddress(); start(); };
  start();
}
begin();
