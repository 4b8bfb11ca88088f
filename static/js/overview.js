// The overview: asks its parts now and then how they are, and draws what is to be drawn.
import { drawAll } from "./charts.js";

const EVERY = 10000;

// Numbers that are kept, times that pass, processes that die: none of these is a change.
setInterval(() => {
  if (document.hidden) return;
  for (const part of document.querySelectorAll("[data-ticks]")) {
    part.dispatchEvent(new CustomEvent("overview:tick"));
  }
}, EVERY);

// The table behind a chart is shown without JavaScript; with it, when it is asked for.
let asked = false;

function foldTables() {
  for (const table of document.querySelectorAll("details.chart-table")) table.open = asked;
}

document.addEventListener("click", (event) => {
  if (event.target.closest("details.chart-table > summary")) asked = !asked;
});
document.addEventListener("htmx:after:swap", () => {
  foldTables();
  drawAll();
});
foldTables();
document.documentElement.classList.add("charts-ready");
drawAll();
