/* Organisations of one's own: files loaded, people imported, the interview. */
const LIMITS = { load: 12e6, import: 10e6, people: 2000 };
const toMega = bytes => number(bytes / 1e6, bytes < 1e6 ? 2 : 0);

function box(name) { return el(name).querySelector(".problems"); }
function openDialog(name) {
  showProblems(box(name), []);
  sayLimits();
  el(name).showModal();
}
function sayLimits() {
  el("load").querySelector("[data-say=load_text]").textContent = say("load_text", { most: toMega(LIMITS.load) });
  el("import").querySelector("[data-say=import_text]").textContent =
    say("import_text", { most: toMega(LIMITS.import), people: number(LIMITS.people, 0) });
}
/* Show that a dialog is at work; its buttons wait meanwhile. */
function working(name, on) {
  const dialog = el(name), buttons = dialog.querySelector(".buttons");
  dialog.setAttribute("aria-busy", String(on));
  if (on) working.pressed = document.activeElement;
  buttons.inert = on;
  if (!on && dialog.open && buttons.contains(working.pressed)) working.pressed.focus();
  const note = dialog.querySelector(".working") ?? node("p", { class: "note working", role: "status" });
  if (!note.isConnected) buttons.before(note);
  note.textContent = on ? say("working") : "";
}
/* Do something for a dialog; what is wrong is told in it, and nothing is lost. */
async function trying(name, work) {
  showProblems(box(name), []);
  working(name, true);
  try {
    if (!session) await begin();
    return await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (hasLost(error)) { await again(name); return await trying(name, work); }
    showProblems(box(name), error.problems);
    return null;
  } finally {
    working(name, false);
  }
}
/* Begin anew, with the files that were sent before. */
async function again(name) {
  await begin();
  if (name === "import" && mapping) for (const kind of ["people", "graph"]) await send(kind);
}
/* Send a file as it is, and return what comes of it. */
async function sendFile(path, file) {
  return (await request(path, { method: "POST", body: await file.arrayBuffer(),
    headers: { "content-type": "application/octet-stream" } })).json();
}
/* Begin with what was loaded: a state of the page, on an organisation. */
async function use(loaded, name) {
  el(name).close();
  if (!await chooseBase(loaded.base)) return;
  Object.assign(state, loaded);
  shown.answer = shown.steps = null;
  drawAll();
  changed();
}

/* --- scenario files ---------------------------------------------------------------- */

function loadFiles() {
  return trying("load", async () => {
    const chosen = [...el("load-files").files];
    if (!chosen.length) throw new Refusal(0, [say("load_none")]);
    const big = chosen.find(x => x.size > LIMITS.load);
    if (big) throw new Refusal(0, [say("load_big", { file: big.name, size: toMega(big.size), most: toMega(LIMITS.load) })]);
    const zip = chosen.find(x => x.name.toLowerCase().endsWith(".zip"));
    if (zip && chosen.length > 1) throw new Refusal(0, [say("load_alone")]);
    if (zip) return use(await sendFile(`/api/load/archive?language=${lang}`, zip), "load");
    const files = {};
    for (const file of chosen) files[file.name] = await file.text();
    return use(await post("/api/load", { files, language: lang }), "load");
  });
}

/* --- people and graph -------------------------------------------------------------- */

let mapping = null;
async function send(kind) {
  const file = el(`import-${kind}`).files[0];
  if (!file) return null;
  if (file.size > LIMITS.import)
    throw new Refusal(0, [say("load_big", { file: file.name, size: toMega(file.size), most: toMega(LIMITS.import) })]);
  return sendFile(`/api/imports/${kind}?name=${encodeURIComponent(file.name)}&language=${lang}`, file);
}
/* Send files when they are chosen, and ask how to read them. */
function filesChosen() {
  el("import").querySelector(".do").disabled = true;
  el("import-preview").replaceChildren();
  return trying("import", async () => {
    await post("/api/imports/none", {});
    mapping = { people: await send("people"), graph: await send("graph") };
    drawMapping();
  });
}
function drawMapping() {
  const parts = [], { people, graph } = mapping ?? {};
  if (people) {
    const fields = people.fields.map(field => {
      const select = node("select", { id: `column-${field.name}`, "data-field": field.name },
        new Option(field.needed ? "" : say("import_no_column"), ""), ...people.columns.map((x, k) => new Option(x, String(k))));
      select.value = field.guess === null ? "" : String(field.guess);
      return node("div", { class: "pair" }, node("label", { for: select.id }, say(`field_${field.name}`)), select);
    });
    parts.push(node("fieldset", {}, node("legend", {}, say("import_columns")), ...fields));
  }
  if (graph && graph.layers.length > 1) {
    parts.push(node("fieldset", {}, node("legend", {}, say("import_layers")), ...graph.layers.map((x, k) =>
      node("label", { class: "move" }, node("input", { type: "checkbox", checked: true, "data-layer": String(k) }), `${x.name} (${number(x.ties, 0)})`))));
  }
  parts.push(node("div", { id: "import-hours" }), node("div", { id: "import-roles" }));
  el("import-mapping").replaceChildren(...parts);
}
function drawRoles(titles) {
  const kept = chosenRoles();
  const rows = titles.unknown.map((title, k) => {
    const select = node("select", { id: `role-${k}`, "data-title-of": title }, new Option("", ""),
      ...titles.roles.map(x => new Option(x.words[lang], x.name)));
    select.value = kept[title] ?? "";
    return node("div", { class: "pair" }, node("label", { for: select.id }, title), select);
  });
  el("import-roles").replaceChildren(...(rows.length
    ? [node("fieldset", {}, node("legend", {}, say("import_roles")), ...rows)] : []));
}
/* Hours that look like parts of a full-time week: offer to multiply them. */
function drawFte(looks) {
  const before = el("import-fte")?.checked ?? false;
  if (!looks) { el("import-hours").replaceChildren(); return; }
  el("import-hours").replaceChildren(node("fieldset", {}, node("legend", {}, say("import_hours")),
    node("label", { class: "move" }, node("input", { type: "checkbox", id: "import-fte", checked: before }), ` ${say("import_fte_do")}`)));
}
const chosenRoles = () => Object.fromEntries([...el("import").querySelectorAll("[data-title-of]")]
  .filter(x => x.value).map(x => [x.dataset.titleOf, x.value]));
