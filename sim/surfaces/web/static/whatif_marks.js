/* Marks: whatever stands on the page and no longer belongs to what is chosen says so, part by part, at once. */
"use strict";

const standing = {
  drawn: new Map(),         // what each part is an answer to, by its name
  running: new Set(),       // parts that are being worked on by themselves
  working: false,           // whether the answer to what is chosen is being worked out
};

/* What each part would answer if it were drawn now. A part is any element with `data-part`. */
const ASKED = {
  plan: () => JSON.stringify([current().partnership, current().scenario]),
  history: () => JSON.stringify([question(), Number(byId("history-plan").value || 0), chosenWay()]),
  why: () => JSON.stringify([question(), ...["why-first", "why-second", "why-outcome"].map((id) => byId(id).value)]),
  tip: () => JSON.stringify([question(), ...["tip-plan", "tip-lever", "tip-target", "tip-limit"].map((id) => byId(id).value)]),
  take: () => JSON.stringify(taken()),
};
const ON_REQUEST = ["why", "tip", "take"];       // answered again only where somebody asks again

function answerAsked() {
  return JSON.stringify(question());
}

function chosenWay() {
  return document.querySelector('input[name="way"]:checked').value;
}

function askedOf(part) {
  return (ASKED[part] ?? answerAsked)();
}

function belongs(part) {
  return standing.drawn.get(part) === askedOf(part);
}

/* A part has been drawn, as the answer to this. */
function drew(part, asked = askedOf(part)) {
  standing.drawn.set(part, asked);
  mark();
}

/* What is chosen, in a few words. */
function chosenNow() {
  if (state.shown === "compare") return "the plans side by side";
  const story = form.data?.scenarios.find((each) => each.name === current().scenario);
  return story ? `${planTitle(state.shown)}, ${story.title}` : planTitle(state.shown);
}

function oldWords(part) {
  if (standing.running.has(part)) return "For what was chosen before; still working …";
  if (ON_REQUEST.includes(part)) return "For what was chosen before; ask again";
  return `From before the change; ${standing.working ? "working on" : "no answer yet to"} ${chosenNow()}${standing.working ? " …" : ""}`;
}

/* Go through all parts: a line of words and a border where one does not belong, and whether it is being worked on. */
function mark() {
  for (const element of document.querySelectorAll("[data-part]")) {
    const part = element.dataset.part;
    const old = standing.drawn.has(part) && !belongs(part);
    const awaited = standing.working && !ON_REQUEST.includes(part) && !belongs(part);
    element.classList.toggle("old", old);
    element.setAttribute("aria-busy", String(standing.running.has(part) || awaited));
    const line = lineOf(element);
    const words = old ? oldWords(part) : "";
    if (line.textContent !== words) line.textContent = words;
    line.hidden = !old;
  }
  markTab();
}

/* Where a part says it: in front of all else, in a figure in front of its caption. */
function lineOf(element) {
  const head = element.querySelector(":scope > figcaption") ?? element;
  return head.querySelector(":scope > .old-line") ?? head.insertBefore(tandem.make("span", { class: "old-line" }), head.firstChild);
}

/* The tab of what is chosen: dots and a broken border until the answer is its own. */
function markTab() {
  const old = !belongs("headline");
  for (const tab of document.querySelectorAll("#tabs .tab")) {
    const own = tab.getAttribute("aria-pressed") === "true";
    tab.classList.toggle("old", own && old);
    tab.setAttribute("aria-busy", String(own && old && standing.working));
  }
}
