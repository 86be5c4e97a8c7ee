/* What the page shows of an answer: `shown` has what was told last, and of which choice;
   `asked` is what was asked last, by the number that the server gave it. */
const shown = { answer: null, of: {}, steps: null, stepsOf: "", peopleOf: "", peopleAsked: "", asked: null, status: { worlds: 0, asked: 0 } };
let ranked = "lead_quality";

function node(name, attributes = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made[key] = value;
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...inside);
  return made;
}
/* Fill in the fixed words of the page, in the language that holds. */
function sayAll(root = document) {
  for (const part of root.querySelectorAll("[data-say]")) part.textContent = say(part.dataset.say);
  for (const part of root.querySelectorAll("[data-label]")) part.setAttribute("aria-label", say(part.dataset.label));
  for (const part of root.querySelectorAll("[data-title]")) part.title = say(part.dataset.title);
}
/* While nothing is changed there is only the as-is to show. */
function drawAnswer() {
  const a = shown.answer, alone = nothing() && !EMBEDDED, told = a && (EMBEDDED || !alone && !shown.of.nothing);
  const old = isEarlier();
  drawStarts();
  const waits = alone ? (el("starts").children.length ? "choose_or" : "choose") : isHalted() ? "unanswered" : "waiting";
  el("answer").textContent = told ? a.sentence[lang] : say(waits);
  el("answer").classList.toggle("old", old && Boolean(told));
  el("not-fitted").textContent = say(state.base === "own" ? "not_fitted_own" : "not_fitted");
  el("note").textContent = a && !alone ? a.note[lang] : "";
  drawPanels(alone);
  drawTable(alone);
  for (const id of ["panels", "table", "note"]) el(id).classList.toggle("old", old);
  el("earlier").hidden = !old;
}
function drawPanels(alone) {
  const a = shown.answer, sides = [{ ...BEFORE, text: say("as_is_line"), name: say("as_is") },
    { ...AFTER, text: say("to_be_line"), name: say("to_be") }].slice(0, alone ? 1 : 2);
  const weeks = a ? [...Array(a.panels[0].bands[0][1].length).keys()].map(w => w + 1) : [];
  const tail = Math.min(CATALOGUE.last_weeks, weeks.length || state.weeks);
  el("legend").replaceChildren(...legend([...sides, { text: say("tail", { n: number(tail, 0) }) }]));
  el("panels").replaceChildren(...(a ? a.panels : []).map(p => {
    const told = CATALOGUE.panels[p.outcome];
    const panel = bandPanel({ title: p.title[lang], scale: p.scale, range: p.range, weeks, marks: alone ? [] : a.marks,
      tail: told.last ? CATALOGUE.last_weeks : 0, lines: sides.map((side, k) => ({ ...side, bands: p.bands[k] })) });
    panel.append(node("p", { class: "note" }, `${told.explanation[lang]} ${say(told.up_is_good ? "up_is_good" : "down_is_good")}`));
    return panel;
  }));
}
function drawTable(alone) {
  const differing = ["difference", "as_is", "to_be", "better"], heads = ["outcome", ...(alone ? ["as_is"] : differing)];
  const head = node("tr", {}, ...heads.map(key => node("th", { scope: "col" }, say(key))));
  const rows = [];
  let last = "";
  for (const row of shown.answer ? shown.answer.table : []) {
    if (row.group[lang] !== last)
      rows.push(node("tr", { class: "group" }, node("th", { colspan: heads.length, scope: "rowgroup" }, row.group[lang])));
    last = row.group[lang];
    rows.push(node("tr", {}, node("th", { scope: "row", title: row.explanation[lang], class: "left plain" }, row.label[lang]),
      ...heads.slice(1).map(key => node("td", { class: key === "difference" ? row.side : "" }, row[key][lang]))));
  }
  el("table").replaceChildren(node("thead", {}, head), node("tbody", {}, ...rows));
}
/* How far the answer is that is shown; only one that is finished looks so. */
function drawStatus() {
  const s = shown.status, told = shown.answer && !isEarlier() ? shown.answer.worlds : 0, key = s ? statusKey(s, told) : "";
  el("progress").value = s && s.asked ? s.worlds / s.asked : 0;
  el("progress-text").textContent = key ? say(key, { n: number(told, 0), asked: number(s.asked ?? 0, 0),
    percent: number(100 * (s.share ?? 0), 0) }) : "";
  el("stop").hidden = !s?.asked || s.over && !isHalted();
  el("stop").textContent = say(isHalted() ? "go_on" : "stop");
}
function statusKey(s, told) {
  if (s.warming) return s.compiling ? "compiling" : "warming";
  if (EMBEDDED) return told < s.asked ? "told_saved" : "told_all";
  if (s.trouble || s.broken) return told ? "told_broken" : "broken_early";
  if (s.stopped) return told ? "told_stopped" : "stopped_early";
  if (!told) return "first_worlds";
  return s.over ? "told_all" : nothing() ? "worlds_so_far" : "told_some";
}
/* Moves of a ranking, the best first for the outcome that is chosen. */
const effectOf = m => ({ x: m.effects[ranked][0] ?? NaN, h: m.effects[ranked][1] ?? NaN });
function inOrder(moves) {
  const sign = directionOf(rankedOutcome());
  return moves.slice().sort((a, b) => sign * (effectOf(b).x - effectOf(a).x) || 0);
}
const directionOf = o => o.good === "lower" ? -1 : 1;
const rankedOutcome = () => CATALOGUE.outcomes.find(x => x.id === ranked);
/* The three best steps to begin with, while nothing is changed. */
function drawStarts() {
  const o = rankedOutcome(), steps = nothing() && !EMBEDDED ? stepsNow() : null;
  const best = steps ? inOrder(steps.moves).filter(m => directionOf(o) * effectOf(m).x > 0).slice(0, 3) : [];
  el("starts").replaceChildren(...best.map(m => {
    const { x, h } = effectOf(m);
    return node("button", { type: "button", class: "left", id: `start-${m.lever}-${m.setting}`, onclick: () => startWith(m) },
      node("strong", {}, m.words[lang]), node("br"), `${o.label[lang]}: ${change(o, x, h)}`);
  }));
  el("starts-note").textContent = best.length ? unfinished(steps) : "";
}
/* Say so where more worlds of a ranking are to come. */
const unfinished = t => t.worlds < t.asked ? say("steps_so_far", { n: number(t.worlds, 0), asked: number(t.asked, 0) }) : "";
/* Ranked steps from the as-is; `chosen` tells which are in the plan, `pick` takes one. */
function drawSteps(chosen, pick) {
  const t = EMBEDDED ? shown.steps : stepsNow(), o = rankedOutcome();
  [...el("outcome").options].forEach(x => x.textContent = CATALOGUE.outcomes.find(y => y.id === x.value).label[lang]);
  el("outcome").value = ranked;
  const why = shown.status?.steps_trouble, trouble = why ? say("steps_trouble", { why }) : "";
  el("steps-note").textContent = t ? [trouble, unfinished(t), say("steps_note", { n: number(t.worlds, 0) })].filter(Boolean).join(" ")
    : EMBEDDED ? say("steps_none") : trouble || say("steps_waiting");
  if (!t) { el("steps").replaceChildren(); return; }
  const moves = inOrder(t.moves);
  const reach = moves.map(effectOf).map(({ x, h }) => Math.abs(x) + (h || 0)).filter(Number.isFinite);
  const most = Math.max(...reach, o.smallest) || 1;
  const row = m => {
    const made = stepRow({ id: `step-${m.lever}-${m.setting}`, o, ...effectOf(m), most,
      text: chosen(m) ? say("in_plan", { move: m.words[lang] }) : pick ? say("make", { move: m.words[lang] }) : m.words[lang], click: pick && (() => pick(m)) });
    if (m.tier[ranked] === 0) made.classList.add("first");
    made.firstChild.setAttribute("aria-pressed", String(chosen(m)));
    return made;
  };
  const list = moves.map(row);
  const rest = node("details", {}, node("summary", {}, say("steps_more", { n: number(list.length - 8, 0) })));
  rest.open = el("steps").querySelector("details")?.open ?? false;
  rest.append(...list.slice(8));
  el("steps").replaceChildren(...list.slice(0, 8), ...(list.length > 8 ? [rest] : []));
}
/* When what changes, on a line of weeks. */
function drawTimeline(plan, weeks) {
  const W = 340, H = 46, L = 14, R = 18, x = week => L + (W - L - R) * week / weeks, box = document.createElement("div");
  const svg = make("svg", { viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": say("dates") }, box);
  make("line", { x1: L, x2: W - R, y1: 20, y2: 20, class: "axis", "stroke-width": 2 }, svg);
  for (const week of weekTicks(weeks).filter(w => w <= weeks)) {
    make("line", { x1: x(week), x2: x(week), y1: 16, y2: 24, class: "axis" }, svg);
    make("text", { x: x(week), y: 40, "text-anchor": "middle" }, svg, number(week, 0));
  }
  const seen = new Map();
  for (const { week, text } of plan) {
    const up = seen.get(week) ?? 0;
    seen.set(week, up + 1);
    const dot = make("circle", { cx: x(week) + 5 * up, cy: 20 - 3 * up, r: 5, fill: "var(--chosen)", stroke: "var(--paper)" }, svg);
    make("title", {}, dot, `${say("week", { week: number(week, 0) })}: ${text}`);
  }
  el("timeline").replaceChildren(box);
}
function showProblems(box, problems) {
  box.hidden = !problems.length;
  box.textContent = problems.join("\n");
  markWrong(box.closest("dialog"), problems);
}
/* When a dialog has problems, mark its fields that are wrong or wait for a choice, and go to the first. */
function markWrong(dialog, problems) {
  if (!dialog) return;
  const isWrong = field => !field.validity.valid || field.selectedOptions?.[0]?.text === "";
  const wrong = [...dialog.querySelectorAll("select, input:not([type=file])")].filter(field => {
    const found = problems.length > 0 && isWrong(field);
    if (found) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
    return found;
  });
  setTimeout(() => {  /* last: a button that was pressed may get the focus back before */
    wrong[0]?.focus();
    wrong[0]?.scrollIntoView({ block: "center" });
  });
}
