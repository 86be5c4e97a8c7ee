/**
 * What a worker does: found and live the worlds that it is asked for, one at a time.
 *
 * It sends back compact results: a world's outcomes, and its weekly values of those that
 * are drawn. Money that is compared with a baseline waits for `compared`, on the page.
 */
import { Model, liveWorld } from "./model.mjs";
import { Founder } from "./founding.mjs";
import { Series, summarise, weekly } from "./measures.mjs";

const MOST_FOUNDERS = 40;
let model, given, founders = new Map();

async function begin(start) {
  given = start;
  model = await Model.load(start.module, start.version);
}

function founderOf(scenario) {
  if (!founders.has(scenario.key)) {
    if (founders.size >= MOST_FOUNDERS) founders.delete(founders.keys().next().value);
    founders.set(scenario.key, new Founder(model, given.organisation, scenario));
  }
  return founders.get(scenario.key);
}

function lived(scenario, replicate) {
  const { weeks, seed } = scenario, probeWeek = Math.min(52, Math.floor(weeks / 2)) || null;
  const founded = founderOf(scenario).found(seed, replicate);
  const job = { weeks, probeWeek, columns: scenario.columns ?? [] };
  const world = liveWorld(model, founded, job), columns = given.columns;
  const series = new Series(columns, world.series);
  const probe = world.probe && new Series(columns, world.probe);
  const pair = { probe, shockWeek: probe ? probeWeek : null, baseline: null };
  const drawn = given.outcomes.filter(one => given.drawn.includes(one.id));
  return {
    key: scenario.key,
    values: given.outcomes.map(one => summarise(series, one, pair)),
    weekly: Object.fromEntries(drawn.map(one => [one.id, weekly(series, one)])),
    margin: weekly(series, given.margin),
    ...(world.panel ? { panel: world.panel, people: founded.people, ties: founded.ties, hours: founded.hours } : {}),
  };
}

let ready;
self.onmessage = async ({ data }) => {
  if (data.start) {
    ready = begin(data.start);
    return;
  }
  const { run, replicate } = data;
  try {
    await ready;
    postMessage({ run, replicate, lived: data.scenarios.map(one => lived(one, replicate)) });
  } catch (error) {
    postMessage({ run, replicate, error: String(error?.message ?? error) });
  }
};
