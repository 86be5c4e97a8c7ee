/* What the page asks its server, and to which choice the answer belongs that it shows.
   Answers are served, or embedded in the page as it was when it was shared. */
const EMBEDDED = JSON.parse(el("data").textContent);
let CATALOGUE = null, session = null, asking = 0, spoken = 0, notice = [];

/* --- requests ----------------------------------------------------------------------- */

class Refusal extends Error {
  constructor(status, problems, { reason = "", asker = null } = {}) {
    super(problems.join("\n"));
    Object.assign(this, { status, problems, reason, asker });
  }
}
async function request(path, { method = "GET", body, headers = {}, ...rest } = {}) {
  const asker = session;
  let response;
  try {
    response = await fetch(path, { method, body, ...rest,
      headers: { "accept-language": lang, ...headers, ...(asker ? { "x-session": asker } : {}) } });
  } catch {
    throw new Refusal(0, [say("unreachable")]);
  }
  if (response.ok) return response;
  let told = {};
  try { told = await response.json(); } catch { /* no JSON: the status tells */ }
  const failure = response.status === 503 ? say("busy") : say("failed", { status: response.status });
  throw new Refusal(response.status, told.problems ?? [failure], { reason: told.reason, asker });
}
const get = async path => (await request(path)).json();
const post = async (path, data) => (await request(path, { method: "POST", body: JSON.stringify(data),
  headers: { "content-type": "application/json" } })).json();
const rest = ms => new Promise(done => setTimeout(done, ms));

/* Whether the server does not know the session any more with which something was asked. */
function hasLost({ reason, asker }) {
  const lost = reason === "session" || reason === "warming";
  if (lost && asker === session) session = null;
  return lost;
}
/* Begin a session, once for all who need it at the same time. */
function begin() {
  begin.now ??= beginning().finally(() => { begin.now = null; });
  return begin.now;
}
async function beginning() {
  for (;;) {
    const w = await get("/api/warming");
    if (w.trouble) throw new Refusal(500, [say("model"), w.trouble]);
    if (w.ready) break;
    shown.status = { warming: true, compiling: w.compiling, share: w.share };
    drawStatus();
    await rest(250);
  }
  session = (await post("/api/sessions", { from: sessionStorage.getItem("session") })).session;
  sessionStorage.setItem("session", session);
}

/* --- the answer ---------------------------------------------------------------------- */

/* What a question begins with: the worlds that are there of the same choice, or none. */
const begun = () => ({ asked: state.worlds, worlds: shown.answer && !isEarlier() ? shown.answer.worlds : 0 });
/* Ask what is chosen now, and watch the answer grow until something else is chosen. */
async function ask() {
  const mine = ++asking, of = question();
  shown.status = begun();
  spoken = 0;
  drawAnswer();
  drawStatus();
  try {
    if (!session) await begin();
    const { question: number } = await post("/api/question", state);
    if (mine !== asking) return;
    shown.asked = { number, of };
    showProblems(el("problems"), notice);
    await watch(mine);
  } catch (error) {
    if (mine !== asking) return;
    if (error.reason === "changed") return ask();
    if (hasLost(error)) {
      if (state.base !== "own") return ask();
      error.problems = [say("own_gone")];
    }
    failed(error);
  }
}
async function watch(mine) {
  const { number, of } = shown.asked;
  let after = 0, steps = 0;
  while (mine === asking) {
    const told = await get(`/api/answer?question=${number}&after=${after}&steps=${steps}`);
    if (mine !== asking) return;
    shown.status = told;
    if (told.answer) { Object.assign(shown, { answer: told.answer, of, number }); after = told.answer.worlds; drawAnswer(); }
    if (told.steps) { Object.assign(shown, { steps: told.steps, stepsOf: of.asIs }); steps = told.steps.worlds; drawPicks(); drawAnswer(); }
    if (told.steps_trouble) drawPicks();
    if (isHalted()) drawAnswer();
    drawStatus();
    speak(told.over);
    if (told.trouble) { showProblems(el("problems"), [say("trouble"), ...told.trouble.split("\n")]); return; }
    if (told.over) followPeople();
    if (told.over && (told.steps_over || told.steps_trouble || told.stopped)) return;
    await rest(after ? (told.over ? 1000 : 300) : 80);
  }
}
/* Say an answer to screen readers when it first comes and when it is done. */
function speak(over) {
  const due = shown.answer && !isEarlier() && (!spoken || over && spoken === 1);
  if (!due) return;
  spoken = over ? 2 : 1;
  el("spoken").textContent = `${el("answer").textContent} ${el("progress-text").textContent}`;
}
/* Tell what was refused, and nothing else. */
function tell(error) {
  if (!(error instanceof Refusal)) throw error;
  showProblems(el("problems"), [...notice, ...error.problems]);
}
/* The question came to nothing, or its answer will not be finished. */
function failed(error) {
  tell(error);
  shown.status = error.status === 422 ? null : { ...begun(), broken: true };
  drawAnswer();
  drawStatus();
}
/* Whether no more comes of what is asked, though it is not finished. */
function isHalted() {
  const s = shown.status;
  return !s || Boolean(s.stopped || s.broken || s.trouble);
}
async function stop() {
  if (isHalted()) return ask();
  try { await post("/api/stop", {}); } catch (error) { failed(error); }
}

/* --- which choice is shown ------------------------------------------------------------ */

/* What an answer hangs on: the as-is, which ranked steps hang on too, all together, and how many worlds. */
function question() {
  const { base, levers, plan, numbers, weeks, seed, worlds } = state;
  const asIs = JSON.stringify([base, Object.entries(levers).sort(), weeks, seed]);
  return { asIs, all: JSON.stringify([asIs, plan, numbers]), worlds, nothing: nothing() };
}
const nothing = () => !state.plan.length && !state.numbers.length;
/* Whether what is shown belongs to an earlier choice; of the as-is alone, to an earlier as-is. */
function isEarlier() {
  if (!shown.answer) return false;
  const part = nothing() ? "asIs" : "all", now = question();
  return shown.of[part] !== now[part] || shown.of.worlds !== now.worlds;
}
const stepsNow = () => shown.stepsOf === question().asIs ? shown.steps : null;
