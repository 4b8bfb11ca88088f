// Where the focus goes when what had it is gone: one rule for dialogs, toasts and refused forms.
const APART = "#dialog, #toasts"; // what comes and goes: what is pressed in it asks for nothing more
const lost = () => document.activeElement === document.body;

let asked; // what was pressed last, or had the focus when it asked
let given; // what got the focus back, as long as it keeps it

document.addEventListener(
  "click",
  (event) => {
    if (!event.target.closest(APART)) asked = event.target.closest("a, button, summary") ?? asked;
  },
  true,
);

// What asks now: what has the focus, or, where that is lost as in a menu that closes, what was
// pressed last.
export function asker() {
  const now = document.activeElement;
  if (!lost() && !now.closest(APART)) asked = now;
  return asked;
}

// The same thing after it was drawn anew.
function like(one) {
  if (!one || one.isConnected) return one;
  const by = (name) => {
    const value = one.getAttribute(name);
    return value && document.querySelector(`${one.localName}[${name}="${CSS.escape(value)}"]`);
  };
  return by("id") || by("aria-label") || by("href");
}

// What is left where a thing has gone from its page: the page's heading.
function heading() {
  const found = document.querySelector("main h1");
  if (found) found.tabIndex = -1;
  return found;
}

// Gives a focus that the browser did not give back to what asked or to its like; to a menu's button
// where that stands in a menu that has closed; and to the heading where it is no more.
export function giveBack(to) {
  if (lost()) search(to);
  given = document.activeElement;
}

function search(to) {
  const there = like(to);
  const menu = there?.closest("details:not([open])");
  const within = there?.closest("[popover]:not(:popover-open)");
  const opens = within && document.querySelector(`[popovertarget="${within.id}"]`);
  for (const place of [menu?.querySelector("summary") ?? opens ?? there, heading()]) {
    place?.focus({ preventScroll: place.localName === "h1" });
    if (!lost()) return;
  }
}

// A refused form that was drawn anew: to what is wrong in it, or else to what sent it.
function refused({ response, target }) {
  if (![409, 422].includes(response?.status)) return;
  const part = target?.isConnected ? target : document.getElementById(target?.id || " ");
  if (!lost() && !part?.contains(document.activeElement)) return;
  const wrong = [...(part?.querySelectorAll("[aria-invalid=true]") ?? [])];
  const first = wrong.find((field) => field.checkVisibility());
  (first ?? (lost() ? like(asked) : undefined))?.focus();
}

document.addEventListener("focusin", (event) => {
  if (event.target !== given) given = undefined;
});

document.addEventListener("htmx:after:swap", (event) => {
  if (given && !given.isConnected) giveBack(given);
  refused(event.detail.ctx ?? {});
});
