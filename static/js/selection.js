// Choosing rows of a list: one by one, a range with Shift, the page, or all that match.
import { announce } from "./announce.js";

const picks = () => [...document.querySelectorAll("input[name=id][form=selection]")];
const bar = () => document.getElementById("selection");
const everything = () => bar()?.querySelector("[data-all]");

let last;
let asked = false; // all that match, not only this page

function howMany() {
  return document.querySelector(bar().dataset.count)?.textContent.trim() ?? "";
}

function show() {
  const form = bar();
  const every = document.getElementById("pick-all");
  if (!form) return;
  const all = picks();
  const chosen = all.filter((pick) => pick.checked).length;
  const page = chosen > 0 && chosen === all.length;
  asked = asked && page;
  everything().checked = asked;
  form.classList.toggle("is-active", chosen > 0);
  document.body.classList.toggle("has-bulk-bar", chosen > 0);
  say(form, chosen, page);
  if (!every) return;
  every.checked = page;
  every.indeterminate = chosen > 0 && !page;
}

function say(form, chosen, page) {
  const said = form.querySelector("[data-selected]");
  const more = form.querySelector("[data-select-all]");
  const number = howMany();
  const words = asked ? `All ${number} selected`.replace("  ", " ") : `${chosen} selected`;
  if (said.textContent !== words) said.textContent = chosen ? words : "";
  more.hidden = !page || !("more" in form.dataset);
  form.querySelector("[data-select-page]").hidden = page;
  more.textContent = asked
    ? `Only the ${chosen} on this page`
    : `Select all ${number} that match`.replace("  ", " ");
}

function choose(value) {
  for (const pick of picks()) pick.checked = value;
  last = undefined;
}

// From the row that was clicked before to this one, both included.
function range(pick) {
  const all = picks();
  const ends = [all.indexOf(last), all.indexOf(pick)].sort((one, other) => one - other);
  if (ends[0] < 0) return;
  for (const between of all.slice(ends[0], ends[1] + 1)) between.checked = pick.checked;
}

document.addEventListener("click", (event) => {
  const target = event.target;
  if (target.matches("input[name=id][form=selection]")) {
    if (event.shiftKey && last) range(target);
    last = target;
    show();
  } else if (target.matches("[data-select-all]")) {
    asked = !asked;
    show();
    announce(bar().querySelector("[data-selected]").textContent);
  } else if (target.matches("[data-select-page]")) {
    choose(true);
    show();
    bar().querySelector("[data-clear]").focus();
  } else if (target.matches("[data-clear]")) {
    clear();
    document.getElementById("pick-all")?.focus();
  }
});

document.addEventListener("change", (event) => {
  if (event.target.id === "pick-all") {
    choose(event.target.checked);
    show();
  }
});

function clear() {
  asked = false;
  choose(false);
  show();
}

// Done, at once or as a task: what was chosen has been dealt with.
document.addEventListener("heed:chosen", clear);

// After the same list was fetched anew, its rows are those that match now.
export function renew(same) {
  if (asked && same) choose(true);
  else asked = false;
  show();
}

show();
