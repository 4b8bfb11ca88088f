// The inbox: keys between conversations, scrolling, drafts, the countdown of WhatsApp's window.
import { announce } from "./announce.js";
import { answer } from "./inbox_focus.js";

const NEAR = 120; // pixels from its end at which a thread follows what comes
const TICK = 20000;
let seen = "";
let bottom = true;

const pane = () => document.getElementById("inbox-pane");
const thread = () => document.getElementById("thread");
const talks = () => [...document.querySelectorAll("a.talk")];
const atBottom = (box) => box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
const toBottom = (box) => (box.scrollTop = box.scrollHeight);

// Keys

function typing(target) {
  return target.closest?.("input, textarea, select, [contenteditable], [popover]:popover-open");
}

function move(step) {
  const all = talks();
  const from = document.activeElement.closest?.("a.talk") ?? document.querySelector("a.talk[aria-current]");
  const to = from ? all[all.indexOf(from) + step] : all[0];
  to?.focus();
}

function back() {
  const open = document.querySelector("a.talk[aria-current]");
  if (open?.offsetParent) open.focus();
  else document.querySelector(".inbox-back")?.click();
}

document.addEventListener("keydown", (event) => {
  const field = event.target.closest?.("[data-composer]");
  if (field && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    if (!field.querySelector("[type=submit]").disabled) field.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape" && pane().dataset.open) {
    // The first Esc leaves the field, or closes what lies above; the next goes back.
    if (document.querySelector("details.menu[open], [popover]:popover-open")) return;
    if (typing(event.target)) event.target.blur();
    else back();
    return;
  }
  if (typing(event.target)) return;
  const steps = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 };
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (key in steps) {
    // Outside the list the arrows scroll, as everywhere.
    if (key.startsWith("Arrow") && !document.activeElement.closest?.("a.talk")) return;
    event.preventDefault();
    move(steps[key]);
  } else if (key === "r" && answer()) {
    event.preventDefault();
  }
});

// Drafts: what is typed survives another conversation, a template that is looked at, an opt-out.
// Kept for this tab alone, until it is sent.
const draft = (id) => `draft-${id}`;

document.addEventListener("input", (event) => {
  const id = event.target.dataset?.draft;
  if (id) sessionStorage.setItem(draft(id), event.target.value);
});

document.addEventListener("htmx:after:request", (event) => {
  const form = event.target.closest?.("[data-composer]");
  const status = event.detail.ctx?.response?.status;
  if (form && status && status < 400) sessionStorage.removeItem(draft(pane().dataset.open));
});

function restoreDraft() {
  const field = document.querySelector("textarea[data-draft]");
  if (field && !field.value) field.value = sessionStorage.getItem(draft(field.dataset.draft)) ?? "";
}

// The thread

function follow() {
  const box = thread();
  if (!box) return;
  box.addEventListener("scroll", () => (bottom = atBottom(box)), { passive: true });
  toBottom(box);
  bottom = true;
  watch();
}

// Earlier messages are fetched when their link comes into sight, once somebody scrolls.
let watcher;
let scrolled = false;

function watch() {
  watcher?.disconnect();
  const link = document.querySelector("[data-earlier]");
  if (!link) return;
  watcher = new IntersectionObserver(
    (entries) => {
      if (scrolled && entries.some((entry) => entry.isIntersecting)) link.click();
    },
    { root: thread() },
  );
  watcher.observe(link);
}

for (const name of ["wheel", "touchmove"]) {
  document.addEventListener(name, () => (scrolled = true), { passive: true });
}

// What is read stays in its place, whatever comes above or below it.
let height = 0;
let place = 0;
let first = "";
const firstItem = () => document.querySelector("#thread .thread-items > li")?.id ?? "";

document.addEventListener("htmx:before:swap", () => {
  const box = thread();
  height = box?.scrollHeight ?? 0;
  place = box?.scrollTop ?? 0;
  first = firstItem();
});

// What the live part brings was asked for before: a form that was opened meanwhile stays.
document.addEventListener("htmx:before:swap", ({ detail: { ctx, tasks } }) => {
  const edited = document.getElementById("subscription-form")?.closest("#subscription");
  if (!edited || ctx.sourceElement.id !== "talk-live") return;
  const late = tasks.findIndex(({ target }) => target === edited);
  if (late >= 0) tasks.splice(late, 1);
});

// A day that goes on from one page to the next is named once.
function nameDaysOnce() {
  let before = "";
  for (const day of document.querySelectorAll(".thread-day")) {
    day.hidden = day.dataset.day === before;
    before = day.dataset.day;
  }
}

function keepPlace(box) {
  nameDaysOnce();
  const grownAbove = first && firstItem() !== first;
  if (grownAbove) {
    box.scrollTop = place + box.scrollHeight - height;
    first = firstItem();
    if (document.activeElement === document.body) box.focus({ preventScroll: true });
  } else if (bottom) {
    toBottom(box);
  }
}

const newest = () => [...document.querySelectorAll("#thread-live [data-heard]")].at(-1);

function tell() {
  const last = newest();
  if (last && seen && last.id !== seen) {
    announce(`New message: ${last.querySelector(".bubble").textContent.trim().slice(0, 200)}`);
  }
  seen = last?.id ?? seen;
}

function opened(box) {
  box.dataset.followed = "yes";
  seen = newest()?.id ?? "none";
  scrolled = false;
  follow();
  nameDaysOnce();
}

// Another conversation was opened from the list, which keeps the focus where it is still shown.
function swapped(box) {
  opened(box);
  document.title = pane().dataset.title;
  announce(`Opened: ${document.getElementById("talk-title").textContent.trim()}`);
  if (!document.activeElement?.offsetParent) box.focus({ preventScroll: true });
}

document.addEventListener("htmx:after:swap", () => {
  const box = thread();
  if (box && !box.dataset.followed) {
    swapped(box);
  } else if (box) {
    keepPlace(box);
    tell();
    watch();
  }
  restoreDraft();
  count();
});

// WhatsApp's window

function count() {
  for (const place of document.querySelectorAll("[data-until]")) {
    const left = Number(place.dataset.until) * 1000 - Date.now();
    const minutes = Math.max(0, Math.floor(left / 60000));
    const hours = Math.floor(minutes / 60);
    place.textContent = ` · ${hours ? `${hours} h ` : ""}${minutes % 60} min left`;
    // Closed: another composer stands there now.
    if (left <= 0 && !place.dataset.over) {
      place.dataset.over = "yes";
      document.body.dispatchEvent(new CustomEvent("heed:live"));
    }
  }
}

setInterval(count, TICK);

if (thread()) opened(thread());
restoreDraft();
count();
