/** The answer: headline, sentences, and three differences over time. */
import { differenceChart } from "./charts.mjs";
import { byWeek } from "./statistics.mjs";
import { headline, inLanguage, judgement, labelOf, names, number, pairTexts, sideOf, sizeOf } from "./words.mjs";
import { FAILED, HEADLINES, RUNNING, SETTLED, STOPPED, page } from "./state.mjs";
import { el, node, replace, write } from "./dom.mjs";
import { alsoTold, changes, changesTold, question, recommendation, roadTold, say, settingWords, signedSize, titleOf } from "./telling.mjs";
import { compared, isSure, livedWorlds, outcome } from "./results.mjs";
import { besides, letter } from "./pins.mjs";
import { drawGraph, drawMoney, drawTable } from "./behind.mjs";
import { drawParts } from "./parts.mjs";
import { drawHolding } from "./holding.mjs";
import { drawSteps } from "./steps.mjs";

/** What is drawn over time for a time, which has no value of its own each week. */
const DRAWN = { learning_speed: "wrong_stock" };
const SMOOTH_WEEKS = 4;

/** The answer: headline, sentences, three differences, and what is behind them. */
export function drawAnswer() {
  const lived = livedWorlds(), some = lived.length > 1 && changes(page.choice) && page.state !== FAILED;
  const starting = Object.entries(page.choice.promoted).filter(([name, setting]) => DATA.base.levers[name] !== setting);
  const people = say("people", { title: inLanguage(DATA.title), n: number(lived[0]?.[0].seats ?? DATA.people) });
  write("organisation", [people, starting.length ? say("starting_point", { whats: names(starting.map(pair => settingWords(...pair))) }) : ""].filter(Boolean).join(" \u00b7 "));
  write("asked", question() ? inLanguage(question().question) : "");
  write("changes", changesTold());
  const { key, values } = page.trouble ?? (page.isElsewhere ? { key: "elsewhere", values: { title: inLanguage(DATA.title) } } : {});
  el("trouble").hidden = !key;
  write("trouble", key ? say(key, values) : "");
  drawProgress(lived);
  for (const id of ["three", "people", "asked-for", "all"]) el(id).hidden = !some;
  el("headline").classList.toggle("provisional", page.state !== SETTLED);
  const found = some ? HEADLINES.map(id => [outcome(id), compared(lived, 1, id)]) : [];
  const pairs = found.map(([one, x]) => [one, x.difference]);
  write("headline", !changes(page.choice) ? say("same") : some ? recommendation(pairs) : say(page.state === FAILED ? "no_answer" : "first"));
  write("lead", some ? headline(titleOf(page.choice), say("today"), pairs) : "");
  write("also", some ? [roadTold(lived), alsoTold(lived)].filter(Boolean).join(" ") : "");
  if (!some) return;
  replace("three", found.map(([one, x]) => card(lived, one, x)));
  drawMoney(lived);
  if (el("all").open) drawTable(lived);
  drawGraph(lived);
  drawParts();
  drawHolding();
  drawSteps();
}

function card(lived, one, found) {
  const { id } = one, d = found.difference, sure = isSure(d, one);
  const side = sure ? sideOf(d, one) : "";
  const texts = pairTexts(found, one), [size, ...unit] = signedSize(d, one).split(" ");
  const matters = sizeOf(one.smallest, one, 0), percent = one.display === "percent" ? "%" : "";
  const pinned = besides().map(k => {
    const other = compared(lived, k + 2, id).difference;
    return node("div", { class: "pinned" }, node("b", {}, letter(k + 2)), ` ${signedSize(other, one)}`,
      node("span", {}, ` ${judgement(other, one)}`));
  });
  return node("div", { class: `card${sure ? "" : " waiting"}` },
    node("div", { class: "top" }, node("h2", { class: "title" }, labelOf(one)),
      node("span", { class: `pill ${side}` }, sure ? judgement(d, one) : say("provisional"))),
    node("div", { class: "number" }, size, node("span", { class: "unit" }, ` ${unit.join(" ")}`)),
    node("p", { class: "note" }, `${d.n ? `${say("from_to", { a: texts.a + percent, b: texts.b + percent })} \u00b7 ` : ""}${say("would_matter", { matters })}`),
    ...pinned, chartOf(lived, one, side), node("p", { class: "what" }, inLanguage(one.explanation).split(/(?<=\.) /)[0]));
}

function chartOf(lived, own, side) {
  const drawn = outcome(DRAWN[own.id] ?? own.id), scale = drawn.display === "percent" ? 100 : 1;
  const weeksOf = k => byWeek(lived.map(world => difference(world[k].weekly[drawn.id], world[0].weekly[drawn.id], scale)));
  const others = besides();
  const lines = [...others.map(k => ({ side: "other", weeks: weeksOf(k + 2), name: letter(k + 2) })),
    { side, weeks: weeksOf(1), name: others.length ? "B" : undefined }];
  const shown = value => (value > 0 ? "+" : "") + number(value, Math.abs(value) < 10 && value !== Math.round(value) ? 1 : 0);
  const last = lines[lines.length - 1].weeks.findLast(x => Number.isFinite(x.mean))?.mean ?? NaN;
  const title = drawn === own ? "" : node("p", { class: "note" }, `${labelOf(drawn)}, ${say("points")}:`);
  return node("div", {}, title, differenceChart({ label: say("chart", { what: labelOf(drawn), end: shown(last) }), lines,
    matters: drawn.smallest * scale, write: shown, zone: say("zone"),
    when: week => week === 0 ? say("now") : week % 52 ? "" : say(week === 52 ? "year" : "years", { n: week / 52 }) }));
}

/** The difference of two worlds by week, each a mean of four weeks. */
function difference(b, a, scale) {
  const found = b.map((x, week) => scale * (x - a[week]));
  return found.map((_, week) => {
    const kept = found.slice(Math.max(0, week - SMOOTH_WEEKS + 1), week + 1).filter(Number.isFinite);
    return kept.length ? kept.reduce((sum, x) => sum + x, 0) / kept.length : NaN;
  });
}

function drawProgress(lived) {
  const busy = changes(page.choice) && (page.state === RUNNING || page.state === STOPPED);
  el("progress").classList.toggle("idle", !busy);
  el("stop").hidden = page.state !== RUNNING;
  el("more").hidden = page.state !== STOPPED;
  el("bar").max = page.limit;
  el("bar").value = page.worlds.size;
  write("running", busy ? say("running", { n: number(page.worlds.size), most: number(page.limit) }) : "");
  write("told", lived.length && changes(page.choice) ? say("told", { n: number(lived.length), seed: page.choice.seed, data: say(DATA.draws?.fitted ? "data_fitted" : "data_none") }) : "");
  write("command", changes(page.choice) && lived.length
    ? `orgsim compare ${DATA.names.join(" ")} --replicates ${lived.length} --seed ${page.choice.seed}${page.choice.weeks === DATA.weeks ? "" : ` --weeks ${page.choice.weeks}`}` : "");
  el("reproduce").hidden = !el("command").textContent;
}
