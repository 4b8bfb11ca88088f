// Times in the reader's zone, what follows sending, a menu that closes. All else is HTML.
"use strict";

function localTimes() {
  const today = new Date().toDateString();
  for (const time of document.querySelectorAll("time:not([data-local])")) {
    const moment = new Date(time.dateTime);
    const other = moment.toDateString() !== today;
    const day = other && (time.closest(".when") || "day" in time.dataset);
    const parts = { hour: "2-digit", minute: "2-digit" };
    if (day) Object.assign(parts, { day: "numeric", month: "short" });
    time.textContent = moment.toLocaleString([], parts);
    time.title = moment.toLocaleString();
    time.dataset.local = "";
  }
}

let sent = false;
document.addEventListener("submit", () => { sent = true; });
document.addEventListener("htmx:after:swap", () => {
  localTimes();
  // The list is reversed: its end is at 0. Whoever sends wants to see it; who reads on, not.
  if (sent) document.querySelector(".scroller")?.scrollTo(0, 0);
  sent = false;
});
document.addEventListener("htmx:after:request", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  form.closest("details")?.removeAttribute("open");
  if (form.classList.contains("write")) form.reset();
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.removeAttribute("open");
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.querySelector("details.menu[open]")?.removeAttribute("open");
});
localTimes();
