/* The room: ask, draw what comes, refine; tabs, history, further questions, files, projector view. */
"use strict";

const NAMED = 600;             // milliseconds after the last letter of a name
const SETTLE = 80;             // milliseconds after the last move of a slider before the question is asked
const MOST_SAID = 6;           // things left out of a link that are named; of more, their number is said
const AGAIN = 1500;            // milliseconds until a server that was busy is asked again
const room = { asking: null, telling: null, picture: null, cells: [], timer: 0, told: null, shape: "", cellOf: new Map(), leftOut: [] };

function byId(id) {
  return document.getElementById(id);
}

/* Something changed: say at once what no longer belongs, and ask again once the slider rests; what was asked before is given up. */
function changed(how = {}) {
  giveUp();
  room.leftOut = [];
  notice("");
  byId("opened").hidden = true;
  showTabs();
  renamePlans();
  if (how.anew) showChoice();
  keepLink();
  stand("working");
  room.timer = setTimeout(() => begin(how.anew), how.now ? 0 : how.settle ?? SETTLE);
}

function giveUp() {
  room.asking?.abort();
  room.telling?.abort();
  clearTimeout(room.timer);
}

/* How the answer stands: working, settled, refused, or waiting for somebody to ask. */
function stand(how) {
  document.body.dataset.state = how;
  standing.working = how === "working";
  mark();
}

/* A new question, the form first where it does not fit the plan any more. */
function begin(anew) {
  room.asking = new AbortController();
  const { signal } = room.asking;
  return anew || !belongs("plan") ? start(signal) : ask(signal);
}

async function start(signal) {
  try {
    await fitting(signal);
  } catch (error) {
    return refused(error);
  }
  return ask(signal);
}

/* The form for the plan; where a link names what is not here, that is mended first. */
async function fitting(signal) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await loadForm(signal);
    } catch (error) {
      if (error.status !== 422 || tries > 1) throw error;
      await mend(error, tries === 0);
    }
  }
}

/* A link may name what is not here: hold the table it brings, or put the usual in its place and say so. */
async function mend(error, first) {
  const plan = current();
  const called = plan.partnership;
  let said = error.message;
  if (first && state.tables[called]) {
    try { return await hold(called); } catch (problem) { said = `The table of councils in the link cannot be used: ${tandem.words(problem)}`; }
  }
  if (called === "bromsgrove_redditch" && plan.scenario === "structure_first") throw error;
  for (const each of state.plans) each.partnership = "bromsgrove_redditch";
  plan.scenario = "structure_first";
  leaveOut(`${said} The usual partnership and scenario are shown instead`);
  return keepLink();
}

/* Councils that a link brings are held in memory: opening a link writes nothing. */
async function hold(called) {
  const table = state.tables[called];
  delete state.tables[called];
  const held = await tandem.ask("/api/whatif/partnerships", { table, keep: false });
  for (const each of state.plans) if (each.partnership === called) each.partnership = held.name;
  state.tables[held.name] = table;
  keepLink();
}

/* Somebody says that the councils of a link are to be kept. */
async function keepHeld() {
  const wrong = byId("held-wrong");
  wrong.hidden = true;
  try {
    await tandem.ask("/api/whatif/partnerships", { table: state.tables[current().partnership] });
  } catch (error) {
    wrong.textContent = tandem.words(error);
    wrong.hidden = false;
    return;
  }
  changed({ anew: true, now: true });
}

/* What of a link or a plan cannot be used is left out, and said until something is changed. */
function leaveOut(...sentences) {
  room.leftOut.push(...sentences);
  notice("");
}

function leftOut() {
  if (!room.leftOut.length) return "";
  const more = room.leftOut.length - MOST_SAID;
  return `Part of the link or plan could not be used: ${room.leftOut.slice(0, MOST_SAID).join("; ")}${more > 0 ? `; and ${more} more` : ""}. The rest is as it was.`;
}

function notice(text) {
  const shown = byId("notice");
  shown.textContent = [leftOut(), text].filter(Boolean).join(" ");
  shown.hidden = !shown.textContent;
}

