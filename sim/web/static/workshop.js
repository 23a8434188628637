/* What the workshop's pages share: the clock, asking every two seconds, small figures, and print. */
"use strict";

const workshop = {
  EVERY: 2000,
  PATIENT: 6000,
  COLOURS: ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000", "#8a6d00"],
  DASHES: ["", "7 4", "2 3", "10 3 2 3", "14 4", "4 2"],

  at(code, what) {
    return `/api/workshop/sessions/${encodeURIComponent(code)}${what ? `/${what}` : ""}`;
  },

  /* Follow a session: `changed(pulse)` at every new revision, `beat(pulse)` at every answer; the clock runs in between. */
  follow(code, changed, beat) {
    let revision = null, timer = null, busy = false, since = 0, left = null, paused = false, phase = "", warned = null;
    const clock = document.getElementById("ws-clock");
    const status = document.getElementById("ws-status");

    function tick() {
      if (!clock) return;
      const seconds = left === null ? null : Math.max(0, paused ? left : left - (performance.now() - since) / 1000);
      clock.textContent = phase !== "round" ? "–" : `${workshop.clock(seconds)}${paused ? " stopped" : ""}`;
      if (seconds !== null && !paused && seconds <= 60 && seconds > 0 && warned !== revision && status && !status.textContent) {
        warned = revision;
        status.textContent = "Less than a minute left.";
      }
      if (seconds === 0 && !paused && phase === "round" && !busy) look();
    }

    async function look(force) {
      if (busy) return;
      busy = true;
      clearTimeout(timer);
      let wait = workshop.EVERY + Math.random() * 400;
      try {
        const pulse = await tandem.ask(workshop.at(code, "pulse"));
        since = performance.now();
        left = pulse.seconds_left; paused = pulse.paused; phase = pulse.phase;
        if (status && status.dataset.lost) { status.textContent = ""; delete status.dataset.lost; }
        if (force === true || pulse.revision !== revision) {
          const before = revision;
          revision = pulse.revision;
          if (status && before !== null) status.textContent = "";
          await changed(pulse);
        }
        if (beat) beat(pulse);
      } catch (error) {
        wait = workshop.PATIENT;
        if (status) {
          status.textContent = error.status ? error.message : "No connection to the computer that runs the workshop; trying again.";
          status.dataset.lost = "yes";
        }
        if (error.status !== 403 && error.status !== 404) revision = null;
      } finally {
        busy = false;
        timer = setTimeout(look, wait);
      }
    }

    setInterval(tick, 500);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
    look(true);
    return { now: () => look(true) };
  },

  clock(seconds) {
    if (seconds === null) return "–";
    const whole = Math.ceil(seconds);
    return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
  },

  round(pulse, rounds) {
    const of = rounds ? ` of ${rounds}` : "";
    return {
      lobby: "Waiting to begin",
      round: `Half-year ${pulse.round}${of}`,
      between: `Half-year ${pulse.round}${of} is over`,
      debrief: "Debrief",
      ended: "The workshop has ended",
    }[pulse.phase];
  },

  /* A value with its unit, or a dash where nothing is known yet. */
  value(measure, value) {
    if (value === null || value === undefined) return "not yet known";
    if (measure.kind === "money") return `${value < 0 ? "−" : ""}£${Math.abs(value).toFixed(1)}m a year`;
    return measure.kind === "count" ? String(value) : `${Math.round(value)} out of 100`;
  },

  svg(tag, attributes = {}, ...children) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) if (value !== null && value !== undefined) made.setAttribute(name, String(value));
    made.append(...children.filter((child) => child !== null && child !== undefined));
    return made;
  },

  /* A line through what was read so far, for the eye; the figures stand beside it. */
  spark(past) {
    const known = past.filter((each) => each.value !== null);
    if (known.length < 2) return null;
    const values = known.map((each) => each.value);
    const low = Math.min(...values), high = Math.max(...values), span = high - low || 1;
    const x = (i) => 6 + (i * 108) / (known.length - 1), y = (value) => 28 - (24 * (value - low)) / span;
    const points = known.map((each, i) => `${x(i)},${y(each.value)}`).join(" ");
    return workshop.svg("svg", { class: "ws-spark", viewBox: "0 0 120 32", "aria-hidden": "true" },
      workshop.svg("polyline", { points }),
      workshop.svg("circle", { cx: x(known.length - 1), cy: y(values[values.length - 1]), r: 3.5 }));
  },

  /* Lines by month with their names at the end, up to a month; `marks` are months with a word. */
  lines({ series, until, last, unit, low, high, marks = [], label }) {
    const wide = 760, tall = 340, left = 52, right = 150, top = 26, bottom = 40;
    const every = series.flatMap((each) => each.values);
    const least = Math.min(low ?? Infinity, ...every), most = Math.max(high ?? -Infinity, ...every);
    const span = most - least || 1;
    const x = (month) => left + ((wide - left - right) * month) / last;
    const y = (value) => top + (tall - top - bottom) * (1 - (value - least) / span);
    const made = workshop.svg("svg", { viewBox: `0 0 ${wide} ${tall}`, role: "img", "aria-label": label });
    for (let i = 0; i <= 4; i += 1) {
      const value = least + (span * i) / 4;
      made.append(workshop.svg("line", { class: Math.abs(value) < span / 1e6 ? "zero" : "grid", x1: left, x2: wide - right, y1: y(value), y2: y(value) }));
      const text = workshop.svg("text", { x: left - 6, y: y(value) + 4, "text-anchor": "end" });
      text.textContent = span < 8 ? value.toFixed(1).replace("-", "−") : String(Math.round(value)).replace("-", "−");
      made.append(text);
    }
    if (least < 0 && most > 0) made.append(workshop.svg("line", { class: "zero", x1: left, x2: wide - right, y1: y(0), y2: y(0) }));
    for (let month = 0; month <= last; month += 12) {
      const text = workshop.svg("text", { x: x(month), y: tall - bottom + 17, "text-anchor": "middle" });
      text.textContent = month === 0 ? "start" : `year ${month / 12}`;
      if (last <= 72 || month % 24 === 0) made.append(text);
    }
    const axis = workshop.svg("text", { x: 4, y: 14 });
    axis.textContent = unit;
    made.append(axis);
    let lane = 0;
    for (const mark of marks) {
      made.append(workshop.svg("line", { class: "mark", x1: x(mark.month), x2: x(mark.month), y1: top, y2: tall - bottom }));
      const text = workshop.svg("text", { x: x(mark.month) + 3, y: tall - 8 - (lane % 2) * 0, "text-anchor": "start" });
      text.textContent = mark.text;
      if (mark.text) made.append(text);
      lane += 1;
    }
    const ends = [];
    series.forEach((each, i) => {
      const values = each.values.slice(0, until + 1);
      const points = values.map((value, month) => `${x(month).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
      const at = each.place ?? i;
      made.append(workshop.svg("polyline", { class: "line", points, stroke: workshop.COLOURS[at % 6], "stroke-dasharray": workshop.DASHES[at % 6] }));
      ends.push({ name: each.name, at, y: y(values[values.length - 1]) });
    });
    ends.sort((a, b) => a.y - b.y);
    ends.forEach((end, i) => { if (i) end.y = Math.max(end.y, ends[i - 1].y + 15); });
    const over = ends.length ? ends[ends.length - 1].y - (tall - bottom) : 0;
    for (const end of ends) {
      const text = workshop.svg("text", { x: x(until) + 6, y: end.y + 4 - Math.max(0, over), fill: workshop.COLOURS[end.at % 6] });
      text.textContent = end.name.length > 18 ? `${end.name.slice(0, 17)}…` : end.name;
      made.append(text);
    }
    return made;
  },

  table(caption, head, rows) {
    const { make } = tandem;
    return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
      make("table", {}, make("caption", {}, caption),
        make("thead", {}, make("tr", {}, ...head.map((text) => make("th", { scope: "col" }, text)))),
        make("tbody", {}, ...rows.map((row) => make("tr", {}, ...row.map((cell, i) => i === 0 ? make("th", { scope: "row" }, cell) : make("td", {}, cell)))))));
  },

  /* Put new content into a place without losing the reader's: what had focus gets it back with its caret, what was
     opened stays open, and fields marked data-keep keep what was typed or chosen. */
  replace(place, ...content) {
    const held = place.contains(document.activeElement) ? document.activeElement : null;
    const caret = held && workshop.caret(held);
    const open = new Set([...place.querySelectorAll("details[open][id]")].map((each) => each.id));
    const kept = new Map([...place.querySelectorAll("[data-keep][id]")].map((each) => [each.id, each]));
    place.replaceChildren(...content.filter((each) => each !== null && each !== undefined));
    for (const each of place.querySelectorAll("details[id]")) if (open.has(each.id)) each.open = true;
    for (const each of place.querySelectorAll("[data-keep][id]")) if (kept.has(each.id)) workshop.keep(kept.get(each.id), each);
    const again = held && held.id ? document.getElementById(held.id) : null;
    if (!again) return;
    again.focus({ preventScroll: true });
    if (caret && workshop.caret(again)) again.setSelectionRange(...caret);
  },

  /* Where the caret stands in a field that says so; number fields and boxes do not. */
  caret(field) {
    try { return typeof field.selectionStart === "number" ? [field.selectionStart, field.selectionEnd] : null; } catch { return null; }
  },

  keep(before, now) {
    if (now.type === "checkbox") now.checked = before.checked;
    else if (now.tagName !== "SELECT" || [...now.options].some((each) => each.value === before.value)) now.value = before.value;
    now.dispatchEvent(new Event("change"));
  },
};

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
