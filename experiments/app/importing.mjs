/** The dialog that imports an export of people and a network, as `orgsim import` does. */
import { el, node, replace } from "./dom.mjs";
import { say } from "./telling.mjs";
import { download } from "./choosing.mjs";
import { attempt, openDialog, show } from "./dialogs.mjs";
import { ask } from "./requests.mjs";

let understood = null, mapping = "", given = new Map(), columns = null, chosen = none(), changed = false;

function none() { return { people: {}, network: {} }; }

export function useImport() {
  const box = el("import-box");
  const again = () => { understood = null; mapping = ""; given = new Map(); columns = null; chosen = none(); changed = false; drawImport(); };
  el("open-import").onclick = () => { again(); openDialog(box); };
  for (const id of ["import-people", "import-network", "import-mapping"]) el(id).onchange = again;
  el("import-keep").onclick = () => download("mapping.toml", new Blob([mapping], { type: "application/toml" }));
  box.querySelector(".do").onclick = () => attempt(box, async () => {
    const use = isReady();
    box.querySelector(".do").textContent = say("import_busy");
    try {
      if (!el("import-people").files.length && !el("import-network").files.length) throw new Error(say("load_none"));
      const [people, network] = await Promise.all([sent("import-people"), sent("import-network")]);
      const read = mapping || await el("import-mapping").files[0]?.text() || "";
      const files = { people, network, mapping: read, columns: chosen };
      columns = await ask("/api/import/columns", files);
      drawColumns();
      const answers = (understood?.points ?? []).map(point => ({ key: point.key, answer: given.get(keyOf(point)) ?? point.suggestion }));
      understood = await ask("/api/import", { ...files, answers: answers.filter(one => one.answer), use });
      changed = false;
      mapping = understood.mapping;
      if (use && understood.organisation) {
        box.close();
        show(understood.organisation);
      }
    } finally {
      drawImport();
    }
  });
}

/** A file that was chosen, in letters. */
async function sent(id) {
  const file = el(id).files[0];
  if (!file) return null;
  const bytes = new Uint8Array(await file.arrayBuffer()), parts = [];
  for (let at = 0; at < bytes.length; at += 32_768) parts.push(String.fromCharCode(...bytes.subarray(at, at + 32_768)));
  return { name: file.name, content: btoa(parts.join("")) };
}

const keyOf = point => JSON.stringify(point.key);
const isReady = () => understood !== null && !understood.points.length && !changed;

export function drawImport() {
  el("import-box").querySelector(".do").textContent = say(isReady() ? "import_use" : changed ? "import_again" : understood ? "import_go_on" : "import_look");
  el("import-keep").hidden = !mapping;
  replace("import-told", [...(understood?.understood ?? []), ...(understood?.network ?? [])].map(text => node("li", {}, text)));
  drawColumns();
  const points = understood?.points ?? [];
  replace("import-points", points.length ? node("p", {}, say("import_asks", { n: points.length })) : "", ...points.map(point => {
    const key = keyOf(point), keep = event => given.set(key, event.target.value), value = given.get(key) ?? point.suggestion;
    const field = point.allowed.length
      ? node("select", { "data-key": key, onchange: keep }, node("option", { value: "" }, "\u2026"),
        ...point.allowed.map((one, at) => node("option", { value: one, selected: one === value }, point.shown[at])))
      : node("input", { type: "text", inputmode: "decimal", value, placeholder: `${point.low}\u2013${point.high}`, "data-key": key, oninput: keep });
    return node("div", { class: "point" }, node("label", {}, node("span", {}, point.question), field));
  }));
}

/** What each column was read as, with selects to choose others. */
function drawColumns() {
  const box = el("import-columns"), kinds = ["people", "network"].filter(kind => columns?.[kind]);
  box.hidden = !kinds.length;
  box.querySelector("summary").textContent = say("import_columns");
  box.querySelector("p").textContent = say("import_columns_note");
  replace("import-fields", ...kinds.flatMap(kind => [node("h3", {}, say(`import_table_${kind}`)), ...columns[kind].fields.map(one => drawField(kind, one))]));
}

function drawField(kind, { field, label, head }) {
  const now = chosen[kind][field] ?? head;
  const choose = event => {
    chosen[kind][field] = event.target.value;
    changed = true;
    drawImport();
  };
  const heads = ["", ...columns[kind].heads].map(one => node("option", { value: one, selected: one === now }, one || say("import_no_column")));
  return node("div", { class: "point" }, node("label", {}, node("span", {}, label), node("select", { "data-field": `${kind}.${field}`, onchange: choose }, ...heads)));
}