function chosenMapping() {
  const columns = Object.fromEntries([...el("import").querySelectorAll("[data-field]")]
    .filter(x => x.value !== "").map(x => [x.dataset.field, Number(x.value)]));
  const layers = [...el("import").querySelectorAll("[data-layer]")].filter(x => x.checked)
    .map(x => mapping.graph.layers[Number(x.dataset.layer)].name);
  return { columns, roles: chosenRoles(), fte: el("import-fte")?.checked ?? false, language: lang,
    layers: mapping?.graph?.layers.length > 1 ? layers : null };
}
function lookAtImport() {
  return trying("import", async () => {
    if (!mapping || !mapping.people && !mapping.graph) throw new Refusal(0, [say("import_none")]);
    const told = await post("/api/imports/preview", chosenMapping());
    drawRoles(told.titles);
    drawFte(told.fte);
    showProblems(box("import"), told.problems);
    el("import").querySelector(".do").disabled = told.problems.length > 0;
    drawPreview(told.preview);
  });
}
function drawPreview(preview) {
  if (!preview) { el("import-preview").replaceChildren(); return; }
  const heads = ["name", "role", "department", "team", "manager", "hours"];
  const counts = Object.entries(preview.departments).map(([name, n]) => `${say(`department_${name}`)}: ${number(n, 0)}`);
  const written = { hours: x => number(x, [0, 1, 2].find(d => Number(x.toFixed(d)) === x) ?? 2),
    department: x => say(`department_${x}`), role: x => say(`role_${x}`) };
  const rows = preview.first.map(x => node("tr", {}, ...heads.map((key, k) => node(k ? "td" : "th", { class: "left" },
    written[key] ? written[key](x[key]) : x[key] ?? ""))));
  el("import-preview").replaceChildren(
    node("p", {}, say("import_found", Object.fromEntries(["people", "leaders", "ties", "layers"].map(k => [k, number(preview[k], 0)])))),
    node("p", {}, `${say("import_departments")}: ${counts.join(", ")}.`),
    node("p", { class: "note" }, say("import_first", { n: number(preview.first.length, 0) })),
    node("div", { class: "scroll" }, node("table", {}, node("thead", {}, node("tr", {}, ...heads.map(x => node("th", { class: "left", scope: "col" }, say(`field_${x}`))))), node("tbody", {}, ...rows))),
    ...preview.notes.map(text => node("p", { class: "note" }, text)));
}
function useImport() {
  return trying("import", async () => {
    const loaded = await post("/api/imports/use", chosenMapping());
    for (const kind of ["people", "graph"]) el(`import-${kind}`).value = "";
    mapping = null;
    drawMapping();
    el("import-preview").replaceChildren();
    el("import").querySelector(".do").disabled = true;
    await use(loaded, "import");
  });
}

/* --- the interview ----------------------------------------------------------------- */

let questions = null;
function drawInterview() {
  const kept = questions ? chosenAnswers() : {};
  el("interview-form").replaceChildren(...(questions ?? []).map(q => {
    const id = `question-${q.id}`;
    const field = q.amount
      ? node("input", { id, type: "number", min: q.amount.low, max: q.amount.high, step: q.amount.whole ? 1 : "any", "data-question": q.id,
        placeholder: say("interview_open") })
      : node("select", { id, "data-question": q.id }, new Option(say("interview_open"), ""),
        ...q.answers.map(x => new Option(x.words[lang], x.key)));
    field.value = kept[q.id] ?? "";
    return node("div", { class: "pair" }, node("label", { for: id }, q.words[lang] + (q.amount ? ` (${q.amount.unit[lang]})` : "")), field);
  }));
}
const chosenAnswers = () => Object.fromEntries([...el("interview-form").querySelectorAll("[data-question]")]
  .filter(x => x.value !== "").map(x => [x.dataset.question, x.value]));
function openInterview() {
  openDialog("interview");
  return trying("interview", async () => {
    questions ??= await get("/api/interview");
    drawInterview();
  });
}
function useInterview() {
  return trying("interview", async () => use(await post("/api/interview", { answers: chosenAnswers(), language: lang }), "interview"));
}

/* --- the beginning ----------------------------------------------------------------- */

addEventListener("DOMContentLoaded", () => {
  if (EMBEDDED) return;
  for (const name of ["load", "import", "interview"]) el(name).querySelector(".close").onclick = () => el(name).close();
  el("open-load").onclick = () => openDialog("load");
  el("load").querySelector(".do").onclick = loadFiles;
  el("open-import").onclick = () => openDialog("import");
  for (const kind of ["people", "graph"]) el(`import-${kind}`).onchange = filesChosen;
  el("import").querySelector(".look").onclick = lookAtImport;
  el("import").querySelector(".do").onclick = useImport;
  el("import-mapping").onchange = () => { el("import").querySelector(".do").disabled = true; };
  el("open-interview").onclick = openInterview;
  el("interview-form").onsubmit = event => event.preventDefault();
  el("interview").querySelector(".do").onclick = useInterview;
  document.addEventListener("language", () => { sayLimits(); drawMapping(); drawInterview(); el("import-preview").replaceChildren(); });
});
