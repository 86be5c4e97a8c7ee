/**
 * Worlds in Web Workers: the same worlds for every scenario, a few at a time.
 *
 * A pool has one worker for each processor. A new run replaces the one before, which
 * stops after the world that each worker is in. What was lived is kept by scenario and
 * world, so that a scenario that stays is not lived again.
 */

const MOST_KEPT = 3000;
const keyOf = (scenario, replicate) => `${scenario.key}/${replicate}`;

export class Pool {
  /**
   * @param {string} source what a worker runs
   * @param {object} start what each worker is given first: the module, tables, people
   * @param {function(string): void} failed told of an error in a worker
   */
  constructor(source, start, failed) {
    const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    const size = Math.max(1, Math.min(8, navigator.hardwareConcurrency ?? 2));
    Object.assign(this, { failed, kept: new Map(), run: 0, waiting: [], jobs: new Map() });
    this.workers = Array.from({ length: size }, () => {
      const worker = new Worker(address);
      worker.onmessage = event => this.#received(worker, event.data);
      worker.onerror = event => failed(event.message);
      worker.postMessage({ start });
      return worker;
    });
  }

  /**
   * Live worlds of scenarios; those that are kept at once, the others as workers are free.
   * @param {{key: string, at: function(number): object}[]} scenarios each with a key
   *   that tells it from all others, and what a worker gets to found a world of it
   * @param {number[]} replicates
   * @param {function(number, object[]): void} done told of each world: its number, and
   *   what each scenario gave in it
   */
  live(scenarios, replicates, done) {
    this.stop();
    const run = this.run;
    const ready = [];
    for (const replicate of replicates) {
      const found = new Map();
      for (const one of scenarios) {
        const known = this.kept.get(keyOf(one, replicate));
        if (known) found.set(one.key, known);
      }
      const missing = scenarios.filter(one => !found.has(one.key));
      const job = { run, replicate, scenarios, missing, found, done };
      (missing.length ? this.waiting : ready).push(job);
    }
    for (const job of ready) if (run === this.run) this.#finish(job);
    this.#hand();
  }

  /** End all workers; nothing can be lived any more. */
  close() {
    this.stop();
    for (const worker of this.workers) worker.terminate();
  }

  /** Stop; worlds that workers are in are kept when they are done. */
  stop() {
    this.run += 1;
    this.waiting = [];
  }

  #hand() {
    for (const worker of this.workers) {
      if (this.jobs.has(worker)) continue;
      const job = this.waiting.shift();
      if (!job) return;
      this.jobs.set(worker, job);
      worker.postMessage({ replicate: job.replicate, scenarios: job.missing.map(one => one.at(job.replicate)) });
    }
  }

  #received(worker, { lived, error }) {
    const job = this.jobs.get(worker);
    this.jobs.delete(worker);
    if (error && job.run === this.run) {
      this.stop();
      this.failed(error);
    }
    (lived ?? []).forEach((one, k) => {
      const scenario = job.missing[k];
      job.found.set(scenario.key, one);
      this.#keep(keyOf(scenario, job.replicate), one);
    });
    if (lived && job.run === this.run) this.#finish(job);
    this.#hand();
  }

  #keep(key, one) {
    this.kept.set(key, one);
    if (this.kept.size > MOST_KEPT) this.kept.delete(this.kept.keys().next().value);
  }

  #finish({ replicate, scenarios, found, done }) {
    done(replicate, scenarios.map(one => found.get(one.key)));
  }
}
