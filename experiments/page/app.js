/* The what-if page: what is chosen, and what happens when. */
const PARTS = { base: "b", levers: "a", plan: "p", numbers: "x", weeks: "w", seed: "s", worlds: "n" };
let organisation = null;
let state = { base: "baseline", levers: {}, plan: [], numbers: [], weeks: 104, seed: 1, worlds: 100 };

/* --- the address carries the state ------------------------------------------------ */

function address() {
  const parts = new URLSearchParams();
  parts.set("b", state.base);
  const levers = Object.entries(state.levers).map(([name, setting]) => `${name}.${setting}`);
  const dated = rows => rows.map(([week, name, value]) => `${name}=${value}@${week}`).join(",");
  if (levers.length) parts.set("a", levers.join(","));
  if (state.plan.length) parts.set("p", dated(state.plan));
  if (state.numbers.length) parts.set("x", dated(state.numbers));
  for (const key of ["weeks", "seed", "worlds"]) parts.set(PARTS[key], state[key]);
  parts.set("l", lang);
  parts.set("o", ranked);
  return `#${parts}`.replaceAll("%2C", ",").replaceAll("%3D", "=").replaceAll("%40", "@");
}
/* Read what is chosen; language and order too where `all`. */
function readAddress(all = true) {
  const parts = new URLSearchParams(location.hash.slice(1));
  const list = key => (parts.get(key) ?? "").split(",").filter(Boolean);
  const dated = (key, made) => list(key).map(text => {
    const [, name, value, week] = text.match(/^([^=]*)=([^@]*)@(\d+)$/) ?? [null, text, "", "0"];
    return [Number(week), name, made(value)];
  });
  if (parts.has("b")) state.base = parts.get("b");
  state.levers = Object.fromEntries(list("a").map(text => text.split(".", 2)).map(([name, setting]) => [name, setting ?? ""]));
  state.plan = inWeeks(dated("p", String));
  state.numbers = inWeeks(dated("x", Number));
  for (const key of ["weeks", "seed", "worlds"]) {
    const given = parts.get(PARTS[key]);
    if (given !== null) state[key] = Number(given);
  }
  if (!all) return;
  if (Object.hasOwn(CATALOGUE.words, parts.get("l") ?? "")) lang = parts.get("l");
  if (CATALOGUE.outcomes.some(o => o.id === parts.get("o"))) ranked = parts.get("o");
}
/* A choice can be taken back with Back; one control that is moved on at once is one choice. */
function writeAddress(choice = false) {
  if (location.hash === address()) return;
  const from = document.activeElement?.id, last = writeAddress.last;
  const goesOn = from && from === last?.from && Date.now() - last.at < 1000;
  history[choice && !goesOn ? "pushState" : "replaceState"]({ choice: true }, "", address());
  if (choice) writeAddress.last = { from, at: Date.now() };
}

/* --- what is chosen ---------------------------------------------------------------- */

const leverOf = name => CATALOGUE.levers.find(x => x.name === name);
const settingWords = (name, setting) => leverOf(name)?.settings.find(x => x.name === setting)?.words[lang] ?? `${name}: ${setting}`;
const asIs = name => state.levers[name] ?? organisation?.levers[name] ?? null;
const movesOf = name => state.plan.filter(x => x[1] === name);

