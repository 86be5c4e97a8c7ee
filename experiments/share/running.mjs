/** Living worlds of what is chosen, until the verdicts are settled. */
import { resolve } from "./resolving.mjs";
import { worldsToSettle } from "./statistics.mjs";
import { useWords } from "./words.mjs";
import { HEADLINES, RUNNING, SETTLED, page } from "./state.mjs";
import { compared, livedWorlds, outcome } from "./results.mjs";
import { writeAddress } from "./choosing.mjs";

/**
 * The scenarios of a choice: as-is and to-be, each with a key that tells it from others.
 * `at` gives what a worker needs to found a world; where something is unknown, each
 * world has stages and parameters of its own.
 */
export function scenariosOf(one) {
  const { weeks, seed, heads } = one;
  const euros = Object.fromEntries(Object.entries(one.euros).filter(([name, value]) => value !== DATA.euros[name].value));
  const frame = { heads, weeks, seed };
  if (!DATA.draws) {
    const { asIs, toBe } = resolve(DATA, DATA.base, one);
    return [asIs, toBe].map(stages => {
      const key = JSON.stringify([stages.map(x => [x.week, x.structure, x.hours, x.euros]), frame, euros]);
      return { key, at: () => ({ ...frame, key, stages, euros }) };
    });
  }
  return ["asIs", "toBe"].map(side => {
    const key = JSON.stringify([one.levers, side === "toBe" && [one.plan, one.numbers], frame, euros]);
    return { key, at(world) {
      const drawn = drawnIn(world);
      return { ...frame, key: `${key}/${world}`, stages: resolve(DATA, drawn, one)[side], euros: { ...drawn.parameters, ...euros } };
    } };
  });
}

/** Today's organisation as it is in a world, and the parameters drawn there. */
function drawnIn(world) {
  const { columns, rows } = DATA.draws, { base } = DATA;
  const drawn = { ...base, levers: { ...base.levers }, structure: { ...base.structure }, parameters: {} };
  columns.forEach(([table, name], k) => { drawn[table][name] = rows[world][k]; });
  return drawn;
}

/** All scenarios of the screen: as-is, to-be, and those of pinned answers. */
const shownScenarios = () => [...scenariosOf(page.choice), ...page.pins.map(pin => scenariosOf(inFrame(pin.choice))[1])];
/** A pinned choice with today's head counts, euros and weeks, so that it can be compared. */
export const inFrame = one => ({ ...one, heads: page.choice.heads, euros: page.choice.euros, weeks: page.choice.weeks, seed: page.choice.seed, worlds: page.choice.worlds });

/** Begin to answer what is chosen; `remember` says how the address takes it. */
export function start(remember = "push") {
  useWords(DATA.sentences, page.language);
  page.state = RUNNING;
  page.trouble = null;
  if (remember === "push") page.isElsewhere = false;
  page.steps = page.parts = page.holding = null;
  page.worlds = new Map();
  page.limit = page.choice.worlds || DATA.worlds.first;
  writeAddress(remember);
  live();
  page.draw();
}

export function live() {
  const missing = Array.from({ length: page.limit }, (_, k) => k).filter(k => !page.worlds.has(k));
  page.pool.live(shownScenarios(), missing, (replicate, lived) => {
    page.worlds.set(replicate, lived);
    if (page.worlds.size === page.limit) goOn();
    page.paint();
  });
}

/** After the worlds asked for: enough, or as many more as settle the headline verdicts. */
function goOn() {
  const lived = livedWorlds(), { most, person_weeks: personWeeks, fewest_more: fewestMore, spare } = DATA.worlds;
  const needed = Math.max(...HEADLINES.map(id => worldsToSettle(compared(lived, 1, id).difference, outcome(id).smallest)));
  const seats = lived[0].slice(0, 2).reduce((sum, one) => sum + one.seats, 0);
  const affordable = Math.min(most, Math.floor(personWeeks / (page.choice.weeks * seats)));
  if (page.choice.worlds || needed <= page.worlds.size || page.worlds.size >= affordable) {
    page.state = SETTLED;
    return;
  }
  page.limit = Math.min(affordable, Math.max(Math.floor(spare * needed), page.limit + fewestMore));
  live();
}
