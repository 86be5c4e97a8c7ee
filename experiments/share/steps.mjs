/** What would help next: each setting that is not in the plan, added to it. */
import { intervalRow } from "./charts.mjs";
import { verdictOn } from "./statistics.mjs";
import { labelOf, number, sideOf } from "./words.mjs";
import { HEADLINES, SETTLED, page, search } from "./state.mjs";
import { el, node, replace, write } from "./dom.mjs";
import { say, settingWords, signedSize } from "./telling.mjs";
import { compared, livedWorlds, outcome } from "./results.mjs";
import { scenariosOf, start } from "./running.mjs";

const STEP_WORLDS = 24, MOST_STEPS = 6;
/** Least effect of a step that is listed, as a share of what matters. */
const LEAST_SHARE = 0.25;

/** Each setting that is not in the plan, added to it. */
function movesLeft() {
  const known = Object.entries(DATA.base.levers).filter(([name]) => !(name in (DATA.draws?.levers ?? {})));
  const now = { ...Object.fromEntries(known), ...page.choice.levers, ...Object.fromEntries(page.choice.plan.map(row => row.slice(1))) };
  return DATA.levers.filter(one => one.words && !one.context).flatMap(({ name, settings }) =>
    settings.filter(one => one.name !== now[name]).map(one => ({ lever: name, setting: one.name })));
}

export function findSteps() {
  const moves = movesLeft(), base = scenariosOf(page.choice)[1];
  const scenarios = moves.map(one => scenariosOf({ ...page.choice, plan: [...page.choice.plan, [0, one.lever, one.setting]] })[1]);
  const own = search("steps", { moves, worlds: new Map() });
  page.ranked = HEADLINES.find(id => sideOf(compared(livedWorlds(), 1, id).difference, outcome(id))) ?? page.ranked;
  page.pool.live([base, ...scenarios], Array.from({ length: STEP_WORLDS }, (_, k) => k), (replicate, lived) => {
    own.worlds.set(replicate, lived);
    own.done = own.worlds.size === STEP_WORLDS;
    page.paint();
  });
  page.draw();
}

/** Steps that help clearly or slightly, the best first; only when all worlds are there. */
export function drawSteps() {
  replace("next-for", HEADLINES.map(id => node("option", { value: id, selected: id === page.ranked }, labelOf(outcome(id)))));
  el("next-for").value = page.ranked;
  el("next-choice").hidden = !page.steps;
  el("find-next").hidden = page.steps !== null || page.state !== SETTLED;
  const ready = page.steps?.worlds.size === STEP_WORLDS, one = outcome(page.ranked), sign = one.good === "lower" ? -1 : 1;
  if (!ready) {
    write("next-note", page.steps ? say("running", { n: number(page.steps.worlds.size), most: number(STEP_WORLDS) }) : say("next_about"));
    replace("steps");
    return;
  }
  const lived = Array.from({ length: STEP_WORLDS }, (_, k) => page.steps.worlds.get(k));
  const found = page.steps.moves.map((move, k) => ({ move, pair: compared(lived, k + 1, page.ranked) }))
    .filter(({ pair: { difference: d } }) => sign * d.estimate > LEAST_SHARE * one.smallest && ["clear", "slight"].includes(verdictOn(d, one.smallest)))
    .sort((a, b) => sign * (b.pair.difference.estimate - a.pair.difference.estimate)).slice(0, MOST_STEPS);
  write("next-note", found.length ? say("next_note", { n: number(STEP_WORLDS) }) : say("next_none", { n: number(page.steps.moves.length) }));
  const ends = found.flatMap(({ pair: { difference: d } }) => [Math.abs(d.low), Math.abs(d.high)]);
  const reach = Math.max(one.smallest * 1.5, ...ends);
  replace("steps", found.map(({ move, pair: { difference: d } }) => node("li", {},
    node("button", { type: "button", "data-key": `${move.lever}-${move.setting}`, onclick: () => addMove(move) },
      say("add", { move: settingWords(move.lever, move.setting) })),
    intervalRow({ ...d, matters: one.smallest, reach, side: sideOf(d, one) }), node("span", {}, signedSize(d, one)))));
}

function addMove({ lever: name, setting }) {
  page.choice = { ...page.choice, question: "", plan: [...page.choice.plan.filter(row => row[1] !== name), [0, name, setting]] };
  start();
}
