/** Levers, moves by week, numbers of the model, and how much is simulated. */
import { inLanguage, number } from "./words.mjs";
import { page } from "./state.mjs";
import { node, replace } from "./dom.mjs";
import { lever, say, settingWords } from "./telling.mjs";
import { WORLDS } from "./choosing.mjs";
import { start } from "./running.mjs";

/** Choose something by hand: it is no question of the list any more. */
function choose(changed) {
  page.choice = { ...page.choice, question: "", ...changed };
  start();
}

export function drawLevers() {
  const heads = ["lever", "today", "changed"].map(key => node("span", {}, say(key)));
  replace("levers", node("div", { class: "lever head", "aria-hidden": "true" }, ...heads),
    DATA.leverGroups.map(({ group, levers }) => node("div", {}, node("h3", { class: "group" }, say(`group_${group}`)),
      ...levers.map(name => leverRow(lever(name))))));
  drawNumbers();
  drawSettings();
}

/** A lever: its setting today, and its moves; a lever may move more than once. */
function leverRow({ name, settings }) {
  const title = inLanguage(lever(name).words.name), { choice } = page;
  const options = (chosen, first) => [...(first ? [node("option", { value: "", selected: !chosen }, first)] : []),
    ...settings.map(one => node("option", { value: one.name, selected: one.name === chosen }, settingWords(name, one.name)))];
  const open = name in (DATA.draws?.levers ?? {}), moves = choice.plan.filter(row => row[1] === name).sort((a, b) => a[0] - b[0]);
  const today = choice.levers[name] ?? (open ? "" : DATA.base.levers[name]);
  const isChanged = moves.length || today !== (open ? "" : DATA.base.levers[name]);
  const now = node("select", { "aria-label": `${title}: ${say("today")}`, "data-key": `now-${name}`, onchange: event => {
    const { [name]: _, ...rest } = choice.levers;
    choose({ levers: event.target.value ? { ...rest, [name]: event.target.value } : rest });
  } }, ...options(today, open ? say("not_known") : ""));
  const plan = found => choose({ plan: [...choice.plan.filter(row => row[1] !== name), ...found] });
  const later = Math.min(choice.weeks - 1, (moves.at(-1)?.[0] ?? 0) + 26);
  return node("div", { class: `lever${isChanged ? " changed" : ""}` }, node("span", {}, title), now,
    node("div", {}, ...(moves.length ? moves : [null]).map((move, k) => node("div", { class: "move" },
      node("select", { "aria-label": `${title}: ${say("changed")}`, "data-key": `then-${name}-${k}`, onchange: event => {
        const setting = event.target.value, changed = setting ? [[move?.[0] ?? 0, name, setting]] : [];
        plan(moves.length ? moves.flatMap(row => row === move ? changed : [row]) : changed);
      } }, ...options(move?.[2], say("no_change"))),
      move && weekInput(`week-${name}-${k}`, title, move[0], week => plan(moves.map(row => row === move ? [week, ...move.slice(1)] : row))))),
    moves.length ? node("button", { type: "button", class: "add", "data-key": `later-${name}`, "aria-label": `${title}: ${say("later")}`,
      onclick: () => plan([...moves, [later, name, today || settings[0].name]]) }, say("later")) : null));
}

function weekInput(key, title, value, set) {
  const most = page.choice.weeks - 1;
  return node("label", { class: "when" }, `${say("from")} `, node("input", { type: "number", min: 0, max: most, step: 1, value,
    "aria-label": `${title}: ${say("from")}`, "data-key": key, onchange: event => set(within(event.target.value, 0, most, value)) }));
}

/** A number that was typed, between its ends; the old one if it is none. */
function within(text, low, high, old, whole = true) {
  const found = Number(text);
  if (text.trim() === "" || !Number.isFinite(found)) return old;
  return Math.min(high, Math.max(low, whole ? Math.round(found) : found));
}

/** Numbers of the model that are set by hand, each from a week on. */
function drawNumbers() {
  const { numbers } = page.choice, set = rows => choose({ numbers: rows });
  const rows = numbers.map((row, k) => {
    const [week, name, value] = row, { words, unit, low, high } = DATA.numbers[name], title = inLanguage(words);
    const other = changed => set(numbers.map(x => x === row ? changed : x));
    return node("div", { class: "number-row" }, node("span", {}, title), node("label", {},
      node("input", { type: "number", min: low, max: high, step: "any", value, "aria-label": title, "data-key": `number-${k}`,
        onchange: event => other([week, name, within(event.target.value, low, high, value, false)]) }), ` ${inLanguage(unit)}`),
    weekInput(`number-week-${k}`, title, week, found => other([found, name, value])),
    node("button", { type: "button", "data-key": `number-gone-${k}`, "aria-label": say("unpin", { title }), onclick: () => set(numbers.filter(x => x !== row)) }, "\u00d7"));
  });
  const sorted = Object.entries(DATA.numbers).sort((a, b) => inLanguage(a[1].words).localeCompare(inLanguage(b[1].words)));
  const add = node("select", { "aria-label": say("add_number"), "data-key": "add-number", onchange: event => {
    const name = event.target.value;
    set([...numbers, [0, name, DATA.base.structure[name]]]);
  } }, node("option", { value: "" }, say("add_number")), ...sorted.map(([name, one]) => node("option", { value: name }, inLanguage(one.words))));
  replace("numbers", node("h3", { class: "group" }, say("numbers")), ...rows, add);
}

/** Seed and number of simulations. */
function drawSettings() {
  const { choice } = page, most = DATA.worlds.most;
  const seed = node("label", {}, `${say("seed")} `, node("input", { type: "number", min: 0, max: 2 ** 53 - 1, step: 1, value: choice.seed, "data-key": "seed",
    onchange: event => { page.choice = { ...choice, seed: within(event.target.value, 0, 2 ** 53 - 1, choice.seed) }; start("replace"); } }));
  const worlds = node("label", {}, `${say("worlds")} `, node("select", { "data-key": "worlds", onchange: event => {
    page.choice = { ...choice, worlds: Number(event.target.value) };
    start("replace");
  } }, ...WORLDS.filter(n => n <= most).map(n => node("option", { value: n, selected: n === choice.worlds }, n ? number(n) : say("until_settled")))));
  replace("settings", node("h3", { class: "group" }, say("simulations")), worlds, DATA.draws ? null : seed);
}
