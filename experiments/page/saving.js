/* Saving what is shown, and the graph of people. */

/* What to ask for to have what is shown, and no other answer; null where that is not there. */
function savedAs(name) {
  const { asked, answer, number, of } = shown, now = asked && asked.of.all === question().all;
  if (!now) return null;
  const parts = new URLSearchParams({ question: asked.number, language: lang });
  const whole = answer && number === asked.number && !isEarlier();
  if (whole) parts.set("worlds", answer.worlds);
  if (whole) parts.set("steps", stepsNow()?.worlds ?? 0);
  return whole || name === "scenarios.zip" ? { path: `/api/documents/${name}?${parts}`, worlds: whole ? answer.worlds : of.worlds, of: asked.of } : null;
}
async function download(name) {
  const wanted = savedAs(name);
  if (!wanted) { el("saved").textContent = say("no_answer"); return; }
  const buttons = document.querySelectorAll("[data-get]");
  buttons.forEach(button => { button.disabled = true; });
  el("saved").textContent = say("making");
  try {
    const response = await request(wanted.path);
    const link = node("a", { href: URL.createObjectURL(await response.blob()), download: `what-if-${name}` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    el("saved").textContent = [say("saved", { file: link.download }),
      wanted.worlds < wanted.of.worlds && say("saved_early", { n: number(wanted.worlds, 0), asked: number(wanted.of.worlds, 0) }),
      wanted.of.all !== question().all && say("saved_earlier")].filter(Boolean).join(" ");
  } catch (error) {
    el("saved").textContent = "";
    tell(error);
    if (hasLost(error)) { notice = error.problems; ask(); }
  } finally {
    buttons.forEach(button => { button.disabled = false; });
  }
}
/* Show the graph of what was asked last; what is asked meanwhile follows when it is answered. */
async function showPeople() {
  const frame = el("people-frame"), { asked } = shown;
  frame.hidden = false;
  shown.peopleAsked = asked ? asked.of.all : "";
  tellPeople();
  if (!asked) return;
  try {
    await get(`/api/answer?question=${asked.number}&after=${asked.of.worlds}`);
  } catch (error) {
    shown.peopleAsked = "";
    tell(error);
    if (hasLost(error)) { notice = error.problems; ask(); }
    return;
  }
  frame.onload = () => {
    const page = frame.contentDocument?.documentElement;
    if (page) frame.style.height = `${page.scrollHeight + 20}px`;
    shown.peopleOf = asked.of.all;
    tellPeople();
  };
  frame.src = `/people?session=${encodeURIComponent(session)}&question=${asked.number}&language=${lang}&at=${Date.now()}`;
}
/* Say so where the graph shows an earlier choice. */
function tellPeople() {
  const old = Boolean(shown.peopleOf) && shown.peopleOf !== question().all;
  el("people-earlier").hidden = !old;
  el("people-frame").classList.toggle("old", old);
}
/* Draw the graph that is open anew when another choice was asked than it shows. */
function followPeople() {
  if (!el("people-frame").hidden && shown.peopleAsked !== question().all) showPeople();
}

/* The menu to save closes when something is chosen, with Escape, and by a click elsewhere. */
function listenToMenu() {
  const menu = el("save"), close = () => { menu.open = false; };
  for (const button of menu.querySelectorAll("[data-get]"))
    button.onclick = () => { close(); menu.querySelector("summary").focus(); download(button.dataset.get); };
  menu.onkeydown = event => { if (event.key === "Escape") { close(); menu.querySelector("summary").focus(); } };
  document.addEventListener("click", event => { if (!menu.contains(event.target)) close(); });
}
