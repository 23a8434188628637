/* The way into a workshop: by its code, or by opening one. */
"use strict";

(() => {
  const join = document.getElementById("join-code");
  const code = document.getElementById("code");
  const wrong = document.getElementById("code-wrong");

  join.addEventListener("submit", async (event) => {
    event.preventDefault();
    wrong.textContent = "";
    const letters = code.value.trim().toUpperCase();
    try {
      if (!letters) throw Object.assign(new Error("Type the five letters of the code."), { field: "code" });
      const found = await tandem.ask(workshop.at(letters));
      window.location.assign(`/workshop/${encodeURIComponent(found.code)}${window.location.search}`);
    } catch (error) {
      wrong.textContent = error.message;
      code.focus();
    }
  });

  const open = document.getElementById("open");
  if (!open) return;
  open.addEventListener("submit", async (event) => {
    event.preventDefault();
    for (const each of open.querySelectorAll(".wrong")) each.textContent = "";
    const asked = { pack: open.elements.pack.value, title: open.elements.title.value };
    if (open.elements.minutes.value) asked.minutes = Number(open.elements.minutes.value);
    if (open.elements.luck.value) asked.luck = Number(open.elements.luck.value);
    try {
      const made = await tandem.ask("/api/workshop/sessions", asked);
      window.location.assign(made.facilitator);
    } catch (error) {
      const place = document.getElementById(`${error.field}-wrong`) || document.getElementById("open-wrong");
      place.textContent = error.message;
      place.closest("details")?.setAttribute("open", "");
      document.getElementById(error.field)?.focus();
    }
  });
})();
