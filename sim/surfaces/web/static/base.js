/* What every page has: the projector view, kept for this browser. */
"use strict";

(() => {
  const button = document.getElementById("projector");
  const root = document.documentElement;

  function read() {
    try { return localStorage.getItem("tandem-projector") === "on"; } catch { return false; }
  }

  function keep(on) {
    try { localStorage.setItem("tandem-projector", on ? "on" : "off"); } catch { /* private window: not kept */ }
  }

  function show(on) {
    root.classList.toggle("projector", on);
    button.setAttribute("aria-pressed", String(on));
    button.textContent = on ? "Leave projector view" : "Projector view";
    document.dispatchEvent(new CustomEvent("tandem:projector", { detail: on }));
  }

  button.addEventListener("click", () => {
    const on = !root.classList.contains("projector");
    keep(on);
    show(on);
  });
  show(read());
})();

/* Ask the API: JSON in, JSON out; a refusal is thrown as an Error with `field`, `message` and `status`. */
const tandem = {
  async ask(address, content, options = {}) {
    const asked = content === undefined
      ? { headers: { Accept: "application/json" }, ...options }
      : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(content), ...options };
    const response = await tandem.reach(address, asked);
    if (!response.ok) throw await tandem.refusal(response);
    if (response.status === 204) return null;
    try { return await response.json(); } catch (error) { throw tandem.lost(error); }
  },

  /* Fetch, or say in words that nothing answers. */
  async reach(address, asked) {
    try { return await fetch(address, asked); } catch (error) { throw tandem.lost(error); }
  },

  /* What to throw where the connection failed: a sentence, unless the page itself gave up. */
  lost(error) {
    if (error.name === "AbortError") return error;
    return Object.assign(new Error("Tandem does not answer; is the window with tandem serve still open?"), { field: "", unreached: true });
  },

  /* An error in words: a refusal says its own; anything else is a fault of the page, told in the console. */
  words(error) {
    if (typeof error.field === "string") return error.message;
    console.error(error);
    return "Something went wrong in this page. Please load it again; what you chose stays in its address.";
  },

  async refusal(response) {
    let said = {};
    try { said = await response.json(); } catch { /* not JSON: the sentence below */ }
    const error = new Error(said.message || "The server did not answer; is it still running?");
    error.field = said.field || "";
    error.status = response.status;
    return error;
  },

  /* An element with attributes and children; text is always text. */
  make(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (value === true) made.setAttribute(name, "");
      else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
    }
    made.append(...children.filter((child) => child !== null && child !== undefined));
    return made;
  },
};
