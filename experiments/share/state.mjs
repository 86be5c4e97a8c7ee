/**
 * What the page holds: the choice, its pinned answers, and the worlds lived for them.
 *
 * `page.choice` alone says what is asked: levers of today, moves and numbers by week,
 * head counts, euros, weeks, seed. `page.draw` and `page.paint` are set by `page.mjs`;
 * what else is drawn with the page is in `page.extras`, and the
 * address with which it was opened in `page.address`. `page.trouble` has the key and the
 * values of what is wrong; `page.isElsewhere` tells that the address was made of another
 * organisation than this one.
 */

export const HEADLINES = ["lead_quality", "learning_speed", "burnout"];
export const RUNNING = "running";
export const SETTLED = "settled";
export const STOPPED = "stopped";
export const FAILED = "failed";

/** Searches that one asks for beside the answer; workers do one at a time. */
const SEARCHES = ["steps", "parts", "holding"];

/** Begin a search; one that was not finished is given up, and can be asked for again. */
export function search(name, found) {
  for (const other of SEARCHES) if (page[other] && !page[other].done) page[other] = null;
  page[name] = { ...found, done: false };
  return page[name];
}

export const page = {
  choice: null, pins: [], language: DATA.language, address: location.hash,
  pool: null, worlds: new Map(), limit: 0, state: RUNNING, trouble: null, isElsewhere: false,
  steps: null, parts: null, holding: null, ranked: HEADLINES[0], shownPeople: 1, graphWeek: 80, playing: null,
  draw() {}, paint() {}, extras: [],
};
