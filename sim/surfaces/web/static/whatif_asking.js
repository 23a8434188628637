/* Asking further: why two plans differ, how far a lever can go, and what is taken away. */
"use strict";

/* Which plans can be asked about: the reference and those shown; what the reference is called comes with an answer. */
function fillPlans(picture) {
  const own = question().plans.map((plan, place) => [String(place), plan.name]);
  const among = picture?.cells.slice(1).includes(picture.cells[0]);
  const called = picture ? `${picture.plans.find((plan) => plan.reference).name} (the reference)` : "The usual reference";
  const every = among ? own : [["-1", called], ...own];
  const last = own[own.length - 1][0];
  for (const [id, options, usual] of [["history-plan", every, "0"], ["why-first", every, every[0][0]], ["why-second", every, last], ["tip-plan", own, "0"]]) {
    const before = byId(id).value;
    fillSelect(id, options, options.some((option) => option[0] === before) ? before : usual);
  }
  if (byId("why-first").value === byId("why-second").value && every.length > 1) {
    byId("why-first").value = every.find((option) => option[0] !== byId("why-second").value)[0];
  }
}

/* Plans that have changed places or names are called anew at once. */
function renamePlans() {
  const named = [...byId("tip-plan").options].map((option) => option.text);
  if (JSON.stringify(named) !== JSON.stringify(question().plans.map((plan) => plan.name))) fillPlans(null);
}

/* Long questions: asked, counted while they run, given up where wanted. */
async function long(part, address, asked, shown, again = null) {
  const box = byId(part);
  const stop = box.querySelector(".stop");
  const wrong = box.querySelector(".wrong");
  const found = box.querySelector(".found");
  const asking = new AbortController();
  wrong.hidden = true;
  stop.hidden = false;
  stop.onclick = () => asking.abort();
  const buttons = [...box.querySelectorAll("button:not(.stop)")];
  buttons.forEach((button) => { button.disabled = true; });
  standing.running.add(part);
  drew(part);
  found.replaceChildren(tandem.make("p", {}, "Working …"));
  const bar = tandem.make("progress", { "aria-label": "How far it is" });
  found.append(bar);
  try {
    for await (const line of streamed(address, asked, asking.signal)) {
      if (line.progress && line.progress[1]) {
        bar.max = line.progress[1];
        bar.value = line.progress[0];
      } else if (!line.progress) shown(found, line);
    }
  } catch (error) {
    found.replaceChildren();
    standing.drawn.delete(part);
    wrong.textContent = error.name === "AbortError" ? "Given up." : tandem.words(error);
    if (error.field === "exists" && again) wrong.append(" ", tandem.make("button", { type: "button", class: "plain", onclick: again }, "Write over it"));
    wrong.hidden = false;
  }
  standing.running.delete(part);
  mark();
  stop.hidden = true;
  buttons.forEach((button) => { button.disabled = false; });
}

function askWhy(event) {
  event.preventDefault();
  const asked = { question: question(), first: Number(byId("why-first").value), second: Number(byId("why-second").value), outcome: byId("why-outcome").value };
  long("why", "/api/whatif/why", asked, (found, line) => {
    const chart = tandem.make("div", { class: "chart", role: "img", "aria-label": line.explained.headline });
    found.replaceChildren(tandem.make("p", { class: "said" }, line.explained.headline), chart,
      tandem.make("details", {}, tandem.make("summary", {}, "All of the answer"), ...line.explained.lines.map((text) => tandem.make("p", {}, text.replace(/^- /, "")))));
    whyChart(chart, line.explained);
  });
}

function askTip(event) {
  event.preventDefault();
  const limit = byId("tip-limit");
  const wrong = byId("tip").querySelector(".wrong");
  if (!limit.checkValidity()) {
    wrong.textContent = "A limit from 1 to 99 per cent is wanted.";
    wrong.hidden = false;
    return limit.focus();
  }
  const plan = Number(byId("tip-plan").value);
  const asked = { question: question(), plan, lever: byId("tip-lever").value, target: byId("tip-target").value, limit_percent: Number(limit.value) };
  return long("tip", "/api/whatif/tip", asked, (found, line) => {
    const chart = tandem.make("div", { class: "chart", role: "img", "aria-label": line.tipped.headline });
    found.replaceChildren(tandem.make("p", { class: "said" }, line.tipped.headline), chart, ...line.tipped.lines.map((text) => tandem.make("p", {}, text)));
    tipChart(chart, line.tipped);
  });
}

function takeAway(kind, force = false) {
  long("take", "/api/whatif/export", { question: taken(), kind, force }, (found, line) => {
    const parts = [tandem.make("p", {}, "Ready: ", tandem.make("a", { href: line.address, download: "" }, line.exported.file.split("/").pop()))];
    if (line.exported.study) parts.push(tandem.make("p", { class: "help" }, `In outputs/${line.exported.study}; fingerprint ${line.exported.digest.slice(0, 16)}.`));
    found.replaceChildren(...parts);
    found.querySelector("a").focus();
  }, () => takeAway(kind, true));
}

/* From a lever, or from the way in, to the question how far it can go. */
function askHowFar(lever) {
  openPlan(false);
  byId("tip-lever").value = lever;
  byId("tip").scrollIntoView({ block: "center" });
  byId("tip-target").focus({ preventScroll: true });
}

/* The answers found are drawn for one width; on another they are drawn again. */
function fitFound() {
  for (const chart of document.querySelectorAll(".found .chart")) {
    if (chart.layout) Plotly.relayout(chart, { width: chart.clientWidth, height: chart.clientHeight });
  }
}