async function ask(signal) {
  clearWrong();
  const [asked, to, shown] = [question(), answerAsked(), state.shown];
  const open = shown !== "compare" && Object.keys(current().answers).length > 0;
  const began = performance.now();
  let fresh = shapeOf() !== room.shape;
  let last = null;
  room.shape = shapeOf();
  stand("working");
  try {
    for await (const line of streamed("/api/whatif/answer", { ...asked, with_open: open }, signal)) {
      if (signal.aborted) return;
      if (line.cells) takeCells(asked, line.cells);
      if (line.picture) {
        show(Object.assign(line.picture, { shown, cells: room.cells, to }), fresh);
        if (!last) document.body.dataset.looked = String(Math.round(performance.now() - began));
        last = line.picture;
        fresh = false;
      }
      if (line.opened) {
        byId("opened").textContent = line.opened.sentence;
        byId("opened").hidden = false;
      }
    }
    if (last?.state !== "settled") throw tandem.lost(new Error("the answer broke off"));
    await tell();
    await typed(to, signal);
    if (signal.aborted) return;
    stand("settled");
    drawNext();
  } catch (error) {
    if (error.status === 503) askAgain(error);
    else refused(error);
  }
}

function takeCells(asked, cells) {
  room.cells = cells;
  asked.plans.forEach((plan, which) => room.cellOf.set(JSON.stringify([plan.partnership, plan.scenario, plan.values, plan.answers]), cells[which + 1]));
  showTabs();
}

/* The server is busy: it says so, and is asked again by itself. */
function askAgain(error) {
  byId("provisional").textContent = `${error.message} It is asked again by itself.`;
  room.timer = setTimeout(() => begin(), AGAIN);
}

function refused(error) {
  if (error.name === "AbortError") return;
  stand("refused");
  const said = tandem.words(error);
  if (!(error.field && showWrong(error.field, said))) notice(said);
  if (!room.picture) byId("headline").textContent = "No answer yet.";
  byId("provisional").textContent = `${error.status === 422 || error.field ? "This plan cannot be simulated as it stands" : "There is no answer to this plan yet"}${room.picture ? "; what is shown is the answer before." : "."}`;
}

/* Of plans side by side, those that are one and the same: only the first of them is drawn. */
function alike() {
  const own = question().plans.map((plan, place) => ({ name: plan.name, cell: room.cells[place + 1] }));
  const twins = own.map((plan, place) => [plan, own.slice(0, place).find((other) => other.cell === plan.cell)]);
  return twins.filter((pair) => pair[1]).map(([plan, other]) => `${plan.name} is the same as ${other.name}, and stands with it as one.`);
}

/* What decides the scales: while it stays the same, limits only widen. */
function shapeOf() {
  return JSON.stringify([state.shown === "compare", current().partnership, state.shown === "compare" ? state.plans.length : 0]);
}

function show(picture, fresh) {
  const other = room.picture?.to !== picture.to;
  room.picture = picture;
  notice("");
  byId("headline").textContent = picture.headline;
  byId("provisional").textContent = [picture.provisional, ...alike()].join(" ");
  byId("refining").max = picture.asked;
  byId("refining").value = picture.histories;
  byId("refining").hidden = picture.state === "settled";
  byId("risk").textContent = picture.risk;
  if (other || picture.also_differs || picture.state === "settled") byId("reason").textContent = picture.also_differs ? `What also differs: ${picture.also_differs}` : "";
  if (other || picture.change || picture.state === "settled") byId("change").textContent = picture.change;
  drew("headline", picture.to);
  drew("reasons", picture.to);
  drawAll(fresh);
}

/* Charts are drawn one at a time, those in view first; the rest when they come into view or when nothing else is to do. */
const CHARTS = {
  saving: (fresh) => fanChart("saving", room.picture, room.picture.cells, fresh),
  risks: () => riskChart(room.picture, room.picture.cells),
  net: (fresh) => fanChart("net", room.picture, room.picture.cells, fresh),
  people: () => peopleChart(room.picture, room.picture.cells),
};
const stale = new Map();
const inView = new Set();
const watcher = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    const name = entry.target.id.replace("-chart", "");
    if (entry.isIntersecting) inView.add(name);
    else inView.delete(name);
  }
  drawNext();
}, { rootMargin: "200px" });

