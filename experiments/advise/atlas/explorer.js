const D = JSON.parse(document.getElementById("data").textContent);
const bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt(0)).buffer;
const mean = new Float32Array(bytes(D.mean)), gain = new Float32Array(bytes(D.gain)),
  half = new Float32Array(bytes(D.half)), edge = new Float32Array(bytes(D.edge)),
  bands = new Uint16Array(bytes(D.bands));
const K = D.outcomes.length, N = D.moves.length, E = D.ranked.length, T = D.weeks.length, B = D.shown.length;
let state = 0, ranked = 0;
WORDS = D.words;
lang = D.language;

function readAddress() {
  const at = new URLSearchParams(location.hash.slice(1));
  const s = parseInt(at.get("s"), 10), o = D.ranked.indexOf(at.get("o"));
  if (s >= 0 && s < 1 << N) state = s;
  if (Object.hasOwn(D.words, at.get("l"))) lang = at.get("l");
  if (o >= 0) ranked = o;
}
function writeAddress() {
  history.replaceState(null, "", `#s=${state}&l=${lang}&o=${D.ranked[ranked]}`);
}
const at = (array, s, k) => array[s * K + k];
const words = i => D.moves[i].words[lang];

function answer() {
  if (!state) return say("today_answer");
  const parts = D.headlines.map(k => {
    const o = D.outcomes[k], x = at(gain, state, k), h = at(half, state, k), said = verdict(o, x, h);
    const size = change(o, Math.abs(x), h).replace(/^\+/, "");
    const key = said === "clear" ? x > 0 ? "raises" : "lowers" : said === "none" ? "same" : said;
    return say(key, { what: o.name[lang], size });
  });
  const chosen = D.moves.flatMap((m, i) => state >> i & 1 ? [words(i)] : []);
  const list = new Intl.ListFormat(tag(lang), { type: "conjunction" });
  return say("answer", { moves: list.format(chosen), outcomes: list.format(parts) });
}

