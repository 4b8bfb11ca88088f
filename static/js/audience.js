// The audience page: choosing rows, and saying what others changed.
import { announce } from "./announce.js";

const results = () => document.getElementById("results");
const rows = () => [...document.querySelectorAll("tr[data-state]")];
const picks = () => [...document.querySelectorAll("input[name=id][form=selection]")];

function showSelection() {
  const all = picks();
  const chosen = all.filter((pick) => pick.checked).length;
  const bar = document.getElementById("selection");
  if (!bar) return;
  bar.classList.toggle("is-active", chosen > 0);
  bar.querySelector("[data-selected]").textContent = chosen ? `${chosen} selected` : "";
  const every = document.getElementById("pick-all");
  if (!every) return;
  every.checked = chosen > 0 && chosen === all.length;
  every.indeterminate = chosen > 0 && chosen < all.length;
}

document.addEventListener("change", (event) => {
  if (event.target.id === "pick-all") {
    for (const pick of picks()) pick.checked = event.target.checked;
  }
  if (event.target.matches("#pick-all, input[name=id]")) showSelection();
});

// What each row said before the page fetched itself anew.
let known = new Map();

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
  showSelection();
});

remember();
showSelection();
