/** What the server adds to the page: menus, dialogs and documents. */
import { inLanguage } from "./words.mjs";
import { page } from "./state.mjs";
import { el, node, replace, write } from "./dom.mjs";
import { say } from "./telling.mjs";
import { open } from "./page.mjs";
import { ask } from "./requests.mjs";
import { drawInterview, show, shownBefore, useInterview, useLoading } from "./dialogs.mjs";
import { drawImport, useImport } from "./importing.mjs";
import { drawDocuments } from "./documents.mjs";

const FIXED = { bring: "bring", write: "write", "open-interview": "interview", "open-import": "import", "open-load": "load", "shipped-label": "shipped",
  "load-title": "load", "load-text": "load_text", "import-title": "import", "import-text": "import_text", "import-people-label": "import_people",
  "import-network-label": "import_network", "import-mapping-label": "import_mapping", "import-keep": "import_keep",
  "interview-title": "interview", "interview-text": "interview_text" };
let shownIn = "";

function drawTools() {
  drawDocuments();
  if (shownIn === page.language) return;
  shownIn = page.language;
  for (const [id, key] of Object.entries(FIXED)) write(id, say(key));
  for (const one of document.querySelectorAll("dialog .close")) one.textContent = say("close");
  el("load-box").querySelector(".do").textContent = say("load_do");
  el("interview-box").querySelector(".do").textContent = say("interview_do");
  el("load-files").setAttribute("aria-label", say("load_files"));
  replace("shipped", node("option", { value: "" }, say("shipped_none")),
    ...SHIPPED.map(one => node("option", { value: one.name }, inLanguage(one.title))));
  drawInterview();
  drawImport();
}

const SHIPPED = DATA.organisations;

async function beginTools() {
  if (!page.pool) return;  // this browser runs no model
  page.extras.push(drawTools);
  drawTools();
  useLoading();
  useInterview();
  useImport();
  for (const one of document.querySelectorAll("dialog .close")) one.onclick = () => one.closest("dialog").close();
  // What opened it is in a menu that is closed by now.
  for (const box of document.querySelectorAll("dialog")) box.onclose = () => el("bring").focus();
  for (const menu of document.querySelectorAll(".menu")) menu.onclick = event => { if (event.target.tagName === "BUTTON") menu.open = false; };
  el("shipped").onchange = async event => {
    if (!event.target.value) return;
    try {
      show(await ask(`/api/organisations/${encodeURIComponent(event.target.value)}`));
    } catch (error) {
      write("written", error.message);
    }
  };
  const before = await shownBefore().catch(() => null);
  if (!before) return;
  history.replaceState(null, "", page.address || "#");
  open(before, page.address !== "");
}
beginTools();
