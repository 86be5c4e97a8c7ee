/* The what-if page: what is chosen, where answers come from, and what happens when.
   Answers are served, or embedded in the page as it was when it was shared. */
const EMBEDDED = JSON.parse(el("data").textContent);
const PARTS = { base: "b", levers: "a", plan: "p", numbers: "x", weeks: "w", seed: "s", worlds: "n" };
let CATALOGUE = null, session = null, organisation = null, asking = 0, spoken = 0, notice = [];
let state = { base: "baseline", levers: {}, plan: [], numbers: [], weeks: 104, seed: 1, worlds: 100 };

/* --- asking the server ------------------------------------------------------------ */

class Refusal extends Error {
  constructor(status, problems) { super(problems.join("\n")); this.status = status; this.problems = problems; }
}
async function request(path, { method = "GET", body, headers = {}, ...rest } = {}) {
  let response;
  try {
    response = await fetch(path, { method, body, ...rest, headers: { ...headers, ...(session ? { "x-session": session } : {}) } });
  } catch {
    throw new Refusal(0, [say("unreachable")]);
  }
  if (response.ok) return response;
  let problems = [say("failed", { status: response.status })];
  try { problems = (await response.json()).problems ?? problems; } catch { /* no JSON: the status tells */ }
  throw new Refusal(response.status, problems);
}
const get = async path => (await request(path)).json();
const post = async (path, data) => (await request(path, { method: "POST", body: JSON.stringify(data),
  headers: { "content-type": "application/json" } })).json();
const rest = ms => new Promise(done => setTimeout(done, ms));

async function begin() {
  for (;;) {
    const w = await get("/api/warming");
    if (w.trouble) throw new Refusal(500, [w.trouble]);
    if (w.ready) break;
    shown.status = { warming: true, compiling: w.compiling, share: w.share };
    drawStatus();
    await rest(250);
  }
  session = null;
  session = (await post("/api/sessions", { from: sessionStorage.getItem("session") })).session;
  sessionStorage.setItem("session", session);
}
/* Ask what is chosen now, and watch the answer grow until something else is chosen. */
async function ask() {
  const mine = ++asking;
  shown.status = { asked: state.worlds, worlds: 0 };
  spoken = 0;
  drawStatus();
  try {
    if (!session) await begin();
    await post("/api/question", state);
    if (mine !== asking) return;
    showProblems(el("problems"), notice);
    await watch(mine);
  } catch (error) {
    if (mine !== asking) return;
    if (error.status === 410 || error.status === 503) {
      session = null;
      if (state.base !== "own") return ask();
      error.problems = [say("own_gone")];
    }
    failed(error);
  }
}
async function watch(mine) {
  let after = 0, steps = 0;
  while (mine === asking) {
    const told = await get(`/api/answer?after=${after}&steps=${steps}`);
    if (mine !== asking) return;
    shown.status = told;
    if (told.answer) { shown.answer = told.answer; after = told.answer.worlds; drawAnswer(); }
    if (told.steps) { shown.steps = told.steps; steps = told.steps.worlds; drawPicks(); }
    if (told.trouble) { showProblems(el("problems"), told.trouble.split("\n")); return; }
    drawStatus();
    speak(told.over);
    if (told.over && (told.steps_over || told.steps_trouble || told.stopped)) return;
    await rest(after ? (told.over ? 1000 : 300) : 80);
  }
}
/* Say an answer to screen readers when it first comes and when it is done. */
function speak(over) {
  const due = shown.answer && (!spoken || over && spoken === 1);
  if (!due) return;
  spoken = over ? 2 : 1;
  el("spoken").textContent = `${shown.answer.sentence[lang]} ${el("progress-text").textContent}`;
}
function failed(error) {
  if (!(error instanceof Refusal)) throw error;
  shown.status = null;
  drawStatus();
  showProblems(el("problems"), [...notice, ...error.problems]);
}
async function stop() {
  if (shown.status && shown.status.stopped) return ask();
  try { await post("/api/stop", {}); } catch (error) { failed(error); }
}

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
function readAddress() {
  const parts = new URLSearchParams(location.hash.slice(1));
  const list = key => (parts.get(key) ?? "").split(",").filter(Boolean);
  const dated = (key, made) => list(key).map(text => {
    const [, name, value, week] = text.match(/^([^=]*)=([^@]*)@(\d+)$/) ?? [null, text, "", "0"];
    return [Number(week), name, made(value)];
  });
  if (parts.has("b")) state.base = parts.get("b");
  state.levers = Object.fromEntries(list("a").map(text => text.split(".", 2)).map(([name, setting]) => [name, setting ?? ""]));
  state.plan = dated("p", String);
  state.numbers = dated("x", Number);
  for (const key of ["weeks", "seed", "worlds"]) {
    const given = parts.get(PARTS[key]);
    if (given !== null) state[key] = Number(given);
  }
  if (Object.hasOwn(CATALOGUE.words, parts.get("l") ?? "")) lang = parts.get("l");
  if (CATALOGUE.outcomes.some(o => o.id === parts.get("o"))) ranked = parts.get("o");
}
const writeAddress = () => history.replaceState(null, "", address());

