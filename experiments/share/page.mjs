/**
 * The page that runs the model: a question, its answer, and everything behind it.
 *
 * `DATA` has the tables, the organisation and the questions; `WORKER` the source of a
 * worker, `MODULE` the model in base64. What is chosen is in `choice` alone: levers of
 * today, moves and numbers by week, head counts, euros, weeks, seed. It is kept in the
 * address with the answers that are pinned, so that Back and a copied link work.
 */
import { differenceChart, intervalRow, peopleGraph } from "./charts.mjs";
import { Pool } from "./pool.mjs";
import { resolve } from "./resolving.mjs";
import { byWeek, compare, isSettled, useQuantiles, verdictOn, worldsToSettle } from "./statistics.mjs";
import { decimalsTold, headline, inLanguage, judgement, names, number, pairTexts, shortLabel, sideOf,
  sizeOf, useWords } from "./words.mjs";
import { scenarioFiles } from "./scenario_files.mjs";

const HEADLINES = ["lead_quality", "learning_speed", "burnout"];
/** What is drawn over time for a time, which has no value of its own each week. */
const DRAWN = { learning_speed: "wrong_stock" };
const YEARLY = ["cost", "revenue", "margin"];
const STEP_WORLDS = 24, MOST_STEPS = 6, MOST_PINS = 3, MOST_ALSO = 4, PAINT_MS = 250, SMOOTH_WEEKS = 4;
const RUNNING = "running", SETTLED = "settled", STOPPED = "stopped", FAILED = "failed";
const el = id => document.getElementById(id);
const outcome = id => DATA.outcomes.find(one => one.id === id);

let choice, pins = [], language = DATA.language, pool, state = RUNNING, trouble = "";
let worlds = new Map(), limit = 0, painted = 0;
let steps = null, ranked = HEADLINES[0], shownPeople = 1, graphWeek = 80;