function drawAll(fresh) {
  if (!room.picture) return;
  for (const name of Object.keys(CHARTS)) stale.set(name, Boolean(fresh || stale.get(name)));
  drawNext();
  deltaTable(room.picture);
  drew("deltas", room.picture.to);
  if (room.picture.to === answerAsked()) fillPlans(room.picture);
  mark();
}

function drawNext() {
  clearTimeout(room.drawing);
  const waiting = Object.keys(CHARTS).filter((name) => stale.has(name) && byId(`${name}-chart`).offsetParent !== null);
  const name = waiting.find((each) => inView.has(each)) ?? (document.body.dataset.state === "settled" ? waiting[0] : undefined);
  if (!name || !room.picture) return;
  const fresh = stale.get(name);
  stale.delete(name);
  CHARTS[name](fresh);
  drew(name, room.picture.to);
  room.drawing = setTimeout(drawNext, 0);
}

function drawEverything() {
  for (const name of stale.keys()) {
    if (byId(`${name}-chart`).offsetParent === null) continue;
    CHARTS[name](stale.get(name));
    drew(name, room.picture.to);
  }
  stale.clear();
}

/* Paper is narrower than most screens: charts are drawn for it, and afterwards for the screen again. */
function fitPaper(on) {
  document.body.classList.toggle("on-paper", on);
  if (!room.picture) return;
  for (const name of Object.keys(CHARTS)) stale.set(name, Boolean(stale.get(name)));
  drawEverything();
  drawHistory();
}

/* Tabs: the plans with their colours, "compare" beside them. */
function showTabs() {
  const signature = JSON.stringify([state.shown, state.plans.map((_, place) => [planTitle(place), isReference(place)])]);
  if (signature === room.tabs) return;      // a button that is replaced while it is pressed loses its click
  room.tabs = signature;
  const tabs = state.plans.map((plan, place) => tandem.make("button", {
    type: "button", class: "tab", "aria-pressed": String(state.shown === place), "data-plan": place, onclick: () => turnTo(place),
  }, tandem.make("span", { class: `swatch plan-${place}${isReference(place) ? " plan-reference" : ""}`, "aria-hidden": "true" }), ` ${planTitle(place)}`, tandem.make("span", { class: "dots" }, " …")));
  const more = [];
  if (state.plans.length > 1) more.push(tandem.make("button", { type: "button", class: "tab", "aria-pressed": String(state.shown === "compare"), id: "compare", onclick: () => turnTo("compare") }, "Compare", tandem.make("span", { class: "dots" }, " …")));
  if (state.plans.length < MOST_PLANS) more.push(tandem.make("button", { type: "button", class: "plain", id: "keep", onclick: keepPlan }, "Keep this plan, try another"));
  if (state.plans.length > 1 && state.shown !== "compare") more.push(tandem.make("button", { type: "button", class: "link", id: "drop", onclick: dropPlan }, `Remove ${planTitle(state.shown)}`));
  const focused = document.activeElement?.id || document.activeElement?.dataset?.plan;
  byId("tabs").replaceChildren(...tabs, ...more);
  if (focused !== undefined && focused !== "") (byId(focused) || byId("tabs").querySelector(`[data-plan="${CSS.escape(focused)}"]`))?.focus();
  byId("levers").hidden = state.shown === "compare";
  byId("comparing").hidden = state.shown !== "compare";
  markTab();
}

/* Whether a plan is the one that others are held against: it is drawn in blue, and its tab with it. */
function isReference(place) {
  const known = room.cellOf.get(JSON.stringify([state.plans[place].partnership, state.plans[place].scenario, state.plans[place].values, state.plans[place].answers]));
  return known !== undefined && known === room.cells[0];
}

function turnTo(place) {
  state.shown = place;
  room.told = null;
  changed({ anew: true, now: true });
}

function keepPlan() {
  const made = newPlan(current());
  made.name = "";
  state.plans.push(made);
  turnTo(state.plans.length - 1);
}

