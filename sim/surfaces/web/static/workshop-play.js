/* A team's screens, one task each: look, predict, decide, wait. What is ticked or typed is a draft that the whole table
   shares: the server keeps it, and shows it to everyone at the table; what is being typed here is never overwritten. */
"use strict";

(() => {
  const { make } = tandem;
  const root = document.getElementById("play");
  const code = root.dataset.code;
  const screen = document.getElementById("ws-screen");
  const aside = document.getElementById("ws-aside");
  const steps = document.getElementById("ws-steps");
  const news = document.getElementById("ws-news");
  const status = document.getElementById("ws-status");
  const wrong = document.getElementById("ws-wrong");
  const STEPS = [["look", "Look"], ["predict", "Predict"], ["decide", "Decide"], ["wait", "Wait"]];

  let view = null, step = "look", round = 0, drawn = "", beside = "", refresh = null;
  let shared = { round: 0, version: 0, ticks: {}, values: {} }, mine = { ticks: {}, values: {} }, sending = null;
  const noted = new Set();
  const send = (what, content) => tandem.ask(workshop.at(code, what), content);

  const following = workshop.follow(code, changed, beat);

  async function changed(pulse) {
    document.getElementById("ws-round").textContent = workshop.round(pulse, view?.rounds);
    if (!pulse.joined) {
      await joining();
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
      mine = { ticks: {}, values: {} };
      if (round > 1) status.textContent = `Half-year ${round} is open.`;
    }
    take(view.draft);
    if (view.phase === "round" && step === "look" && view.decision.version && drawn === "") step = "wait";
    draw();
  }

  /* At every answer of the clock: what others at the table ticked or typed, and what could not be sent before. */
  function beat(pulse) {
    if (!view || !pulse.joined || pulse.phase !== "round" || pulse.round !== round) return;
    const behind = pulse.draft !== shared.version && !sending;
    (behind ? tandem.ask(workshop.at(code, "draft")).then(take) : Promise.resolve())
      .then(() => { if (behind) draw(); return keep(); }).catch(() => {});
  }

  function draw(force) {
    wrong.textContent = "";
    const playing = view.phase === "round";
    steps.hidden = !playing;
    if (playing) drawSteps();
    drawNews();
    const shown = playing ? step : view.phase;
    const made = { look, predict, decide, wait, lobby, between, debrief: ending, ended: ending }[shown];
    const parts = {
      look: [view.state, view.ahead, view.may_predict, noted.size], predict: [view.ask, view.may_predict, view.state.measures],
      decide: [view.cards, view.points], wait: [view.decision, view.prediction, view.cards, chosen()],
      between: [view.result, view.state, noted.size], lobby: [view.you, view.team, view.word],
    }[shown];
    const sign = JSON.stringify([shown, view.round, parts]);
    if (force || sign !== drawn) {
      drawn = sign;
      refresh = null;
      workshop.replace(screen, ...made());
    } else if (refresh) refresh();
    const own = JSON.stringify([view.people, view.you, view.in_play, view.word]);
    if (own !== beside) {
      beside = own;
      workshop.replace(aside, ...table());
    }
  }

  /* What has just happened stands above every step until someone says that it was read. */
  function drawNews() {
    const fresh = view.state.announced.filter((text) => !noted.has(newsOf(text)));
    const sign = JSON.stringify(fresh);
    if (news.dataset.sign === sign) return;
    news.dataset.sign = sign;
    const read = () => { for (const text of fresh) noted.add(newsOf(text)); draw(); };
    workshop.replace(news, ...fresh.map((text) => make("p", { class: "ws-news" }, text)),
      fresh.length ? make("button", { type: "button", id: "news-read", class: "plain", onclick: read }, "We have read it") : null);
  }

  const newsOf = (text) => `${view.state.month} ${text}`;

  /* The shared draft. `shared` is what the server keeps, `mine` what it has not acknowledged yet. */
  function take(draft) {
    if (draft.round === shared.round && draft.version < shared.version) return;
    shared = draft;
  }

  const pending = () => Object.keys(mine.ticks).length + Object.keys(mine.values).length > 0;
  const ticked = (name) => mine.ticks[name] ?? shared.ticks[name] ?? (view.decision.content || []).includes(name);
  const chosen = () => view.cards.filter((card) => ticked(card.name)).map((card) => card.name);

  function typed(name) {
    if (name in mine.values) return mine.values[name];
    const held = name in shared.values ? shared.values[name] : view.prediction.content?.[name];
    return held === null || held === undefined ? "" : String(held);
  }

  function number(text) {
    return text === "" || !Number.isFinite(Number(text)) ? null : Number(text);
  }

  /* Have the server keep what was ticked and typed here; one request at a time, again at the next beat where it fails. */
  function keep() {
    if (!sending && pending()) sending = keeping().finally(() => { sending = null; });
    return sending || Promise.resolve();
  }

  async function keeping() {
    while (pending()) {
      const ticks = { ...mine.ticks }, texts = { ...mine.values };
      const values = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, number(text)]));
      try {
        take(await send("draft", { round, ticks, values }));
      } catch (error) {
        if (!error.status) return;
        mine = { ticks: {}, values: {} };
        status.textContent = error.message;
        return;
      }
      for (const [name, on] of Object.entries(ticks)) if (mine.ticks[name] === on) delete mine.ticks[name];
      for (const [name, text] of Object.entries(texts)) if (mine.values[name] === text) delete mine.values[name];
    }
    draw();
  }

  /* All that the table has ticked by now; whether that is still what this screen showed. */
  async function asShown() {
    const before = JSON.stringify(chosen());
    await keep();
    take(await tandem.ask(workshop.at(code, "draft")));
    return JSON.stringify(chosen()) === before;
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

  /* Someone who is not in a team yet, or not any more. */
  async function joining() {
    const about = await tandem.ask(workshop.at(code));
    const lost = view !== null || drawn.startsWith("lost");
    const sign = JSON.stringify([about.door, about.phase, about.teams]);
    if (drawn === `${lost ? "lost" : "join"} ${sign}`) return;
    drawn = `${lost ? "lost" : "join"} ${sign}`;
    view = null;
    mine = { ticks: {}, values: {} };
    steps.hidden = true;
    beside = news.dataset.sign = "";
    workshop.replace(news);
    workshop.replace(aside);
    workshop.replace(screen, joinForm(about, lost));
  }

  function joinForm(about, lost) {
    const field = (id, text, help, input) => make("div", { class: "field" }, make("label", { for: id }, text),
      help ? make("p", { class: "help", id: `${id}-help` }, help) : null, input, make("p", { class: "wrong", id: `${id}-wrong`, role: "alert" }));
    const text = (id, more = {}) => make("input", { id, maxlength: "40", autocomplete: "off", "data-keep": true, ...more });
    const begins = about.door ? " A new name begins a new team." : "";
    return make("form", { class: "ws-box", novalidate: true, onsubmit: join },
      make("h2", {}, about.door ? "Join a team" : "Come back to your place"),
      lost ? make("p", { class: "note warn" }, "This browser has lost its place: another device has taken it, or the facilitator has.") : null,
      about.door ? make("p", {}, about.question) : make("p", { class: "note" }, ["debrief", "ended"].includes(about.phase)
        ? "Nobody joins any more. If you took part and have lost your place, come back to it."
        : "The door is closed; the facilitator can open it. If you took part and have lost your place, come back to it."),
      field("name", "Your name, or what you want to be called", null, text("name")),
      field("team", "Your team", about.teams.length ? `Teams so far: ${about.teams.join(", ")}.${begins}` : "You are the first: give your team a name.",
        text("team", { list: "teams-known", "aria-describedby": "team-help" })),
      make("datalist", { id: "teams-known" }, ...about.teams.map((team) => make("option", { value: team }))),
      about.teams.length ? field("word", "The team's word", `Its people see it on their screens, and the facilitator knows it.${about.door ? " Leave it empty to begin a new team." : ""}`,
        text("word", { autocapitalize: "none", spellcheck: "false", "aria-describedby": "word-help" })) : null,
      about.door ? field("role", "Role card", null, make("select", { id: "role", "data-keep": true }, make("option", { value: "" }, "Deal me one"),
        ...about.roles.map((role) => make("option", { value: role.name }, role.title)))) : null,
      about.teams.length && about.door ? make("div", { class: "field" }, make("input", { id: "back", type: "checkbox", "data-keep": true }), " ",
        make("label", { for: "back" }, "I have a place already and come back to it"), make("p", { class: "wrong", id: "back-wrong", role: "alert" })) : null,
      make("button", { type: "submit" }, about.door ? "Join" : "Come back"));
  }

  async function join(event) {
    event.preventDefault();
    for (const each of screen.querySelectorAll(".wrong")) each.textContent = "";
    const value = (id) => document.getElementById(id)?.value || "";
    const back = document.getElementById("back");
    try {
      await send("join", { team: value("team"), name: value("name"), role: value("role"), word: value("word"), back: back ? back.checked : !document.getElementById("role") });
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
      ...state.announced.filter((text) => noted.has(newsOf(text))).map((text) => make("p", { class: "ws-news" }, text)),
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
    const button = make("button", { type: "submit", id: "send-prediction" });
    const sent = make("span", {}), fields = new Map();
    const form = make("form", { novalidate: true, onsubmit: sendPrediction },
      make("h2", {}, "Predict: what will you see in six months?"),
      make("p", { class: "soft" }, "Before you decide what to do. Nobody is marked; you will come back to this. If the time runs out before you send, what stands here is kept, where it is whole."),
      make("div", { class: "ws-ask" }, ...view.ask.map((measure) => {
        const now = view.state.measures.find((each) => each.name === measure.name);
        const input = make("input", { id: `p-${measure.name}`, type: "number", min: measure.low, max: measure.high, step: measure.step, required: true,
          value: typed(measure.name), "aria-describedby": `p-${measure.name}-help p-${measure.name}-wrong`,
          oninput: (event) => { mine.values[measure.name] = event.target.value; keep(); } });
        fields.set(measure.name, input);
        return make("div", { class: "field" },
          make("label", { for: `p-${measure.name}` }, `${measure.title}, ${measure.unit}`),
          make("p", { class: "help", id: `p-${measure.name}-help` }, `Now: ${workshop.value(measure, now.value)}. From ${String(measure.low).replace("-", "−")} to ${measure.high}.`),
          input, make("p", { class: "wrong", id: `p-${measure.name}-wrong`, role: "alert" }));
      })),
      make("div", { class: "ws-send" }, button, sent));
    refresh = () => {
      for (const [name, input] of fields) if (input !== document.activeElement && input.value !== typed(name)) input.value = typed(name);
      const said = view.prediction.version;
      button.textContent = said ? "Change the prediction" : "Send the prediction";
      if (said && !sent.childElementCount) sent.append(make("button", { type: "button", class: "plain", id: "keep-prediction", onclick: () => go("decide") }, "Keep it and decide"), make("p", {}));
      if (said) sent.lastElementChild.textContent = by(view.prediction);
    };
    refresh();
    return [form];
  }

  function by(said) {
    if (said.taken) return "Taken from what your table had ticked or typed when the time ran out.";
    return said.by ? `Sent by ${said.by}.` : "Sent.";
  }

  async function sendPrediction(event) {
    event.preventDefault();
    for (const each of screen.querySelectorAll(".wrong")) each.textContent = "";
    const values = {};
    for (const measure of view.ask) {
      const text = document.getElementById(`p-${measure.name}`).value;
      if (number(text) === null) {
        document.getElementById(`p-${measure.name}-wrong`).textContent = "A number, please.";
        document.getElementById(`p-${measure.name}`).focus();
        return;
      }
      values[measure.name] = number(text);
    }
    try {
      await keep();
      await send("prediction", { round: view.round, values, version: view.prediction.version });
      view = await tandem.ask(workshop.at(code, "team"));
      take(view.draft);
      status.textContent = "The prediction is kept.";
      go(view.decision.version ? "wait" : "decide");
    } catch (error) {
      await refused(error, `p-${error.field}-wrong`);
    }
  }

  /* Decide */
  function decide() {
    const taken = () => chosen().reduce((sum, name) => sum + view.cards.find((card) => card.name === name).takes, 0);
    const points = make("p", { id: "points", role: "status" }), sent = make("p", {});
    const button = make("button", { type: "submit", id: "send-decision" });
    const scopes = [...new Set(view.cards.map((card) => card.scope))];
    const boxes = new Map();
    refresh = () => {
      for (const [name, box] of boxes) {
        const on = ticked(name), input = box.querySelector("input");
        if (input.checked !== on) input.checked = on;
        box.classList.toggle("chosen", on);
      }
      const said = `${taken()} of ${view.points} points of leadership time${taken() > view.points ? ": too many" : ""}.`;
      if (points.textContent !== said) points.textContent = said;
      button.textContent = view.decision.version ? "Change the decision" : chosen().length ? "Send the decision" : "Carry on without a card";
      sent.textContent = view.decision.version ? by(view.decision) : "";
    };
    const form = make("form", { novalidate: true, onsubmit: sendDecision },
      make("h2", {}, "Decide"),
      make("p", { class: "soft" }, `Choose cards for up to ${view.points} points, or none. What is not used is gone. All at your table see and share the ticks; if the time runs out before you send, what is ticked is played, where it may be.`),
      ...scopes.map((scope) => make("fieldset", { class: "ws-cards" }, make("legend", {}, scope === "HR" ? "HR" : scope[0].toUpperCase() + scope.slice(1)),
        ...view.cards.filter((card) => card.scope === scope).map((card) => { boxes.set(card.name, shown(card)); return boxes.get(card.name); }))),
      make("div", { class: "ws-send" }, button, points, sent, make("p", { class: "wrong", id: "decision-wrong", role: "alert" })));
    refresh();
    return [form];
  }

  function pick(card, event) {
    mine.ticks[card.name] = event.target.checked;
    document.getElementById("decision-wrong").textContent = "";
    refresh();
    keep();
  }

  function shown(card) {
    return make("div", { class: `ws-card${card.closed ? " closed" : ""}` },
      make("input", { type: "checkbox", id: `card-${card.name}`, disabled: Boolean(card.closed), "aria-describedby": `about-${card.name}`, onchange: (event) => pick(card, event) }), " ",
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
      if (!await asShown()) {
        draw();
        document.getElementById("decision-wrong").textContent = "Someone at your table has ticked or unticked a card just now; look, then send.";
        return;
      }
      await send("decision", { round: view.round, cards: chosen(), version: view.decision.version });
      view = await tandem.ask(workshop.at(code, "team"));
      take(view.draft);
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
    const titles = (names) => names.map((name) => view.cards.find((card) => card.name === name)?.title || name).join(", ");
    const cards = view.decision.content || [], decided = view.decision.version > 0, now = chosen();
    const differs = JSON.stringify([...cards].sort()) !== JSON.stringify([...now].sort());
    return [make("h2", {}, decided ? "Wait: your decision is kept" : "Wait"),
      make("p", {}, decided ? `${cards.length ? `You play: ${titles(cards)}.` : "You carry on without a card."} ${by(view.decision)}`
        : now.length ? `Nothing is sent yet. Ticked: ${titles(now)}; that is played if the time runs out, where it may be.`
          : "Nothing is decided yet. Without a decision you carry on as before."),
      decided && differs ? make("p", { class: "note warn" }, `Your table has since ticked ${now.length ? titles(now) : "nothing"}, and not sent it. What was sent is played.`) : null,
      make("p", {}, view.prediction.version ? `You predict: ${view.ask.map((each) => `${each.title.toLowerCase()} ${workshop.value(each, view.prediction.content[each.name])}`).join("; ")}.` : "Nothing is predicted yet."),
      make("p", { class: "soft" }, "The half-year passes when the time is up or the facilitator closes it. Until then you can go back and change both."),
    ];
  }

  /* Between half-years */
  function between() {
    const { result } = view;
    const rows = result.lines.map((line) => [line.title, line.predicted === null || line.predicted === undefined ? "not predicted" : workshop.value(line, line.predicted), workshop.value(line, line.seen)]);
    return [make("h2", {}, `Half-year ${result.round} is over`),
      make("p", {}, result.cards.length ? `You played: ${result.cards.join(", ")}.` : "You carried on without a card.",
        result.taken ? " Nobody had sent it: it was ticked when the time ran out." : ""),
      result.left.length ? make("p", { class: "note warn" }, `Ticked and not played: ${result.left.join(", ")}. ${result.left_why}`) : null,
      workshop.table("Your prediction beside what is known now", ["Measure", "You said", "Now"], rows),
      make("h3", {}, view.state.when), ...state(),
      make("p", { class: "note" }, view.round < view.rounds ? "Talk about it. The facilitator opens the next half-year." : "That was the last half-year. The facilitator opens the debrief.")];
  }

  function lobby() {
    return [make("h2", {}, view.question), make("p", {}, view.story),
      make("h3", {}, "Warm-up"), make("ol", {}, ...view.warm_up.map((text) => make("li", {}, text))),
      roleCard(),
      make("p", { class: "note" }, `You are in team ${view.team}. The facilitator opens the first half-year.`), wordOf()];
  }

  function ending() {
    return [make("h2", {}, view.phase === "ended" ? "The workshop has ended" : "The debrief is open"),
      make("p", {}, make("a", { class: "button", id: "to-debrief", href: `/workshop/${encodeURIComponent(code)}/debrief` }, "See what happened"))];
  }

  function wordOf() {
    return make("p", {}, "Your team's word is ", make("strong", { class: "ws-word" }, view.word), ". Others need it to join your team, and so do you to come back on another device.");
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
        make("ul", {}, ...view.people.map((each) => make("li", {}, `${each.name}: ${each.role}`))), wordOf()),
      view.in_play.length ? make("details", { id: "more-played" }, make("summary", {}, "Cards you have played"),
        make("ul", {}, ...view.in_play.map((each) => make("li", {}, `Half-year ${each.round}: ${each.cards.join(", ")}`)))) : null].filter(Boolean);
  }
})();
