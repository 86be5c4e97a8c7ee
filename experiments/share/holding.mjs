/** Where the answer holds: the same change in organisations that differ in one thing. */
import { verdictOn } from "./statistics.mjs";
import { judgement, labelOf, number, sideOf } from "./words.mjs";
import { HEADLINES, SETTLED, page, search } from "./state.mjs";
import { el, node, replace, write } from "./dom.mjs";
import { say, settingWords, signedSize } from "./telling.mjs";
import { compared, livedWorlds, outcome } from "./results.mjs";
import { scenariosOf } from "./running.mjs";

const HOLD_WORLDS = 20, MOST_SHOWN = 8, SIZES = [0.5, 2];

/** Organisations that differ in one thing from today's: its size, a lever, the world around it. */
function others() {
  const { choice } = page, planned = new Set(choice.plan.map(row => row[1]));
  const now = { ...DATA.base.levers, ...choice.levers };
  const heads = Object.entries(choice.heads ?? {}).flatMap(([name, n]) => SIZES.map(times => Math.round(times * n)).filter(x => x > 0 && x !== n)
    .map(x => ({ text: `${say(`heads_${name}`)}: ${number(x)}`, choice: { ...choice, heads: { ...choice.heads, [name]: x } } })));
  const levers = DATA.levers.filter(one => one.words && !planned.has(one.name)).flatMap(({ name, settings }) =>
    settings.filter(one => one.name !== now[name]).map(one => ({ text: settingWords(name, one.name), choice: { ...choice, levers: { ...choice.levers, [name]: one.name } } })));
  return [...heads, ...levers];
}

/** Live the change in one organisation after another, so that it can be stopped. */
export function findHolding() {
  const told = livedWorlds(), clear = HEADLINES.filter(id => sideOf(compared(told, 1, id).difference, outcome(id)));
  const holding = search("holding", { clear, asked: clear.length ? others() : [], found: [] });
  const next = () => {
    holding.done = holding.found.length === holding.asked.length;
    page.draw();
    if (page.holding !== holding || holding.done) return;
    const one = holding.asked[holding.found.length], worlds = [];
    page.pool.live(scenariosOf(one.choice), Array.from({ length: HOLD_WORLDS }, (_, k) => k), (replicate, lived) => {
      worlds[replicate] = lived;
      if (worlds.filter(Boolean).length < HOLD_WORLDS) return;
      holding.found.push(clear.map(id => [id, compared(worlds, 1, id).difference]));
      next();
    });
  };
  next();
}

/** What becomes of an effect of the answer: `same`, `weaker`, `reversed` or `unclear`. */
function fate(id, difference) {
  const one = outcome(id), usual = compared(livedWorlds(), 1, id).difference, said = verdictOn(difference, one.smallest);
  const sameSign = difference.estimate > 0 === usual.estimate > 0;
  if (said === "unclear") return "unclear";
  if (said === "clear") return sameSign ? "same" : "reversed";
  return "weaker";
}

export function drawHolding() {
  const { holding } = page;
  el("holding").parentNode.classList.toggle("found", holding !== null);
  el("find-holding").hidden = holding !== null || page.state !== SETTLED;
  if (!holding) {
    write("holding-note", say("holding_about"));
    replace("holding");
    return;
  }
  const rows = holding.found.flatMap((found, k) => found.map(([id, difference]) => ({ id, difference, text: holding.asked[k].text, fate: fate(id, difference) })));
  const count = kind => number(rows.filter(row => row.fate === kind).length);
  write("holding-note", !holding.clear.length ? say("parts_nothing") : [holding.done ? "" : say("holding_busy", { n: number(holding.found.length), most: number(holding.asked.length) }),
    say("holding_note", { same: count("same"), n: number(rows.length), unclear: count("unclear"), weaker: count("weaker"), reversed: count("reversed"), worlds: number(HOLD_WORLDS) })].filter(Boolean).join(" "));
  const other = ["reversed", "weaker"].flatMap(fate => rows.filter(row => row.fate === fate));
  replace("holding", other.slice(0, MOST_SHOWN).map(({ id, difference, text }) => node("li", {}, node("span", { class: "part" }, text),
    node("span", {}, `${labelOf(outcome(id))}: ${judgement(difference, outcome(id))}`), node("span", {}, signedSize(difference, outcome(id))))));
}
