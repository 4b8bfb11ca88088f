// The audience page: choosing rows, their menu, and saying what others changed.
import { announce } from "./announce.js";
import "./row-menu.js";
import { renew } from "./selection.js";

const results = () => document.getElementById("results");
const rows = () => [...document.querySelectorAll("tr[data-state]")];

// What each row said before the page fetched itself anew.
let known = new Map();
let list = results();

function remember() {
  known = new Map(rows().map((row) => [row.id, row.dataset.state]));
}

function tellChanges() {
  const changed = rows().filter((row) => known.has(row.id) && known.get(row.id) !== row.dataset.state);
  for (const row of changed) {
    row.classList.remove("is-fresh");
    requestAnimationFrame(() => row.classList.add("is-fresh"));
  }
  if (changed.length > 3) announce(`${changed.length} contacts changed.`);
  else if (changed.length) {
    announce(changed.map((row) => `${row.dataset.name}: ${row.dataset.word}`).join(". "));
  }
}

document.addEventListener("htmx:after:swap", (event) => {
  // Its own toggles are told by their toasts; what the page fetched by itself is told here.
  if (event.detail.ctx.sourceElement === results()) tellChanges();
  remember();
  // Another list stands in a new element; the same one, fetched anew, stays where it was.
  renew(results() === list);
  list = results();
});

remember();
