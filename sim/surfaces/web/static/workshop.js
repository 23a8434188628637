/* What the workshop's pages share: the clock, asking every two seconds, small figures, and print. */
"use strict";

const workshop = {
  EVERY: 2000,
  PATIENT: 6000,
  /* Six colours dark enough to write in, and two rows of dashes and markers: no two of twelve teams look alike, in grey too. */
  COLOURS: ["#0072B2", "#B84A00", "#00795A", "#A8457F", "#000000", "#7A6000"],
  DASHES: ["", "7 4", "2 3", "12 4 2 4", "16 4", "5 2 2 2 2 2", "1 4", "", "10 3", "3 6", "", "20 4 4 4"],
  MARKERS: ["circle", "square", "triangle", "diamond", "cross", "bar"],

  /* How the team at a place in the list is drawn: colour, dash, marker, and whether the marker is filled. */
  look(place) {
    const at = place % 12, row = Math.floor(at / 6);
    return { colour: workshop.COLOURS[at % 6], dash: workshop.DASHES[at], marker: workshop.MARKERS[(at + row) % 6], filled: row === 0 };
  },

  marker({ colour, marker, filled }, x, y, size) {
    const r = size / 2, fill = filled ? colour : "#fff", line = { stroke: colour, "stroke-width": 1.8, fill };
    const shape = (points) => workshop.svg("polygon", { class: "dot", points: points.map(([a, b]) => `${(x + a * r).toFixed(1)},${(y + b * r).toFixed(1)}`).join(" "), ...line });
    return {
      circle: () => workshop.svg("circle", { class: "dot", cx: x.toFixed(1), cy: y.toFixed(1), r, ...line }),
      square: () => shape([[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]]),
      triangle: () => shape([[0, -1.1], [1.1, 0.9], [-1.1, 0.9]]),
      diamond: () => shape([[0, -1.2], [1.2, 0], [0, 1.2], [-1.2, 0]]),
      cross: () => shape([[-0.4, -1.1], [0.4, -1.1], [0.4, -0.4], [1.1, -0.4], [1.1, 0.4], [0.4, 0.4], [0.4, 1.1], [-0.4, 1.1], [-0.4, 0.4], [-1.1, 0.4], [-1.1, -0.4], [-0.4, -0.4]]),
      bar: () => shape([[-1.2, -0.5], [1.2, -0.5], [1.2, 0.5], [-1.2, 0.5]]),
    }[marker]();
  },

  /* Heights of labels: each as near to its line as a gap between neighbours and the edges allow. */
  spread(wanted, gap, low, high) {
    const order = wanted.map((y, i) => i).sort((a, b) => wanted[a] - wanted[b]);
    const groups = [];
    for (const i of order) {
      groups.push({ sum: wanted[i], members: [i] });
      for (;;) {
        const last = groups[groups.length - 1], before = groups[groups.length - 2];
        for (const group of [before, last]) if (group) {
          const half = ((group.members.length - 1) * gap) / 2;
          group.mid = Math.min(Math.max(group.sum / group.members.length, low + half), Math.max(high - half, low + half));
        }
        if (!before || last.mid - before.mid >= ((last.members.length + before.members.length) * gap) / 2) break;
        groups.splice(-2, 2, { sum: before.sum + last.sum, members: [...before.members, ...last.members] });
      }
    }
    const found = [];
    for (const { mid, members } of groups) members.forEach((i, k) => { found[i] = mid + (k - (members.length - 1) / 2) * gap; });
    return found;
  },

  /* The size of writing in figures, in pixels of the screen: figures are drawn as wide as their place, and never scaled. */
  writing() {
    return 0.8 * parseFloat(getComputedStyle(document.documentElement).fontSize);
  },

  wide(figure) {
    return Math.max(300, Math.round(figure.clientWidth || 760));
  },

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
  lines({ series, until, last, unit, low, high, marks = [], label, wide = 760 }) {
    const size = workshop.writing(), gap = 1.25 * size, most = Math.min(18, Math.floor((0.42 * wide) / (0.68 * size)) - 3);
    const named = (name) => name.length > most ? `${name.slice(0, most - 1)}…` : name;
    const left = 3.2 * size, right = (Math.max(...series.map((each) => named(each.name).length)) * 0.68 + 2.6) * size;
    const top = 2.2 * size, bottom = 3.4 * size, tall = Math.max(340, top + bottom + gap * (series.length + 1));
    const every = series.flatMap((each) => each.values);
    const least = Math.min(low ?? Infinity, ...every), span = Math.max(high ?? -Infinity, ...every) - least || 1;
    const x = (month) => left + ((wide - left - right) * month) / last;
    const y = (value) => top + (tall - top - bottom) * (1 - (value - least) / span);
    const made = workshop.svg("svg", { viewBox: `0 0 ${wide} ${tall}`, width: wide, height: tall, role: "img", "aria-label": label });
    workshop.axes(made, { x, y, least, span, last, unit, size, left, right, wide, tall, top, bottom, marks });
    const ends = series.map((each) => y(each.values[until])), at = workshop.spread(ends, gap, top, tall - bottom);
    series.forEach((each, i) => {
      const values = each.values.slice(0, until + 1), look = workshop.look(each.place ?? i);
      const points = values.map((value, month) => `${x(month).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
      made.append(workshop.svg("polyline", { class: "line", points, stroke: look.colour, "stroke-dasharray": look.dash }));
      for (let month = 4 + i; month < until; month += 24) made.append(workshop.marker(look, x(month), y(values[month]), 0.7 * size));
      const from = x(until), to = from + 1.1 * size;
      made.append(workshop.svg("line", { class: "leader", x1: from, y1: ends[i], x2: to, y2: at[i], stroke: look.colour }));
      made.append(workshop.marker(look, to + 0.45 * size, at[i], 0.7 * size));
      const text = workshop.svg("text", { class: "end", x: to + 1.05 * size, y: at[i] + 0.35 * size, style: `fill: ${look.colour}` }, workshop.svg("title"));
      text.firstChild.textContent = each.name;
      text.append(named(each.name));
      made.append(text);
    });
    return made;
  },

  axes(made, { x, y, least, span, last, unit, size, left, right, wide, tall, top, bottom, marks }) {
    const write = (words, at) => { const text = workshop.svg("text", at); text.textContent = words; made.append(text); };
    const shown = (value) => (span < 8 ? value.toFixed(1) : String(Math.round(value))).replace("-", "−");
    for (let i = 0; i <= 4; i += 1) {
      const value = least + (span * i) / 4;
      made.append(workshop.svg("line", { class: Math.abs(value) < span / 1e6 ? "zero" : "grid", x1: left, x2: wide - right, y1: y(value), y2: y(value) }));
      write(shown(value), { x: left - 0.5 * size, y: y(value) + 0.3 * size, "text-anchor": "end" });
    }
    if (least < 0 && least + span > 0) made.append(workshop.svg("line", { class: "zero", x1: left, x2: wide - right, y1: y(0), y2: y(0) }));
    const room = (12 * (wide - left - right)) / last, every = Math.max(1, Math.ceil((4.4 * size) / room));
    for (let year = 0; 12 * year <= last; year += every) write(year ? `year ${year}` : "start", { x: x(12 * year), y: tall - bottom + 1.3 * size, "text-anchor": "middle" });
    write(unit, { x: 4, y: 1.1 * size });
    for (const mark of marks) {
      made.append(workshop.svg("line", { class: "mark", x1: x(mark.month), x2: x(mark.month), y1: top, y2: tall - bottom }));
      if (mark.text) write(mark.text, { x: x(mark.month) + 3, y: tall - 0.5 * size, "text-anchor": "start" });
    }
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
