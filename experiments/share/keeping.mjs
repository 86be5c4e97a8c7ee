/** Answers that a user keeps by name, in this browser. */
import { page } from "./state.mjs";
import { el, node, replace, write } from "./dom.mjs";
import { changes, say, titleOf } from "./telling.mjs";
import { known } from "./choosing.mjs";
import { start } from "./running.mjs";

const MOST_KEPT = 50, LONGEST_NAME = 80;
const place = () => `orgsim ${DATA.version} ${DATA.title.en} ${DATA.people}`;

/** Kept choices by name; none where the browser keeps nothing. */
function kept() {
  try {
    const found = JSON.parse(localStorage.getItem(place()) ?? "[]");
    return Array.isArray(found) ? found.filter(one => typeof one?.name === "string" && one.choice) : [];
  } catch {
    return [];
  }
}

function keep(found) {
  try {
    localStorage.setItem(place(), JSON.stringify(found.slice(0, MOST_KEPT)));
    write("kept-note", "");
  } catch {
    write("kept-note", say("keep_full"));
  }
  drawKept();
}

export function keepChoice() {
  const field = el("keep-name"), name = (field.value.trim() || titleOf(page.choice)).slice(0, LONGEST_NAME);
  field.value = "";
  keep([{ name, choice: page.choice }, ...kept().filter(one => one.name !== name)]);
}

export function drawKept() {
  const found = kept();
  el("keep").disabled = !changes(page.choice);
  el("keep-name").placeholder = changes(page.choice) ? titleOf(page.choice) : "";
  el("keep-name").setAttribute("aria-label", say("keep_name"));
  replace("kept", found.map((one, k) => node("li", {},
    node("button", { type: "button", class: "q", "data-key": `kept-${k}`, onclick: () => { page.choice = known(one.choice); start(); } }, one.name),
    node("button", { type: "button", class: "gone", "data-key": `kept-gone-${k}`, "aria-label": say("unpin", { title: one.name }),
      onclick: () => keep(kept().filter(x => x.name !== one.name)) }, "\u00d7"))));
}
