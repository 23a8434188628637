/* The room: ask, draw what comes, refine; tabs, history, further questions, files, projector view. */
"use strict";

const SETTLE = 80;             // milliseconds after the last move of a slider before the question is asked
const room = { asking: null, picture: null, cells: [], timer: 0, told: null, shape: "", cellOf: new Map() };

function byId(id) {
  return document.getElementById(id);
}

/* Something changed: keep the link, and ask again once the slider rests; what was asked before is given up. */
function changed(how = {}) {
  keepLink();
  showTabs();
  room.asking?.abort();
  clearTimeout(room.timer);
  document.body.dataset.state = "working";
  room.timer = setTimeout(() => (how.anew ? start() : ask()), how.now ? 0 : SETTLE);
}

async function start() {
  try {
    await loadForm();
  } catch (error) {
    return notice(await mended(error));
  }
  return ask();
}

/* A link may name what is not here: put the usual in its place, say so, and go on. */
async function mended(error) {
  const plan = current();
  const message = error.message;
  const table = state.tables[plan.partnership];
  if (table) {
    delete state.tables[plan.partnership];
    try {
      const kept = await tandem.ask("/api/whatif/partnerships", { table });
      for (const each of state.plans) if (each.partnership === plan.partnership) each.partnership = kept.name;
      state.tables[kept.name] = table;
      await start();
      return "";
    } catch (problem) { void problem; }
  }
  if (error.status === 422 && (plan.partnership !== "bromsgrove_redditch" || plan.scenario !== "structure_first")) {
    for (const each of state.plans) each.partnership = "bromsgrove_redditch";
    plan.scenario = "structure_first";
    await start();
    return `${message} The usual partnership and scenario are shown instead.`;
  }
  return message;
}

function notice(text) {
  const shown = byId("notice");
  shown.textContent = text;
  shown.hidden = !text;
}

async function ask() {
  room.asking?.abort();
  const asking = new AbortController();
  room.asking = asking;
  clearWrong();
  const asked = question();
  const open = Object.keys(current().answers).length > 0 && state.shown !== "compare";
  const began = performance.now();
  let fresh = shapeOf() !== room.shape;
  let first = true;
  room.shape = shapeOf();
  byId("opened").hidden = true;
  document.body.dataset.state = "working";
  try {
    for await (const line of streamed("/api/whatif/answer", { ...asked, with_open: open }, asking.signal)) {
      if (line.cells) {
        room.cells = line.cells;
        asked.plans.forEach((plan, which) => room.cellOf.set(JSON.stringify([plan.partnership, plan.scenario, plan.values, plan.answers]), line.cells[which + 1]));
        showTabs();
      }
      if (line.picture) {
        show(line.picture, fresh);
        if (first) document.body.dataset.looked = String(Math.round(performance.now() - began));
        first = fresh = false;
      }
      if (line.opened) {
        byId("opened").textContent = line.opened.sentence;
        byId("opened").hidden = false;
      }
    }
    await tell();
    await typed();
    document.body.dataset.state = "settled";
    drawNext();
  } catch (error) {
    if (error.name === "AbortError") return;
    document.body.dataset.state = "refused";
    if (!(error.field && showWrong(error.field, error.message))) notice(error.message);
    byId("provisional").textContent = `${error.status === 422 || error.field ? "This plan cannot be simulated as it stands" : "There is no answer to this plan yet"}${room.picture ? "; what is shown is the answer before." : "."}`;
  }
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
  room.picture = picture;
  notice("");
  byId("headline").textContent = picture.headline;
  byId("provisional").textContent = [picture.provisional, ...alike()].join(" ");
  byId("refining").max = picture.asked;
  byId("refining").value = picture.histories;
  byId("refining").hidden = picture.state === "settled";
  byId("risk").textContent = picture.risk;
  if (picture.also_differs || picture.state === "settled") byId("reason").textContent = picture.also_differs ? `What also differs: ${picture.also_differs}` : "";
  if (picture.change) byId("change").textContent = picture.change;
  drawAll(fresh);
}

/* Charts are drawn one at a time, those in view first; the rest when they come into view or when nothing else is to do. */
const CHARTS = {
  saving: (fresh) => fanChart("saving", room.picture, room.cells, fresh),
  risks: () => riskChart(room.picture, room.cells),
  net: (fresh) => fanChart("net", room.picture, room.cells, fresh),
  people: () => peopleChart(room.picture, room.cells),
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
  fillPlans();
}

