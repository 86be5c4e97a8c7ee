/**
 * Worlds in Web Workers: the same worlds for every scenario, a few at a time.
 *
 * A pool has one worker for each processor. A new run replaces the one before, which
 * stops after the world that each worker is in. What was lived is kept by scenario and
 * world, so that a scenario that stays is not lived again.
 */

const MOST_KEPT = 3000;

export class Pool {
  /**
   * @param {string} source what a worker runs
   * @param {object} start what each worker is given first: the module, tables, people
   * @param {function(Error): void} failed told of an error in a worker
   */
  constructor(source, start, failed) {
    const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    const size = Math.max(1, Math.min(8, navigator.hardwareConcurrency ?? 2));
    this.kept = new Map();
    this.run = 0;
    this.waiting = [];
    this.workers = Array.from({ length: size }, () => {
      const worker = new Worker(address);
      worker.onmessage = event => this.#received(worker, event.data);
      worker.onerror = event => failed(new Error(event.message));
      worker.postMessage({ start });
      return worker;
    });
    this.idle = new Set(this.workers);
  }

  /**
   * Live worlds of scenarios; those that are kept at once, the others as workers are free.
   * @param {object[]} scenarios each with a `key` that tells it from all others
   * @param {number[]} replicates
   * @param {function(number, object[]): void} done told of each world: its number, and
   *   what each scenario gave in it
   */
  live(scenarios, replicates, done) {
    this.run += 1;
    this.done = done;
    this.scenarios = scenarios;
    this.waiting = [];
    for (const replicate of replicates) {
      const missing = scenarios.filter(one => !this.kept.has(`${one.key}/${replicate}`));
      if (missing.length) this.waiting.push({ replicate, missing });
      else this.#finish(replicate);
    }
    this.#hand();
  }

  /** Stop; worlds that workers are in are kept when they are done. */
  stop() {
    this.run += 1;
    this.waiting = [];
  }

  #hand() {
    for (const worker of this.idle) {
      const job = this.waiting.shift();
      if (!job) return;
      this.idle.delete(worker);
      worker.postMessage({ run: this.run, replicate: job.replicate, scenarios: job.missing });
    }
  }

  #received(worker, { run, replicate, lived, error }) {
    this.idle.add(worker);
    if (error && run === this.run) this.workers[0].onerror({ message: error });
    for (const one of lived ?? []) this.#keep(`${one.key}/${replicate}`, one);
    if (run === this.run && lived) this.#finish(replicate);
    this.#hand();
  }

  #keep(key, one) {
    this.kept.set(key, one);
    if (this.kept.size > MOST_KEPT) this.kept.delete(this.kept.keys().next().value);
  }

  #finish(replicate) {
    const found = this.scenarios.map(one => this.kept.get(`${one.key}/${replicate}`));
    if (found.every(Boolean)) this.done(replicate, found);
  }
}
