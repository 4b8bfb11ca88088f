// Review by keyboard: J and K (or the arrows) move, O opts out, D dismisses, X ticks.
import { announce } from "./announce.js";

const cards = () => [...document.querySelectorAll("[data-review]")];
const here = () => document.activeElement?.closest("[data-review]");
const leaving = new Set();

function typing(target) {
  return target.closest("input:not([type=checkbox]), textarea, select, [contenteditable], [popover]:popover-open");
}

function go(to) {
  if (!to) return;
  to.focus({ preventScroll: true });
  to.scrollIntoView({ block: "nearest" });
}

function beside(card, step) {
  const all = cards().filter((one) => one === card || !leaving.has(one.id));
  if (!card) return all[0];
  return all[all.indexOf(card) + step];
}

function decide(card, key) {
  const form = card.querySelector(`form[data-key="${key}"]`);
  if (!form || form.querySelector("button").disabled || leaving.has(card.id)) return;
  form.requestSubmit();
}

// Whichever way it was decided, the next card takes the focus at once.
document.addEventListener("submit", (event) => {
  const card = event.target.closest?.("[data-review]");
  if (!card) return;
  leaving.add(card.id);
  card.classList.add("is-leaving");
  go(beside(card, 1) ?? beside(card, -1) ?? document.getElementById("reviews"));
});

document.addEventListener("htmx:finally:request", (event) => {
  const card = event.target.closest?.("[data-review]");
  const status = event.detail.ctx?.response?.status;
  // One that was decided stays dim until the list comes without it.
  if (!card || (status && status < 400)) return;
  leaving.delete(card.id);
  card.classList.remove("is-leaving");
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  const card = here();
  const steps = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (key in steps) {
    // Without a card in focus the arrows scroll, as everywhere.
    if (!card && key.startsWith("Arrow")) return;
    event.preventDefault();
    go(beside(card, steps[key]));
  } else if (card && (key === "o" || key === "d")) {
    event.preventDefault();
    decide(card, key);
  } else if (card && key === "x") {
    card.querySelector("input[type=checkbox]")?.click();
  }
});

// What others decided leaves the page by itself: say so, and keep a place for the focus.
let known = new Set(cards().map((card) => card.id));
let place = 0;
document.addEventListener("focusin", () => {
  const at = cards().indexOf(here());
  if (at >= 0) place = at;
});
document.addEventListener("htmx:after:swap", () => {
  const now = new Set(cards().map((card) => card.id));
  const fresh = [...now].filter((id) => !known.has(id)).length;
  if (fresh && known.size) announce(fresh === 1 ? "One more reply waits." : `${fresh} more replies wait.`);
  const gone = [...known].some((id) => !now.has(id));
  known = now;
  if (gone && document.activeElement === document.body) {
    go(cards()[Math.min(place, cards().length - 1)] ?? document.getElementById("reviews"));
  }
});
