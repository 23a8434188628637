/* The facilitator's screen: the clock, a table of teams, and what may happen. */
"use strict";

(() => {
  const { make } = tandem;
  const root = document.getElementById("console");
  const code = root.dataset.code;
  const wrong = document.getElementById("ws-wrong");
  const place = (name) => document.getElementById(`ws-${name}`);
  const DOUBLE_CLICK = 700;
  let view = null, signs = {}, clicked = -DOUBLE_CLICK;

  document.getElementById("ws-link").value = `${window.location.origin}${window.location.pathname}${root.dataset.link}`;
  if (window.location.search.includes("key=")) window.history.replaceState(null, "", window.location.pathname);

  const following = workshop.follow(code, changed);
  setInterval(() => { if (view && !document.hidden) refresh().catch(() => {}); }, 7000);

  async function changed(pulse) {
    await refresh();
    place("round").textContent = workshop.round(pulse, view.rounds);
  }

  async function refresh() {
    view = await tandem.ask(workshop.at(code, "console"));
    put("controls", [view.phase, view.round, view.paused, view.rows.map((row) => row.decided === null)], controls);
    put("guide", [view.next_step, view.phase, view.when], guide);
    put("teams", [view.rows, view.phase], teams);
    put("events", [view.phase, view.round, view.happenings], events);
  }

  function put(name, parts, made) {
    const sign = JSON.stringify(parts);
    if (signs[name] === sign) return;
    signs[name] = sign;
    workshop.replace(place(name), ...made());
  }

  async function act(what, content) {
    wrong.textContent = "";
    try {
      await tandem.ask(workshop.at(code, what), content);
    } catch (error) {
      wrong.textContent = error.message;
    }
    await following.now();
  }

  /* A button rests while its work is done, and the second click of a double one asks for nothing, whatever it meets. */
  const button = (id, text, work, plain) => make("button", { type: "button", id, class: plain ? "plain" : null, onclick: async (event) => {
    const pressed = event.currentTarget, byPointer = event.detail > 0;
    if (byPointer && event.timeStamp - clicked < DOUBLE_CLICK) return;
    if (byPointer) clicked = event.timeStamp;
    pressed.disabled = true;
    try { await work(); } finally { pressed.disabled = false; }
  } }, text);
  const sure = (id, title, text, button) => make("details", { id }, make("summary", {}, title), make("p", {}, text), button);
  const goOn = (step) => () => act("step", { step });

  function controls() {
    const last = view.round >= view.rounds;
    const open = ["lobby", "between"].includes(view.phase) && !last;
    const waiting = view.rows.filter((row) => row.decided === null).length;
    return [
      open ? button("do-next", `Open half-year ${view.round + 1}`, goOn("next")) : null,
      view.phase === "round" ? button("do-close", "Close this half-year now", goOn("close")) : null,
      view.phase === "round" && !view.paused ? button("do-pause", "Stop the clock", goOn("pause"), true) : null,
      view.paused ? button("do-resume", "Let the clock run", goOn("resume"), true) : null,
      view.phase === "round" || (view.phase === "between" && view.round)
        ? button("do-extend", view.phase === "between" ? "Open it again for 2 minutes" : "2 minutes more", () => act("time", { seconds: 120 }), true) : null,
      last && view.phase === "between" ? button("do-debrief", "Open the debrief", goOn("debrief")) : null,
      !last && ["round", "between"].includes(view.phase)
        ? sure("sure-debrief", "Open the debrief early", "No further half-year can be played then.", button("do-debrief", "Open the debrief now", goOn("debrief"))) : null,
      ["debrief", "ended"].includes(view.phase) ? make("a", { class: "button", id: "see-debrief", href: `/workshop/${encodeURIComponent(code)}/debrief` }, "Show the debrief") : null,
      view.phase !== "ended" ? sure("sure-end", "End the workshop", "Nothing can be played after that. The debrief stays readable once a half-year was played.", button("do-end", "End it now", goOn("end"))) : null,
      view.phase === "round" && waiting ? make("p", { class: "soft" }, `${waiting} of ${view.rows.length} teams have not decided.`) : null,
    ].filter(Boolean);
  }

  function guide() {
    const step = view.next_step;
    return [make("p", {}, `All teams stand at ${view.when}; they meet luck number ${view.luck}. `,
      make("a", { href: `/workshop/guide/${encodeURIComponent(view.pack)}`, target: "_blank", rel: "noopener" }, "Guide (opens in a new tab)")),
      step ? make("p", { class: "note" }, `${step.what}, about ${step.minutes} minutes. Say: ${step.say}`) : null].filter(Boolean);
  }

  function teams() {
    if (!view.rows.length) return [make("p", {}, "Nobody has joined yet.")];
    const said = (row) => row.decided === null ? "not yet" : row.decided.length ? row.decided.join(", ") : "carry on without a card";
    const reading = (row, name) => { const found = row.readings.find((each) => each.name === name); return workshop.value(found, found.value); };
    return [workshop.table("What each team has said in this half-year, and what it can know",
      ["Team", "At the table", "Predicted", "Decided", "Saving", "Fatigue", "Back bench", "Programme"],
      view.rows.map((row) => [row.late ? `${row.team} (joined late)` : row.team,
        row.people.map((each) => `${each.name}${each.here ? "" : " (away)"}`).join(", "),
        row.predicted ? make("span", { class: "ws-yes" }, "yes") : "not yet",
        row.decided === null ? "not yet" : make("span", { class: "ws-yes" }, said(row)),
        reading(row, "saving"), reading(row, "fatigue"), reading(row, "back_bench"), row.status]))];
  }

  function happened(each) {
    const later = each.later.map((begun) => ` It begins in ${begun.when}: ${begun.teams.join(", ")}.`);
    const spared = each.spared.length ? ` It strikes nothing in this half-year, and is not announced, at: ${each.spared.join(", ")}.` : "";
    return `${each.when}: ${each.title}${each.council ? `, ${each.council}` : ""}.${later.join("")}${spared}`;
  }

  function events() {
    const may = view.phase === "round" || (view.phase === "between" && view.round < view.rounds);
    const told = view.happenings.length ? make("ul", {}, ...view.happenings.map((each) => make("li", {}, happened(each)))) : null;
    if (!may) return [told || make("p", { class: "soft" }, "Something can happen only while half-years are being played.")];
    const kinds = make("select", { id: "event-kind", "data-keep": true }, ...view.choices.map((each) => make("option", { value: each.name }, each.title)));
    const councils = make("select", { id: "event-council", "data-keep": true }, ...view.councils.map((name) => make("option", { value: name }, name)));
    const means = make("p", { class: "help", id: "event-means" });
    const picked = () => view.choices.find((each) => each.name === kinds.value);
    const where = make("div", { class: "field" }, make("label", { for: "event-council" }, "At which council"), councils);
    const tell = () => { means.textContent = picked().means; where.hidden = !picked().of_council; };
    kinds.addEventListener("change", tell);
    tell();
    return [told, ...view.advice.map((text) => make("p", { class: "soft" }, text)),
      make("form", { onsubmit: (event) => { event.preventDefault(); act("event", { kind: kinds.value, council: picked().of_council ? councils.value : null }); } },
        make("div", { class: "ws-choose" }, make("div", { class: "field" }, make("label", { for: "event-kind" }, "What happens, to every team"), kinds), where,
          make("button", { type: "submit", id: "do-event" }, "Let it happen now")), means)].filter(Boolean);
  }
})();
