/* The state of the room: up to four plans, which one is shown, how many histories; all of it is in the link. */
"use strict";

const state = {
  plans: [],
  shown: 0,          // index of the plan shown, or "compare"
  histories: 200,
  seed: 1,
  tables: Object.create(null),   // tables of councils of one's own, by the partnership's name, so that a link holds them
};

const MOST_PLANS = 4;
const LETTERS = ["A", "B", "C", "D"];
const COLOURS = ["#D55E00", "#009E73", "#CC79A7", "#000000"];
const INKS = ["#A84A00", "#00704F", "#9C3F74", "#000000"];
const REFERENCE = { colour: "#0072B2", ink: "#005A8E" };
const DASHES = ["dash", "dashdot", "dot", "longdash"];
const LONGEST_LINK = 12000;

function newPlan(from) {
  const made = { name: "", partnership: "bromsgrove_redditch", scenario: "structure_first", values: {}, answers: {} };
  return from ? { ...made, ...structuredClone(from) } : made;
}

function planTitle(index) {
  return state.plans[index].name || `Plan ${LETTERS[index]}`;
}

function current() {
  return state.plans[state.shown === "compare" ? 0 : state.shown];
}

/* What the API is asked: the plan shown, or all of them side by side, called as their tabs are. */
function question() {
  return { ...taken(), plans: shownPlans().map((plan) => ({ ...plan, name: planTitle(state.plans.indexOf(plan)) })) };
}

/* The same to be taken away: there "Plan A" would tell nothing, and a plan without a name is called by what it is. */
function taken() {
  return { plans: shownPlans(), histories: state.histories, seed: state.seed };
}

function shownPlans() {
  return state.shown === "compare" ? state.plans : [state.plans[state.shown]];
}

function encodePlan(plan) {
  const words = new URLSearchParams();
  if (plan.name) words.set("name", plan.name);
  words.set("partnership", plan.partnership);
  words.set("scenario", plan.scenario);
  for (const [key, value] of Object.entries(plan.values)) words.set(key, JSON.stringify(value));
  for (const [key, value] of Object.entries(plan.answers)) words.set(`question.${key}`, value);
  return words.toString();
}

function link() {
  const words = new URLSearchParams();
  for (const plan of state.plans) words.append("plan", encodePlan(plan));
  words.set("show", String(state.shown));
  words.set("histories", String(state.histories));
  if (state.seed !== 1) words.set("seed", String(state.seed));
  for (const plan of state.plans) {
    const table = state.tables[plan.partnership];
    if (table && !words.has(`table.${plan.partnership}`)) words.set(`table.${plan.partnership}`, table);
  }
  return `${location.pathname}?${words}`;
}

const A_NAME = /^[a-z0-9_-]{1,64}$/;

/* A piece of a link as it can be said in a sentence. */
function quoted(text) {
  return `“${String(text).slice(0, 40)}”`;
}

function decodePlan(text, complaints) {
  const plan = newPlan();
  for (const [key, value] of new URLSearchParams(text)) {
    if (key === "name") plan.name = value.slice(0, 60);
    else if (key === "partnership" || key === "scenario") {
      if (A_NAME.test(value)) plan[key] = value;
      else complaints.push(`${quoted(value)} is no name of a ${key}`);
    } else if (/^(levers|mechanisms)\.[a-z0-9_.]{1,70}$/.test(key)) {
      try {
        const found = JSON.parse(value);
        if (["number", "boolean", "string"].includes(typeof found)) plan.values[key] = found;
        else complaints.push(`${key} has no value that can be used: ${quoted(value)}`);
      } catch { complaints.push(`${key} has no value that can be used: ${quoted(value)}`); }
    } else if (key.startsWith("question.") && A_NAME.test(key.slice(9))) {
      if (A_NAME.test(value)) plan.answers[key.slice(9)] = value;
      else complaints.push(`${quoted(value)} is no answer to the question ${key.slice(9)}`);
    } else complaints.push(`${quoted(key)} is not known here`);
  }
  return plan;
}

/* Read the link; what cannot be used is said, and the rest is kept. */
function readLink(search) {
  const complaints = [];
  if (search.length > LONGEST_LINK * 2) complaints.push("the link is too long, and its end was cut off");
  const words = new URLSearchParams(search.slice(0, LONGEST_LINK * 2));
  const plans = words.getAll("plan");
  if (plans.length > MOST_PLANS) complaints.push(`only ${MOST_PLANS} plans are kept`);
  state.plans = plans.slice(0, MOST_PLANS).map((text) => decodePlan(text, complaints));
  if (!state.plans.length) state.plans = [newPlan()];
  const asked = Number(words.get("histories"));
  if ([100, 200, 500, 1000].includes(asked)) state.histories = asked;
  else if (words.has("histories")) complaints.push("the number of histories is not one of 100, 200, 500 and 1,000");
  const seed = Number(words.get("seed") ?? 1);
  if (Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31) state.seed = seed;
  else complaints.push(`the seed ${quoted(words.get("seed"))} is no whole number from 0 to ${2 ** 31 - 1}`);
  const show = words.get("show") ?? "0";
  if (show === "compare" && state.plans.length > 1) state.shown = "compare";
  else if (/^[0-3]$/.test(show) && Number(show) < state.plans.length) state.shown = Number(show);
  else complaints.push(`there is no plan ${quoted(show)} to show`);
  for (const [key, value] of words) {
    if (key.startsWith("table.") && A_NAME.test(key.slice(6)) && value.trim()) state.tables[key.slice(6)] = value;
    else if (!["plan", "show", "histories", "seed"].includes(key)) complaints.push(`${quoted(key)} is not known here`);
  }
  return complaints;
}

function keepLink() {
  const address = link();
  history.replaceState(null, "", address);
  document.getElementById("copied").textContent = "";
  const shown = document.getElementById("link");
  if (shown) shown.value = address.length > LONGEST_LINK ? "This is too much for a link; export the settings instead." : new URL(address, location.href).href;
}

/* Lines of a streamed answer, one JSON object each, as they come. */
async function* streamed(address, content, signal) {
  const response = await tandem.reach(address, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(content), signal,
  });
  if (!response.ok) throw await tandem.refusal(response);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    let piece;
    try { piece = await reader.read(); } catch (error) { throw tandem.lost(error); }
    const { value, done } = piece;
    if (done) break;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      if (!line) continue;
      const found = JSON.parse(line);
      if (found.refused) throw Object.assign(new Error(found.refused.message), { field: found.refused.field });
      yield found;
    }
  }
}