/* --- what is chosen ---------------------------------------------------------------- */

const leverOf = name => CATALOGUE.levers.find(x => x.name === name);
const settingWords = (name, setting) => leverOf(name)?.settings.find(x => x.name === setting)?.words[lang] ?? `${name}: ${setting}`;
const asIs = name => state.levers[name] ?? organisation?.levers[name] ?? null;
const movesOf = name => state.plan.filter(x => x[1] === name);

function setAsIs(name, setting) {
  if (setting === organisation.levers[name] || setting === "") delete state.levers[name];
  else state.levers[name] = setting;
  state.plan = state.plan.filter(([, lever, to]) => lever !== name || to !== asIs(name));
  changed();
}
function setToBe(name, setting) {
  const week = movesOf(name)[0]?.[0] ?? 0;
  state.plan = state.plan.filter(x => x[1] !== name);
  if (setting) state.plan.push([week, name, setting]);
  changed();
}
function changed(told = []) {
  notice = told;
  writeAddress();
  drawChoices();
  drawPicks();
  clearTimeout(changed.soon);
  asking += 1;
  changed.soon = setTimeout(ask, 60);
}
async function chooseBase(name) {
  try {
    if (name === "own" && !session) await begin();
    organisation = await get(`/api/organisations/${encodeURIComponent(name)}`);
  } catch (error) {
    if (name === "own") error.problems = [say("own_gone")];
    else if (error.status === 404) error.problems = [say("no_organisation", { name })];
    failed(error);
    chooseBase.problems = error.problems;
    el("base").value = organisation ? organisation.name : "";
    return false;
  }
  state.base = organisation.name;
  const { plan, numbers, weeks } = organisation;
  if (plan.length && !state.plan.length) Object.assign(state, { plan, numbers, weeks });
  return true;
}
/* Take up the organisation of an address; where there is none, Today, and say so. */
async function takeBase() {
  if (await chooseBase(state.base)) return [];
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
  const told = organisation ? [organisation.question[lang], organisation.people[lang],
    organisation.open ? say("open", { n: number(organisation.open, 0) }) : ""] : [];
  el("base-note").textContent = told.filter(Boolean).join(" · ");
  el("where").textContent = organisation ? organisation.title[lang] : "";
}
function drawLevers() {
  const focused = document.activeElement?.id;
  el("levers").replaceChildren(...CATALOGUE.levers.map(lever => {
    const now = asIs(lever.name), moves = movesOf(lever.name), title = lever.title[lang];
    const options = lever.settings.map(x => new Option(x.words[lang], x.name));
    const unknown = organisation && organisation.levers[lever.name] === null;
    const first = node("select", { id: `as-is-${lever.name}`, class: "as-is", "aria-label": `${title}, ${say("as_is")}`,
      onchange: event => setAsIs(lever.name, event.target.value) },
      ...(unknown ? [new Option(say("not_known"), "")] : []), ...options);
    first.value = now ?? "";
    const others = lever.settings.filter(x => x.name !== now).map(x => new Option(x.words[lang], x.name));
    const second = node("select", { id: `to-be-${lever.name}`, class: "to-be", "aria-label": `${title}, ${say("to_be")}`,
      onchange: event => setToBe(lever.name, event.target.value) }, new Option(say("as_it_is"), ""), ...others);
    second.value = moves.length ? moves[moves.length - 1][2] : "";
    first.title = first.selectedOptions[0]?.text ?? "";
    second.title = second.selectedOptions[0]?.text ?? "";
    first.disabled = second.disabled = Boolean(EMBEDDED);
    const kind = [moves.length ? "moved" : "", lever.name in state.levers ? "set" : ""].join(" ").trim();
    return node("div", { class: `lever ${kind}`, role: "group", "aria-label": title }, node("span", { class: "lever-name" }, title), first, second);
  }));
  if (focused && el(focused)) el(focused).focus();
}
function drawDates() {
  const focused = document.activeElement?.id;
  const rows = [...state.plan.map((row, k) => ({ row, k, list: "plan", text: settingWords(row[1], row[2]) })),
    ...state.numbers.map((row, k) => ({ row, k, list: "numbers", text: `${row[1]} = ${number(row[2], 3).replace(/[.,]?0+$/, "") || 0}` }))];
  drawTimeline(rows.map(({ row, text }) => ({ week: row[0], text })), state.weeks);
  el("dated").replaceChildren(...rows.map(({ row, k, list, text }) => {
    const input = node("input", { type: "number", min: 0, max: state.weeks - 1, step: 1, id: `week-${list}-${row[1]}-${k}`,
      "aria-label": `${say("from_week")}: ${text}`, disabled: Boolean(EMBEDDED) });
    input.value = row[0];
    input.onchange = () => {
      const week = Math.max(0, Math.min(state.weeks - 1, Math.round(Number(input.value)) || 0));
      state[list][k] = [week, row[1], row[2]];
      changed();
    };
    const away = node("button", { type: "button", class: "served", "aria-label": say("undo", { move: text }) }, "×");
    away.onclick = () => { state[list].splice(k, 1); changed(); el("dated").querySelector("button")?.focus(); };
    return node("li", {}, node("span", {}, text), node("span", { class: "when" }, node("label", {}, `${say("from_week")} `, input), " ", away));
  }));
  if (!rows.length) el("dated").append(node("li", { class: "note" }, say("no_dates")));
  if (focused && el(focused)) el(focused).focus();
}
function drawPicks() {
  const chosen = m => state.plan.some(x => x[1] === m.lever && x[2] === m.setting);
  const focused = document.activeElement?.id;
  drawSteps(chosen, EMBEDDED ? null : m => setToBe(m.lever, chosen(m) ? "" : m.setting));
  if (focused?.startsWith("step-") && el(focused)) el(focused).focus();
}
function drawChoices() {
  drawLevers();
  drawDates();
  for (const key of ["weeks", "seed", "worlds"]) if (document.activeElement !== el(key)) el(key).value = state[key];
}
function drawAll() {
  document.documentElement.lang = lang;
  document.title = `${say("title")} orgsim`;
  sayAll();
  drawBases();
  drawChoices();
  drawAnswer();
  drawStatus();
  drawPicks();
}

