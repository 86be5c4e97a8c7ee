/** What is behind the answer: money, the table of outcomes, and people at work. */
import { peopleGraph } from "./charts.mjs";
import { compare, verdictOn } from "./statistics.mjs";
import { inLanguage, judgement, number, pairTexts, sideOf } from "./words.mjs";
import { page } from "./state.mjs";
import { el, node, replace, write } from "./dom.mjs";
import { say } from "./telling.mjs";
import { compared, outcome, valuesOf } from "./results.mjs";
import { besides, letter } from "./pins.mjs";

const YEARLY = ["cost", "revenue", "margin"];

export function drawMoney(lived) {
  const row = (one, found, side) => {
    const text = pairTexts(found, one).difference, unit = inLanguage(one.unit);
    return text ? [node("dt", {}, inLanguage(one.label)), node("dd", { class: side && `${side}-text` }, `${text} ${unit}`)] : [];
  };
  const alone = id => {
    const values = valuesOf(lived, 1, id), found = compare(values.map(() => 0), values);
    return row(outcome(id), found, "").map(x => { x.textContent = x.textContent.replace(/^\+/, ""); return x; });
  };
  const change = id => {
    const one = outcome(id), found = compared(lived, 1, id);
    if (verdictOn(found.difference, one.smallest) !== "unclear") return row(one, found, sideOf(found.difference, one));
    return [node("dt", {}, inLanguage(one.label)), node("dd", {}, `${say("verdict_unclear")}: ${pairTexts(found, one).difference} ${inLanguage(one.unit)}`)];
  };
  replace("money", [...alone("change_cost"), ...YEARLY.flatMap(change)]);
}

export function drawTable(lived) {
  const all = [1, ...besides().map(k => k + 2)], rows = [];
  let group = "";
  for (const one of DATA.outcomes.filter(x => x.shown)) {
    const found = all.map(k => compared(lived, k, one.id)), texts = found.map(x => pairTexts(x, one));
    if (one.group !== group) rows.push(node("tr", { class: "group-row" }, node("th", { colspan: 3 + 2 * all.length, scope: "colgroup" }, inLanguage(DATA.outcomeGroups[one.group]))));
    group = one.group;
    rows.push(node("tr", { id: `outcome-${one.id}` }, node("th", { scope: "row", title: inLanguage(one.explanation) }, `${inLanguage(one.label)}, ${inLanguage(one.unit)}`),
      node("td", { class: "n" }, texts[0].a), node("td", { class: "n" }, texts[0].b),
      ...found.flatMap(({ difference: d }, k) => {
        const side = sideOf(d, one);
        return [node("td", { class: "n" }, texts[k].difference), node("td", { class: side && `${side}-text` }, texts[k].difference && judgement(d, one))];
      })));
  }
  const heads = [["outcome", ""], ["today", "A "], ["changed", "B "], ...all.flatMap(k => [["difference", `${letter(k)} `], ["verdict", `${letter(k)} `]])];
  replace("table", [node("thead", {}, node("tr", {}, ...heads.map(([key, mark], k) =>
    node("th", { scope: "col", class: key !== "verdict" && k ? "n" : "" }, (all.length > 1 ? mark : "") + say(key))))), node("tbody", {}, ...rows)]);
}

let drawn = [];

/** Whether this graph is drawn already, of this week and in this language. */
function isDrawn(graph) {
  const before = drawn;
  drawn = [graph, page.graphWeek, page.language, page.shownPeople];
  return drawn.every((x, k) => x === before[k]);
}

/** One world's people: who has most contact with whom, and who is worn out. */
export function drawGraph(lived) {
  const graph = lived[0]?.[page.shownPeople]?.graph;
  if (!graph || isDrawn(graph)) return;
  const { departments, leaders, ties, scores } = graph, size = departments.length, last = DATA.departments.length - 1;
  const week = Math.min(page.graphWeek, scores.length / size - 1);
  const people = departments.map((department, k) => ({ department: Math.min(last, department), leader: leaders[k] === 1,
    worn: scores[week * size + k] > DATA.complaintsAbove, name: say(`department_${DATA.departments[Math.min(last, department)]}`) }));
  el("week").max = scores.length / size - 1;
  el("week").value = week;
  el("week").setAttribute("aria-label", say("graph_week"));  // the label is that of its output
  write("week-shown", number(week));
  for (const [id, k] of [["people-a", 0], ["people-b", 1]]) {
    write(id, say(k ? "changed" : "today"));
    el(id).setAttribute("aria-pressed", String(page.shownPeople === k));
  }
  replace("graph", peopleGraph({ people, ties, departments: DATA.departments,
    label: say("graph_label", { n: people.length, worn: people.filter(x => x.worn).length }) }));
  write("graph-note", say("graph_note", { hours: number(graph.least, graph.least < 1 ? 2 : 0) }));
  replace("legend", [...DATA.departments.map((name, k) => node("span", {}, node("i", { class: `d${k} swatch` }), say(`department_${name}`))),
    node("span", {}, node("i", { class: "swatch ring" }), say("worn"))]);
}
