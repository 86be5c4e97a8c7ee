/** Documents that the server makes of the answer on the screen. */
import { SETTLED, page } from "./state.mjs";
import { node, replace, write } from "./dom.mjs";
import { changes, say } from "./telling.mjs";
import { livedWorlds } from "./results.mjs";
import { chosenFiles, download } from "./choosing.mjs";
import { request } from "./requests.mjs";

const KINDS = ["report.html", "slides.pptx", "workbook.xlsx", "worth.html", "page.html", "people.html", "story.html", "figure.png", "figure.svg", "data.csv", "results.zip"];
let making = "";

export function drawDocuments() {
  const ready = changes(page.choice) && page.state === SETTLED;
  replace("documents", ready ? "" : node("p", { class: "note" }, say("documents_wait")), ...KINDS.filter(name => name !== "worth.html" || DATA.draws).map(name => node("button",
    { type: "button", "data-key": name, disabled: !ready || making !== "", onclick: () => make(name) }, say(`document_${name.replace(".", "_")}`))));
}

async function make(name) {
  const worlds = livedWorlds().length;
  making = name;
  drawDocuments();
  write("written", say("making"));
  try {
    const response = await request(`/api/documents/${name}`, { files: chosenFiles(), worlds, seed: page.choice.seed });
    download(`orgsim-${name}`, await response.blob());
    write("written", say("written", { n: worlds }));
  } catch (error) {
    write("written", error.message);
  } finally {
    making = "";
    drawDocuments();
  }
}
