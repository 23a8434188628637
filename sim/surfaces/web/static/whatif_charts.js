/* Charts: one function each, from the API's answer to Plotly, and the table behind it. */
"use strict";

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif';
const CONFIG = { displayModeBar: false, scrollZoom: false, doubleClick: false, showTips: false };
const MARKS = { circle: "●", diamond: "◆", square: "■", "triangle-up": "▲", x: "✕" };
const LINES = { solid: "——", dash: "– –", dashdot: "–·–", dot: "····", longdash: "— —" };
const QUANTILES = ["p05", "p25", "p50", "p75", "p95"];

function rem() {
  return parseFloat(getComputedStyle(document.documentElement).fontSize);
}

function narrow(element) {
  return element.clientWidth < 34 * rem();
}

function faded(colour, strength) {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return `rgba(${red},${green},${blue},${strength})`;
}

/* Colour, dash and ink of every plan in an answer; the reference is always blue. */
function looks(picture, cells) {
  return picture.plans.map((plan) => {
    if (plan.reference) return { ...REFERENCE, dash: "solid", symbol: "circle" };
    const place = cells.slice(1).indexOf(plan.cell);
    const tab = picture.shown === "compare" ? Math.max(0, place) : picture.shown;
    return { colour: COLOURS[tab], ink: INKS[tab], dash: DASHES[tab], symbol: ["diamond", "square", "triangle-up", "x"][tab] };
  });
}

function layout(more) {
  const size = Math.max(12, 0.8 * rem());
  return {
    font: { family: FONT, size, color: "#1f2328" }, paper_bgcolor: "white", plot_bgcolor: "white",
    margin: { l: 3.4 * rem(), r: 1 * rem(), t: 0.8 * rem(), b: 2.6 * rem() }, showlegend: false,
    hovermode: false, dragmode: false, ...more,
  };
}

function years(picture, every) {
  const count = Math.floor(picture.horizon / 12);
  const step = every || (count > 12 ? 5 : 1);
  const shown = [...Array(count + 1).keys()].filter((year) => year % step === 0);
  return { tickvals: shown.map((year) => 12 * year), ticktext: shown.map((year) => String(year)) };
}

function timeAxis(picture, more = {}) {
  return {
    range: [0, picture.horizon], ...years(picture, more.every), zeroline: false, showgrid: false, ticks: "outside",
    linecolor: "#7b838c", showline: true, fixedrange: true, ...more,
  };
}

/* Elections, as short ticks at the foot of a chart. */
function elections(picture, axis = "x", foot = "y") {
  return picture.elections.map((month) => ({
    type: "line", xref: axis, yref: `${foot} domain`, x0: month, x1: month, y0: 0, y1: 0.05, line: { color: "#333", width: 1.5 },
  }));
}

function bandTraces(band, look, axes = {}, both = true) {
  const months = band.p50.map((_, month) => month);
  const edge = { x: months, mode: "lines", line: { width: 0, color: look.colour }, hoverinfo: "skip", ...axes };
  const traces = [
    { ...edge, y: band.p05 }, { ...edge, y: band.p95, fill: "tonexty", fillcolor: faded(look.colour, 0.16) },
  ];
  if (both) traces.push({ ...edge, y: band.p25 }, { ...edge, y: band.p75, fill: "tonexty", fillcolor: faded(look.colour, 0.26) });
  traces.push({ ...edge, y: band.p50, line: { width: 2.5, color: look.colour, dash: look.dash } });
  return traces;
}

/* Limits that only ever widen while an answer refines, so that bands settle without jumping. */
const limits = new Map();
function steady(name, low, high, fresh) {
  const before = fresh ? undefined : limits.get(name);
  const found = before ? [Math.min(before[0], low), Math.max(before[1], high)] : [low, high];
  limits.set(name, found);
  const room = 0.05 * (found[1] - found[0]);
  return [found[0] - room, found[1] + room];
}