function dropPlan() {
  state.plans.splice(state.shown, 1);
  turnTo(Math.max(0, state.shown - 1));
}

/* One history: its chart, its diary, and the month up to which it is told. */
async function tell() {
  room.telling?.abort();
  room.telling = new AbortController();
  const to = askedOf("history");
  const plan = Number(byId("history-plan").value || 0);
  let told;
  standing.running.add("history");
  mark();
  try {
    told = await tandem.ask("/api/whatif/history", { question: question(), plan, way: chosenWay() }, { signal: room.telling.signal });
  } catch (error) {
    if (error.name !== "AbortError") byId("history-said").textContent = tandem.words(error);
  }
  if (to !== askedOf("history")) return;
  standing.running.delete("history");
  if (told) showTold(told, plan, to);
  mark();
}

function showTold(told, plan, to) {
  const place = room.picture.plans.findIndex((each) => each.cell === room.picture.cells[plan + 1]);
  room.told = Object.assign(told, { colour: (looks(room.picture, room.picture.cells)[place] ?? REFERENCE).colour });
  byId("history-title").textContent = told.finding;
  byId("history-said").textContent = told.said;
  const slider = byId("month");
  slider.max = told.horizon;
  if (Number(slider.value) > told.horizon || !slider.dataset.moved) slider.value = told.horizon;
  drawHistory();
  drew("history", to);
}

/* Another history is wanted: it is told now, or with the answer that is being worked out. */
function tellOther() {
  mark();
  if (document.body.dataset.state === "settled") tell();
}

function drawHistory() {
  if (!room.told || byId("history-chart").offsetParent === null) return;
  historyChart(room.told, room.told.colour);
  showMonth();
}

function showMonth() {
  const told = room.told;
  if (!told) return;
  const month = Number(byId("month").value);
  const text = month === told.horizon ? `the end (month ${month})` : `month ${month}, in year ${Math.floor(month / 12) + 1}`;
  byId("month-said").textContent = text;
  byId("month").setAttribute("aria-valuetext", text);
  const shapes = byId("history-chart").layout?.shapes;
  if (shapes) Plotly.relayout(byId("history-chart"), { shapes: [...shapes.filter((shape) => shape.name !== "month"), timeLine(month)] });
  const lines = told.lines.filter((line) => line.month <= month);
  const parts = [];
  let date = "";
  for (const line of lines) {
    if (line.date !== date) parts.push(tandem.make("dt", {}, line.date));
    date = line.date;
    parts.push(tandem.make("dd", line.turning ? { class: "turning" } : {}, line.text));
  }
  byId("diary").replaceChildren(parts.length ? tandem.make("dl", {}, ...parts) : tandem.make("p", {}, "Nothing has happened yet."));
  byId("diary").scrollTop = byId("diary").scrollHeight;
}

/* The command line that simulates the same. */
async function typed(to, signal) {
  const found = await tandem.ask("/api/whatif/check", { ...question(), plans: [question().plans[0]] }, { signal });
  byId("typed").value = found.command;
  if (found.doubts.length) notice(found.doubts.join(" "));
  drew("typed", to);
}

/* Projector view: one figure at a time, arrow keys from one to the next. */
const projector = { place: 0 };

function figures() {
  return [...document.querySelectorAll(".figure")].filter((each) => !each.hidden);
}

function project() {
  const on = document.documentElement.classList.contains("projector");
  const every = figures();
  projector.place = Math.min(Math.max(0, projector.place), every.length - 1);
  every.forEach((each, place) => each.classList.toggle("current", place === projector.place));
  document.querySelector(".figure-steps").hidden = !on;
  byId("figure-place").textContent = `${projector.place + 1} of ${every.length}`;
  requestAnimationFrame(() => { drawAll(false); drawHistory(); });
}

function step(by) {
  const count = figures().length;
  projector.place = (projector.place + by + count) % count;
  project();
}

function keys(event) {
  if (event.key === "Escape" && document.body.classList.contains("plan-open")) return openPlan(false);
  const busy = event.target.closest?.("input, select, textarea, [role=region]");
  if (busy || !document.documentElement.classList.contains("projector")) return undefined;
  if (event.key === "ArrowRight") return step(1);
  return event.key === "ArrowLeft" ? step(-1) : undefined;
}

