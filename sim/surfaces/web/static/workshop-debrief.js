/* The debrief: replay, turning points, predictions, a swap, luck, five measures, sources. */
"use strict";

(() => {
  const { make } = tandem;
  const root = document.getElementById("debrief");
  const code = root.dataset.code;
  const wrong = document.getElementById("ws-wrong");
  const place = (name) => document.getElementById(name);
  const figures = [];
  let view = null, lived = null, drawnAt = 0;

  begin();

  /* Figures are as wide as their place: drawn anew when that changes, or the writing. */
  function redraw() {
    const now = root.clientWidth + workshop.writing() / 1000;
    if (!view || now === drawnAt) return;
    drawnAt = now;
    for (const draw of figures) draw();
  }
  window.addEventListener("resize", redraw);
  document.addEventListener("tandem:projector", redraw);

  async function begin() {
    try {
      view = await tandem.ask(workshop.at(code, "debrief"));
    } catch (error) {
      wrong.textContent = error.message;
      place("ws-lead").textContent = "";
      return;
    }
    place("ws-lead").textContent = view.verdict;
    if (view.changed) place("ws-lead").after(make("p", { class: "note warn" }, "The program has changed since this workshop began; the runs shown were lived anew with the program as it is now."));
    figures.push(drawLuck);
    replay(); turns(); predictions(); swap(); measures(); sources();
    luck();
  }

  /* What happened */
  function replay() {
    const which = make("select", { id: "replay-measure", onchange: show }, ...view.measures.map((each) => make("option", { value: each.name }, each.title)));
    const month = make("input", { id: "replay-month", type: "range", min: 1, max: view.horizon, step: 1, value: view.horizon, oninput: show, "aria-describedby": "replay-at" });
    const at = make("output", { id: "replay-at", for: "replay-month" });
    const figure = make("figure", { class: "ws-figure" });
    const rows = make("div");
    const marks = [{ month: 6 * view.played, text: "your last half-year ends" }, ...view.happenings.map((each) => ({ month: each.month, text: "" }))];

    function show() {
      const measure = view.measures.find((each) => each.name === which.value);
      const until = Number(month.value);
      at.textContent = `Month ${until} (year ${Math.floor((until - 1) / 12) + 1})`;
      const series = view.runs.map((run, i) => ({ name: run.team, values: run.paths[measure.name], place: i }));
      const score = measure.kind === "score";
      const title = `${measure.title}: ${sentence(series, measure, until)}`;
      figure.replaceChildren(make("figcaption", {}, title),
        workshop.lines({ wide: workshop.wide(figure), series, until, last: view.horizon, unit: `${measure.title}, ${measure.unit}`, low: 0, high: score ? 100 : 0.5, marks, label: title }),
        make("p", { class: "soft" }, "Exact for this one history of each team; the same luck for all. What the surveys said then was late and noisy; this is what was true."));
    }

    const table = workshop.table("The same figures at the end of each half-year that was played, and each year after", ["Month", ...view.runs.map((run) => run.team)], []);
    const months = [...Array(view.played).keys()].map((i) => 6 * (i + 1)).concat([...Array(10).keys()].map((i) => 12 * (i + 1)).filter((m) => m > 6 * view.played && m <= view.horizon));
    const body = () => {
      const measure = view.measures.find((each) => each.name === which.value);
      table.querySelector("tbody").replaceChildren(...months.map((m) => make("tr", {}, make("th", { scope: "row" }, String(m)), ...view.runs.map((run) => make("td", {}, workshop.value(measure, run.paths[measure.name][m]))))));
    };
    which.addEventListener("change", body);
    rows.append(make("details", { id: "replay-table" }, make("summary", {}, "The figures as a table"), table));
    const happened = view.happenings.map((each) => `${each.title.toLowerCase()}${each.council ? ` at ${each.council}` : ""}, month ${each.month}${each.spared.length ? ` (not at ${each.spared.join(", ")})` : ""}`);
    if (happened.length) rows.append(make("p", {}, `Dotted lines besides: ${happened.join("; ")}.`));
    figures.push(show);
    place("replay").replaceChildren(make("div", { class: "ws-slider no-print" }, make("label", { for: "replay-measure" }, "Measure"), which,
      make("label", { for: "replay-month" }, "Up to"), month, at), figure, rows, make("ul", {}, ...view.runs.map((run) => make("li", {}, make("strong", {}, `${run.team}. `), run.ending))));
    show(); body();
  }

  function sentence(series, measure, until) {
    const ends = series.map((each) => [each.name, each.values[until]]);
    const fine = measure.kind === "money" ? 1 : 0;
    const shown = ends.map(([, value]) => value.toFixed(fine));
    if (new Set(shown).size === 1) return `${ends.length > 1 ? "all teams stand" : "you stand"} at ${workshop.value(measure, ends[0][1])}`;
    const sorted = [...ends].sort((a, b) => a[1] - b[1]);
    return `from ${workshop.value(measure, sorted[0][1])} (${sorted[0][0]}) to ${workshop.value(measure, sorted[sorted.length - 1][1])} (${sorted[sorted.length - 1][0]})`;
  }

  /* Turning points */
  function turns() {
    place("turns").replaceChildren(...view.runs.map((run, i) => make("details", { id: `turns-${run.number}`, open: i === 0 || view.runs.length < 3 }, make("summary", {}, run.team),
      run.turns.length ? make("ul", { class: "ws-heard" }, ...run.turns.map((turn) => make("li", { class: turn.month < 6 * view.played ? "" : "soft" }, make("span", { class: "when" }, `${turn.when}: `), turn.text)))
        : make("p", {}, "None: a quiet history."),
      run.plays.length ? make("p", {}, `Played: ${run.plays.map((play) => `${play.title} (half-year ${play.round})`).join("; ")}.`) : make("p", {}, "No card was played."))));
  }

  /* Predictions */
  function predictions() {
    const said = (line, value) => value === null || value === undefined ? "–" : workshop.value(line, value);
    place("predictions").replaceChildren(make("p", {}, gap()), ...view.runs.map((run, i) => make("details", { id: `predictions-${run.number}`, open: i === 0 }, make("summary", {}, run.team),
      workshop.table(`Predictions of ${run.team}`, ["Half-year", "Measure", "Predicted", "Seen then", "True"],
        run.predictions.map((line) => [String(line.round), line.title, said(line, line.predicted), said(line, line.seen), said(line, line.truth)])))));
  }

  function gap() {
    const found = view.runs.map((run) => {
      const lines = run.predictions.filter((line) => line.kind === "score" && line.predicted !== null && line.predicted !== undefined && line.truth !== null);
      if (!lines.length) return null;
      const off = lines.map((line) => line.predicted - line.truth);
      return `${run.team} was ${Math.round(off.map(Math.abs).reduce((a, b) => a + b, 0) / off.length)} points out on average over ${lines.length} predictions of surveys`;
    }).filter(Boolean);
    return found.length ? `${found.join("; ")}. Exact for this history. Ask what was believed, not who was right.` : "Nobody predicted a survey.";
  }

  /* Swap */
  function swap() {
    const runs = view.runs.filter((run) => run.plays.filter((play) => play.moves).length > 1);
    if (!runs.length) {
      place("swap").replaceChildren(make("p", {}, "No team played two cards that could swap places."));
      return;
    }
    const team = make("select", { id: "swap-team", onchange: fill }, ...runs.map((run) => make("option", { value: run.number }, run.team)));
    const first = make("select", { id: "swap-first" }), second = make("select", { id: "swap-second" });
    const result = make("div", { id: "swap-result", "aria-live": "polite" });
    const said = make("p", { class: "wrong", id: "swap-wrong", role: "alert" });
    const field = (id, text, input) => make("div", { class: "field" }, make("label", { for: id }, text), input);
    const run = () => runs.find((each) => String(each.number) === team.value);
    let asked = 0;

    function fill() {
      const plays = run().plays.map((play, i) => [play, i]).filter(([play]) => play.moves);
      const options = () => plays.map(([play, i]) => make("option", { value: i }, `${play.title} (half-year ${play.round})`));
      first.replaceChildren(...options());
      second.replaceChildren(...options());
      const other = plays.findIndex(([play]) => play.round !== plays[0][0].round);
      second.selectedIndex = other < 0 ? 1 : other;
    }

    async function ask(event) {
      event.preventDefault();
      said.textContent = "";
      asked += 1;
      await again(asked, { team: run().number, first: played(first), second: played(second) });
    }

    const played = (select) => { const play = run().plays[Number(select.value)]; return { round: play.round, card: play.card }; };

    async function again(number, content) {
      if (number !== asked) return;
      try {
        const found = await tandem.ask(workshop.at(code, "swap"), content);
        if (number !== asked) return;
        show(found, content.team);
        if (found.others.done < found.others.asked) setTimeout(() => again(number, content), 1500);
      } catch (error) {
        said.textContent = error.message;
        result.replaceChildren();
      }
    }

    let latest = null;
    figures.push(() => { if (latest) show(...latest); });

    function show(found, number) {
      latest = [found, number];
      const own = view.runs.find((each) => each.number === number);
      const series = [{ name: "as played", values: own.paths.saving, place: 0 }, { name: "swapped", values: found.saving, place: 1 }];
      result.replaceChildren(make("p", {}, make("strong", {}, found.says)),
        make("figure", { class: "ws-figure" }, make("figcaption", {}, `${own.team}: saving in force, as played and swapped, £m a year`),
          workshop.lines({ wide: workshop.wide(result), series, until: view.horizon, last: view.horizon, unit: "£m a year", low: 0, high: 0.5, label: found.says })),
        workshop.table("Leading figures, exact for this history", ["Figure", "As played", "Swapped"], found.lines.map((line) => [line.title, line.was, line.would])),
        make("p", {}, found.others.says, found.others.done < found.others.asked ? ` (first look, from ${found.others.done} histories)` : ""));
    }

    place("swap").replaceChildren(make("form", { class: "ws-choose no-print", onsubmit: ask }, field("swap-team", "Team", team), field("swap-first", "This card", first),
      field("swap-second", "and this one", second), make("button", { type: "submit", id: "do-swap" }, "Swap them")), said, result);
    fill();
  }

  /* Luck */
  async function luck() {
    let found;
    try {
      found = await tandem.ask(workshop.at(code, "luck"));
    } catch (error) {
      place("luck").replaceChildren(make("p", { class: "wrong" }, error.message));
      setTimeout(luck, 8000);
      return;
    }
    lived = found;
    drawLuck();
    if (Object.values(found.teams).some((each) => each.done < each.asked && !each.failed.startsWith("replication"))) setTimeout(luck, 2500);
  }

  function drawLuck() {
    const teams = Object.entries(lived ? lived.teams : {});
    const open = new Set([...place("luck").querySelectorAll("details[open]")].map((each) => each.id));
    place("luck").replaceChildren(...teams.map(([name, each], i) => make("section", {}, make("h3", {}, name),
      make("p", {}, make("strong", {}, each.says), each.done && each.done < each.asked ? ` (first look, from ${each.done} histories)` : ""),
      each.failed ? make("p", { class: "wrong" }, each.failed) : null,
      each.figures.length ? histogram(each.figures[0], name) : null,
      ...each.risks.map((risk) => make("p", {}, risk.says)),
      each.figures.length ? make("details", { id: `luck-${i}`, open: open.has(`luck-${i}`) }, make("summary", {}, "The other leading figures"),
        workshop.table(`${name}: this run among ${each.done} histories of the same plan`, ["Figure", "This run (exact)", "Middle of all", "Nine in ten lie between"],
          each.figures.map((figure) => [figure.title, figure.shown.own, figure.shown.middle, `${figure.shown.low} and ${figure.shown.high}`]))) : null)));
  }

  function histogram(figure, team) {
    const size = workshop.writing(), wide = workshop.wide(place("luck")), tall = 150 + 4 * size, left = 1.6 * size, bottom = 2.6 * size, most = Math.max(...figure.bars.map((bar) => bar.count));
    const from = Math.min(figure.bars[0].from, figure.own ?? Infinity), to = Math.max(figure.bars[figure.bars.length - 1].to, figure.own ?? -Infinity);
    const x = (value) => left + ((wide - 2 * left) * (value - from)) / (to - from || 1);
    const title = `${figure.title}: ${team} reached ${figure.shown.own}; the middle of all histories is ${figure.shown.middle}, nine in ten lie between ${figure.shown.low} and ${figure.shown.high}`;
    const drawing = workshop.svg("svg", { viewBox: `0 0 ${wide} ${tall}`, width: wide, height: tall, role: "img", "aria-label": title });
    for (const bar of figure.bars) {
      const height = ((tall - bottom - 1.9 * size) * bar.count) / most;
      drawing.append(workshop.svg("rect", { class: "bar", x: x(bar.from) + 1, width: Math.max(1, x(bar.to) - x(bar.from) - 2), y: tall - bottom - height, height }));
    }
    drawing.append(workshop.svg("line", { class: "zero", x1: left, x2: wide - left, y1: tall - bottom, y2: tall - bottom }));
    const ends = [[figure.bars[0].from, "start", "or less"], [figure.bars[figure.bars.length - 1].to, "end", "or more"]];
    for (const [value, anchor, beyond] of ends) {
      const label = workshop.svg("text", { x: x(value), y: tall - size, "text-anchor": anchor });
      label.textContent = `${`£${value.toFixed(1)}m`.replace("£-", "−£")} ${beyond}`;
      drawing.append(label);
    }
    if (figure.own !== null) {
      drawing.append(workshop.svg("line", { class: "mine", x1: x(figure.own), x2: x(figure.own), y1: 1.5 * size, y2: tall - bottom }));
      const label = workshop.svg("text", { x: x(figure.own), y: 1.1 * size, "text-anchor": x(figure.own) > wide / 2 ? "end" : "start" });
      label.textContent = "this run";
      drawing.append(label);
    }
    return make("figure", { class: "ws-figure" }, make("figcaption", {}, title), drawing);
  }

  /* Five measures */
  function measures() {
    const first = view.runs[0].scores;
    place("measures").replaceChildren(make("p", {}, "They are not added up. Which of them counts is for those who answer for it."), ...first.map((criterion, i) =>
      workshop.table(`${criterion.title}. ${criterion.asks}`, ["Team", ...criterion.lines.map((line) => line.title)],
        view.runs.map((run) => [run.team, ...run.scores[i].lines.map((line) => line.shown)]))),
      make("p", { class: "soft" }, "Exact for this one history of each team."));
  }

  /* Sources */
  function sources() {
    place("sources").replaceChildren(make("dl", { class: "ws-says" }, ...view.says.flatMap((each) => [make("dt", {}, each.source), make("dd", {}, each.text)])),
      make("h3", {}, "To talk about"), make("ol", {}, ...view.questions.map((text) => make("li", {}, text))),
      make("p", { class: "soft" }, "The ids stand in the evidence that comes with the program; the glass box shows every mechanism."));
  }

  /* In the projector view: one part at a time with the arrow keys. */
  document.addEventListener("keydown", (event) => {
    if (!document.documentElement.classList.contains("projector")) return;
    if (!["ArrowRight", "ArrowLeft"].includes(event.key) || event.target.closest("input, select, textarea")) return;
    const parts = [...document.querySelectorAll(".ws-part")];
    const at = parts.reduce((best, part, i) => Math.abs(part.getBoundingClientRect().top) < Math.abs(parts[best].getBoundingClientRect().top) ? i : best, 0);
    const next = parts[Math.min(Math.max(at + (event.key === "ArrowRight" ? 1 : -1), 0), parts.length - 1)];
    next.scrollIntoView();
    next.focus({ preventScroll: true });
    event.preventDefault();
  });
})();
