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
    put("door", [view.door, view.phase, view.one_address], door);
    put("tables", [view.rows.map((row) => [row.team, row.number, row.word, row.predicted, row.decided, row.people.map((each) => [each.player, each.name])])], tables);
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
    let done = true;
    try {
      await tandem.ask(workshop.at(code, what), content);
    } catch (error) {
      done = false;
      wrong.textContent = error.message;
    }
    await following.now();
    return done;
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
        row.decided === null ? `not yet${row.ticked ? ` (${row.ticked} ticked)` : ""}` : make("span", { class: "ws-yes" }, said(row)),
        reading(row, "saving"), reading(row, "fatigue"), reading(row, "back_bench"), row.status]))];
  }

  /* The door: open until half-year 1 is over, unless it is said otherwise. */
  function door() {
    if (["debrief", "ended"].includes(view.phase)) return [make("p", {}, "Nobody joins any more. Whoever lost a place comes back to it with name and word.")];
    const say = (asked) => act("door", { door: view.door ? "open" : "shut", one_address: view.one_address, ...asked });
    const many = make("input", { type: "checkbox", id: "one-address", checked: view.one_address, onchange: (event) => say({ one_address: event.target.checked }) });
    return [make("p", {}, view.door ? "The door is open: new people can join, and begin teams. It closes when half-year 1 is over, unless you have opened it yourself."
      : "The door is closed: only those who have a place come in, with their name and their team's word."),
    make("p", {}, button("do-door", view.door ? "Close the door" : "Open the door", () => say({ door: view.door ? "shut" : "open" }), true)),
    make("p", {}, many, " ", make("label", { for: "one-address" }, "All devices come from one address (a hotspot or proxy): let more than four people join from it"))];
  }

  /* Names and words, behind a fold: this screen may be on the wall. */
  function tables() {
    const people = view.rows.flatMap((row) => row.people.map((each) => ({ ...each, team: row.team })));
    const idle = view.rows.filter((row) => !row.people.length && !row.predicted && row.decided === null);
    const field = (id, text, input) => make("div", { class: "field" }, make("label", { for: id }, text), input);
    const choice = (id, options) => make("select", { id, "data-keep": true }, ...options.map(([value, text]) => make("option", { value }, text)));
    const text = (id) => make("input", { id, maxlength: "40", autocomplete: "off", "data-keep": true });
    const value = (id) => document.getElementById(id).value;
    const whom = choice("person", people.map((each) => [each.player, `${each.name} (${each.team})`]));
    const name = text("person-name"), table = text("table-name"), word = text("table-word");
    const gone = () => people.find((each) => String(each.player) === whom.value)?.name;
    const ask = make("p", { id: "removal-asks" });
    whom.addEventListener("change", () => { ask.textContent = `${gone()} loses the place, and can join again while the door is open. What was sent for the team stays.`; });
    if (people.length) whom.dispatchEvent(new Event("change"));
    const clear = async (what, content, ...fields) => { if (await act(what, content)) for (const each of fields) document.getElementById(each.id).value = ""; };
    return [workshop.table("Words of the teams", ["Team", "Word", "At the table"], view.rows.map((row) => [row.team, make("strong", { class: "ws-word" }, row.word), row.people.map((each) => each.name).join(", ")])),
      people.length ? make("form", { class: "ws-choose", onsubmit: (event) => { event.preventDefault(); clear("person", { player: Number(value("person")), name: value("person-name") }, name); } },
        field("person", "Person", whom), field("person-name", "New name", name), make("button", { type: "submit", id: "do-rename" }, "Rename"),
        sure("sure-remove", "Remove from the workshop", "", make("div", {}, ask, button("do-remove", "Remove now", () => act("removal", { player: Number(value("person")) }), true)))) : null,
      make("form", { class: "ws-choose", onsubmit: (event) => { event.preventDefault(); clear("table", { team: Number(value("table")) || null, name: value("table-name"), word: value("table-word") }, table, word); } },
        field("table", "Team", choice("table", [...view.rows.map((row) => [row.number, row.team]), ["", "a new team"]])),
        field("table-name", "Name (empty: as it is)", table), field("table-word", "Word (empty: as it is, or drawn)", word), make("button", { type: "submit", id: "do-table" }, "Keep")),
      ...idle.map((row) => make("p", {}, `Nobody sits at ${row.team}. `, button(`do-clear-${row.number}`, "Take it away", () => act("clearing", { team: row.number }), true))),
    ].filter(Boolean);
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