/* --- documents and people ---------------------------------------------------------- */

async function download(name) {
  el("saved").textContent = say("making");
  try {
    const response = await request(`/api/documents/${name}?language=${lang}`);
    const link = node("a", { href: URL.createObjectURL(await response.blob()), download: `what-if-${name}` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    el("saved").textContent = say("saved", { file: link.download });
  } catch (error) {
    el("saved").textContent = "";
    failed(error);
  }
}
function showPeople() {
  const frame = el("people-frame");
  frame.hidden = false;
  frame.src = `/people?session=${encodeURIComponent(session)}&language=${lang}&at=${Date.now()}`;
  frame.onload = () => {
    const page = frame.contentDocument?.documentElement;
    if (page) frame.style.height = `${page.scrollHeight + 20}px`;
  };
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
  el("outcome").onchange = event => { ranked = event.target.value; if (!EMBEDDED) writeAddress(); drawPicks(); };
  if (EMBEDDED) return;
  el("base").onchange = event => startFrom(event.target.value);
  el("reset").onclick = () => { Object.assign(state, { levers: {}, plan: [], numbers: [] }); changed(); };
  el("weeks").onchange = () => {
    state.weeks = Math.max(4, Math.min(520, Math.round(Number(el("weeks").value)) || 104));
    for (const key of ["plan", "numbers"]) state[key] = state[key].map(([week, ...more]) => [Math.min(week, state.weeks - 1), ...more]);
    el("weeks").value = state.weeks;
    changed();
  };
  el("seed").onchange = () => { state.seed = Math.max(0, Math.round(Number(el("seed").value)) || 0); changed(); };
  el("worlds").onchange = () => { state.worlds = Number(el("worlds").value); changed(); };
  el("stop").onclick = stop;
  el("people").onclick = showPeople;
  for (const button of document.querySelectorAll("[data-get]")) button.onclick = () => download(button.dataset.get);
  addEventListener("pagehide", () => {
    asking += 1;
    if (session) fetch("/api/stop", { method: "POST", keepalive: true, headers: { "x-session": session } });
  });
  addEventListener("pageshow", event => { if (event.persisted) ask(); });
  addEventListener("hashchange", async () => {
    if (location.hash === address()) return;
    readAddress();
    const told = state.base === organisation?.name ? [] : await takeBase();
    if (!told) return;
    drawAll();
    changed(told);
  });
}
async function start() {
  if (EMBEDDED) {
    ({ catalogue: CATALOGUE, state, organisation } = EMBEDDED);
    Object.assign(shown, { answer: EMBEDDED.answer, steps: EMBEDDED.steps });
    shown.status = { over: true, worlds: 1, asked: 1 };
    document.body.classList.add("embedded");
    lang = EMBEDDED.language;
    el("base").disabled = true;
  } else {
    CATALOGUE = await (await fetch("/api/catalogue")).json();
    lang = navigator.language.startsWith("nl") ? "nl" : "en";
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
  changed(told);
}
addEventListener("DOMContentLoaded", start);
