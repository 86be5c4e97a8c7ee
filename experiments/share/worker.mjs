/**
 * What a worker does: found and live the worlds that it is asked for, one at a time.
 *
 * It sends back compact results: a world's outcomes, and its weekly values of those that
 * are drawn; of world 0 its people too.
 */
import { Model, liveWorld } from "./model.mjs";
import { Founder } from "./founding.mjs";
import { Series, shockWeekOf, summarise, weekly } from "./measures.mjs";

const MOST_FOUNDERS = 40;
/** Ties are drawn from some hours a week on: the most of these with which there are enough. */
const LEAST_HOURS = [1, 0.5, 0.25, 0.1], ENOUGH_TIES = 0.5;
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
  const { weeks, seed } = scenario, probeWeek = shockWeekOf(weeks);
  const founded = founderOf(scenario).found(seed, replicate);
  const withPeople = replicate === 0;
  const world = liveWorld(model, founded, { weeks, probeWeek, columns: withPeople ? ["score"] : [] });
  const series = new Series(given.columns, world.series);
  const probe = world.probe && new Series(given.columns, world.probe);
  const pair = { probe, shockWeek: probe ? probeWeek : null };
  const drawn = given.outcomes.filter(one => given.drawn.includes(one.id));
  return {
    seats: founded.people.shape[0],
    values: given.outcomes.map(one => summarise(series, one, pair)),
    weekly: Object.fromEntries(drawn.map(one => [one.id, weekly(series, one)])),
    graph: withPeople ? graphOf(founded, world.panel) : null,
  };
}

/** People and their contact under the last structure, and their burnout scores by week. */
function graphOf(founded, panel) {
  const people = field => readField(founded.people, "person", field);
  const [a, b] = ["a", "b"].map(field => readField(founded.ties, "tie", field));
  const [versions, size] = founded.hours.shape;
  const hours = new Float64Array(founded.hours.bytes.slice().buffer).subarray((versions - 1) * size);
  const strong = least => [...hours.keys()].filter(k => hours[k] >= least);
  const least = LEAST_HOURS.find(x => strong(x).length >= ENOUGH_TIES * founded.people.shape[0]) ?? LEAST_HOURS.at(-1);
  const ties = strong(least).map(k => ({ a: a[k], b: b[k], hours: hours[k] }));
  return { least, departments: people("own_department"), leaders: people("role").map(role => role === 0 ? 1 : 0), ties,
    scores: new Float64Array(panel.buffer) };
}

/** The numbers in a field of founded records. */
function readField({ shape, bytes }, record, field) {
  const { size, fields } = model.description.records[record], [number, offset] = fields[field];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = { float64: at => view.getFloat64(at, true), int64: at => Number(view.getBigInt64(at, true)),
    uint64: at => Number(view.getBigUint64(at, true)) }[number];
  return Array.from({ length: shape[0] }, (_, row) => read(row * size + offset));
}

let ready;
self.onmessage = async ({ data }) => {
  if (data.start) {
    ready = begin(data.start);
    ready.catch(() => {});  // told with the first world that needs it
    return;
  }
  try {
    await ready;
    postMessage({ lived: data.scenarios.map(one => lived(one, data.replicate)) });
  } catch (error) {
    postMessage({ error: String(error?.message ?? error) });
  }
};
