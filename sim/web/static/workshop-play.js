/* A team's screens, one task each: look, predict, decide, wait. What is being typed is never overwritten. */
"use strict";

(() => {
  const { make } = tandem;
  const root = document.getElementById("play");
  const code = root.dataset.code;
  const screen = document.getElementById("ws-screen");
  const aside = document.getElementById("ws-aside");
  const steps = document.getElementById("ws-steps");
  const status = document.getElementById("ws-status");
  const wrong = document.getElementById("ws-wrong");
  const STEPS = [["look", "Look"], ["predict", "Predict"], ["decide", "Decide"], ["wait", "Wait"]];

  let view = null, step = "look", round = 0, drawn = "", beside = "";
  let draft = { values: {}, cards: null };
  const send = (what, content) => tandem.ask(workshop.at(code, what), content);

  const following = workshop.follow(code, changed);

  async function changed(pulse) {
    document.getElementById("ws-round").textContent = workshop.round(pulse, view?.rounds);
    if (!pulse.joined) {
      await joining(pulse);
      return;
    }
    view = await tandem.ask(workshop.at(code, "team"));
    document.getElementById("ws-round").textContent = workshop.round(pulse, view.rounds);
    if (view.phase === "debrief") {
      status.textContent = "The debrief is open.";
    }
    if (view.phase === "round" && view.round !== round) {
      round = view.round;
      step = "look";
      draft = { values: {}, cards: null };
      if (round > 1) status.textContent = `Half-year ${round} is open.`;
    }
    if (view.phase === "round" && step === "look" && view.decision.version && drawn === "") step = "wait";
    draw();
  }

  function draw(force) {
    wrong.textContent = "";
    const playing = view.phase === "round";
    steps.hidden = !playing;
    if (playing) drawSteps();
    const shown = playing ? step : view.phase;
    const made = { look, predict, decide, wait, lobby, between, debrief: ending, ended: ending }[shown];
    const sign = JSON.stringify([shown, view.round, view.paused, view.state, view.cards, view.ask, view.prediction, view.decision, view.result, view.people, view.phase]);
    if (force || sign !== drawn) {
      drawn = sign;
      workshop.replace(screen, ...made());
    }
    const own = JSON.stringify([view.people, view.you, view.in_play]);
    if (own !== beside) {
      beside = own;
      workshop.replace(aside, ...table());
    }
  }

  function drawSteps() {
    workshop.replace(steps, ...STEPS.map(([name, title]) => make("li", {},
      make("button", { type: "button", id: `step-${name}`, "aria-current": step === name ? "step" : null, onclick: () => go(name) }, title))));
  }

  function go(name) {
    step = name;
    draw(true);
    const heading = screen.querySelector("h2");
    if (heading) { heading.tabIndex = -1; heading.focus(); }
  }

  /* Someone who is not in a team yet. */
  async function joining(pulse) {
    if (drawn === "join" || ["debrief", "ended"].includes(pulse.phase)) {
      if (drawn !== "join") workshop.replace(screen, make("p", {}, "This workshop is in its debrief, and this browser did not take part in it."));
      return;
    }
    drawn = "join";
    const about = await tandem.ask(workshop.at(code));
    const field = (id, text, help, input) => make("div", { class: "field" }, make("label", { for: id }, text),
      help ? make("p", { class: "help", id: `${id}-help` }, help) : null, input, make("p", { class: "wrong", id: `${id}-wrong`, role: "alert" }));
    const list = make("datalist", { id: "teams-known" }, ...about.teams.map((team) => make("option", { value: team })));
    const form = make("form", { class: "ws-box", novalidate: true, onsubmit: join },
      make("h2", {}, "Join a team"),
      make("p", {}, about.question),
      field("name", "Your name, or what you want to be called", null, make("input", { id: "name", maxlength: "40", autocomplete: "off" })),
      field("team", "Your team", about.teams.length ? `Teams so far: ${about.teams.join(", ")}. A new name begins a new team.` : "You are the first: give your team a name.",
        make("input", { id: "team", maxlength: "40", autocomplete: "off", list: "teams-known", "aria-describedby": "team-help" })),
      list,
      field("role", "Role card", null, make("select", { id: "role" }, make("option", { value: "" }, "Deal me one"),
        ...about.roles.map((role) => make("option", { value: role.name }, role.title)))),
      make("button", { type: "submit" }, "Join"));
    workshop.replace(screen, form);
  }

  async function join(event) {
    event.preventDefault();
    for (const each of screen.querySelectorAll(".wrong")) each.textContent = "";
    const value = (id) => document.getElementById(id).value;
    try {
      await send("join", { team: value("team"), name: value("name"), role: value("role") });
      drawn = "";
      await following.now();
    } catch (error) {
      (document.getElementById(`${error.field}-wrong`) || wrong).textContent = error.message;
      document.getElementById(error.field)?.focus();
    }
  }

  /* Look */
  function look() {
    return [make("h2", {}, `Look: ${view.state.when}`), ...state(),
      make("div", { class: "ws-send" }, view.may_predict
        ? make("button", { type: "button", id: "to-predict", onclick: () => go("predict") }, "Go on: predict")
        : make("button", { type: "button", id: "to-decide", onclick: () => go("decide") }, "Go on: decide"))];
  }

  function state() {
    const { state } = view;
    const rows = state.measures.map((measure) => [
      measure.title, make("strong", {}, workshop.value(measure, measure.value)), workshop.spark(measure.past) || ""]);
    return [
      ...state.announced.map((text) => make("p", { class: "ws-news" }, text)),
      make("p", { class: state.over ? "note warn" : "" }, state.status),
      workshop.table("What you can know now", ["Measure", "Now", "So far"], rows),
      make("p", { class: "soft" }, "Money and votes are exact. Everything out of 100 comes from a survey: two months old, and a few points out either way."),
      make("h3", {}, "What was heard in the last half-year"),
      state.heard.length
        ? make("ul", { class: "ws-heard" }, ...state.heard.map((each) => make("li", { class: each.grave ? "grave" : "" }, make("span", { class: "when" }, `${each.when}: `), each.text)))
        : make("p", { class: "soft" }, "Nothing yet."),
      view.ahead.length ? make("p", {}, `Coming up: ${view.ahead.join(" ")}`) : null,
    ].filter(Boolean);
  }

  /* Predict */
  function predict() {
    if (!view.may_predict) return [make("h2", {}, "Predict"), make("p", {}, "The result of this half-year has been shown; it cannot be predicted any more."),
      make("div", { class: "ws-send" }, make("button", { type: "button", id: "to-decide", onclick: () => go("decide") }, "Go on: decide"))];
    const said = view.prediction.content;
    const form = make("form", { novalidate: true, onsubmit: sendPrediction },
      make("h2", {}, "Predict: what will you see in six months?"),
      make("p", { class: "soft" }, "Before you decide what to do. Nobody is marked; you will come back to this."),
      make("div", { class: "ws-ask" }, ...view.ask.map((measure) => {
        const now = view.state.measures.find((each) => each.name === measure.name);
        return make("div", { class: "field" },
          make("label", { for: `p-${measure.name}` }, `${measure.title}, ${measure.unit}`),
          make("p", { class: "help", id: `p-${measure.name}-help` }, `Now: ${workshop.value(measure, now.value)}. From ${String(measure.low).replace("-", "−")} to ${measure.high}.`),
          make("input", { id: `p-${measure.name}`, type: "number", min: measure.low, max: measure.high, step: measure.step, required: true,
            value: draft.values[measure.name] ?? said?.[measure.name] ?? "", "aria-describedby": `p-${measure.name}-help p-${measure.name}-wrong`,
            oninput: (event) => { draft.values[measure.name] = event.target.value; } }),
          make("p", { class: "wrong", id: `p-${measure.name}-wrong`, role: "alert" }));
      })),
      make("div", { class: "ws-send" }, make("button", { type: "submit", id: "send-prediction" }, said ? "Change the prediction" : "Send the prediction"),
        said ? make("button", { type: "button", class: "plain", id: "keep-prediction", onclick: () => go("decide") }, "Keep it and decide") : null,
        said ? make("p", {}, `Sent by ${view.prediction.by}.`) : null));
    return [form];
  }

  async function sendPrediction(event) {
    event.preventDefault();
    for (const each of screen.querySelectorAll(".wrong")) each.textContent = "";
    const values = {};
    for (const measure of view.ask) {
      const typed = document.getElementById(`p-${measure.name}`).value;
      if (typed === "" || Number.isNaN(Number(typed))) {
        document.getElementById(`p-${measure.name}-wrong`).textContent = "A number, please.";
        document.getElementById(`p-${measure.name}`).focus();
        return;
      }
      values[measure.name] = Number(typed);
    }
    try {
      await send("prediction", { round: view.round, values, version: view.prediction.version });
      draft.values = {};
      view = await tandem.ask(workshop.at(code, "team"));
      status.textContent = "The prediction is kept.";
      go(view.decision.version ? "wait" : "decide");
    } catch (error) {
      await refused(error, `p-${error.field}-wrong`);
    }
  }

  /* Decide */
  function chosen() {
    return draft.cards || new Set(view.decision.content || []);
  }

  function decide() {
    const mine = chosen();
    const taken = () => [...mine].reduce((sum, name) => sum + (view.cards.find((card) => card.name === name)?.takes || 0), 0);
    const points = make("p", { id: "points", role: "status" });
    const say = () => { points.textContent = `${taken()} of ${view.points} points of leadership time${taken() > view.points ? ": too many" : ""}.`; };
    const button = make("button", { type: "submit", id: "send-decision" });
    const name = () => { button.textContent = view.decision.version ? "Change the decision" : mine.size ? "Send the decision" : "Carry on without a card"; };
    const scopes = [...new Set(view.cards.map((card) => card.scope))];
    const pick = (card, event) => {
      if (event.target.checked) mine.add(card.name); else mine.delete(card.name);
      draft.cards = mine;
      event.target.closest(".ws-card").classList.toggle("chosen", event.target.checked);
      say(); name();
    };
    say(); name();
    return [make("form", { novalidate: true, onsubmit: sendDecision },
      make("h2", {}, "Decide"),
      make("p", { class: "soft" }, `Choose cards for up to ${view.points} points, or none. What is not used is gone.`),
      ...scopes.map((scope) => make("fieldset", { class: "ws-cards" }, make("legend", {}, scope === "HR" ? "HR" : scope[0].toUpperCase() + scope.slice(1)),
        ...view.cards.filter((card) => card.scope === scope).map((card) => shown(card, mine, pick)))),
      make("div", { class: "ws-send" }, button, points, view.decision.version ? make("p", {}, `Sent by ${view.decision.by}.`) : null,
        make("p", { class: "wrong", id: "decision-wrong", role: "alert" })))];
  }

  function shown(card, mine, pick) {
    const held = mine.has(card.name);
    return make("div", { class: `ws-card${held ? " chosen" : ""}${card.closed ? " closed" : ""}` },
      make("input", { type: "checkbox", id: `card-${card.name}`, checked: held, disabled: Boolean(card.closed), "aria-describedby": `about-${card.name}`, onchange: (event) => pick(card, event) }), " ",
      make("label", { for: `card-${card.name}` }, `${card.title} (${card.takes} ${card.takes === 1 ? "point" : "points"})`),
      make("div", { id: `about-${card.name}` },
        make("p", {}, card.does),
        make("p", {}, `${card.why} Mind: ${card.trap}`),
        make("p", { class: "help" }, [card.timing, card.price ? `Costs ${card.price}` : "", `Sources: ${card.sources.join(", ")}`].filter(Boolean).join(". ") + "."),
        card.closed ? make("p", { class: "wrong" }, `Not now. ${card.closed}`) : null));
  }

  async function sendDecision(event) {
    event.preventDefault();
    document.getElementById("decision-wrong").textContent = "";
    try {
      await send("decision", { round: view.round, cards: [...chosen()], version: view.decision.version });
      draft.cards = null;
      view = await tandem.ask(workshop.at(code, "team"));
      status.textContent = "The decision is kept.";
      go("wait");
    } catch (error) {
      await refused(error, "decision-wrong");
    }
  }

  async function refused(error, place) {
    if (error.status === 409) {
      await following.now();
      if (view.phase === "round") draw(true);
    }
    const there = document.getElementById(place) || document.getElementById("decision-wrong") || wrong;
    there.textContent = error.message;
  }

  /* Wait */
  function wait() {
    const cards = (view.decision.content || []).map((name) => view.cards.find((card) => card.name === name)?.title || name);
    const decided = view.decision.version > 0;
    return [make("h2", {}, decided ? "Wait: your decision is kept" : "Wait"),
      make("p", {}, decided ? (cards.length ? `You play: ${cards.join(", ")}. Sent by ${view.decision.by}.` : `You carry on without a card. Sent by ${view.decision.by}.`)
        : "Nothing is decided yet. Without a decision you carry on as before."),
      make("p", {}, view.prediction.version ? `You predict: ${view.ask.map((each) => `${each.title.toLowerCase()} ${workshop.value(each, view.prediction.content[each.name])}`).join("; ")}.` : "Nothing is predicted yet."),
      make("p", { class: "soft" }, "The half-year passes when the time is up or the facilitator closes it. Until then you can go back and change both."),
    ];
  }

  /* Between half-years */
  function between() {
    const { result } = view;
    const rows = result.lines.map((line) => [line.title, line.predicted === null || line.predicted === undefined ? "not predicted" : workshop.value(line, line.predicted), workshop.value(line, line.seen)]);
    return [make("h2", {}, `Half-year ${result.round} is over`),
      make("p", {}, result.cards.length ? `You played: ${result.cards.join(", ")}.` : "You carried on without a card."),
      workshop.table("Your prediction beside what is known now", ["Measure", "You said", "Now"], rows),
      make("h3", {}, view.state.when), ...state(),
      make("p", { class: "note" }, view.round < view.rounds ? "Talk about it. The facilitator opens the next half-year." : "That was the last half-year. The facilitator opens the debrief.")];
  }

  function lobby() {
    return [make("h2", {}, view.question), make("p", {}, view.story),
      make("h3", {}, "Warm-up"), make("ol", {}, ...view.warm_up.map((text) => make("li", {}, text))),
      roleCard(),
      make("p", { class: "note" }, `You are in team ${view.team}. The facilitator opens the first half-year.`)];
  }

  function ending() {
    return [make("h2", {}, view.phase === "ended" ? "The workshop has ended" : "The debrief is open"),
      make("p", {}, make("a", { class: "button", id: "to-debrief", href: `/workshop/${encodeURIComponent(code)}/debrief` }, "See what happened"))];
  }

  function roleCard() {
    const { role } = view.you;
    return make("article", { class: "ws-role" }, make("h3", {}, `${view.you.name}, you are: ${role.title}`),
      make("p", {}, make("strong", {}, "You want. "), role.wants), make("p", {}, make("strong", {}, "You know. "), role.knows),
      make("p", {}, make("strong", {}, "You fear. "), role.fears), make("p", {}, make("strong", {}, "You keep asking. "), role.asks),
      make("p", { class: "soft" }, `Drawn from ${role.sources.join(", ")}`));
  }

  /* What stays at hand: the role card, the table, and what was played. */
  function table() {
    return [make("details", { id: "more-role" }, make("summary", {}, `Your role: ${view.you.role.title}`), roleCard()),
      make("details", { id: "more-team" }, make("summary", {}, `Team ${view.team}: ${view.people.length} at the table`),
        make("ul", {}, ...view.people.map((each) => make("li", {}, `${each.name}: ${each.role}`)))),
      view.in_play.length ? make("details", { id: "more-played" }, make("summary", {}, "Cards you have played"),
        make("ul", {}, ...view.in_play.map((each) => make("li", {}, `Half-year ${each.round}: ${each.cards.join(", ")}`)))) : null].filter(Boolean);
  }
})();
