/* Live the worlds of a folder, for `node.py`: node worlds.mjs MODULE FOLDER. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Model, liveWorld } from "./model.mjs";

const [module, folder] = process.argv.slice(2);
const { version, jobs } = JSON.parse(readFileSync(join(folder, "jobs.json"), "utf8"));
const states = readFileSync(join(folder, "states"));
const model = await Model.load(readFileSync(module), version);
const records = [], seconds = [];
for (const { arrays, ...job } of jobs) {
  const founded = {};
  for (const [name, { shape, from, to }] of Object.entries(arrays)) {
    founded[name] = { shape, bytes: states.subarray(from, to) };
  }
  const start = performance.now();
  const { series, probe, panel } = liveWorld(model, founded, job);
  seconds.push((performance.now() - start) / 1000);
  for (const numbers of [series, probe, panel]) {
    if (numbers) records.push(new Uint8Array(numbers.buffer));
  }
}
writeFileSync(join(folder, "records"), Buffer.concat(records));
process.stdout.write(JSON.stringify({ seconds, memory: model.memory.buffer.byteLength }));
