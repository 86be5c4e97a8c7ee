/** What a user chooses with: questions, sliders and levers. */
import { inLanguage, number } from "./words.mjs";
import { page } from "./state.mjs";
import { el, node, replace } from "./dom.mjs";
import { lever, say, settingWords } from "./telling.mjs";
import { start } from "./running.mjs";

export function drawQuestions() {
  const wanted = el("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const textOf = one => [inLanguage(one.title), inLanguage(one.question), say(`group_${one.group}`),
    ...one.choice.plan.map(([, name, setting]) => `${inLanguage(lever(name)?.words?.name ?? { en: "", nl: "" })} ${settingWords(name, setting)}`)]
    .join(" ").toLowerCase();
  const groups = DATA.groups.map(group => [group, DATA.questions.filter(one =>
    one.group === group && wanted.every(word => textOf(one).includes(word)))]);
  const shown = groups.filter(([, found]) => found.length).flatMap(([group, found]) => [
    node("h3", { class: "group" }, say(`group_${group}`)),
    ...found.map(one => node("button", { class: "q", type: "button", title: inLanguage(one.question), "data-key": one.id,
      "aria-current": String(one.id === page.choice.question), onclick: () => ask(one) }, inLanguage(one.title)))]);
  replace("questions", shown.length ? shown : [node("p", { class: "note" }, say("no_question"))]);
}

/** Ask a question of today's organisation; where it needs another today, it says so. */
function ask(one) {
  page.choice = { ...page.choice, question: one.id, levers: { ...page.choice.promoted, ...one.choice.levers },
    plan: [...one.choice.plan], numbers: [...one.choice.numbers] };
  start();
}

export function drawDials() {
  const own = (table, name, text) => {
    const { low, high, step = 1 } = DATA[table][name];
    return dial(name, text, page.choice[table][name], low, high, step, found => { page.choice[table] = { ...page.choice[table], [name]: found }; });
  };
  replace("dials", [
    ...Object.keys(DATA.heads ?? {}).map(name => own("heads", name, say(`heads_${name}`))),
    ...Object.keys(DATA.euros).map(name => own("euros", name, say(name))),
    dial("weeks", say("weeks"), page.choice.weeks, DATA.horizon.low, DATA.horizon.high, DATA.horizon.step, found => { page.choice.weeks = found; }),
  ]);
}

function dial(key, text, value, min, max, step, set) {
  const shown = node("output", {}, number(value));
  const input = node("input", { type: "range", min, max, step, value, "aria-label": text, "data-key": key,
    oninput: event => { shown.textContent = number(Number(event.target.value)); },
    onchange: event => { set(Number(event.target.value)); start("replace"); } });
  return node("label", { class: "dial" }, node("span", {}, text), shown, input);
}

export function drawLevers() {
  const now = { ...DATA.base.levers, ...page.choice.levers }, planned = Object.fromEntries(page.choice.plan.map(([week, name, setting]) => [name, { week, setting }]));
  replace("levers", node("div", { class: "lever head", "aria-hidden": "true" }, node("span", {}, say("lever")), node("span", {}, say("today")), node("span", {}, say("changed"))),
    DATA.leverGroups.map(({ group, levers }) => node("div", {}, node("h3", { class: "group" }, say(`group_${group}`)),
      ...levers.map(name => leverRow(lever(name), now[name], planned[name])))));
}

function leverRow({ name, settings }, now, planned) {
  const options = (chosen, first) => [...(first ? [node("option", { value: "", selected: !chosen }, first)] : []),
    ...settings.map(one => node("option", { value: one.name, selected: one.name === chosen }, settingWords(name, one.name)))];
  const title = inLanguage(lever(name).words.name), isChanged = planned || now !== DATA.base.levers[name];
  return node("div", { class: `lever${isChanged ? " changed" : ""}` }, node("span", {}, title),
    node("select", { "aria-label": `${title}: ${say("today")}`, "data-key": `now-${name}`, onchange: event => {
      page.choice = { ...page.choice, question: "", levers: { ...page.choice.levers, [name]: event.target.value } }; start(); } }, ...options(now)),
    node("select", { "aria-label": `${title}: ${say("changed")}`, "data-key": `then-${name}`, onchange: event => {
      const rest = page.choice.plan.filter(row => row[1] !== name), setting = event.target.value;
      page.choice = { ...page.choice, question: "", plan: setting ? [...rest, [planned?.week ?? 0, name, setting]] : rest }; start(); } },
    ...options(planned?.setting, say("no_change"))));
}
