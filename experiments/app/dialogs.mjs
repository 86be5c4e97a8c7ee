/** Dialogs by which a user brings an organisation: scenario files, and the interview. */
import { inLanguage } from "./words.mjs";
import { el, node, replace, write } from "./dom.mjs";
import { say } from "./telling.mjs";
import { open } from "./page.mjs";
import { ask } from "./requests.mjs";

/** Where the organisation of this tab is kept while it is loaded anew. */
const PLACE = "orgsim organisation";

/** Show an organisation, and keep its files until the tab is closed. */
export function show(organisation) {
  write("written", "");
  try {
    sessionStorage.setItem(PLACE, JSON.stringify({ files: organisation.files, name: organisation.basedOn }));
  } catch { /* it is asked for again when the page is loaded anew */ }
  open(organisation);
}

/** The organisation that this tab had before it was loaded anew; none where it had none. */
export async function shownBefore() {
  let kept = null;
  try { kept = JSON.parse(sessionStorage.getItem(PLACE)); } catch { /* the browser keeps nothing */ }
  if (!kept) return null;
  return Object.keys(kept.files ?? {}).length ? ask("/api/scenarios", { files: kept.files })
    : ask(`/api/organisations/${encodeURIComponent(kept.name)}`);
}

/** Open a dialog, without what was wrong before. */
export function openDialog(box) {
  box.querySelector(".problems").hidden = true;
  box.showModal();
}

/** Do what a dialog is for; it stays open, with all problems, if that is refused. */
export async function attempt(box, act) {
  const problems = box.querySelector(".problems"), button = box.querySelector(".do");
  problems.hidden = true;
  button.disabled = true;
  try {
    await act();
  } catch (error) {
    problems.textContent = error.message;
    problems.hidden = false;
  } finally {
    button.disabled = false;
  }
}

export function useLoading() {
  const box = el("load-box");
  el("open-load").onclick = () => openDialog(box);
  box.querySelector(".do").onclick = () => attempt(box, async () => {
    const files = [...el("load-files").files];
    if (!files.length) throw new Error(say("load_none"));
    const isArchive = files.length === 1 && /\.zip$/i.test(files[0].name);
    const texts = isArchive ? null : Object.fromEntries(await Promise.all(files.map(async file => [file.name, await file.text()])));
    const found = isArchive ? await ask("/api/scenarios/archive", files[0]) : await ask("/api/scenarios", { files: texts });
    box.close();
    show(found);
  });
}

let questions = [], answers = {};

export function useInterview() {
  const box = el("interview-box");
  el("open-interview").onclick = async () => {
    openDialog(box);
    await attempt(box, async () => { questions = await ask("/api/interview"); });
    drawInterview();
  };
  box.querySelector(".do").onclick = () => attempt(box, async () => {
    const given = Object.fromEntries(Object.entries(answers).filter(([, answer]) => answer !== ""));
    const found = await ask("/api/interview", { answers: given });
    box.close();
    show(found);
  });
}

export function drawInterview() {
  replace("interview-form", questions.map(({ id, words, answers: known, amount }) => {
    const keep = event => { answers[id] = event.target.value; };
    const field = amount
      ? node("input", { type: "text", inputmode: "decimal", value: answers[id] ?? "", placeholder: `${amount.low}\u2013${amount.high} ${inLanguage(amount.unit)}`, "data-key": id, onchange: keep })
      : node("select", { "data-key": id, onchange: keep }, node("option", { value: "" }, say("interview_open")),
        ...known.map(one => node("option", { value: one.key, selected: answers[id] === one.key }, inLanguage(one.words))));
    return node("label", {}, node("span", {}, inLanguage(words)), field);
  }));
}