/* Rows of [week, name, value] in order of week; of two in one week the last holds. */
function inWeeks(rows) {
  const kept = new Map(rows.map(row => [`${row[0]} ${row[1]}`, row]));
  return [...kept.values()].sort((a, b) => a[0] - b[0]);
}
/* The week nearest to one that is asked for, in which nothing else happens to the same. */
function freeWeek(rows, row, week) {
  const taken = new Set(rows.filter(x => x !== row && x[1] === row[1]).map(x => x[0]));
  const weeks = [...Array(state.weeks).keys()].filter(x => !taken.has(x));
  return weeks.reduce((best, x) => Math.abs(x - week) < Math.abs(best - week) ? x : best, weeks[0] ?? 0);
}
/* Leave out first moves of a lever that change nothing. */
function dropIdle(name) {
  while (movesOf(name).length && movesOf(name)[0][2] === asIs(name)) removeRow("plan", movesOf(name)[0]);
}
function removeRow(list, row) { state[list] = state[list].filter(x => x !== row); }
function setAsIs(name, setting) {
  if (setting === organisation.levers[name] || setting === "") delete state.levers[name];
  else state.levers[name] = setting;
  dropIdle(name);
  changed();
}
/* Give a move of a lever (its first, or a new one) a setting; none takes the move back. */
function setToBe(name, setting, row = movesOf(name)[0]) {
  if (!setting) removeRow("plan", row);
  else if (row) row[2] = setting;
  else state.plan.push([0, name, setting]);
  dropIdle(name);
  changed();
}
/* Move a lever once more, half a year later: back to the as-is, or on. */
function addLater(name) {
  const last = movesOf(name).at(-1), row = [0, name, ""];
  const others = leverOf(name).settings.map(x => x.name).filter(x => x !== last[2]);
  row[0] = freeWeek(state.plan, row, Math.min(last[0] + 26, state.weeks - 1));
  row[2] = others.includes(asIs(name)) ? asIs(name) : others[0];
  state.plan.push(row);
  changed();
  el(`to-be-${name}-${movesOf(name).indexOf(row) + 1}`)?.focus();
}
const moveOf = m => movesOf(m.lever).find(x => x[2] === m.setting);
function pick(m) {
  const row = moveOf(m);
  setToBe(m.lever, row ? "" : m.setting, row);
}
/* Take one of the first steps; its button is then gone. */
function startWith(m) {
  pick(m);
  el("results").focus({ preventScroll: true });
}
function changed(told = [], choice = true) {
  notice = told;
  for (const list of ["plan", "numbers"]) state[list] = inWeeks(state[list]);
  writeAddress(choice);
  shown.status = begun();
  drawChoices();
  drawPicks();
  drawAnswer();
  drawStatus();
  tellPeople();
  clearTimeout(changed.soon);
  asking += 1;
  changed.soon = setTimeout(ask, 60);
}
/* Take up an organisation; false where it cannot be, null where another was wanted meanwhile. */
async function chooseBase(name) {
  const mine = chooseBase.last = {};
  let found = null, refusal = null;
  try {
    if (name === "own" && !session) await begin();
    found = await get(`/api/organisations/${encodeURIComponent(name)}`);
  } catch (error) { refusal = error; }
  if (chooseBase.last !== mine) return null;
  if (refusal) {
    if (name === "own" && (hasLost(refusal) || refusal.status === 404)) refusal.problems = [say("own_gone")];
    tell(refusal);
    chooseBase.problems = refusal.problems;
    el("base").value = organisation ? organisation.name : "";
    return false;
  }
  organisation = found;
  state.base = organisation.name;
  const { plan, numbers, weeks } = organisation;
  if (plan.length && !state.plan.length) Object.assign(state, { plan, numbers, weeks });
  return true;
}
/* Take up the organisation of an address; where there is none, Today, and say so. */
async function takeBase() {
  const taken = await chooseBase(state.base);
  if (taken !== false) return taken && [];
  const told = chooseBase.problems;
  if (!await chooseBase("baseline")) return null;
  return [...told, say("today_instead", { title: organisation.title[lang] })];
}
/* Begin anew from an organisation: nothing set, and planned what comes with it. */
async function startFrom(name) {
  if (!await chooseBase(name)) return;
  const { plan, numbers, weeks } = organisation;
  Object.assign(state, { levers: {}, plan: [...plan], numbers: [...numbers], weeks });
  shown.answer = shown.steps = null;
  drawAll();
  changed();
}

/* --- drawing what is chosen -------------------------------------------------------- */

