/* Do the jobs of a folder, for `node.py`: node node.mjs MODULE FOLDER. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Model, liveWorld } from "./model.mjs";

const [module, folder] = process.argv.slice(2);
const { version, jobs } = JSON.parse(readFileSync(join(folder, "jobs.json"), "utf8"));
const given = readFileSync(join(folder, "given"));
const model = await Model.load(readFileSync(module), version);
const made = [], seconds = [];

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

function lived(job) {
  const { series, probe, panel } = liveWorld(model, arraysOf(job), job);
  return [series, probe, panel].filter(Boolean).map(numbers => new Uint8Array(numbers.buffer));
}

for (const job of jobs) {
  const start = performance.now();
  const results = job.call ? called(job) : lived(job);
  seconds.push((performance.now() - start) / 1000);
  made.push(...results);
}
writeFileSync(join(folder, "made"), Buffer.concat(made));
process.stdout.write(JSON.stringify({ seconds, memory: model.memory.buffer.byteLength }));
