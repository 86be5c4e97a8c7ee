/* Do the jobs of a folder, for `node.py`: node node.mjs MODULE FOLDER. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Founder } from "./founding.mjs";
import { Model, liveWorld } from "./model.mjs";

const [module, folder] = process.argv.slice(2);
const { version, jobs } = JSON.parse(readFileSync(join(folder, "jobs.json"), "utf8"));
const given = readFileSync(join(folder, "given"));
const model = await Model.load(readFileSync(module), version);
const made = [], seconds = [], shapes = [], founders = [];

/* The arrays that a job is given. */
function arraysOf({ arrays }) {
  return Object.fromEntries(Object.entries(arrays).map(([name, { shape, from, to }]) =>
    [name, { shape, bytes: given.subarray(from, to) }]));
}

function called(job) {
  model.clear();
  const values = {};
  for (const [name, array] of Object.entries(arraysOf(job))) {
    const argument = model.description.functions[job.call].find(one => one[0] === name);
    values[name] = model.arrayOf(argument[1], array);
  }
  model.call(job.call, { ...values, ...job.numbers });
  return Object.values(values).map(array => array.bytes.slice());
}

function founded(job) {
  return founders[job.founder].found(BigInt(job.seed), job.replicate);
}

/* Found a world; its shapes are told in the order of the model's description. */
function told(job) {
  const state = Object.values(founded(job));
  shapes.push(state.map(array => array.shape));
  return state.map(array => array.bytes);
}

function lived(job) {
  const given = "founder" in job ? founded(job) : arraysOf(job);
  const { series, probe, panel } = liveWorld(model, given, job);
  return [series, probe, panel].filter(Boolean).map(numbers => new Uint8Array(numbers.buffer));
}

function done(job) {
  if ("organisation" in job) {
    founders.push(new Founder(model, job.organisation, job.scenario));
    return [];
  }
  if ("call" in job) return called(job);
  return "weeks" in job ? lived(job) : told(job);
}

for (const job of jobs) {
  const start = performance.now();
  const results = done(job);
  seconds.push((performance.now() - start) / 1000);
  made.push(...results);
}
writeFileSync(join(folder, "made"), Buffer.concat(made));
process.stdout.write(JSON.stringify({ seconds, shapes, memory: model.memory.buffer.byteLength }));
