/** The map of an atlas: every combination of its moves, and the one that is chosen. */
import { svg } from "./charts.mjs";
import { inLanguage, names, number, sizeOf } from "./words.mjs";
import { page } from "./state.mjs";
import { el, node } from "./dom.mjs";
import { say, settingWords } from "./telling.mjs";
import { outcome } from "./results.mjs";
import { start } from "./running.mjs";

const { moves, drawn, front, worlds } = DATA.atlas;
const floats = text => new Float32Array(Uint8Array.from(atob(text), x => x.charCodeAt(0)).buffer);
const [across, up] = drawn.map(([id, text]) => ({ one: outcome(id), values: floats(text) }));
const W = 420, H = 300, L = 46, R = 12, BELOW = 44, TOP = 10;

const isMove = (row, [name, setting]) => row[0] === 0 && row[1] === name && row[2] === setting;
const has = move => page.choice.plan.some(row => isMove(row, move));
const movesIn = state => moves.filter((_, k) => state >> k & 1);

/** The combination that is chosen; null if anything else is chosen too. */
function stateNow() {
  const { plan, numbers, levers } = page.choice;
  if (numbers.length || Object.keys(levers).length || !plan.every(row => moves.some(move => isMove(row, move)))) return null;
  return moves.reduce((sum, move, k) => sum + (has(move) ? 1 << k : 0), 0);
}

/** Choose a combination; moves of other levers stay. */
function choose(state) {
  const levers = moves.map(([name]) => name), chosen = movesIn(state).map(([name, setting]) => [0, name, setting]);
  page.choice = { ...page.choice, question: "", plan: [...page.choice.plan.filter(row => !levers.includes(row[1])), ...chosen] };
  start();
}

function toggle(move) {
  const state = moves.reduce((sum, one, k) => sum + ((one === move) !== has(one) ? 1 << k : 0), 0);
  choose(state);
}

function drawMap() {
  const moveBoxes = moves.map((move, k) => node("label", { class: "map-move" }, node("input", { type: "checkbox", checked: has(move), "data-key": `move-${k}`,
    onchange: () => toggle(move) }), ` ${settingWords(...move)}`));
  const all = 2 ** moves.length - 1;
  const buttons = node("p", {}, ...[["map_none", 0], ["map_all", all]].map(([key, state]) =>
    node("button", { type: "button", "data-key": key, onclick: () => choose(state) }, say(key))));
  const key = document.activeElement?.dataset?.key, box = el("map"), hadFocus = box.contains(document.activeElement);
  box.replaceChildren(node("h2", { class: "title" }, say("map")), node("div", { class: "map" },
    node("div", { class: "no-print" }, ...moveBoxes, buttons), node("div", {}, scatter(), node("p", { class: "note" }, say("map_note", { n: number(all + 1), worlds: number(worlds) })))));
  if (hadFocus && key) [...box.querySelectorAll("[data-key]")].find(one => one.dataset.key === key)?.focus();
}

function scatter() {
  const ends = ({ values }) => values.reduce(([low, high], x) => Number.isFinite(x) ? [Math.min(low, x), Math.max(high, x)] : [low, high], [Infinity, -Infinity]);
  const [x0, x1] = ends(across), [y0, y1] = ends(up);
  const x = state => L + 8 + (W - L - R - 16) * (across.values[state] - x0) / (x1 - x0 || 1);
  const y = state => H - BELOW - 8 - (H - BELOW - TOP - 16) * (up.values[state] - y0) / (y1 - y0 || 1);
  const box = svg("svg", { viewBox: `0 0 ${W} ${H}`, role: "group", "aria-label": say("map") });
  const dots = [...across.values.keys()].map(state => `M${x(state).toFixed(1)} ${y(state).toFixed(1)}h0`);
  box.append(svg("path", { d: dots.join(""), class: "all-states", "stroke-width": dots.length > 2000 ? 2 : dots.length > 100 ? 3.5 : 7 }));
  const label = ({ one }) => `${inLanguage(one.label)}, ${inLanguage(one.unit)}`;
  const at = (value, { one }) => sizeOf(value, one, 1).split(" ")[0];
  box.append(svg("line", { x1: L, x2: W - R, y1: H - BELOW, y2: H - BELOW, class: "grid" }), svg("line", { x1: L, x2: L, y1: TOP, y2: H - BELOW, class: "grid" }));
  for (const [value, place, anchor] of [[x0, L + 8, "start"], [x1, W - R, "end"]]) box.append(svg("text", { x: place, y: H - 26, "text-anchor": anchor }, at(value, across)));
  for (const [value, place] of [[y0, H - BELOW - 4], [y1, TOP + 10]]) box.append(svg("text", { x: L - 6, y: place, "text-anchor": "end" }, at(value, up)));
  box.append(svg("text", { x: (L + W) / 2, y: H - 8, "text-anchor": "middle" }, label(across)));
  box.append(svg("text", { x: 12, y: H / 2, "text-anchor": "middle", transform: `rotate(-90 12 ${(H - BELOW) / 2 + 8})` }, label(up)));
  for (const state of front) box.append(pick(state, x(state), y(state)));
  box.append(svg("rect", { x: x(0) - 5, y: y(0) - 5, width: 10, height: 10, class: "today" }));
  const now = stateNow();
  if (now !== null) box.append(svg("circle", { cx: x(now), cy: y(now), r: 6, class: "chosen" }));
  return box;
}

/** A combination that no other beats, to be chosen. */
function pick(state, cx, cy) {
  const told = names(movesIn(state).map(move => settingWords(...move))) || say("map_nothing");
  const dot = svg("circle", { cx, cy, r: 4.5, class: "on-front", tabindex: 0, role: "button", "aria-label": told }, svg("title", {}, told));
  dot.dataset.key = `front-${state}`;
  dot.addEventListener("click", () => choose(state));
  dot.addEventListener("keydown", event => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    choose(state);
  });
  return dot;
}

el("three").before(node("section", { class: "card", id: "map" }));
let drawnFor = "";
/** Worlds that come in change nothing of the map: it is drawn when a choice is. */
function drawIfOther() {
  const now = JSON.stringify([page.language, page.choice.plan, page.choice.numbers, page.choice.levers]);
  if (now !== drawnFor) {
    drawnFor = now;
    drawMap();
  }
}
page.extras.push(drawIfOther);
drawIfOther();