function drawBases() {
  const own = organisation && organisation.name === "own" ? organisation : drawBases.own;
  drawBases.own = own;
  const groups = CATALOGUE.groups.map(group => node("optgroup", { label: say(`group_${group}`) },
    ...CATALOGUE.organisations.filter(x => x.group === group).map(x => new Option(x.title[lang], x.name))));
  const first = own ? [node("optgroup", { label: say("group_own") }, new Option(own.title[lang], "own"))] : [];
  el("base").replaceChildren(...first, ...groups);
  el("base").value = state.base;
}
function drawBaseNote() {
  const told = organisation ? [organisation.question[lang], people(),
    organisation.open ? say("open", { n: number(organisation.open, 0) }) : ""] : [];
  el("base-note").textContent = told.filter(Boolean).join(" · ");
}
const people = () => say("people", { n: number(organisation.people, 0), weeks: number(state.weeks, 0) });
/* A choice of which the words wrap: they are drawn below a select that is not seen. */
function picker(attributes, choices, value) {
  const select = node("select", attributes, ...choices.map(([key, text]) => new Option(text, key)));
  select.value = value;
  return node("span", { class: `pick ${attributes.class}` },
    node("span", { class: "picked", "aria-hidden": "true" }, select.selectedOptions[0]?.text ?? ""), select);
}
function keepingFocus(draw) {
  const focused = document.activeElement?.id;
  draw();
  if (focused && el(focused)) el(focused).focus();
}
function drawLevers() {
  el("levers").replaceChildren(...CATALOGUE.levers.map(lever => {
    const title = lever.title[lang], settings = lever.settings.map(x => [x.name, x.words[lang]]);
    const unknown = organisation && organisation.levers[lever.name] === null;
    const first = picker({ id: `as-is-${lever.name}`, class: "as-is", "aria-label": `${title}, ${say("as_is")}`,
      onchange: event => setAsIs(lever.name, event.target.value) },
    [...(unknown ? [["", say("not_known")]] : []), ...settings], asIs(lever.name) ?? "");
    const kinds = [movesOf(lever.name).length ? "moved" : "", lever.name in state.levers ? "set" : ""].join(" ").trim();
    return node("div", { class: `lever ${kinds}`, role: "group", "aria-label": title },
      node("span", { class: "lever-name" }, title), first, node("span", { class: "moves" }, ...toBe(lever, title, settings)));
  }));
}
/* The moves of a lever, in order of week, and a button to add one. */
function toBe(lever, title, settings) {
  const { name } = lever, moves = movesOf(name), several = moves.length > 1;
  const one = (row, k) => {
    const from = several ? `${say("from_week")} ${number(row[0], 0)}` : "";
    const others = k ? settings : settings.filter(([key]) => key !== asIs(name) || key === row?.[2]);
    return [from && node("span", { class: "note" }, from), picker({ id: `to-be-${name}${k ? `-${k + 1}` : ""}`, class: "to-be",
      "aria-label": [title, say("to_be"), from].filter(Boolean).join(", "), onchange: event => setToBe(name, event.target.value, row) },
    [["", say(k ? "no_later" : "as_it_is")], ...others], row?.[2] ?? "")].filter(Boolean);
  };
  const more = moves.length && moves.length < state.weeks && node("button", { type: "button", class: "more", id: `later-${name}`,
    "aria-label": `${title}: ${say("later")}`, onclick: () => addLater(name) }, `+ ${say("later")}`);
  return [...(several ? moves : [moves[0]]).flatMap(one), ...(more ? [more] : [])];
}
/* Rows keep their own number, so that focus stays where it is when they move. */
const rowId = row => {
  if (!rowId.known.has(row)) rowId.known.set(row, rowId.next += 1);
  return rowId.known.get(row);
};
Object.assign(rowId, { known: new WeakMap(), next: 0 });
/* What is decided: whose organisation, what is set in it, and what changes when. */
function drawDates() {
  const value = x => number(x, 3).replace(/([.,]\d*?)0+$/, "$1").replace(/[.,]$/, "");
  const rows = [...state.plan.map(row => ({ row, list: "plan", text: settingWords(row[1], row[2]) })),
    ...state.numbers.map(row => ({ row, list: "numbers", text: `${row[1]} = ${value(row[2])}` }))].sort((a, b) => a.row[0] - b.row[0]);
  const set = Object.entries(state.levers).map(([name, setting]) => settingWords(name, setting));
  el("where").textContent = organisation ? organisation.title[lang] : "";
  el("who").textContent = organisation ? people() : "";
  el("set").textContent = set.length ? say("set", { settings: set.join("; ") }) : "";
  el("when").hidden = !rows.length;
  drawTimeline(rows.map(({ row, text }) => ({ week: row[0], text })), state.weeks);
  el("dated").replaceChildren(...rows.map(datedRow));
  if (!rows.length) el("dated").append(node("li", { class: "note" }, say("no_dates")));
}
function datedRow({ row, list, text }) {
  if (EMBEDDED) return node("li", {}, node("span", { class: "when" }, `${say("from_week")} ${number(row[0], 0)}:`), node("span", {}, text));
  const input = node("input", { type: "number", min: 0, max: state.weeks - 1, step: 1, id: `week-${rowId(row)}`, "aria-label": `${say("from_week")}: ${text}` });
  input.value = row[0];
  input.onchange = () => setTimeout(() => {  /* when Tab has gone on: rows are then drawn anew */
    row[0] = freeWeek(state[list], row, Math.max(0, Math.min(state.weeks - 1, Math.round(Number(input.value)) || 0)));
    changed();
  });
  const away = node("button", { type: "button", class: "no-print", id: `away-${rowId(row)}`, "aria-label": say("take_out", { move: text }) }, "×");
  away.onclick = () => { removeRow(list, row); if (list === "plan") dropIdle(row[1]); changed(); (el("dated").querySelector("button") ?? el("results")).focus(); };
  return node("li", {}, node("label", { class: "when" }, `${say("from_week")} `, input), node("span", {}, text), away);
}
function drawPicks() {
  keepingFocus(() => drawSteps(m => Boolean(moveOf(m)), EMBEDDED ? null : pick));
}
function drawChoices() {
  keepingFocus(() => {
    if (!EMBEDDED) drawLevers();
    drawDates();
    drawBaseNote();
  });
  for (const key of ["weeks", "seed", "worlds"]) if (document.activeElement !== el(key)) el(key).value = state[key];
}
function drawAll() {
  document.documentElement.lang = lang;
  document.title = `${say("title")} orgsim`;
  sayAll();
  drawBases();
  drawChoices();
  drawPicks();
  drawAnswer();
  drawStatus();
}

