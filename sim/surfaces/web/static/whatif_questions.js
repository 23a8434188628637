/* The decision map: questions in plain words; each answer sets something and says what, and why. */
"use strict";

const map = { questions: [] };
const AGREEMENT = "levers.governance.agreement";

/* What the answers of a plan set, by key; the agreement is made of the parts that answers settle. */
function answeredValues(plan) {
  const found = {};
  for (const question of map.questions) {
    const answer = question.answers.find((each) => each.name === plan.answers[question.name]);
    if (answer) Object.assign(found, answer.sets);
  }
  const settled = agreementOf(plan);
  if (settled !== null) found[AGREEMENT] = settled;
  return found;
}

function agreementOf(plan) {
  const parts = map.questions.filter((question) => question.answers.some((answer) => answer.agreed !== null && answer.agreed !== undefined));
  const given = parts.map((question) => question.answers.find((answer) => answer.name === plan.answers[question.name])).filter((answer) => answer && typeof answer.agreed === "boolean");
  if (!given.length) return null;
  const yes = given.filter((answer) => answer.agreed).length;
  return (yes + 0.5 * (parts.length - given.length)) / parts.length;
}

function layQuestions(questions) {
  map.questions = questions;
  document.getElementById("questions").replaceChildren(...questions.map((question, place) => questionRow(question, place + 1)));
}

function questionRow(question, number) {
  const name = `question-${question.name}`;
  const option = (value, text) => tandem.make("label", { class: "choice" },
    tandem.make("input", { type: "radio", name, value, onchange: () => answerQuestion(question, value) }), ` ${text}`);
  return tandem.make("fieldset", { class: "question", id: name },
    tandem.make("legend", {}, `${number}. ${question.text}`),
    tandem.make("p", { class: "help" }, `${question.reason} `, sourceLinks(question.source)),
    ...question.answers.map((answer) => option(answer.name, answer.text)),
    option("", "Not settled yet"),
    tandem.make("p", { class: "help sets", "aria-live": "polite" }));
}

function answerQuestion(question, value) {
  const plan = current();
  if (value) plan.answers[question.name] = value;
  else delete plan.answers[question.name];
  for (const answer of question.answers) for (const key of Object.keys(answer.sets)) delete plan.values[key];
  if (question.answers.some((answer) => typeof answer.agreed === "boolean")) delete plan.values[AGREEMENT];
  showValues();
  showQuestions();
  form.changed();
}

function showQuestions() {
  const plan = current();
  for (const question of map.questions) {
    const row = document.getElementById(`question-${question.name}`);
    if (!row) continue;
    const chosen = plan.answers[question.name] ?? "";
    for (const input of row.querySelectorAll("input")) input.checked = input.value === chosen;
    const answer = question.answers.find((each) => each.name === chosen);
    const moved = answer && Object.keys(answer.sets).some((key) => key in plan.values);
    row.querySelector(".sets").textContent = answer ? `It sets ${answer.words.join("; ")}.${moved ? " You have since moved it." : ""}` : "";
  }
  const count = Object.keys(plan.answers).length;
  document.getElementById("map-count").textContent = count ? `${count} of ${map.questions.length} answered` : "";
}
