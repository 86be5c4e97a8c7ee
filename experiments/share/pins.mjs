/** Answers side by side: A is today, B what is asked, the others are pinned. */
import { page } from "./state.mjs";
import { el, node, replace } from "./dom.mjs";
import { changes, say, titleOf } from "./telling.mjs";
import { MOST_PINS } from "./choosing.mjs";
import { inFrame, scenariosOf, start } from "./running.mjs";

export const letter = k => String.fromCharCode(65 + k);

/** Whether a pinned answer is the one that is asked: then it is not shown twice. */
const isAsked = pin => scenariosOf(inFrame(pin.choice))[1].key === scenariosOf(page.choice)[1].key;

/** Places of the pinned answers that stand beside the one that is asked. */
export const besides = () => [...page.pins.keys()].filter(k => !isAsked(page.pins[k]));

export function drawPins() {
  const chips = [node("span", { class: "pin" }, node("b", {}, "A"), ` ${say("today")}`)];
  const shown = besides(), same = page.pins.findIndex(isAsked);
  if (changes(page.choice)) {
    chips.push(node("span", { class: "pin" }, node("b", {}, same < 0 ? "B" : `B = ${letter(same + 2)}`), ` ${titleOf(page.choice)}`,
      same < 0 ? null : gone(same)));
  }
  shown.forEach(k => chips.push(node("span", { class: "pin" },
    node("button", { type: "button", "data-key": `pin-${k}`, onclick: () => swap(k) }, node("b", {}, letter(k + 2)), ` ${titleOf(page.pins[k].choice)}`),
    gone(k))));
  replace("pins", chips);
  el("pin").hidden = !changes(page.choice) || page.pins.length >= MOST_PINS || same >= 0;
  el("promote").hidden = !changes(page.choice) || page.choice.numbers.length > 0;
}

/** The button that takes a pinned answer away. */
function gone(k) {
  return node("button", { type: "button", "data-key": `unpin-${k}`, "aria-label": say("unpin", { title: titleOf(page.pins[k].choice) }),
    onclick: () => { page.pins.splice(k, 1); start(); } }, "\u00d7");
}

export function pin() {
  page.pins.push({ choice: structuredClone(page.choice) });
  start();
}

/** Ask a pinned answer, and pin the present one in its place. */
function swap(k) {
  const other = page.pins[k].choice;
  if (changes(page.choice)) page.pins[k] = { choice: structuredClone(page.choice) };
  else page.pins.splice(k, 1);
  page.choice = { ...inFrame(structuredClone(other)) };
  start();
}

/** Make the to-be today's organisation, with what was changed last. */
export function promote() {
  const promoted = { ...page.choice.promoted, ...page.choice.levers };
  for (const [, name, setting] of [...page.choice.plan].sort((a, b) => a[0] - b[0])) promoted[name] = setting;
  page.choice = { ...page.choice, question: "", promoted, levers: { ...promoted }, plan: [], numbers: [] };
  start();
}
