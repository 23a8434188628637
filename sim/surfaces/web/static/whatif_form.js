/* The plan's form: partnership, scenario, sliders and the rest by agent, each with its meaning, value in words and reset. */
"use strict";

const form = { data: null, controls: new Map(), changed: () => {} };

/* A value as people say it; the same words as the terminal's. */
function said(control, value) {
  if (control.kind === "switch") return value ? "yes" : "no";
  if (control.kind === "choice") return control.options.find((option) => option.value === value)?.text ?? String(value);
  const unit = control.unit;
  if (unit.startsWith("£m")) return `£${plainNumber(value)}m${unit.slice(2)}`;
  if (unit.startsWith("£")) return `£${figure(value, 0)}${unit.slice(1)}`;
  if (unit === "share" || unit.startsWith("share ")) return `${figure(100 * value, value >= 0.1 || value === 0 ? 0 : 1).replace(/\.0$/, "")}%`;
  const number = plainNumber(value);
  if (!unit) return number;
  return `${number} ${number === "1" && unit.endsWith("s") && !unit.includes(" ") ? unit.slice(0, -1) : unit}`;
}

function plainNumber(value) {
  if (Number.isInteger(value)) return figure(value, 0);
  const places = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return figure(value, Math.min(places, 6)).replace(/0+$/, "").replace(/\.$/, "");
}

/* The value a control has in the plan shown: moved, or answered, or the scenario's. */
function valueOf(control) {
  const plan = current();
  if (control.name in plan.values) return plan.values[control.name];
  const answered = answeredValues(plan);
  return control.name in answered ? answered[control.name] : control.value;
}

function fieldId(name) {
  return `lever-${name.replace(/\W/g, "-")}`;
}

function controlRow(control) {
  const id = fieldId(control.name);
  const value = tandem.make("output", { class: "value", for: id, id: `${id}-said` });
  const undo = tandem.make("button", { type: "button", class: "link undo", hidden: true, "aria-label": `Reset ${control.title}`, onclick: () => move(control, undefined) }, "reset");
  const row = tandem.make("div", { class: "field lever", "data-lever": control.name });
  const label = tandem.make("label", { for: id }, control.title);
  const input = inputOf(control, id);
  const when = control.start_only && control.group !== "mechanisms" ? " Chosen at the start." : "";
  const span = control.kind === "whole" || control.kind === "number" ? ` From ${said(control, control.low)} to ${said(control, control.high)}.` : "";
  const about = tandem.make("details", { class: "about-lever" },
    tandem.make("summary", { "aria-label": `About ${control.title}` }, "about"),
    tandem.make("p", { class: "help" }, `${control.meaning}.${span}${when} `, control.group === "mechanisms" ? sheetLink(control.source) : sourceLinks(control.source)),
    span ? tandem.make("button", { type: "button", class: "link", onclick: () => askHowFar(control.name) }, "How far can it go?") : null);
  row.append(tandem.make("div", { class: "lever-head" }, label, value, undo), input, about, tandem.make("p", { class: "wrong", hidden: true, id: `${id}-wrong` }));
  form.controls.set(control.name, { control, input, value, undo, row });
  return row;
}

function sourceLinks(text) {
  const ids = text.split(/,\s*/);
  const parts = ids.flatMap((id, place) => [place ? ", " : "", tandem.make("a", { href: `/glass/evidence#${id}`, title: "What the source says, in the Glass box" }, id)]);
  return tandem.make("span", {}, "Source: ", ...parts);
}

/* A mechanism has a page of its own: its equation, its evidence, what it does. */
function sheetLink(name) {
  return tandem.make("a", { href: `/glass/mechanism/${name}` }, "Equation and evidence");
}

function inputOf(control, id) {
  const about = { id, "aria-describedby": `${id}-wrong` };
  if (control.kind === "switch") return tandem.make("input", { ...about, type: "checkbox", onchange: (event) => move(control, event.target.checked) });
  if (control.kind === "choice") {
    const options = control.options.map((option) => tandem.make("option", { value: option.value }, option.text));
    return tandem.make("select", { ...about, onchange: (event) => move(control, event.target.value) }, ...options);
  }
  return tandem.make("input", {
    ...about, type: "range", min: control.low, max: control.high, step: control.step,
    oninput: (event) => move(control, Number(event.target.value)),
  });
}

function move(control, value) {
  const values = current().values;
  const answered = answeredValues(current());
  const usual = control.name in answered ? answered[control.name] : control.value;
  if (value === undefined || value === usual) delete values[control.name];
  else values[control.name] = value;
  showValue(control.name);
  showMoved();
  showWrong(control.name, "");
  form.changed();
}