/* On a phone and in the projector view the plan slides up from below. */
function openPlan(on) {
  if (!on && !document.body.classList.contains("plan-open")) return;
  document.body.classList.toggle("plan-open", on);
  byId("open-plan").setAttribute("aria-expanded", String(on));
  (on ? byId("plan-title") : byId("open-plan")).focus?.();
  if (on) byId("close-plan").focus();
}

function wire() {
  form.changed = changed;
  byId("levers").addEventListener("submit", (event) => event.preventDefault());
  byId("plan-name").addEventListener("input", (event) => { current().name = event.target.value; changed({ settle: NAMED }); });
  byId("partnership").addEventListener("change", (event) => {
    for (const plan of state.plans) plan.partnership = event.target.value;
    byId("own-kept").replaceChildren();
    changed({ anew: true, now: true });
  });
  byId("scenario").addEventListener("change", (event) => { current().scenario = event.target.value; changed({ anew: true, now: true }); });
  byId("histories").addEventListener("change", (event) => { state.histories = Number(event.target.value); changed({ now: true }); });
  byId("reset").addEventListener("click", () => { Object.assign(current(), { values: {}, answers: {} }); showValues(); showQuestions(); changed({ now: true }); });
  byId("own-keep").addEventListener("click", keepOwn);
  byId("held-keep").addEventListener("click", keepHeld);
  byId("own-file").addEventListener("change", readFile);
  byId("why").addEventListener("submit", askWhy);
  byId("tip").addEventListener("submit", askTip);
  for (const button of byId("take").querySelectorAll("[data-kind]")) button.addEventListener("click", () => takeAway(button.dataset.kind));
  byId("month").addEventListener("input", (event) => { event.target.dataset.moved = "yes"; showMonth(); });
  byId("history-plan").addEventListener("change", tellOther);
  for (const radio of document.querySelectorAll('input[name="way"]')) radio.addEventListener("change", tellOther);
  for (const part of ["why", "tip"]) byId(part).addEventListener("input", mark);
  for (const name of Object.keys(CHARTS)) watcher.observe(byId(`${name}-chart`));
  addEventListener("beforeprint", () => fitPaper(true));
  addEventListener("afterprint", () => fitPaper(false));
  byId("copy-link").addEventListener("click", copyLink);
  byId("open-plan").addEventListener("click", () => openPlan(!document.body.classList.contains("plan-open")));
  byId("close-plan").addEventListener("click", () => openPlan(false));
  byId("figure-back").addEventListener("click", () => step(-1));
  byId("figure-next").addEventListener("click", () => step(1));
  document.addEventListener("keydown", keys);
  document.addEventListener("tandem:projector", project);
  let wide = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth === wide) return;
    wide = innerWidth;
    requestAnimationFrame(() => { drawAll(false); drawHistory(); fitFound(); });
  });
}

async function copyLink() {
  const shown = byId("link");
  shown.select();
  try {
    await navigator.clipboard.writeText(shown.value);
    byId("copied").textContent = "Copied.";
  } catch { byId("copied").textContent = "It is selected: copy it with Ctrl-C."; }
}

wire();
const howFar = location.hash === "#tip";      // the way in asks how fast is too fast
leaveOut(...readLink(location.search));
showTabs();
keepLink();
project();
if (byId("elsewhere")) waitToBeAsked();
else firstAnswer();

/* The first answer. */
function firstAnswer() {
  stand("working");
  begin(true).then(() => {
    if (howFar && document.activeElement === document.body) askHowFar("levers.pace.months_between_waves");
  });
}

/* Another page led here: it decides nothing, so nothing is simulated or held before somebody here asks for it. */
function waitToBeAsked() {
  stand("waiting");
  byId("headline").textContent = "No answer yet.";
  byId("show-answer").addEventListener("click", () => {
    byId("elsewhere").remove();
    byId("headline").textContent = "Working out the first look …";
    firstAnswer();
  });
}