const say = (key, values = {}) =>
  DATA.words[language][key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
/** A text with minus signs where it has hyphens before figures. */
const signs = text => text.replace(/(^|[( ])-(?=\d)/g, "$1\u2212");

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

/** Put other elements into a box; whoever had the focus in it keeps it, by `data-key`. */
function replace(id, ...inside) {
  const box = el(id), key = box.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  box.replaceChildren(...inside.flat());
  if (key !== undefined) [...box.querySelectorAll("[data-key]")].find(one => one.dataset.key === key)?.focus();
}
/** Write a text where it differs, so that screen readers hear it once. */
function write(id, text) {
  if (el(id).textContent !== text) el(id).textContent = text;
}

/* --- what is asked ------------------------------------------------------------------- */

const question = () => DATA.questions.find(one => one.id === choice.question);
const changes = one => one.plan.length + one.numbers.length > 0;
const lever = name => DATA.levers.find(one => one.name === name);
const settingWords = (name, setting) => {
  const known = lever(name)?.words?.settings[setting];
  return known ? inLanguage(known) : `${name} = ${setting}`;
};

/** The title of a choice: that of its question, or its moves. */
function titleOf(one) {
  const known = DATA.questions.find(x => x.id === one.question);
  if (known) return inLanguage(known.title);
  const moves = one.plan.map(([, name, setting]) => settingWords(name, setting));
  return moves.length ? `\u201c${moves.join("; ")}\u201d` : say("own_question");
}

/** The scenarios of a choice: as-is and to-be, each with a key that tells it from others. */
function scenariosOf(one) {
  const { asIs, toBe } = resolve(DATA, DATA.base, one), { heads, euros, weeks, seed } = one;
  const made = stages => ({ stages, heads, euros, weeks, seed,
    key: JSON.stringify([stages.map(x => [x.week, x.structure, x.hours, x.euros]), heads, euros, weeks, seed]) });
  return [made(asIs), made(toBe)];
}

/** All scenarios of the screen: as-is, to-be, and those of pinned answers. */
const shownScenarios = () => [...scenariosOf(choice), ...pins.map(pin => scenariosOf(inFrame(pin.choice))[1])];
/** A pinned choice with today's head counts, euros and weeks, so that it can be compared. */
const inFrame = one => ({ ...one, heads: choice.heads, euros: choice.euros, weeks: choice.weeks, seed: choice.seed });

/** Begin to answer what is chosen; `remember` says how the address takes it. */
function start(remember = "push") {
  useWords(DATA.sentences, language);
  state = RUNNING;
  trouble = "";
  steps = null;
  worlds = new Map();
  limit = DATA.worlds.first;
  writeAddress(remember);
  live();
  draw();
}

function live() {
  const missing = Array.from({ length: limit }, (_, k) => k).filter(k => !worlds.has(k));
  pool.live(shownScenarios(), missing, (replicate, lived) => {
    worlds.set(replicate, lived);
    if (worlds.size === limit) goOn();
    paint();
  });
}

/** After the worlds asked for: enough, or as many more as settle the headline verdicts. */
function goOn() {
  const lived = livedWorlds(), { most, person_weeks: personWeeks, fewest_more: fewestMore, spare } = DATA.worlds;
  const needed = Math.max(...HEADLINES.map(id => worldsToSettle(compared(lived, 1, id).difference, outcome(id).smallest)));
  const seats = lived[0].slice(0, 2).reduce((sum, one) => sum + one.seats, 0);
  const affordable = Math.min(most, Math.floor(personWeeks / (choice.weeks * seats)));
  if (needed <= worlds.size || worlds.size >= affordable) {
    state = SETTLED;
    return;
  }
  limit = Math.min(affordable, Math.max(Math.floor(spare * needed), limit + fewestMore));
  live();
}

/** Draw now if all is there, else at most a few times a second. */
function paint() {
  if (state === RUNNING && performance.now() - painted < PAINT_MS) return;
  painted = performance.now();
  drawAnswer();
}

/* --- what came out -------------------------------------------------------------------- */

/** Worlds 0, 1, 2, ... without a gap: those that the command line would run. */
function livedWorlds() {
  const found = [];
  while (worlds.has(found.length)) found.push(worlds.get(found.length));
  return found;
}

/** Values of an outcome by world, of scenario k. */
const valuesOf = (lived, k, id) => lived.map(world => world[k].values[DATA.outcomes.indexOf(outcome(id))]);
const compared = (lived, k, id) => compare(valuesOf(lived, 0, id), valuesOf(lived, k, id));
const isSure = (difference, one) => state === SETTLED || isSettled(difference, one.smallest);

/* --- drawing -------------------------------------------------------------------------- */

const FIXED = { brand: "brand", language: "other_language", save: "save", print: "print", "what-if": "what_if",
  "organisation-title": "organisation", "graph-title": "graph", "money-title": "money", "next-title": "next",
  "levers-title": "levers", "table-title": "all_outcomes", "money-note": "money_note", "find-next": "next_button",
  "week-label": "graph_week", pin: "pin", promote: "promote", stop: "stop", more: "more", "next-for-label": "next_for",
  "same-numbers": "same_numbers" };

function draw() {
  document.documentElement.lang = language;
  document.title = `${say("brand")}: ${titleOf(choice)}`;
  for (const [id, key] of Object.entries(FIXED)) write(id, say(key));
  el("search").placeholder = say("search", { n: DATA.questions.length });
  el("search").setAttribute("aria-label", el("search").placeholder);
  write("version", say("version", { version: DATA.version }));
  drawQuestions();
  drawDials();
  drawLevers();
  drawPins();
  drawAnswer();
}

function drawQuestions() {
  const wanted = el("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const textOf = one => [inLanguage(one.title), inLanguage(one.question), say(`group_${one.group}`),
    ...one.choice.plan.map(([, name, setting]) => `${inLanguage(lever(name)?.words?.name ?? { en: "", nl: "" })} ${settingWords(name, setting)}`)]
    .join(" ").toLowerCase();
  const groups = DATA.groups.map(group => [group, DATA.questions.filter(one =>
    one.group === group && wanted.every(word => textOf(one).includes(word)))]);
  const shown = groups.filter(([, found]) => found.length).flatMap(([group, found]) => [
    node("h3", { class: "group" }, say(`group_${group}`)),
    ...found.map(one => node("button", { class: "q", type: "button", title: inLanguage(one.question), "data-key": one.id,
      "aria-current": String(one.id === choice.question), onclick: () => ask(one) }, inLanguage(one.title)))]);
  replace("questions", shown.length ? shown : [node("p", { class: "note" }, say("no_question"))]);
}

/** Ask a question of today's organisation; where it needs another today, it says so. */
function ask(one) {
  choice = { ...choice, question: one.id, levers: { ...choice.promoted, ...one.choice.levers },
    plan: [...one.choice.plan], numbers: [...one.choice.numbers] };
  start();
}

function drawDials() {
  const own = (table, name, text) => {
    const { low, high, step = 1 } = DATA[table][name];
    return dial(name, text, choice[table][name], low, high, step, found => { choice[table] = { ...choice[table], [name]: found }; });
  };
  replace("dials", [
    ...Object.keys(DATA.heads ?? {}).map(name => own("heads", name, say(`heads_${name}`))),
    ...Object.keys(DATA.euros).map(name => own("euros", name, say(name))),
    dial("weeks", say("weeks"), choice.weeks, DATA.horizon.low, DATA.horizon.high, DATA.horizon.step, found => { choice.weeks = found; }),
  ]);
}

function dial(key, text, value, min, max, step, set) {
  const shown = node("output", {}, number(value));
  const input = node("input", { type: "range", min, max, step, value, "aria-label": text, "data-key": key,
    oninput: event => { shown.textContent = number(Number(event.target.value)); },
    onchange: event => { set(Number(event.target.value)); start("replace"); } });
  return node("label", { class: "dial" }, node("span", {}, text), shown, input);
}

/** The answer: headline, sentences, three differences, and what is behind them. */
function drawAnswer() {
  const lived = livedWorlds(), some = lived.length > 1 && changes(choice) && state !== FAILED;
  write("organisation", say("people", { title: inLanguage(DATA.title), n: number(lived[0]?.[0].seats ?? DATA.people) }));
  write("asked", question() ? inLanguage(question().question) : "");
  write("changes", changesTold());
  el("trouble").hidden = !trouble;
  write("trouble", trouble);
  drawProgress(lived);
  for (const id of ["three", "behind", "all"]) el(id).hidden = !some;
  el("headline").classList.toggle("provisional", state !== SETTLED);
  const found = some ? HEADLINES.map(id => [outcome(id), compared(lived, 1, id)]) : [];
  const pairs = found.map(([one, x]) => [one, x.difference]);
  write("headline", !changes(choice) ? say("same") : some ? recommendation(pairs) : say("first"));
  write("lead", some ? headline(titleOf(choice), say("today"), pairs) : "");
  write("also", some ? alsoTold(lived) : "");
  if (!some) return;
  replace("three", found.map(([one, x]) => card(lived, one, x)));
  drawMoney(lived);
  if (el("all").open) drawTable(lived);
  drawGraph(lived);
  drawSteps();
}

/** What is changed, in the words of the levers; and what today is supposed to be. */
function changesTold() {
  const { base } = DATA, now = { ...base.levers, ...choice.promoted };
  const other = Object.entries(choice.levers).filter(([name, setting]) => now[name] !== setting);
  const told = [];
  if (other.length) told.push(say("starting", { whats: names(other.map(pair => settingWords(...pair))) }));
  const moves = [...choice.plan.map(([week, name, setting]) => [week, settingWords(name, setting)]),
    ...choice.numbers.map(([week, name, value]) => [week, `${name} = ${number(value, 2)}`])];
  const inWords = moves.map(([week, text]) => week ? say("from_week", { week: number(week), what: text }) : text);
  if (inWords.length) told.push(say("changing", { whats: names(inWords) }));
  return told.join(" ");
}

/** What to do, in one line: from the verdicts on the headline outcomes alone. */
function recommendation(pairs) {
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
  return state === SETTLED ? say("open_after", { n: number(worlds.size) }) : say("open");
}

/** Side outcomes that are clearly worse or better, in one sentence each. */
function alsoTold(lived) {
  const found = DATA.outcomes.filter(one => one.shown && !HEADLINES.includes(one.id))
    .map(one => [one, compared(lived, 1, one.id).difference]);
  const told = side => found.filter(([one, x]) => sideOf(x, one) === side).slice(0, MOST_ALSO).map(([one, x]) => {
    const [, size, unit] = /^(\S+)\s*(.*)$/.exec(signedSize(x, one)), scaled = /^(on|op) /.test(unit);
    return `${lowered(shortLabel(one))} (${scaled ? size : `${size} ${unit}`})`;
  });
  const [worse, better] = [told("bad"), told("good")];
  return [worse.length ? say("also_worse", { whats: names(worse) }) : "", better.length ? say("also_better", { whats: names(better) }) : ""]
    .filter(Boolean).join(" ");
}
const lowered = text => text.slice(0, 1).toLowerCase() + text.slice(1);

function signedSize(difference, one) {
  const size = sizeOf(difference.estimate, one, decimalsTold(difference, one));
  return signs(difference.estimate > 0 && /[1-9]/.test(size) ? `+${size}` : size);
}

const cardTitle = one => one.id === "learning_speed" ? say("relearning") : shortLabel(one);

function card(lived, one, found) {
  const { id } = one, d = found.difference, sure = isSure(d, one);
  const said = verdictOn(d, one.smallest), side = sure ? sideOf(d, one) : "";
  const texts = pairTexts(found, one), [size, ...unit] = signedSize(d, one).split(" ");
  const matters = sizeOf(one.smallest, one, 0), percent = one.display === "percent" ? "%" : "";
  const pinned = pins.map((pin, k) => {
    const other = compared(lived, k + 2, id).difference;
    return node("div", { class: "pinned" }, node("b", {}, letter(k + 2)), ` ${signedSize(other, one)}`,
      node("span", {}, ` ${judgement(other, one)}`));
  });
  return node("div", { class: `card${sure ? "" : " waiting"}` },
    node("div", { class: "top" }, node("h2", { class: "title" }, cardTitle(one)),
      node("span", { class: `pill ${side}` }, sure ? say(`verdict_${said}`) : say("provisional"))),
    node("div", { class: "number" }, size, node("span", { class: "unit" }, ` ${unit.join(" ")}`)),
    node("p", { class: "note" }, `${say("from_to", { a: texts.a + percent, b: texts.b + percent })} \u00b7 ${say("would_matter", { matters })}`),
    ...pinned, chartOf(lived, one, side), node("p", { class: "what" }, inLanguage(one.explanation).split(/(?<=\.) /)[0]));
}

function chartOf(lived, own, side) {
  const drawn = outcome(DRAWN[own.id] ?? own.id), scale = drawn.display === "percent" ? 100 : 1;
  const weeksOf = k => byWeek(lived.map(world => difference(world[k].weekly[drawn.id], world[0].weekly[drawn.id], scale)));
  const lines = [...pins.map((_, k) => ({ side: "other", weeks: weeksOf(k + 2), name: letter(k + 2) })),
    { side, weeks: weeksOf(1), name: pins.length ? "B" : undefined }];
  const shown = value => signs((value > 0 ? "+" : "") + number(value, Math.abs(value) < 10 && value !== Math.round(value) ? 1 : 0));
  const last = lines[lines.length - 1].weeks.findLast(x => Number.isFinite(x.mean))?.mean ?? NaN;
  const title = drawn === own ? "" : node("p", { class: "note" }, `${shortLabel(drawn)}, ${say("points")}:`);
  return node("div", {}, title, differenceChart({ label: say("chart", { what: shortLabel(drawn), end: shown(last) }), lines,
    matters: drawn.smallest * scale, write: shown, zone: say("zone"),
    when: week => week === 0 ? say("now") : week % 52 ? "" : say(week === 52 ? "year" : "years", { n: week / 52 }) }));
}

/** The difference of two worlds by week, each a mean of four weeks. */
function difference(b, a, scale) {
  const found = b.map((x, week) => scale * (x - a[week]));
  return found.map((_, week) => {
    const kept = found.slice(Math.max(0, week - SMOOTH_WEEKS + 1), week + 1).filter(Number.isFinite);
    return kept.length ? kept.reduce((sum, x) => sum + x, 0) / kept.length : NaN;
  });
}

/* --- answers side by side ------------------------------------------------------------- */

const letter = k => String.fromCharCode(65 + k);

function drawPins() {
  const chips = [node("span", { class: "pin" }, node("b", {}, "A"), ` ${say("today")}`)];
  if (changes(choice)) chips.push(node("span", { class: "pin" }, node("b", {}, "B"), ` ${titleOf(choice)}`));
  pins.forEach((pin, k) => chips.push(node("span", { class: "pin" },
    node("button", { type: "button", "data-key": `pin-${k}`, onclick: () => swap(k) }, node("b", {}, letter(k + 2)), ` ${titleOf(pin.choice)}`),
    node("button", { type: "button", "data-key": `unpin-${k}`, "aria-label": say("unpin", { title: titleOf(pin.choice) }),
      onclick: () => { pins.splice(k, 1); start(); } }, "\u00d7"))));
  replace("pins", chips);
  const isPinned = pins.some(pin => scenariosOf(inFrame(pin.choice))[1].key === scenariosOf(choice)[1].key);
  el("pin").hidden = !changes(choice) || pins.length >= MOST_PINS || isPinned;
  el("promote").hidden = !changes(choice) || choice.numbers.length > 0;
}

function pin() {
  pins.push({ choice: structuredClone(choice) });
  start();
}

/** Ask a pinned answer, and pin the present one in its place. */
function swap(k) {
  const other = pins[k].choice;
  if (changes(choice)) pins[k] = { choice: structuredClone(choice) };
  else pins.splice(k, 1);
  choice = { ...inFrame(structuredClone(other)) };
  start();
}

/** Make the to-be today's organisation, with what was changed last. */
function promote() {
  const promoted = { ...choice.promoted, ...choice.levers };
  for (const [, name, setting] of [...choice.plan].sort((a, b) => a[0] - b[0])) promoted[name] = setting;
  choice = { ...choice, question: "", promoted, levers: { ...promoted }, plan: [], numbers: [] };
  start();
}

function drawProgress(lived) {
  const busy = changes(choice) && (state === RUNNING || state === STOPPED);
  el("progress").classList.toggle("idle", !busy);
  el("stop").hidden = state !== RUNNING;
  el("more").hidden = state !== STOPPED;
  el("bar").max = limit;
  el("bar").value = worlds.size;
  write("running", busy ? say("running", { n: number(worlds.size), most: number(limit) }) : "");
  write("told", lived.length ? say("told", { n: number(lived.length), seed: choice.seed }) : "");
  write("command", changes(choice) && lived.length
    ? `orgsim compare as-is.toml to-be.toml --replicates ${lived.length} --seed ${choice.seed}${choice.weeks === DATA.weeks ? "" : ` --weeks ${choice.weeks}`}` : "");
  el("reproduce").hidden = !el("command").textContent;
}

function stop() {
  pool.stop();
  state = STOPPED;
  drawAnswer();
}

function goFurther() {
  state = RUNNING;
  live();
  drawAnswer();
}

/* --- what is behind the answer --------------------------------------------------------- */

function drawMoney(lived) {
  const row = (one, found, side) => {
    const text = signs(pairTexts(found, one).difference), unit = inLanguage(one.unit);
    return text ? [node("dt", {}, inLanguage(one.label)), node("dd", { class: side && `${side}-text` }, `${text} ${unit}`)] : [];
  };
  const alone = id => {
    const values = valuesOf(lived, 1, id), found = compare(values.map(() => 0), values);
    return row(outcome(id), found, "").map(x => { x.textContent = x.textContent.replace(/^\+/, ""); return x; });
  };
  const change = id => {
    const one = outcome(id), found = compared(lived, 1, id);
    if (verdictOn(found.difference, one.smallest) !== "unclear") return row(one, found, sideOf(found.difference, one));
    return [node("dt", {}, inLanguage(one.label)), node("dd", {}, `${say("verdict_unclear")}: ${signs(pairTexts(found, one).difference)} ${inLanguage(one.unit)}`)];
  };
  replace("money", [...alone("change_cost"), ...YEARLY.flatMap(change)]);
}

function drawTable(lived) {
  const all = [1, ...pins.keys().map(k => k + 2)], rows = [];
  let group = "";
  for (const one of DATA.outcomes.filter(x => x.shown)) {
    const found = all.map(k => compared(lived, k, one.id)), texts = found.map(x => pairTexts(x, one));
    if (one.group !== group) rows.push(node("tr", { class: "group-row" }, node("th", { colspan: 3 + 2 * all.length, scope: "colgroup" }, inLanguage(DATA.outcomeGroups[one.group]))));
    group = one.group;
    rows.push(node("tr", {}, node("th", { scope: "row", title: inLanguage(one.explanation) }, `${inLanguage(one.label)}, ${inLanguage(one.unit)}`),
      node("td", { class: "n" }, signs(texts[0].a)), node("td", { class: "n" }, signs(texts[0].b)),
      ...found.flatMap(({ difference: d }, k) => {
        const side = sideOf(d, one);
        return [node("td", { class: "n" }, signs(texts[k].difference)), node("td", { class: side && `${side}-text` }, texts[k].difference && judgement(d, one))];
      })));
  }
  const heads = [["outcome", ""], ["today", "A "], ["changed", "B "], ...all.flatMap(k => [["difference", `${letter(k)} `], ["verdict", `${letter(k)} `]])];
  replace("table", [node("thead", {}, node("tr", {}, ...heads.map(([key, mark], k) =>
    node("th", { scope: "col", class: key !== "verdict" && k ? "n" : "" }, (pins.length ? mark : "") + say(key))))), node("tbody", {}, ...rows)]);
}

/** One world's people: who has most contact with whom, and who is worn out. */
function drawGraph(lived) {
  const graph = lived[0]?.[shownPeople]?.graph;
  if (!graph) return;
  const { departments, leaders, ties, scores } = graph, size = departments.length, last = DATA.departments.length - 1;
  const week = Math.min(graphWeek, scores.length / size - 1);
  const people = departments.map((department, k) => ({ department: Math.min(last, department), leader: leaders[k] === 1,
    worn: scores[week * size + k] > DATA.complaintsAbove, name: say(`department_${DATA.departments[Math.min(last, department)]}`) }));
  el("week").max = scores.length / size - 1;
  el("week").value = week;
  write("week-shown", number(week));
  for (const [id, k] of [["people-a", 0], ["people-b", 1]]) {
    write(id, say(k ? "changed" : "today"));
    el(id).setAttribute("aria-pressed", String(shownPeople === k));
  }
  replace("graph", peopleGraph({ people, ties, departments: DATA.departments,
    label: say("graph_label", { n: people.length, worn: people.filter(x => x.worn).length }) }));
  write("graph-note", say("graph_note"));
  replace("legend", [...DATA.departments.map((name, k) => node("span", {}, node("i", { class: `d${k} swatch` }), say(`department_${name}`))),
    node("span", {}, node("i", { class: "swatch ring" }), say("worn"))]);
}

/* --- next steps ----------------------------------------------------------------------- */

/** Each setting that is not in the plan, added to it. */
function movesLeft() {
  const now = { ...DATA.base.levers, ...choice.levers, ...Object.fromEntries(choice.plan.map(row => row.slice(1))) };
  return DATA.levers.filter(one => one.words && !one.context).flatMap(({ name, settings }) =>
    settings.filter(one => one.name !== now[name]).map(one => ({ lever: name, setting: one.name })));
}

function findSteps() {
  const moves = movesLeft(), base = scenariosOf(choice)[1];
  const scenarios = moves.map(one => scenariosOf({ ...choice, plan: [...choice.plan, [0, one.lever, one.setting]] })[1]);
  steps = { moves, worlds: new Map() };
  ranked = HEADLINES.find(id => sideOf(compared(livedWorlds(), 1, id).difference, outcome(id))) ?? ranked;
  pool.live([base, ...scenarios], Array.from({ length: STEP_WORLDS }, (_, k) => k), (replicate, lived) => {
    steps?.worlds.set(replicate, lived);
    drawSteps();
  });
  drawSteps();
}

/** Steps that help clearly or slightly, the best first; only when all worlds are there. */
function drawSteps() {
  replace("next-for", HEADLINES.map(id => node("option", { value: id, selected: id === ranked }, cardTitle(outcome(id)))));
  el("next-for").value = ranked;
  el("next-choice").hidden = !steps;
  el("find-next").hidden = steps !== null || state !== SETTLED;
  const ready = steps?.worlds.size === STEP_WORLDS, one = outcome(ranked), sign = one.good === "lower" ? -1 : 1;
  if (!ready) {
    write("next-note", steps ? say("running", { n: number(steps.worlds.size), most: number(STEP_WORLDS) }) : say("next_about"));
    replace("steps");
    return;
  }
  const lived = Array.from({ length: STEP_WORLDS }, (_, k) => steps.worlds.get(k));
  const found = steps.moves.map((move, k) => ({ move, pair: compared(lived, k + 1, ranked) }))
    .filter(({ pair: { difference: d } }) => sign * d.estimate > 0 && ["clear", "slight"].includes(verdictOn(d, one.smallest)))
    .sort((a, b) => sign * (b.pair.difference.estimate - a.pair.difference.estimate)).slice(0, MOST_STEPS);
  write("next-note", found.length ? say("next_note", { n: number(STEP_WORLDS) }) : say("next_none", { n: number(steps.moves.length) }));
  const ends = found.flatMap(({ pair: { difference: d } }) => [Math.abs(d.low), Math.abs(d.high)]);
  const reach = Math.max(one.smallest * 1.5, ...ends);
  replace("steps", found.map(({ move, pair: { difference: d } }) => node("li", {},
    node("button", { type: "button", "data-key": `${move.lever}-${move.setting}`, onclick: () => addMove(move) },
      say("add", { move: settingWords(move.lever, move.setting) })),
    intervalRow({ ...d, matters: one.smallest, reach, side: sideOf(d, one) }), node("span", {}, signedSize(d, one)))));
}

function addMove({ lever: name, setting }) {
  choice = { ...choice, question: "", plan: [...choice.plan.filter(row => row[1] !== name), [0, name, setting]] };
  start();
}

/* --- levers --------------------------------------------------------------------------- */

function drawLevers() {
  const now = { ...DATA.base.levers, ...choice.levers }, planned = Object.fromEntries(choice.plan.map(([week, name, setting]) => [name, { week, setting }]));
  replace("levers", node("div", { class: "lever head", "aria-hidden": "true" }, node("span", {}, say("lever")), node("span", {}, say("today")), node("span", {}, say("changed"))),
    DATA.leverGroups.map(({ group, levers }) => node("div", {}, node("h3", { class: "group" }, say(`group_${group}`)),
      ...levers.map(name => leverRow(lever(name), now[name], planned[name])))));
}

function leverRow({ name, settings }, now, planned) {
  const options = (chosen, first) => [...(first ? [node("option", { value: "", selected: !chosen }, first)] : []),
    ...settings.map(one => node("option", { value: one.name, selected: one.name === chosen }, settingWords(name, one.name)))];
  const title = inLanguage(lever(name).words.name), isChanged = planned || now !== DATA.base.levers[name];
  return node("div", { class: `lever${isChanged ? " changed" : ""}` }, node("span", {}, title),
    node("select", { "aria-label": `${title}: ${say("today")}`, "data-key": `now-${name}`, onchange: event => {
      choice = { ...choice, question: "", levers: { ...choice.levers, [name]: event.target.value } }; start(); } }, ...options(now)),
    node("select", { "aria-label": `${title}: ${say("changed")}`, "data-key": `then-${name}`, onchange: event => {
      const rest = choice.plan.filter(row => row[1] !== name), setting = event.target.value;
      choice = { ...choice, question: "", plan: setting ? [...rest, [planned?.week ?? 0, name, setting]] : rest }; start(); } },
    ...options(planned?.setting, say("no_change"))));
}

/* --- the address, files and the beginning --------------------------------------------- */

function writeAddress(remember) {
  const text = `#${encodeURIComponent(JSON.stringify({ ...choice, language, pins: pins.map(pin => pin.choice) }))}`;
  if (text === location.hash || remember === "none") return;
  if (remember === "push") history.pushState(null, "", text);
  else history.replaceState(null, "", text);
}

/** Take what the address says, as far as this file knows it; anything else is left out. */
function readAddress() {
  let read = {};
  try { read = JSON.parse(decodeURIComponent(location.hash.slice(1)) || "{}"); } catch { read = {}; }
  language = read?.language in DATA.words ? read.language : DATA.language;
  choice = known(read);
  pins = (Array.isArray(read?.pins) ? read.pins : []).slice(0, MOST_PINS).map(one => ({ choice: known(one) })).filter(one => changes(one.choice));
}

function known(read) {
  const first = DATA.questions.find(one => one.id === read?.question) ?? DATA.questions[0];
  const table = Object.fromEntries(DATA.levers.map(one => [one.name, one.settings.map(x => x.name)]));
  const whole = (value, { low, high }, other) => Number.isInteger(value) && value >= low && value <= high ? value : other;
  const weeks = { low: 0, high: DATA.horizon.high - 1 };
  const rows = (found, fits) => Array.isArray(found) ? found.filter(row => Array.isArray(row) && whole(row[0], weeks, -1) >= 0 && fits(row)) : null;
  const settings = given => Object.fromEntries(Object.entries(given && typeof given === "object" ? given : {})
    .filter(([name, setting]) => table[name]?.includes(setting)));
  const within = (given, ends) => Object.fromEntries(Object.entries(ends).map(([name, one]) => [name, whole(given?.[name], one, one.value)]));
  return {
    question: read?.question === "" ? "" : first.id,
    promoted: settings(read?.promoted),
    levers: read?.levers ? settings(read.levers) : { ...first.choice.levers },
    plan: rows(read?.plan, row => table[row[1]]?.includes(row[2])) ?? [...first.choice.plan],
    numbers: rows(read?.numbers, row => row[1] in DATA.base.structure && Number.isFinite(row[2])) ?? [...first.choice.numbers],
    heads: DATA.heads && within(read?.heads, DATA.heads), euros: within(read?.euros, DATA.euros),
    weeks: whole(read?.weeks, DATA.horizon, DATA.weeks), seed: whole(read?.seed, { low: 0, high: 2 ** 53 - 1 }, DATA.seed),
  };
}

function saveFiles() {
  const titles = { en: "", nl: "" };
  const before = language;
  for (const one of Object.keys(titles)) {
    language = one;
    useWords(DATA.sentences, one);
    titles[one] = titleOf(choice);
  }
  language = before;
  useWords(DATA.sentences, language);
  for (const [name, text] of Object.entries(scenarioFiles(DATA, choice, titles))) {
    const link = node("a", { href: URL.createObjectURL(new Blob([text], { type: "application/toml" })), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }
}

const bytesOf = text => Uint8Array.from(atob(text), character => character.charCodeAt(0));

function fail(why) {
  state = FAILED;
  trouble = say("failed", { why });
  drawAnswer();
}

function begin() {
  readAddress();
  useQuantiles(DATA.quantiles);
  useWords(DATA.sentences, language);
  if (typeof WebAssembly !== "object" || typeof Worker !== "function") {
    write("headline", say("no_workers"));
    return;
  }
  pool = new Pool(WORKER, { module: bytesOf(MODULE), version: DATA.version, columns: DATA.columns, outcomes: DATA.outcomes,
    drawn: DATA.drawn, organisation: DATA.organisation }, fail);
  el("language").onclick = () => { language = language === "en" ? "nl" : "en"; useWords(DATA.sentences, language); writeAddress("replace"); draw(); };
  el("save").onclick = saveFiles;
  el("print").onclick = () => print();
  el("pin").onclick = pin;
  el("promote").onclick = promote;
  el("stop").onclick = stop;
  el("more").onclick = goFurther;
  el("search").oninput = drawQuestions;
  el("find-next").onclick = findSteps;
  el("next-for").onchange = event => { ranked = event.target.value; drawSteps(); };
  el("week").oninput = event => { graphWeek = Number(event.target.value); drawGraph(livedWorlds()); };
  el("people-a").onclick = () => { shownPeople = 0; drawGraph(livedWorlds()); };
  el("people-b").onclick = () => { shownPeople = 1; drawGraph(livedWorlds()); };
  const fillTable = () => { if (el("all").open && livedWorlds().length > 1) drawTable(livedWorlds()); };
  el("all").ontoggle = fillTable;
  window.onbeforeprint = () => { el("all").open = true; fillTable(); };
  window.onpopstate = () => { readAddress(); start("none"); };
  start("replace");
}
begin();
