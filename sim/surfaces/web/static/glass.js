/* The glass box: what a box is joined to stands out; a switch is tried on the spot. Everything else is plain links. */
"use strict";

(() => {
  for (const picture of document.querySelectorAll("svg.causes")) {
    const arrows = [...picture.querySelectorAll(".arrow")];
    const boxes = [...picture.querySelectorAll(".box")];

    const touch = (key) => {
      picture.classList.toggle("touched", key !== null);
      const near = new Set([key]);
      for (const arrow of arrows) {
        const { source, target } = arrow.dataset;
        const joined = key !== null && (source === key || target === key);
        arrow.classList.toggle("near", joined);
        if (joined) near.add(source).add(target);
      }
      for (const box of boxes) box.classList.toggle("near", near.has(box.dataset.key));
    };

    const focused = () => boxes.find((box) => box === document.activeElement)?.dataset.key ?? null;
    for (const box of boxes) {
      box.addEventListener("mouseenter", () => touch(box.dataset.key));
      box.addEventListener("mouseleave", () => touch(focused()));
      box.addEventListener("focus", () => touch(box.dataset.key));
      box.addEventListener("blur", () => touch(null));
    }
  }

  const form = document.getElementById("switch");
  if (!form) return;
  const answer = document.getElementById("switch-answer");
  const wrong = document.getElementById("switch-wrong");
  const button = form.querySelector("button");

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    wrong.textContent = "";
    answer.replaceChildren(tandem.make("p", {}, "Simulating both …"));
    button.disabled = true;
    const given = Object.fromEntries(new FormData(form));
    try {
      show(await tandem.ask("/api/glass/switched", { mechanism: form.dataset.mechanism, ...given }), given.form);
    } catch (error) {
      answer.replaceChildren();
      wrong.textContent = error.message;
    } finally {
      button.disabled = false;
      if (document.activeElement === document.body) button.focus();
    }
  });

  function show(found, name) {
    const other = name === "off" ? "Switched off" : `In the form “${name}”`;
    const head = tandem.make("tr", {}, ...["Outcome", "As it is", other, "Difference", "Range of the verdict", "In", "Verdict"].map(
      (title) => tandem.make("th", { scope: "col" }, title)));
    const rows = found.shifts.map((shift) => tandem.make("tr", {},
      tandem.make("th", { scope: "row" }, shift.title),
      ...[shift.usual, shift.other, shift.difference, shift.range].map((text) => tandem.make("td", { class: "number" }, text)),
      tandem.make("td", {}, shift.unit),
      tandem.make("td", { class: shift.told_apart ? "surely" : "soft" }, shift.told_apart ? "told apart" : "cannot be told apart")));
    answer.replaceChildren(
      tandem.make("p", { class: "lead" }, found.said),
      tandem.make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "What the switch does" },
        tandem.make("table", {},
          tandem.make("caption", {}, `Means of ${found.histories} histories each, paired by luck`),
          tandem.make("thead", {}, head), tandem.make("tbody", {}, ...rows))));
  }
})();
