/** What of the change does it: each number of the model that changes, left as it is. */
import { intervalRow } from "./charts.mjs";
import { verdictOn } from "./statistics.mjs";
import { inLanguage, labelOf, number, sideOf } from "./words.mjs";
import { HEADLINES, SETTLED, page, search } from "./state.mjs";
import { el, node, replace, write } from "./dom.mjs";
import { say, signedSize } from "./telling.mjs";
import { compared, livedWorlds, outcome } from "./results.mjs";
import { scenariosOf } from "./running.mjs";

const PART_WORLDS = 60, MOST_PARTS = 8;

/** The names of numbers in which today and what if ever differ, in the middle of what is unknown. */
function partsOf(one) {
  const [asIs, toBe] = scenariosOf(one).map(x => x.at(0).stages), before = asIs[0].structure;
  return Object.keys(before).filter(name => toBe.some(stage => stage.structure[name] !== before[name]));
}

/** The what-if with a number left as it is today, from the first change on. */
function without(name) {
  const { choice } = page, [asIs, toBe] = scenariosOf(choice).map(x => x.at(0).stages);
  const rows = toBe.slice(1).map(stage => [stage.week, name, asIs[0].structure[name]]);
  return scenariosOf({ ...choice, numbers: [...choice.numbers.filter(row => row[1] !== name), ...rows] })[1];
}

export function findParts() {
  const names = partsOf(page.choice), [base, whole] = scenariosOf(page.choice);
  const worlds = Math.min(PART_WORLDS, page.worlds.size);
  const own = search("parts", { names, worlds: new Map(), asked: worlds });
  page.pool.live([base, whole, ...names.map(without)], Array.from({ length: worlds }, (_, k) => k), (replicate, lived) => {
    own.worlds.set(replicate, lived);
    own.done = own.worlds.size === own.asked;
    page.paint();
  });
  page.draw();
}

/** The largest parts of the effect that is clearest; parts may share it, so they need not add up. */
export function drawParts() {
  const { parts } = page, ready = parts && parts.worlds.size === parts.asked;
  el("parts").parentNode.classList.toggle("found", parts !== null);
  el("find-parts").hidden = parts !== null || page.state !== SETTLED;
  if (!ready) {
    write("parts-note", parts ? say("running", { n: number(parts.worlds.size), most: number(parts.asked) }) : say("parts_about"));
    replace("parts");
    return;
  }
  const told = livedWorlds(), lived = Array.from({ length: parts.asked }, (_, k) => parts.worlds.get(k));
  const clear = HEADLINES.filter(id => sideOf(compared(told, 1, id).difference, outcome(id)));
  const rows = clear.flatMap(id => {
    const one = outcome(id);
    return parts.names.map((name, k) => ({ one, name, pair: compared(lived.map(world => [world[k + 2], world[1]]), 1, id).difference }))
      .filter(({ pair }) => ["clear", "slight"].includes(verdictOn(pair, one.smallest)))
      .sort((a, b) => Math.abs(b.pair.estimate) - Math.abs(a.pair.estimate)).slice(0, Math.ceil(MOST_PARTS / clear.length));
  });
  write("parts-note", rows.length ? say("parts_note", { n: number(parts.asked) }) : say(clear.length ? "parts_none" : "parts_nothing"));
  replace("parts", clear.flatMap(id => {
    const own = rows.filter(row => row.one.id === id), one = outcome(id);
    const reach = Math.max(one.smallest * 1.5, ...own.flatMap(({ pair }) => [Math.abs(pair.low), Math.abs(pair.high)]));
    return own.length ? [node("li", { class: "head" }, labelOf(one)), ...own.map(({ name, pair }) => node("li", {},
      node("span", { class: "part" }, inLanguage(DATA.numbers[name].words)),
      intervalRow({ ...pair, matters: one.smallest, reach, side: sideOf(pair, one) }), node("span", {}, signedSize(pair, one))))] : [];
  }));
}