function band(s, b) {
  const [low, high] = D.shown[b].range, out = [[], [], []];
  for (let t = 0; t < T; t++) for (let q = 0; q < 3; q++) {
    const code = bands[((s * B + b) * T + t) * 3 + q];
    out[q].push(code === 65535 ? NaN : low + code / 65534 * (high - low));
  }
  return out;
}
function panel(b) {
  const lines = [{ ...BEFORE, bands: band(0, b), name: say("today") }, { ...AFTER, bands: band(state, b), name: say("chosen") }];
  return bandPanel({ title: D.shown[b].title[lang], scale: D.outcomes[D.shown[b].outcome].weekly_scale,
    range: D.shown[b].range, weeks: D.weeks, lines: lines.slice(0, state ? 2 : 1) });
}
function steps() {
  const k = D.ranked_at[ranked], o = D.outcomes[k], sign = o.good === "lower" ? -1 : 1;
  const found = D.moves.map((_, i) => {
    const to = state ^ 1 << i;
    return { i, x: at(mean, to, k) - at(mean, state, k), h: edge[(state * N + i) * E + ranked] };
  }).sort((a, b) => sign * (b.x - a.x));
  const most = Math.max(...found.map(f => Math.abs(f.x) + f.h), o.smallest) || 1;
  return found.map(({ i, x, h }) => stepRow({ id: `step-${i}`, o, x, h, most, click: () => set(state ^ 1 << i),
    text: say(state >> i & 1 ? "undo" : "make", { move: words(i) }) }));
}
function front() {
  const [a, b] = D.traded, A = D.outcomes[a], C = D.outcomes[b], W = 320, H = 250, L = 46, bottom = 40;
  const box = document.createElement("div");
  const svg = make("svg", { viewBox: `0 0 ${W} ${H}`, role: "group", "aria-label": say("front") }, box);
  let xs = [], ys = [];
  for (let s = 0; s < 1 << N; s++) { xs.push(at(mean, s, a) * A.scale); ys.push(at(mean, s, b) * C.scale); }
  const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const px = v => L + 6 + (W - L - 16) * (v - x0) / (x1 - x0 || 1), py = v => H - bottom - 6 - (H - bottom - 16) * (v - y0) / (y1 - y0 || 1);
  for (const [marks, p, vertical] of [[...ticks(x0, x1), false], [...ticks(y0, y1), true]])
    for (const m of marks) make("text", vertical ? { x: L - 4, y: py(m) + 4, "text-anchor": "end" }
      : { x: px(m), y: H - 22, "text-anchor": "middle" }, svg, number(m, p));
  make("text", { x: (L + W) / 2, y: H - 4, "text-anchor": "middle" }, svg, `${A.label[lang]} (${A.unit[lang]})`);
  make("text", { x: 12, y: H / 2, "text-anchor": "middle", transform: `rotate(-90 12 ${H / 2})` }, svg, `${C.label[lang]} (${C.unit[lang]})`);
  for (let s = 0; s < 1 << N; s++) make("circle", { cx: px(xs[s]), cy: py(ys[s]), r: 1.6, fill: "var(--line)" }, svg);
  for (const s of D.front) {
    const names = D.moves.flatMap((m, i) => s >> i & 1 ? [words(i)] : []).join("; ") || say("nothing");
    const dot = make("circle", { cx: px(xs[s]), cy: py(ys[s]), r: 4.5, fill: "transparent", stroke: "var(--ink)", "stroke-width": 1.4,
      style: "cursor:pointer", tabindex: 0, role: "button", "aria-label": say("pick", { moves: names }), id: `front-${s}` }, svg);
    dot.onclick = () => set(s);
    dot.onkeydown = event => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); set(s); } };
    make("title", {}, dot, names);
  }
  make("rect", { x: px(xs[0]) - 5, y: py(ys[0]) - 5, width: 10, height: 10, fill: "var(--today)" }, svg);
  make("circle", { cx: px(xs[state]), cy: py(ys[state]), r: 6, fill: "var(--chosen)" }, svg);
  return box;
}
function table() {
  const head = `<thead><tr><th scope="col"></th><th scope="col"></th><th scope="col"></th><th scope="col"></th></tr></thead><tbody></tbody>`;
  el("table").innerHTML = head;
  const cells = el("table").querySelectorAll("th");
  ["outcome", "today", "chosen", "difference"].forEach((key, i) => cells[i].textContent = say(key));
  D.outcomes.forEach((o, k) => {
    const row = el("table").tBodies[0].insertRow(), h = at(half, state, k), x = at(gain, state, k);
    const p = h > 0 ? places(h * o.scale) : o.places;
    const cell = text => row.insertCell().textContent = text;
    cell(`${o.label[lang]} (${o.unit[lang]})`);
    const now = at(mean, 0, k) * o.scale, then = at(mean, state, k) * o.scale;
    const [a, b] = h > 0 ? onOneGrid(now, then, x * o.scale, p) : [now, then];
    cell(o.road ? "" : number(a, p));
    cell(number(b, p));
    const last = row.insertCell();
    last.className = state ? judged(o, x, h) : "";
    last.textContent = state && !o.road ? change(o, x, h) : "";
  });
}
function draw() {
  document.documentElement.lang = lang;
  document.title = el("title").textContent = D.title[lang];
  el("question").textContent = say("question");
  el("language").textContent = say("other_language");
  for (const [id, key] of [["moves-title", "moves"], ["none", "none"], ["all", "all"], ["front-title", "front"],
    ["front-note", "front_note"], ["steps-title", "steps"], ["for", "for"], ["steps-note", "steps_note"],
    ["table-title", "table"]]) el(id).textContent = say(key);
  el("note").textContent = D.note[lang];
  D.moves.forEach((m, i) => {
    const box = el(`move-${i}`);
    box.checked = state >> i & 1;
    box.parentNode.querySelector(".words").firstChild.textContent = words(i);
    box.parentNode.querySelector(".today").textContent = say("now", { today: m.today[lang] });
  });
  el("answer").textContent = answer();
  el("legend").replaceChildren(...legend([{ text: say("today_line"), ...BEFORE }, { text: say("chosen_line"), ...AFTER }]));
  el("panels").replaceChildren(...D.shown.map((_, b) => panel(b)));
  [...el("outcome").options].forEach((option, i) => option.textContent = D.outcomes[D.ranked_at[i]].label[lang]);
  el("outcome").value = String(ranked);
  el("steps").replaceChildren(...steps());
  el("front").replaceChildren(front());
  table();
  writeAddress();
}
function set(s) {
  const focused = document.activeElement && document.activeElement.id;
  state = s;
  draw();
  if (focused && el(focused)) el(focused).focus();
}
D.moves.forEach((_, i) => {
  const label = document.createElement("label");
  label.className = "move";
  label.innerHTML = `<input type="checkbox" id="move-${i}"><span class="words"><span></span><span class="today"></span></span>`;
  label.firstChild.onchange = () => set(state ^ 1 << i);
  el("moves").append(label);
});
D.ranked.forEach((_, i) => el("outcome").add(new Option("", String(i))));
el("outcome").onchange = event => { ranked = +event.target.value; draw(); };
el("none").onclick = () => set(0);
el("all").onclick = () => set((1 << N) - 1);
el("language").onclick = () => { lang = lang === "en" ? "nl" : "en"; draw(); };
addEventListener("hashchange", () => { readAddress(); draw(); });
readAddress();
draw();
