/** What a user chooses with: questions and sliders. */
import { inLanguage, number } from "./words.mjs";
import { page } from "./state.mjs";
import { el, node, replace } from "./dom.mjs";
import { lever, say, settingWords } from "./telling.mjs";
import { start } from "./running.mjs";

export function drawQuestions() {
  const wanted = el("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const textOf = one => [inLanguage(one.title), inLanguage(one.question), say(`group_${one.group}`),
    ...one.choice.plan.map(([, name, setting]) => movedWords(name, setting))].join(" ").toLowerCase().replace(/[^\p{L}\p{N}-]+/gu, " ");
  const groups = DATA.groups.map(group => [group, DATA.questions.filter(one =>
    one.group === group && wanted.every(word => ` ${textOf(one)}`.includes(` ${word}`)))]);
  const shown = groups.filter(([, found]) => found.length).flatMap(([group, found]) => [
    node("h3", { class: "group" }, say(`group_${group}`)),
    ...found.map(one => node("button", { class: "q", type: "button", title: inLanguage(one.question), "data-key": one.id,
      "aria-current": String(one.id === page.choice.question), onclick: () => ask(one) }, inLanguage(one.title)))]);
  const outcomes = wanted.length ? DATA.outcomes.filter(one => one.shown && wanted.every(word => ` ${namesOf(one)}`.includes(` ${word}`))) : [];
  if (outcomes.length) {
    shown.push(node("h3", { class: "group" }, say("all_outcomes")),
      ...outcomes.map(one => node("button", { class: "q", type: "button", "data-key": `to-${one.id}`, onclick: () => showOutcome(one) }, inLanguage(one.label))));
  }
  replace("questions", shown.length ? shown : [node("p", { class: "note" }, say("no_question"))]);
}

/** What an outcome is called, and what else people call it. */
function namesOf(one) {
  const others = DATA.words[page.language][`also_called_${one.id}`] ?? "";
  return `${inLanguage(one.label)} ${others}`.toLowerCase().replace(/[^\p{L}\p{N}-]+/gu, " ");
}

/** Open the table of all outcomes at one of them. */
function showOutcome(one) {
  el("all").open = true;
  page.draw();
  requestAnimationFrame(() => el(`outcome-${one.id}`)?.scrollIntoView({ block: "center" }));
}

/** What is moved, in all words that there are for it: of the lever, and of the numbers that it sets. */
function movedWords(name, setting) {
  const found = lever(name), numbers = found.settings.find(one => one.name === setting)?.numbers ?? {};
  return [found.words ? inLanguage(found.words.name) : name, settingWords(name, setting),
    ...Object.keys(numbers).map(number => inLanguage(DATA.numbers[number].words))].join(" ");
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
