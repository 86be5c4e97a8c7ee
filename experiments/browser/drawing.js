"use strict";
/* What the explorer and the what-if page share: words, numbers and drawings in SVG.
   A page sets `WORDS` (language -> key -> text) and `lang` before it draws. */
const el = id => document.getElementById(id), NS = "http://www.w3.org/2000/svg";
let WORDS = {}, lang = "en";
/* How what is and what is chosen are drawn, as in figures. */
const BEFORE = { colour: "var(--ink)", dash: "" }, AFTER = { colour: "var(--chosen)", dash: "7 4" };
let clips = 0;

const say = (key, values = {}) =>
  WORDS[lang][key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
const tag = lang => lang === "nl" ? "nl-NL" : "en-GB";
function number(x, places) {
  if (!Number.isFinite(x)) return "–";
  const scale = 10 ** places, r = Math.round(x * scale) / scale;
  return (r === 0 ? 0 : r).toLocaleString(tag(lang),
    { minimumFractionDigits: Math.max(0, places), maximumFractionDigits: Math.max(0, places) });
}
/* Decimals that a half-width carries: one figure, two below 1.5 times a power of ten. */
function places(h) {
  if (!(h > 0)) return 0;
  return Math.max(-9, Math.min(6, -Math.floor(Math.log10(h / 1.5) + 1e-9)));
}
function change(o, x, h) {
  const p = places(h * o.scale), sign = x > 0 ? "+" : "", size = number(x * o.scale, p);
  const unit = size.replace("-", "") === "1" ? o.point[lang] : o.points[lang];
  return `${sign}${size} ${unit} (${number((x - h) * o.scale, p)} ${say("to")} ${number((x + h) * o.scale, p)})`;
}
/* The verdict on a difference, by the rule of experiments/statistics/verdicts.py. */
function verdict(o, x, h) {
  if (!Number.isFinite(h)) return "unclear";
  if (x - h > 0 || x + h < 0) return Math.abs(x) >= o.smallest ? "clear" : "slight";
  return Math.abs(x) + h <= o.smallest ? "none" : "unclear";
}
function judged(o, x, h) {
  if (verdict(o, x, h) !== "clear" || o.good === "neutral") return "";
  return (x > 0) === (o.good === "higher") ? "good" : "bad";
}
/* Two values and their difference, rounded so that they add up (on_one_grid). */
function onOneGrid(a, b, difference, places) {
  const unit = 10 ** -places, step = Math.round(difference / unit), below = Math.floor(a / unit);
  const moved = whole => Math.max(Math.abs(whole - a / unit), Math.abs(whole + step - b / unit));
  const whole = moved(below + 1) < moved(below) ? below + 1 : below;
  return [whole * unit, (whole + step) * unit];
}
function make(name, attributes, parent, text) {
  const node = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  parent.append(node);
  return node;
}
function ticks(low, high) {
  const raw = (high - low) / 4 || 1, power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map(m => m * power).find(s => s >= raw);
  const found = [];
  for (let x = Math.ceil(low / step) * step; x <= high + step * 1e-9; x += step) found.push(x);
  return [found, Math.max(0, -Math.floor(Math.log10(step) + 1e-9))];
}
/* Weeks to write below an axis: quarters, halves or whole years, at most six. */
function weekTicks(last) {
  const step = [13, 26, 52, 104, 208, 520, 1040].find(s => last / s <= 5) ?? 2080, found = [];
  for (let week = 0; week <= last + 1; week += step) found.push(week);
  return found;
}
/* What lines say at their start and end, for who cannot see them. */
function ends({ scale, weeks, lines }, p) {
  return lines.map(({ name, bands: [, m] }) => {
    const there = [...m.keys()].filter(t => m[t] !== null && Number.isFinite(m[t]));
    const [a, z] = [there[0], there[there.length - 1]];
    return there.length ? say("ends", { name, first: number(m[a] * scale, p), from: number(weeks[a], 0),
      last: number(m[z] * scale, p), to: number(weeks[z], 0) }) : "";
  }).filter(Boolean).join("; ");
}
/* One outcome over time: bands and mean lines, [low, high] being what the axis spans.
   What lies beyond is cut off; the last `tail` weeks are shaded. */
function bandPanel({ title, scale, range, weeks, lines, marks = [], tail = 0 }) {
  const [low, high] = range.map(x => x * scale), last = weeks[weeks.length - 1];
  const W = 340, H = 246, L = 52, R = 8, top = 38, bottom = 48, box = document.createElement("div");
  const svg = make("svg", { viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": title }, box);
  const x = week => L + (W - L - R) * week / last;
  const y = v => H - bottom - (H - top - bottom) * (v - low) / (high - low || 1);
  make("text", { x: 0, y: 16, "font-weight": 600 }, svg, title);
  const [tick, p] = ticks(low, high), clip = `clip-${clips += 1}`;
  make("desc", {}, svg, ends({ scale, weeks, lines }, p + 1));
  const plot = { x: L, y: top, width: W - L - R, height: H - top - bottom };
  make("rect", plot, make("clipPath", { id: clip }, svg));
  if (tail) make("rect", { ...plot, x: x(Math.max(0, last - tail)), width: x(last) - x(Math.max(0, last - tail)), class: "tail" }, svg);
  for (const m of tick) {
    make("line", { x1: L, x2: W - R, y1: y(m), y2: y(m), class: "grid" }, svg);
    make("text", { x: L - 6, y: y(m) + 4, "text-anchor": "end" }, svg, number(m, p));
  }
  for (const week of weekTicks(last))
    make("text", { x: Math.min(W - R - 8, x(week)), y: H - 24, "text-anchor": "middle" }, svg, number(week, 0));
  make("text", { x: (L + W - R) / 2, y: H - 6, "text-anchor": "middle" }, svg, say("weeks"));
  for (const week of marks)
    make("line", { x1: x(week), x2: x(week), y1: top, y2: H - bottom, class: "mark" }, svg);
  const inside = make("g", { "clip-path": `url(#${clip})` }, svg);
  for (const { bands: [a, m, z], colour, dash } of lines) {
    const there = [...m.keys()].filter(t => m[t] !== null && Number.isFinite(m[t]));
    if (!there.length) continue;
    const point = values => t => `${x(weeks[t])},${y(values[t] * scale)}`;
    const path = there.map(point(z)).concat(there.slice().reverse().map(point(a)));
    make("polygon", { points: path.join(" "), fill: colour, opacity: .16 }, inside);
    make("polyline", { points: there.map(point(m)).join(" "), fill: "none",
      stroke: colour, "stroke-width": 2.4, "stroke-dasharray": dash }, inside);
  }
  return box;
}
/* What the lines are, beside a swatch of each; without a colour, the shaded weeks. */
function legend(texts) {
  return texts.map(({ text, colour, dash }) => {
    const entry = document.createElement("span"), swatch = document.createElement("span");
    swatch.className = colour ? dash ? "swatch dashed" : "swatch" : "swatch tail";
    if (colour) swatch.style.borderColor = colour;
    entry.append(swatch, text);
    return entry;
  });
}
/* A change with its interval on a line around zero, named by a button. */
function stepRow({ id, text, o, x, h, most, click }) {
  const row = document.createElement("div");
  row.className = "step";
  const name = document.createElement("button");
  name.type = "button"; name.id = id; name.className = "left";
  name.textContent = text;
  name.disabled = !click;
  name.onclick = click;
  const W = 200, mid = W / 2, px = v => Math.max(2, Math.min(W - 2, mid + v / most * (mid - 4)));
  const svg = make("svg", { viewBox: `0 0 ${W} 18`, "aria-hidden": "true" }, document.createElement("div"));
  make("rect", { x: px(-o.smallest), width: Math.max(0, px(o.smallest) - px(-o.smallest)), y: 0, height: 18, fill: "var(--soft)" }, svg);
  make("line", { x1: mid, x2: mid, y1: 0, y2: 18, class: "axis" }, svg);
  const side = judged(o, x, h), colour = side ? `var(--${side})` : "var(--today)";
  if (Number.isFinite(h)) make("line", { x1: px(x - h), x2: px(x + h), y1: 9, y2: 9, stroke: colour, "stroke-width": 2 }, svg);
  make(side === "bad" ? "rect" : "circle", side === "bad" ? { x: px(x) - 4, y: 5, width: 8, height: 8, fill: colour }
    : { cx: px(x), cy: 9, r: 4.5, fill: colour }, svg);
  const size = document.createElement("span");
  size.className = `${side} right`; size.textContent = change(o, x, h);
  row.append(name, svg.parentNode, size);
  return row;
}