function draw(element, traces, made) {
  return Plotly.react(element, traces, { ...made, width: element.clientWidth, height: element.clientHeight }, CONFIG);
}

function endLabels(picture, bands, drawn, range, wide, height) {
  const shown = bands.map((band, place) => ({ place, at: band.p50[band.p50.length - 1], text: band.end }));
  const apart = (range[1] - range[0]) * Math.max(0.17, (3 * Math.max(12, 0.8 * rem())) / (height - 4 * rem()));
  shown.sort((one, other) => one.at - other.at);
  shown.forEach((each, rank) => {
    each.level = Math.max(each.at, rank ? shown[rank - 1].level + apart : range[0] + apart / 2);
  });
  const over = shown.length ? Math.max(0, shown[shown.length - 1].level - (range[1] - apart / 2)) : 0;
  return shown.map((each) => ({
    x: 1, xref: "paper", xanchor: "left", xshift: 6, y: each.level - over, yref: "y", align: "left", showarrow: false,
    text: `<b>${escaped(cut(picture.plans[each.place].name, wide))}</b><br>${escaped(each.text)}`, font: { color: drawn[each.place].ink },
  }));
}

/* Plotly reads a little HTML in its texts: names are made harmless before they get there. */
function escaped(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

function cut(text, most) {
  return text.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text;
}

function fanChart(name, picture, cells, fresh) {
  const element = document.getElementById(`${name}-chart`);
  const fan = picture.fans.find((each) => each.name === name);
  const drawn = looks(picture, cells);
  const small = narrow(element);
  const low = Math.min(0, ...fan.bands.map((band) => Math.min(...band.p05)));
  const high = Math.max(0.5, ...fan.bands.map((band) => Math.max(...band.p95)));
  const range = steady(name, low, high, fresh);
  const traces = fan.bands.flatMap((band, place) => bandTraces(band, drawn[place], {}, fan.bands.length < 3));
  if (name === "net") traces.push(...paybacks(picture, drawn));
  const labels = small ? keyAbove(picture, fan, drawn) : endLabels(picture, fan.bands, drawn, range, 24, element.clientHeight);
  draw(element, traces, layout({
    xaxis: timeAxis(picture, { title: { text: small ? "years (ticks: elections)" : "years since the decision (short ticks: elections)", standoff: 4 } }),
    yaxis: { range, zeroline: true, zerolinecolor: "#333", zerolinewidth: 1.5, gridcolor: "#e4e7ea", ticksuffix: "", tickprefix: "£", ticklabelposition: "outside", fixedrange: true, title: { text: "£m", standoff: 2 } },
    shapes: elections(picture), annotations: labels,
    margin: { l: 4 * rem(), r: small ? 0.8 * rem() : 13 * rem(), t: (small ? 1 + 1.4 * fan.bands.length : 0.8) * rem(), b: 3 * rem() },
  }));
  document.getElementById(`${name}-title`).textContent = fan.about;
  document.getElementById(`${name}-about`).textContent = `${fan.title}. Line: the middle history; ${fan.bands.length < 3 ? "dark band: half of the histories; light " : ""}band: nine in ten. ${picture.scope}.`;
  fanTable(`${name}-table`, picture, fan);
}

function keyAbove(picture, fan, drawn) {
  return fan.bands.map((band, place) => ({
    x: 0, xref: "paper", xanchor: "left", y: 1, yref: "paper", yanchor: "bottom", yshift: 4 + (fan.bands.length - 1 - place) * 1.3 * rem(), showarrow: false,
    text: `<b>${escaped(cut(picture.plans[place].name, 18))}</b> ${escaped(band.end)}`, font: { color: drawn[place].ink },
  }));
}

/* Where a plan has paid for itself, with its range, on the zero line. */
function paybacks(picture, drawn) {
  return picture.plans.flatMap((plan, place) => {
    const [low, middle, high] = plan.payback;
    if (low === null) return [];
    const end = high ?? picture.horizon;
    const look = drawn[place];
    const range = { x: [low, end], y: [0, 0], mode: "lines", line: { color: look.colour, width: 6 }, opacity: 0.55, hoverinfo: "skip" };
    const point = { x: [middle ?? end], y: [0], mode: "markers", hoverinfo: "skip", marker: { color: look.colour, size: 11, symbol: middle === null ? "triangle-right-open" : look.symbol, line: { color: "white", width: 1 } } };
    return [range, point];
  });
}

function table(element, headings, rows, firstIsHead = true) {
  const head = tandem.make("thead", {}, tandem.make("tr", {}, ...headings.map((text) => tandem.make("th", { scope: "col" }, text))));
  const body = tandem.make("tbody", {}, ...rows.map((row) => tandem.make("tr", {}, ...row.map((cell, place) =>
    place === 0 && firstIsHead ? tandem.make("th", { scope: "row" }, cell) : tandem.make("td", {}, cell)))));
  element.replaceChildren(tandem.make("table", {}, head, body));
}

function figure(value, places = 1) {
  const text = Math.abs(value).toLocaleString("en-GB", { minimumFractionDigits: places, maximumFractionDigits: places });
  return value < 0 && Number(text.replace(/,/g, "")) !== 0 ? `−${text}` : text;
}

function spanned(band, month, places) {
  const [low, middle, high] = [band.p05, band.p50, band.p95].map((values) => figure(values[month], places));
  return low === high ? `${middle} (alike)` : `${middle} (${low} to ${high})`;
}

function fanTable(name, picture, fan) {
  const shown = [...Array(Math.floor(picture.horizon / 12)).keys()].map((year) => year + 1);
  table(document.getElementById(name), ["End of year", ...picture.plans.map((plan) => `${plan.name}, £m`)],
    shown.map((year) => [String(year), ...fan.bands.map((band) => spanned(band, 12 * year, 1))]));
}

/* The names of the plans above a chart, each in its colour behind the mark or the line it is drawn with; a new line
   where the next would not fit beside the margin of so many rem. */
function planKey(picture, drawn, element, margin, sample) {
  const most = (element.clientWidth / rem() - margin) / 0.55;
  const rows = [];
  let wide = most;
  picture.plans.forEach((plan, place) => {
    const name = cut(plan.name, 26);
    wide += name.length + 6;
    if (wide > most) {
      rows.push([]);
      wide = name.length + 6;
    }
    rows.at(-1).push(`<span style="color:${drawn[place].ink}"><b>${sample(drawn[place])} ${escaped(name)}</b></span>`);
  });
  const text = rows.map((row) => row.join("   ")).join("<br>");
  return { lines: rows.length, text: { x: 0, xref: "paper", xanchor: "left", y: 1, yref: "paper", yanchor: "bottom", align: "left", showarrow: false, text } };
}

function riskChart(picture, cells) {
  const element = document.getElementById("risks-chart");
  const drawn = looks(picture, cells);
  const count = picture.plans.length;
  const small = narrow(element);
  const titles = picture.risks.map((risk) => escaped(risk.title));
  const places = picture.risks.map((_, row) => picture.risks.length - 1 - row);
  const traces = picture.plans.map((plan, place) => ({
    x: picture.risks.map((risk) => risk.chances[place].percent),
    y: places.map((row) => row + (count > 1 ? 0.22 - (0.44 * place) / (count - 1) : 0)),
    mode: "markers", hoverinfo: "skip", marker: { color: drawn[place].colour, size: place ? 10 : 9, symbol: drawn[place].symbol },
    error_x: {
      type: "data", symmetric: false, color: drawn[place].colour, thickness: 2, width: 4,
      array: picture.risks.map((risk) => risk.chances[place].high - risk.chances[place].percent),
      arrayminus: picture.risks.map((risk) => risk.chances[place].percent - risk.chances[place].low),
    },
  }));
  const left = small ? 1 : 15;
  const key = planKey(picture, drawn, element, left, (look) => MARKS[look.symbol]);
  element.style.height = `${((small ? 3.6 : 2.6) * picture.risks.length + 3 + 1.4 * key.lines) * rem()}px`;
  draw(element, traces, layout({
    xaxis: { range: [-1, 101], tickvals: [0, 25, 50, 75, 100], ticktext: ["0%", "25%", "50%", "75%", "100%"], gridcolor: "#e4e7ea", zeroline: false, fixedrange: true, side: "bottom" },
    yaxis: { range: [-0.6, picture.risks.length - 0.4], tickvals: small ? [] : places, ticktext: small ? [] : titles, showgrid: false, zeroline: false, fixedrange: true, automargin: false },
    annotations: [...(small ? places.map((row, which) => ({ x: 0, xref: "paper", xanchor: "left", y: row + 0.26, yanchor: "bottom", showarrow: false, text: titles[which] })) : []), key.text],
    margin: { l: left * rem(), r: 1.6 * rem(), t: (0.6 + 1.4 * key.lines) * rem(), b: 2.2 * rem() },
  }));
  document.getElementById("risks-title").textContent = picture.risk_title;
  table(document.getElementById("risks-table"), ["Risk", ...picture.plans.map((plan) => plan.name), "Beside the reference"],
    picture.risks.map((risk) => [risk.title, ...risk.chances.map((chance) => chance.words), risk.verdict || "–"]));
}

function peopleChart(picture, cells) {
  const element = document.getElementById("people-chart");
  const drawn = looks(picture, cells);
  const across = narrow(element) ? 1 : element.clientWidth < 50 * rem() ? 2 : 4;
  const rows = Math.ceil(picture.panels.length / across);
  const tall = across > 2 ? 12.5 : 10.5;
  const key = picture.plans.length > 1 ? planKey(picture, drawn, element, 2.4, (look) => LINES[look.dash]) : null;
  const keyed = key ? 1.4 * key.lines + 0.2 : 0;
  element.style.height = `${(tall * rows + 2 + keyed) * rem()}px`;
  const gap = across > 1 ? 0.06 : 0;
  const up = (across > 2 ? 4.4 : 2.6) / (tall * rows + 2);
  const made = { annotations: key ? [key.text] : [], shapes: [] };
  const traces = [];
  picture.panels.forEach((panel, place) => {
    const number = place ? place + 1 : "";
    const [row, column] = [Math.floor(place / across), place % across];
    const left = (column * (1 + gap)) / across;
    const top = 1 - row / rows - up;
    made[`xaxis${number}`] = timeAxis(picture, { domain: [left, left + (1 + gap) / across - gap], anchor: `y${number}`, every: 5 });
    made[`yaxis${number}`] = { domain: [Math.max(0, 1 - (row + 1) / rows + up * 0.55), top + up * 0.45], anchor: `x${number}`, range: [0, 100], tickvals: [0, 50, 100], gridcolor: "#e4e7ea", zeroline: false, fixedrange: true };
    made.annotations.push({ text: `<b>${escaped(panel.title).replace(", ", across > 2 ? ",<br>" : ", ")}</b>`, x: left, xref: "paper", xanchor: "left", y: top + up * 0.45, yref: "paper", yanchor: "bottom", showarrow: false });
    const axes = { xaxis: `x${number}`, yaxis: `y${number}` };
    panel.bands.forEach((band, which) => {
      const parts = bandTraces(band, drawn[which], axes, false);
      traces.push(...(which && panel.bands.length > 2 ? parts.slice(2) : parts));
    });
    if (panel.line !== null && panel.line !== undefined) {
      made.shapes.push({ type: "line", xref: `x${number} domain`, yref: `y${number}`, x0: 0, x1: 1, y0: panel.line, y1: panel.line, line: { color: "#333", width: 1.2, dash: "dot" } });
      made.annotations.push({ text: "too much", xref: `x${number} domain`, yref: `y${number}`, x: 1, y: panel.line, xanchor: "right", yanchor: "bottom", showarrow: false, bgcolor: "rgba(255,255,255,.7)" });
    }
    made.shapes.push(...elections(picture, `x${number}`, `y${number}`));
  });
  draw(element, traces, layout({ ...made, margin: { l: 2.4 * rem(), r: 0.6 * rem(), t: (0.3 + keyed) * rem(), b: 1.8 * rem() } }));
  document.getElementById("people-title").textContent = picture.people_title;
  const headings = ["Measure, end of year", ...picture.plans.map((plan) => plan.name)];
  const shown = [1, 3, 5, 10].filter((year) => 12 * year <= picture.horizon);
  table(document.getElementById("people-table"), headings, picture.panels.flatMap((panel) =>
    shown.map((year) => [`${panel.title}, ${year}`, ...panel.bands.map((band) => spanned(band, 12 * year, 0))])));
}

function deltaTable(picture) {
  const element = document.getElementById("deltas-table");
  const others = picture.plans.map((plan, place) => ({ plan, place })).filter((each) => !each.plan.reference);
  const outcomes = [...new Map(picture.deltas.map((delta) => [delta.outcome, delta])).values()];
  const hidden = !others.length || !outcomes.length;
  document.getElementById("deltas-figure").hidden = hidden;
  if (hidden) return;
  const reference = picture.plans.find((plan) => plan.reference);
  document.getElementById("deltas-title").textContent = `What changes beside ${reference.name}`;
  document.getElementById("deltas-about").textContent = `Mean difference under the same luck, with the range that the verdict rests on: 95%, and wider where many are judged together; ${picture.scope}.`;
  table(element, ["Beside the reference", ...others.map((each) => each.plan.name)], outcomes.map((outcome) => [
    `${outcome.title} (${outcome.unit})`,
    ...others.map((each) => {
      const delta = picture.deltas.find((found) => found.plan === each.place && found.outcome === outcome.outcome);
      return delta ? tandem.make("span", { class: `delta ${delta.verdict.split(" ")[0]}` }, delta.verdict === "identical" ? delta.said : `${delta.said}: ${delta.verdict}`) : "–";
    }),
  ]));
}

const SHADES = {
  "review or design": 0.3, decision: 0.48, "consultation or redesign": 0.66, appointment: 0.6, implementation: 0.95, "bedding in": 0.16,
};

function shade(colour, strength) {
  const parts = [1, 3, 5].map((at) => Math.round(255 * (1 - strength * (1 - parseInt(colour.slice(at, at + 2), 16) / 255))));
  return `rgb(${parts.join(",")})`;
}

/* Work of one history: a row a service; upper bar the joint team, lower bar the redesign. */
function historyChart(told, colour) {
  const element = document.getElementById("history-chart");
  const small = narrow(element);
  const rows = [];
  let group = "";
  for (const row of told.rows) {
    if (row.group !== group) rows.push({ title: `<b>${escaped(cut(row.group, small ? 16 : 34))}</b>`, bars: [], lost_votes: [], dropped: [] });
    group = row.group;
    rows.push({ ...row, title: escaped(cut(row.title, small ? 17 : 34)) });
  }
  const place = (row) => rows.length - 1 - row;
  const kinds = {};
  rows.forEach((row, index) => row.bars.forEach((bar) => {
    const both = row.bars.some((other) => other.lane !== bar.lane);
    const kind = (kinds[bar.what] = kinds[bar.what] || { base: [], x: [], y: [], width: [] });
    kind.base.push(bar.start);
    kind.x.push(bar.end - bar.start);
    kind.y.push(place(index) + (both ? (bar.lane ? -0.2 : 0.2) : 0));
    kind.width.push(both ? 0.36 : 0.76);
  }));
  const traces = Object.entries(kinds).map(([what, bars]) => ({
    type: "bar", orientation: "h", name: what, ...bars, hoverinfo: "skip", marker: stage(what, colour),
  }));
  const crosses = (name, key, symbol) => {
    const found = rows.flatMap((row, index) => row[key].map((month) => [month, place(index)]));
    if (found.length) traces.push({ type: "scatter", mode: "markers", name, x: found.map((each) => each[0]), y: found.map((each) => each[1]), hoverinfo: "skip", marker: { symbol, size: 9, color: "#111", line: { width: 2, color: "#111" } } });
  };
  crosses("vote lost", "lost_votes", "x-thin");
  crosses("given up", "dropped", "square");
  const lanes = marks(told, element, small);
  element.style.height = `${(1.5 * rows.length + 1.5 * lanes.count + 4) * rem()}px`;
  draw(element, traces, layout({
    barmode: "overlay",
    xaxis: timeAxis({ horizon: told.horizon, elections: [] }, { title: { text: "years since the decision", standoff: 4 } }),
    yaxis: { tickvals: rows.map((_, row) => place(row)), ticktext: rows.map((row) => row.title), range: [-0.7, rows.length - 0.3], fixedrange: true, showgrid: false, zeroline: false, automargin: false },
    shapes: [...lanes.shapes, timeLine(told.horizon)], annotations: lanes.labels,
    margin: { l: (small ? 9 : 14) * rem(), r: 1 * rem(), t: (1 + 1.5 * lanes.count) * rem(), b: 3 * rem() },
  }));
  historyKey(traces.map((trace) => trace.name), colour);
}

/* What the shades, hatches and marks of a history mean. */
function historyKey(names, colour) {
  const entries = [...new Set(names)].map((name) => {
    const mark = { "vote lost": "✕", "given up": "■" }[name];
    const sample = tandem.make("span", { class: `sample ${name.startsWith("waiting") ? `hatched ${name.split(" ").pop()}` : ""}`, "aria-hidden": "true" }, mark ?? "");
    if (name === "rework") sample.classList.add("outlined");
    else if (!mark && !name.startsWith("waiting")) sample.style.background = shade(colour, SHADES[name] ?? 0.4);
    return tandem.make("li", {}, sample, name);
  });
  document.getElementById("history-key").replaceChildren(...entries);
}

function stage(what, colour) {
  if (what === "rework") return { color: "white", line: { color: "#111", width: 1.4 } };
  if (what.startsWith("waiting")) return { color: "white", line: { color: "#666", width: 0.7 }, pattern: { shape: what.endsWith("HR") ? "/" : "|", fgcolor: "#555", size: 6, solidity: 0.3 } };
  return { color: shade(colour, SHADES[what] ?? 0.4), line: { width: 0 } };
}

function timeLine(month) {
  return { type: "line", name: "month", xref: "x", yref: "paper", x0: month, x1: month, y0: 0, y1: 1, line: { color: "#000", width: 2, dash: "dot" } };
}

/* What befell the partnership, above the chart, in lanes in which words do not meet. */
function marks(told, element, small) {
  const most = small ? 6 : 16;
  const grave = told.marks.filter((mark) => !mark.lesser);
  const shown = told.marks.length <= most ? told.marks : grave.length <= most ? grave : [...grave.slice(0, most - 1), grave[grave.length - 1]];
  const month = ((element.clientWidth || 600) - (small ? 10 : 15) * rem()) / told.horizon;
  const ends = [];
  const labels = [];
  const shapes = [];
  for (const mark of [...shown].sort((one, other) => other.month - one.month)) {
    const wide = (0.54 * Math.max(12, 0.8 * rem()) * (mark.text.length + 2)) / month;
    const leftward = mark.month + wide > told.horizon;
    const [from, to] = leftward ? [mark.month - wide, mark.month] : [mark.month, mark.month + wide];
    let lane = 0;
    while (ends[lane] && ends[lane].some((taken) => taken[0] < to && taken[1] > from)) lane += 1;
    (ends[lane] = ends[lane] || []).push([from, to]);
    labels.push({ x: mark.month, xref: "x", y: 1, yref: "paper", yanchor: "bottom", yshift: 2 + lane * 1.45 * rem(), xanchor: leftward ? "right" : "left", showarrow: false, text: escaped(mark.text), bgcolor: "rgba(255,255,255,.85)", borderpad: 1 });
    shapes.push({ type: "line", xref: "x", yref: "paper", x0: mark.month, x1: mark.month, y0: 0, y1: 1, line: { color: "#8a9097", width: 1 }, layer: "below" });
    if (mark.ends) shapes.push({ type: "rect", xref: "x", yref: "paper", x0: mark.month, x1: told.horizon, y0: 0, y1: 1, fillcolor: "#d9dde1", opacity: 0.5, line: { width: 0 }, layer: "below" });
  }
  return { labels, shapes, count: ends.length };
}

/* Bars with intervals for "why?", and the points of "where does it tip?". */
function whyChart(element, explained) {
  const bars = [...explained.bars].sort((one, other) => Math.abs(one.mean) - Math.abs(other.mean)).slice(-12);
  element.style.height = `${(2 * bars.length + 4) * rem()}px`;
  draw(element, [{
    x: bars.map((bar) => bar.mean), y: bars.map((_, row) => row), mode: "markers", hoverinfo: "skip",
    marker: { size: 10, color: bars.map((bar) => (bar.told ? REFERENCE.colour : "white")), line: { color: REFERENCE.colour, width: 2 } },
    error_x: { type: "data", symmetric: false, color: REFERENCE.colour, thickness: 2, array: bars.map((bar) => bar.high - bar.mean), arrayminus: bars.map((bar) => bar.mean - bar.low) },
  }], layout({
    xaxis: { zeroline: true, zerolinecolor: "#333", gridcolor: "#e4e7ea", fixedrange: true, title: { text: `what it adds, ${explained.unit} (open dot: cannot be told from none)`, standoff: 4 } },
    yaxis: { tickvals: bars.map((_, row) => row), ticktext: bars.map((bar) => escaped(cut(bar.name, narrow(element) ? 22 : 44))), range: [-0.6, bars.length - 0.4], fixedrange: true, showgrid: false, zeroline: false },
    margin: { l: (narrow(element) ? 11 : 19) * rem(), r: rem(), t: 0.5 * rem(), b: 3 * rem() },
  }));
}

function tipChart(element, tipped) {
  element.style.height = `${16 * rem()}px`;
  const symbols = { kept: "circle", lost: "x", open: "circle-open" };
  draw(element, [{
    x: tipped.points.map((point) => point.value), y: tipped.points.map((point) => 100 * point.mean), mode: "markers", hoverinfo: "skip",
    marker: { size: 10, color: REFERENCE.colour, symbol: tipped.points.map((point) => symbols[point.verdict]), line: { width: 2, color: REFERENCE.colour } },
    error_y: { type: "data", symmetric: false, color: REFERENCE.colour, array: tipped.points.map((point) => 100 * (point.high - point.mean)), arrayminus: tipped.points.map((point) => 100 * (point.mean - point.low)) },
  }], layout({
    xaxis: { title: { text: escaped(tipped.lever), standoff: 4 }, gridcolor: "#e4e7ea", zeroline: false, fixedrange: true },
    yaxis: { title: { text: "chance, %", standoff: 2 }, rangemode: "tozero", gridcolor: "#e4e7ea", fixedrange: true },
    shapes: [{ type: "line", xref: "paper", yref: "y", x0: 0, x1: 1, y0: 100 * tipped.limit, y1: 100 * tipped.limit, line: { color: "#D55E00", width: 2, dash: "dash" } }],
    annotations: [{ text: "limit", xref: "paper", x: 1, xanchor: "right", y: 100 * tipped.limit, yanchor: "bottom", showarrow: false, font: { color: "#A84A00" } }],
  }));
}
