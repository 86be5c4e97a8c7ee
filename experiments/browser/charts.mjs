/** Drawings in SVG: a difference over time, intervals in a row, and people at work. */

const NS = "http://www.w3.org/2000/svg";

/** Make an element of SVG. */
export function svg(name, attributes = {}, ...inside) {
  const made = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside.map(x => typeof x === "object" ? x : document.createTextNode(x)));
  return made;
}

/** Steps of an axis from low to high: multiples of what matters, at most seven. */
function ticks(low, high, matters) {
  const times = [1, 2, 5, 10, 20, 50, 100].find(m => (high - low) / (m * matters) <= 6) ?? 1000;
  const step = times * matters, first = Math.ceil(low / step), last = Math.floor(high / step);
  return Array.from({ length: last - first + 1 }, (_, k) => (first + k) * step);
}

/** Weeks to write below an axis: none, halves or whole years. */
function weekTicks(last) {
  const step = [13, 26, 52, 104, 260].find(one => last / one <= 4.2) ?? 520;
  return Array.from({ length: Math.floor(last / step) + 1 }, (_, k) => k * step);
}

/**
 * A difference by week with its interval, on the zone that does not matter.
 * @param {object} told
 * @param {string} told.label for who cannot see it
 * @param {{side: string, name: ?string, weeks: {mean: number, low: number, high: number}[]}[]} told.lines
 *   with a name at their end, or else the last value
 * @param {number} told.matters in the unit shown
 * @param {function(number): string} told.write numbers of the axis
 * @param {function(number): string} told.when weeks of the axis
 * @param {string} told.zone what the zone is
 */
export function differenceChart({ label, lines, matters, write, when, zone: named }) {
  const W = 330, H = 176, L = 34, R = 44, top = 8, bottom = 24;
  const all = lines.flatMap(one => one.weeks.flatMap(x => [x.low, x.high])).filter(Number.isFinite);
  const low = Math.min(-1.5 * matters, ...all), high = Math.max(1.5 * matters, ...all);
  const last = lines[0].weeks.length - 1;
  const x = week => L + (W - L - R) * week / Math.max(1, last);
  const y = value => H - bottom - (H - top - bottom) * (value - low) / (high - low || 1);
  const box = svg("svg", { viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": label });
  const zone = { x: L, width: W - L - R, y: y(Math.min(high, matters)) };
  box.append(svg("rect", { ...zone, height: y(Math.max(low, -matters)) - zone.y, class: "zone" }));
  const early = lines.flatMap(one => one.weeks.slice(0, Math.ceil(one.weeks.length / 2))).filter(x => Number.isFinite(x.mean));
  const rises = early.reduce((total, x) => total + x.mean, 0) > 0;
  box.append(svg("text", { x: L + 5, y: rises ? y(Math.max(low, -matters)) - 5 : zone.y + 12, class: "named" }, named));
  for (const value of ticks(low, high, matters)) {
    box.append(svg("text", { x: L - 6, y: y(value) + 4, "text-anchor": "end" }, write(value)));
    box.append(svg("line", { x1: L, x2: W - R, y1: y(value), y2: y(value), class: value === 0 ? "zero" : "grid" }));
  }
  for (const week of weekTicks(last + 1)) {
    box.append(svg("text", { x: x(Math.min(week, last)), y: H - 6, "text-anchor": "middle" }, when(week)));
  }
  for (const { side, weeks, name } of lines) {
    const known = [...weeks.keys()].filter(k => Number.isFinite(weeks[k].mean));
    const up = known.map(k => `${x(k)},${y(finite(weeks[k].high, weeks[k].mean))}`);
    const down = known.map(k => `${x(k)},${y(finite(weeks[k].low, weeks[k].mean))}`).reverse();
    box.append(svg("polygon", { points: [...up, ...down].join(" "), class: `band ${side}` }));
    box.append(svg("polyline", { points: known.map(k => `${x(k)},${y(weeks[k].mean)}`).join(" "), class: `line ${side}` }));
    const stop = known[known.length - 1];
    if (stop !== undefined) {
      box.append(svg("text", { x: x(stop) + 6, y: y(weeks[stop].mean) + 4, class: `end ${side}` }, name ?? write(weeks[stop].mean)));
    }
  }
  return box;
}
const finite = (value, other) => Number.isFinite(value) ? value : other;

/** A dot with its interval around zero; `reach` is the end of the axis. */
export function intervalRow({ estimate, low, high, matters, reach, side }) {
  const W = 190, H = 18, mid = W / 2, x = v => mid + Math.max(-1, Math.min(1, v / reach)) * (mid - 6);
  const box = svg("svg", { viewBox: `0 0 ${W} ${H}`, "aria-hidden": "true" });
  box.append(svg("rect", { x: x(-matters), width: x(matters) - x(-matters), y: 0, height: H, class: "zone" }),
    svg("line", { x1: mid, x2: mid, y1: 0, y2: H, class: "zero" }));
  if (Number.isFinite(low)) box.append(svg("line", { x1: x(low), x2: x(high), y1: 9, y2: 9, class: `line ${side}` }));
  if (Number.isFinite(estimate)) box.append(svg("circle", { cx: x(estimate), cy: 9, r: 4.5, class: `dot ${side}` }));
  return box;
}

/** The centre of group k of so many around the largest one. */
function around(k, count, W, H) {
  const angle = -2.5 + 2 * Math.PI * k / Math.max(1, count);
  return [W / 2 + 0.37 * W * Math.cos(angle), H / 2 + 0.33 * H * Math.sin(angle)];
}

const GOLDEN = Math.PI * (3 - Math.sqrt(5));

/**
 * People as dots in groups, lines for contact; who is worn out has a ring.
 * @param {object} told
 * @param {{department: number, leader: boolean, worn: boolean, name: string}[]} told.people
 * @param {{a: number, b: number, hours: number}[]} told.ties
 * @param {string[]} told.departments names
 */
export function peopleGraph({ people, ties, departments, label }) {
  const W = 620, H = 360, groups = departments.map((name, k) => ({ name, k, size: 0 }));
  for (const one of people) groups[one.department].size += 1;
  const there = groups.filter(one => one.size > 0).sort((a, b) => b.size - a.size);
  const unit = Math.min(26, 118 / Math.sqrt(Math.max(1, there[0]?.size ?? 1)));
  const centres = new Map(there.map((one, k) => [one.k, k === 0 ? [W / 2, H / 2]
    : around(k - 1, there.length - 1, W, H)]));
  const seen = new Map();
  const places = people.map(({ department }) => {
    const k = seen.get(department) ?? 0, [cx, cy] = centres.get(department);
    seen.set(department, k + 1);
    const r = unit * 0.95 * Math.sqrt(k + 0.4);
    return [cx + r * Math.cos(k * GOLDEN), cy + r * Math.sin(k * GOLDEN)];
  });
  const box = svg("svg", { viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": label });
  for (const { a, b, hours } of ties) {
    const [[x1, y1], [x2, y2]] = [places[a], places[b]];
    box.append(svg("line", { x1, y1, x2, y2, class: "tie", "stroke-width": Math.min(3, 0.4 + hours) }));
  }
  people.forEach((one, i) => {
    const [cx, cy] = places[i], r = (one.leader ? 0.5 : 0.36) * unit;
    const dot = svg("circle", { cx, cy, r, class: `person d${one.department}${one.worn ? " worn" : ""}` });
    dot.append(svg("title", {}, one.name));
    box.append(dot);
  });
  return box;
}