function drawNext() {
  clearTimeout(room.drawing);
  const waiting = Object.keys(CHARTS).filter((name) => stale.has(name) && byId(`${name}-chart`).offsetParent !== null);
  const name = waiting.find((each) => inView.has(each)) ?? (document.body.dataset.state === "settled" ? waiting[0] : undefined);
  if (!name || !room.picture) return;
  const fresh = stale.get(name);
  stale.delete(name);
  CHARTS[name](fresh);
  room.drawing = setTimeout(drawNext, 0);
}

function drawEverything() {
  for (const name of stale.keys()) if (byId(`${name}-chart`).offsetParent !== null) CHARTS[name](stale.get(name));
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
  }, tandem.make("span", { class: `swatch plan-${place}${isReference(place) ? " plan-reference" : ""}`, "aria-hidden": "true" }), ` ${planTitle(place)}`));
  const more = [];
  if (state.plans.length > 1) more.push(tandem.make("button", { type: "button", class: "tab", "aria-pressed": String(state.shown === "compare"), id: "compare", onclick: () => turnTo("compare") }, "Compare"));
  if (state.plans.length < MOST_PLANS) more.push(tandem.make("button", { type: "button", class: "plain", id: "keep", onclick: keepPlan }, "Keep this plan, try another"));
  if (state.plans.length > 1 && state.shown !== "compare") more.push(tandem.make("button", { type: "button", class: "link", id: "drop", onclick: dropPlan }, `Remove ${planTitle(state.shown)}`));
  const focused = document.activeElement?.id || document.activeElement?.dataset?.plan;
  byId("tabs").replaceChildren(...tabs, ...more);
  if (focused !== undefined && focused !== "") (byId(focused) || byId("tabs").querySelector(`[data-plan="${CSS.escape(focused)}"]`))?.focus();
  byId("levers").hidden = state.shown === "compare";
  byId("comparing").hidden = state.shown !== "compare";
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
  const way = document.querySelector('input[name="way"]:checked').value;
  const plan = Number(byId("history-plan").value || 0);
  const asked = { question: question(), plan, way };
  let told;
  try { told = await tandem.ask("/api/whatif/history", asked, { signal: room.asking?.signal }); } catch (error) {
    if (error.name !== "AbortError") byId("history-said").textContent = error.message;
    return;
  }
  room.told = told;
  byId("history-title").textContent = told.finding;
  byId("history-said").textContent = told.said;
  const slider = byId("month");
  slider.max = told.horizon;
  if (Number(slider.value) > told.horizon || !slider.dataset.moved) slider.value = told.horizon;
  drawHistory();
}

function drawHistory() {
  if (!room.told || byId("history-chart").offsetParent === null) return;
  const drawn = looks(room.picture, room.cells);
  const cell = room.cells[Number(byId("history-plan").value) + 1];
  const place = room.picture.plans.findIndex((plan) => plan.cell === cell);
  historyChart(room.told, (drawn[place] ?? REFERENCE).colour);
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
async function typed() {
  try {
    const found = await tandem.ask("/api/whatif/check", { ...question(), plans: [question().plans[0]] });
    byId("typed").value = found.command;
    if (found.doubts.length) notice(found.doubts.join(" "));
  } catch (error) { void error; }
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
  byId("plan-name").addEventListener("input", (event) => { current().name = event.target.value; keepLink(); showTabs(); });
  byId("plan-name").addEventListener("change", () => changed());
  byId("partnership").addEventListener("change", (event) => {
    for (const plan of state.plans) plan.partnership = event.target.value;
    changed({ anew: true, now: true });
  });
  byId("scenario").addEventListener("change", (event) => { current().scenario = event.target.value; changed({ anew: true, now: true }); });
  byId("histories").addEventListener("change", (event) => { state.histories = Number(event.target.value); changed({ now: true }); });
  byId("reset").addEventListener("click", () => { Object.assign(current(), { values: {}, answers: {} }); showValues(); showQuestions(); changed({ now: true }); });
  byId("own-keep").addEventListener("click", keepOwn);
  byId("own-file").addEventListener("change", readFile);
  byId("why").addEventListener("submit", askWhy);
  byId("tip").addEventListener("submit", askTip);
  for (const button of byId("take").querySelectorAll("[data-kind]")) button.addEventListener("click", () => takeAway(button.dataset.kind));
  byId("month").addEventListener("input", (event) => { event.target.dataset.moved = "yes"; showMonth(); });
  byId("history-plan").addEventListener("change", tell);
  for (const radio of document.querySelectorAll('input[name="way"]')) radio.addEventListener("change", tell);
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
const complaints = readLink(location.search);
showTabs();
keepLink();
project();
start().then(() => {
  if (howFar && document.activeElement === document.body) askHowFar("levers.pace.months_between_waves");
  if (complaints.length) notice(`Part of the link could not be used: ${complaints.slice(0, 3).join("; ")}. The rest is as it was.`);
});
