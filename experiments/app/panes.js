/* What the page shows of an answer: `shown` has what was told last. */
const shown = { answer: null, steps: null, status: null };
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
function drawAnswer() {
  const a = shown.answer;
  el("answer").textContent = a ? a.sentence[lang] : say("waiting");
  el("note").textContent = a ? a.note[lang] : "";
  el("legend").replaceChildren(...legend([
    { text: say("as_is_line"), colour: "var(--today)", dashed: true },
    { text: say("to_be_line"), colour: "var(--chosen)" }]));
  const weeks = a ? [...Array(a.panels[0].bands[0][1].length).keys()].map(w => w + 1) : [];
  el("panels").replaceChildren(...(a ? a.panels : []).map(p => bandPanel({
    title: p.title[lang], scale: p.scale, range: p.range, weeks, marks: a.marks,
    lines: [{ bands: p.bands[0], colour: "var(--today)", dash: "6 4" },
      { bands: p.bands[1], colour: "var(--chosen)", dash: "" }] })));
  drawTable();
}
function drawTable() {
  const heads = ["outcome", "as_is", "to_be", "difference", "better"];
  const head = node("tr", {}, ...heads.map(key => node("th", { scope: "col" }, say(key))));
  const rows = [];
  let last = "";
  for (const row of shown.answer ? shown.answer.table : []) {
    if (row.group[lang] !== last)
      rows.push(node("tr", { class: "group" }, node("th", { colspan: heads.length, scope: "rowgroup" }, row.group[lang])));
    last = row.group[lang];
    rows.push(node("tr", {}, node("th", { scope: "row", title: row.explanation[lang], class: "left plain" }, row.label[lang]),
      ...["as_is", "to_be"].map(key => node("td", {}, row[key][lang])),
      node("td", { class: row.side }, row.difference[lang]), node("td", {}, row.better[lang])));
  }
  el("table").replaceChildren(node("thead", {}, head), node("tbody", {}, ...rows));
}
function drawStatus() {
  const s = shown.status;
  el("progress").value = s && s.asked ? s.worlds / s.asked : 0;
  const told = shown.answer ? shown.answer.worlds : 0;
  const key = !s ? "" : s.warming ? (s.compiling ? "compiling" : "warming") : s.stopped ? "told_stopped" : s.over ? "told_all" : told ? "told_some" : "first_worlds";
  el("progress-text").textContent = key ? say(key, { n: number(told, 0), asked: number(s.asked ?? 0, 0),
    percent: number(100 * (s.share ?? 0), 0) }) : "";
  el("stop").hidden = !s || s.warming || s.over && !s.stopped;
  el("stop").textContent = say(s && s.stopped ? "go_on" : "stop");
}
/* Ranked steps from the as-is; `chosen` tells which are in the plan, `pick` takes one. */
function drawSteps(chosen, pick) {
  const t = shown.steps, o = CATALOGUE.outcomes.find(x => x.id === ranked);
  [...el("outcome").options].forEach(x => x.textContent = CATALOGUE.outcomes.find(y => y.id === x.value).label[lang]);
  el("outcome").value = ranked;
  el("steps-note").textContent = t ? say("steps_note", { n: number(t.worlds, 0) }) : EMBEDDED ? say("steps_none") : say("steps_waiting");
  if (!t) { el("steps").replaceChildren(); return; }
  const sign = o.good === "lower" ? -1 : 1, at = m => m.effects[ranked][0] ?? NaN;
  const moves = t.moves.slice().sort((a, b) => sign * (at(b) - at(a)) || 0);
  const reach = moves.map(m => Math.abs(at(m)) + (m.effects[ranked][1] || 0)).filter(Number.isFinite);
  const most = Math.max(...reach, o.smallest) || 1;
  const row = m => {
    const made = stepRow({ id: `step-${m.lever}-${m.setting}`, o, x: at(m), h: m.effects[ranked][1] ?? NaN, most,
      text: say(chosen(m) ? "undo" : "make", { move: m.words[lang] }), click: pick && (() => pick(m)) });
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
}
