/**
 * The page that runs the model: a question, its answer, and everything behind it.
 *
 * `DATA` has the tables, the organisation and the questions; `WORKER` the source of a
 * worker, `MODULE` the model in base64.
 */
import { Pool } from "./pool.mjs";
import { useQuantiles } from "./statistics.mjs";
import { useWords } from "./words.mjs";
import { FAILED, RUNNING, STOPPED, page } from "./state.mjs";
import { el, write } from "./dom.mjs";
import { say, titleOf } from "./telling.mjs";
import { livedWorlds } from "./results.mjs";
import { known, readAddress, saveFiles, writeAddress } from "./choosing.mjs";
import { live, start } from "./running.mjs";
import { drawPins, pin, promote } from "./pins.mjs";
import { drawDials, drawQuestions } from "./controls.mjs";
import { drawLevers } from "./levers.mjs";
import { drawKept, keepChoice } from "./keeping.mjs";
import { drawGraph, drawTable } from "./behind.mjs";
import { drawSteps, findSteps } from "./steps.mjs";
import { findParts } from "./parts.mjs";
import { findHolding } from "./holding.mjs";
import { drawAnswer } from "./answer.mjs";

const PAINT_MS = 250, WEEK_MS = 120;
let painted = 0;

const FIXED = { brand: "brand", language: "other_language", save: "save", print: "print", "what-if": "what_if",
  "organisation-title": "organisation", "graph-title": "graph", "money-title": "money", "next-title": "next",
  "levers-title": "levers", "table-title": "all_outcomes", "money-note": "money_note", "find-next": "next_button",
  "week-label": "graph_week", play: "play", "to-questions": "to_questions", pin: "pin", promote: "promote", stop: "stop", more: "more", "next-for-label": "next_for",
  "same-numbers": "same_numbers", "parts-title": "parts", "find-parts": "parts_button",
  "holding-title": "holding", "find-holding": "holding_button", "kept-title": "kept", keep: "keep" };

function draw() {
  document.documentElement.lang = page.language;
  document.title = `${say("brand")}: ${titleOf(page.choice)}`;
  for (const [id, key] of Object.entries(FIXED)) write(id, say(key));
  el("search").placeholder = say("search", { n: DATA.questions.length });
  el("search").setAttribute("aria-label", el("search").placeholder);
  write("version", say("version", { version: DATA.model }));
  drawQuestions();
  drawDials();
  drawLevers();
  drawPins();
  drawKept();
  drawChanging();
}

/** Let the weeks of people at work pass, from the start if they were at the end. */
function play() {
  const isPlaying = page.playing !== null, last = Number(el("week").max);
  clearInterval(page.playing);
  page.playing = isPlaying ? null : setInterval(() => {
    page.graphWeek += 1;
    drawGraph(livedWorlds());
    if (page.graphWeek >= last) play();
  }, WEEK_MS);
  if (!isPlaying && page.graphWeek >= last) page.graphWeek = 0;
  write("play", say(isPlaying ? "play" : "pause"));
}

/** Draw what changes while worlds are lived. */
function drawChanging() {
  drawAnswer();
  for (const drawExtra of page.extras) drawExtra();
}

function stop() {
  page.pool.stop();
  page.state = STOPPED;
  drawChanging();
}

function goFurther() {
  page.state = RUNNING;
  live();
  drawChanging();
}

/** Draw now if all is there, else at most a few times a second. */
function paint() {
  if (page.state === RUNNING && performance.now() - painted < PAINT_MS) return;
  painted = performance.now();
  drawChanging();
}

const bytesOf = text => Uint8Array.from(atob(text), character => character.charCodeAt(0));

function fail(why) {
  page.state = FAILED;
  page.trouble = { key: "failed", values: { why } };
  drawChanging();
}

/** Start workers for the organisation in `DATA`. */
function fillPool() {
  page.pool?.close();
  page.pool = new Pool(WORKER, { module: bytesOf(MODULE), version: DATA.version, columns: DATA.columns, outcomes: DATA.outcomes,
    drawn: DATA.drawn, organisation: DATA.organisation }, fail);
}

/** Ask about another organisation: `found` is what `page_data` in Python gives,
 * `fromAddress` whether the address says what is chosen. */
export function open(found, fromAddress = false) {
  Object.assign(DATA, { ...found, words: DATA.words, language: page.language });
  page.pins = [];
  if (fromAddress) readAddress();
  else page.choice = known({});
  fillPool();
  start(fromAddress ? "replace" : "push");
}

function begin() {
  Object.assign(page, { draw, paint });
  readAddress();
  useQuantiles(DATA.quantiles);
  useWords(DATA.sentences, page.language);
  if (typeof WebAssembly !== "object" || typeof Worker !== "function") {
    Object.assign(page, { state: FAILED, trouble: { key: "no_workers" } });
    draw();
    for (const one of document.querySelectorAll("aside, .tools, .pins, #own")) one.hidden = true;
    return;
  }
  fillPool();
  el("language").onclick = () => { page.language = page.language === "en" ? "nl" : "en"; useWords(DATA.sentences, page.language); writeAddress("replace"); draw(); };
  el("save").onclick = saveFiles;
  el("print").onclick = () => print();
  el("pin").onclick = pin;
  el("promote").onclick = promote;
  el("stop").onclick = stop;
  el("more").onclick = goFurther;
  el("search").oninput = drawQuestions;
  el("find-next").onclick = findSteps;
  el("find-parts").onclick = findParts;
  el("find-holding").onclick = findHolding;
  el("keep-form").onsubmit = event => { event.preventDefault(); keepChoice(); };
  el("next-for").onchange = event => { page.ranked = event.target.value; drawSteps(); };
  el("to-questions").onclick = () => el("what-if").scrollIntoView();
  el("play").onclick = play;
  el("week").oninput = event => { page.graphWeek = Number(event.target.value); drawGraph(livedWorlds()); };
  el("people-a").onclick = () => { page.shownPeople = 0; drawGraph(livedWorlds()); };
  el("people-b").onclick = () => { page.shownPeople = 1; drawGraph(livedWorlds()); };
  const fillTable = () => { if (el("all").open && livedWorlds().length > 1) drawTable(livedWorlds()); };
  el("all").ontoggle = fillTable;
  window.onbeforeprint = () => { el("all").open = true; fillTable(); };
  window.onpopstate = () => { readAddress(); start("none"); };
  start("replace");
}
begin();