function showValue(name) {
  const { control, input, value, undo } = form.controls.get(name);
  const now = valueOf(control);
  if (control.kind === "switch") input.checked = now;
  else input.value = now;
  value.textContent = said(control, now);
  if (input.type === "range") input.setAttribute("aria-valuetext", said(control, now));
  undo.hidden = !(name in current().values);
}

function showValues() {
  for (const name of form.controls.keys()) showValue(name);
  showMoved();
}

/* How many controls of each folded part differ from the scenario. */
function showMoved() {
  for (const name of [...form.data.groups.map((group) => group.name), "mechanisms"]) {
    const part = name === "mechanisms" ? "mechanisms." : `levers.${name}.`;
    const moved = Object.keys(current().values).filter((key) => key.startsWith(part)).length;
    const count = document.getElementById(`moved-${name}`);
    if (count) count.textContent = moved ? `${moved} ${name === "mechanisms" ? "switched" : "moved"}` : "";
  }
}

function showWrong(field, message) {
  const known = { name: "wrong-name", partnership: "wrong-partnership", scenario: "wrong-scenario", table: "wrong-table" };
  const shown = document.getElementById(known[field] || `${fieldId(field)}-wrong`);
  if (!shown) return false;
  shown.textContent = message;
  shown.hidden = !message;
  if (message) shown.closest("details:not([open])")?.setAttribute("open", "");
  return true;
}

function clearWrong() {
  for (const each of document.querySelectorAll("#levers .wrong")) each.hidden = true;
}

/* Fetch what can be set for the plan shown, and lay it out anew where the partnership or scenario changed. */
async function loadForm(signal) {
  const plan = current();
  const words = new URLSearchParams({ partnership: plan.partnership, scenario: plan.scenario });
  const found = await tandem.ask(`/api/whatif/form?${words}`, undefined, { signal });
  const first = form.data === null;
  form.data = found;
  if (first || layoutOf(found) !== form.layout) lay(found);
  else refresh(found);
  fillSelect("partnership", found.partnerships.map((place) => [place.name, titleOf(place)]), plan.partnership);
  fillSelect("scenario", found.scenarios.map((story) => [story.name, story.title]), plan.scenario);
  leaveOutUnusable();
  drew("plan");
  showChoice();
  fillLevers();
  return found;
}

function titleOf(place) {
  if (place.held) return `${place.title} (from a link, not kept)`;
  return place.own ? `${place.title} (your own)` : place.title;
}

/* What is chosen, beside the fields in which it is; the levers too once their values are those of this scenario. */
function showChoice() {
  if (!form.data) return;
  const plan = current();
  const place = form.data.partnerships.find((each) => each.name === plan.partnership);
  document.getElementById("partnership").value = plan.partnership;
  document.getElementById("scenario").value = plan.scenario;
  document.getElementById("councils").textContent = (place?.councils ?? []).join(", ");
  document.getElementById("meaning").textContent = form.data.scenarios.find((story) => story.name === plan.scenario)?.meaning ?? "";
  document.getElementById("held").hidden = !(place?.held && state.tables[plan.partnership]);
  const name = document.getElementById("plan-name");
  if (name.value !== plan.name) name.value = plan.name;
  name.placeholder = planTitle(state.shown === "compare" ? 0 : state.shown);
  document.getElementById("histories").value = String(state.histories);
  if (!belongs("plan")) return;
  showValues();
  showQuestions();
}

/* A link may hold a word where a number belongs, or a name that is none: such things are left out, and said. */
function leaveOutUnusable() {
  const said = state.plans.filter((plan) => plan.partnership === current().partnership).flatMap((plan) => [
    ...without(plan.values, (name, value) => wrongValue(form.controls.get(name)?.control, name, value)),
    ...without(plan.answers, wrongAnswer),
  ]);
  if (!said.length) return;
  leaveOut(...said);
  keepLink();
}

/* Take out of an object what there is something to say against; what is said. */
function without(values, against) {
  return Object.entries(values).flatMap(([name, value]) => {
    const said = against(name, value);
    if (said) delete values[name];
    return said ? [said] : [];
  });
}

function wrongValue(control, name, value) {
  if (!control) return `${quoted(name)} is no lever and no mechanism here`;
  const wanted = { switch: "yes or no", choice: `one of ${control.options.map((option) => option.value || "none").join(", ")}` };
  const fits = {
    switch: typeof value === "boolean",
    choice: control.options.some((option) => option.value === value),
  }[control.kind] ?? (typeof value === "number" && Number.isFinite(value));
  return fits ? "" : `${control.title}: ${wanted[control.kind] ?? `a number from ${control.low} to ${control.high}`} is wanted, not ${quoted(value)}`;
}