/* --- the beginning ----------------------------------------------------------------- */

function listen() {
  el("language").onclick = () => {
    lang = lang === "en" ? "nl" : "en";
    if (!EMBEDDED) writeAddress();
    drawAll();
    if (!el("people-frame").hidden) showPeople();
    document.dispatchEvent(new Event("language"));
  };
  el("outcome").onchange = event => { ranked = event.target.value; if (!EMBEDDED) writeAddress(); drawPicks(); drawAnswer(); };
  el("skip").onclick = () => el("results").focus();
  if (EMBEDDED) return;
  el("to-levers").onclick = () => { el("levers-title").focus(); el("levers-title").scrollIntoView(); };
  el("base").onchange = event => startFrom(event.target.value);
  el("reset").onclick = () => { Object.assign(state, { levers: {}, plan: [], numbers: [] }); changed(); };
  el("weeks").onchange = () => {
    state.weeks = Math.max(4, Math.min(520, Math.round(Number(el("weeks").value)) || 104));
    for (const row of [...state.plan, ...state.numbers]) row[0] = Math.min(row[0], state.weeks - 1);
    el("weeks").value = state.weeks;
    changed();
  };
  el("seed").onchange = () => { state.seed = Math.max(0, Math.round(Number(el("seed").value)) || 0); changed(); };
  el("worlds").onchange = () => { state.worlds = Number(el("worlds").value); changed(); };
  el("stop").onclick = stop;
  el("people").onclick = showPeople;
  listenToMenu();
  addEventListener("pagehide", () => {
    asking += 1;
    if (session) fetch("/api/stop", { method: "POST", keepalive: true, headers: { "x-session": session } });
  });
  addEventListener("pageshow", event => { if (event.persisted) ask(); });
  addEventListener("hashchange", async () => {
    if (location.hash === address()) return;
    readAddress(!history.state?.choice);
    chooseBase.last = null;
    const told = state.base === organisation?.name ? [] : await takeBase();
    if (!told) return;
    drawAll();
    changed(told, false);
  });
}
async function start() {
  if (EMBEDDED) {
    ({ catalogue: CATALOGUE, state, organisation } = EMBEDDED);
    Object.assign(shown, { answer: EMBEDDED.answer, steps: EMBEDDED.steps });
    shown.of = question();
    shown.status = EMBEDDED.status;
    document.body.classList.add("embedded");
    lang = EMBEDDED.language;
    el("base").disabled = true;
  } else {
    CATALOGUE = await (await fetch("/api/catalogue")).json();
    lang = CATALOGUE.language ?? (navigator.language.startsWith("nl") ? "nl" : "en");
  }
  WORDS = CATALOGUE.words;
  CATALOGUE.outcomes.forEach(o => el("outcome").add(new Option("", o.id)));
  if (!EMBEDDED) readAddress();
  listen();
  drawAll();
  if (EMBEDDED) return;
  const told = await takeBase();
  if (!told) return;
  drawAll();
  changed(told, false);
}
addEventListener("DOMContentLoaded", start);