function wrongAnswer(name, answer) {
  const question = map.questions.find((each) => each.name === name);
  if (!question) return `${quoted(name)} is no question of the decision map`;
  return question.answers.some((each) => each.name === answer) ? "" : `${quoted(answer)} is no answer to “${question.text}”`;
}

/* Which controls there are: they are laid out anew only when these change, so that focus is never lost. */
function layoutOf(found) {
  return found.groups.flatMap((group) => group.controls.map((control) => `${control.name}${control.options.length}`)).join();
}

function lay(found) {
  form.layout = layoutOf(found);
  form.controls.clear();
  const main = document.getElementById("main-levers");
  main.replaceChildren(main.querySelector("legend"), ...found.main.map(controlRow));
  const groups = found.groups.map((group) => {
    const rest = group.controls.filter((control) => !control.main);
    if (!rest.length) return null;
    const count = tandem.make("span", { class: "soft", id: `moved-${group.name}` });
    return tandem.make("details", { class: "group" }, tandem.make("summary", {}, `${group.title} `, count),
      tandem.make("fieldset", {}, tandem.make("legend", { class: "hidden-visually" }, group.title), ...rest.map(controlRow)));
  });
  document.getElementById("groups").replaceChildren(...groups.filter(Boolean), mechanismsOf(found.mechanisms));
  layQuestions(found.questions);
}

/* What the model holds to be so, to ask which of it a conclusion hangs on. */
function mechanismsOf(controls) {
  return tandem.make("details", { class: "group", id: "mechanisms" },
    tandem.make("summary", {}, "What the model holds to be so ", tandem.make("span", { class: "soft", id: "moved-mechanisms" })),
    tandem.make("p", { class: "help" }, "Not for a partnership to choose: switch one off, and see whether the conclusion still stands without it. "
      + "A plan by itself is then compared with the usual reference under the same theory; side by side, each plan keeps its own."),
    tandem.make("fieldset", {}, tandem.make("legend", { class: "hidden-visually" }, "Mechanisms"), ...controls.map(controlRow)));
}

function refresh(found) {
  for (const control of [...found.groups.flatMap((group) => group.controls), ...found.mechanisms]) form.controls.get(control.name).control = control;
}

/* Options are replaced only where they differ, so that a list somebody has open stays open. */
function fillSelect(id, options, chosen) {
  const select = document.getElementById(id);
  const now = [...select.options].map((option) => [option.value, option.text]);
  if (JSON.stringify(now) !== JSON.stringify(options)) {
    select.replaceChildren(...options.map(([value, text]) => tandem.make("option", { value }, text)));
  }
  select.value = chosen;
}

/* Levers that can be gone along, for "where does it tip?": the main ones first. */
function fillLevers() {
  const select = document.getElementById("tip-lever");
  const before = select.value;
  const every = form.data.groups.flatMap((group) => group.controls).filter((control) => control.kind === "number" || control.kind === "whole");
  const ordered = [...every.filter((control) => control.main), ...every.filter((control) => !control.main)];
  fillSelect("tip-lever", ordered.map((control) => [control.name, control.title]), before || "levers.pace.months_between_waves");
}

/* Councils of one's own. */
async function keepOwn() {
  const table = document.getElementById("own-table").value;
  const year = document.getElementById("own-year").value;
  showWrong("table", "");
  const kept = document.getElementById("own-kept");
  kept.replaceChildren();
  if (!table.trim()) return void showWrong("table", "Choose a file, or paste a table: one row a council.");
  const asked = { table, name: document.getElementById("own-name").value, start_year: year ? Number(year) : null };
  let found;
  try { found = await tandem.ask("/api/whatif/partnerships", asked); } catch (error) { return void showWrong("table", tandem.words(error)); }
  state.tables[found.name] = table.length < 4000 ? table : undefined;
  for (const plan of state.plans) plan.partnership = found.name;
  kept.replaceChildren(
    tandem.make("p", {}, `${found.title} is ready and kept.`),
    ...[...found.notes, ...found.assumptions.map((text) => `Assumed: ${text}`)].length ? [tandem.make("details", {},
      tandem.make("summary", {}, `${found.assumptions.length} things were not given and are assumed`),
      tandem.make("ul", {}, ...[...found.notes, ...found.assumptions].map((text) => tandem.make("li", {}, text))))] : []);
  form.changed({ anew: true, now: true });
}

function readFile(event) {
  const file = event.target.files[0];
  if (!file) return;
  if (file.size > 200000) return void showWrong("table", "This file is larger than 200 kB; a table of councils has one row a council.");
  file.arrayBuffer().then((bytes) => {
    let text;
    try { text = new TextDecoder("utf-8", { fatal: true }).decode(bytes); } catch { text = new TextDecoder("windows-1252").decode(bytes); }
    document.getElementById("own-table").value = text;
    showWrong("table", "");
  });
}
