// The menu behind a row's dots: one for the page, filled for the row that opens it.
// Roles and keys are those of the menu button pattern (ARIA Authoring Practices Guide).
const menu = document.getElementById("row-menu");
const GAP = 4;
let button;

const items = () => [...menu.querySelectorAll("[role=menuitem]:not([hidden])")];

// A row's button leads to the page of its choices, /contacts/7/actions?…: the choices themselves
// stand beside it, under the same contact. It names the channel that the list is of.
function fill() {
  const [page, query] = button.getAttribute("href").split("?");
  const contact = page.replace(/\/actions$/, "");
  const channel = new URLSearchParams(query).get("channel");
  const states = button.closest("tr").dataset.state.split(" ");
  menu.setAttribute("aria-label", button.getAttribute("aria-label"));
  const has = (words) => words.split(" ").some((one) => states.includes(one));
  for (const part of menu.querySelectorAll("[data-needs], [data-unless]")) {
    const { needs, unless } = part.dataset;
    part.hidden = Boolean((needs && !has(needs)) || (unless && has(unless)));
  }
  for (const item of menu.querySelectorAll("[data-path]")) {
    const path = contact + item.dataset.path.replace(":channel", channel);
    if (item.href) item.href = `${path}?${query}`;
    if (item.hasAttribute("hx-get")) item.setAttribute("hx-get", `${path}?${query}`);
  }
}

function place() {
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = at.bottom + GAP + height <= innerHeight;
  menu.style.left = `${Math.max(GAP, Math.min(at.right - width, innerWidth - width - GAP))}px`;
  menu.style.top = `${below ? at.bottom + GAP : Math.max(GAP, at.top - GAP - height)}px`;
}

function open(from, last = false) {
  close();
  button = from;
  fill();
  menu.showPopover();
  place();
  button.setAttribute("aria-expanded", "true");
  items().at(last ? -1 : 0).focus();
}

function close(focus = false) {
  if (!button) return;
  const was = button;
  button = undefined;
  menu.hidePopover();
  was.removeAttribute("aria-expanded");
  if (focus) was.focus();
}

function move(by) {
  const all = items();
  const next = all.indexOf(document.activeElement) + by;
  all.at(next % all.length).focus();
}

function find(letter) {
  const all = items();
  const from = all.indexOf(document.activeElement) + 1;
  const fits = (item) => item.textContent.trim().toLowerCase().startsWith(letter);
  [...all.slice(from), ...all.slice(0, from)].find(fits)?.focus();
}

const KEYS = {
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
  Home: () => items()[0].focus(),
  End: () => items().at(-1).focus(),
  Escape: () => close(true),
  " ": () => document.activeElement.click(),
};

function pressed(event) {
  if (event.key === "Tab") return close(true);
  const act = KEYS[event.key];
  if (act) {
    event.preventDefault();
    event.stopPropagation();
    act();
  } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
    find(event.key.toLowerCase());
  }
}

const asks = (event) => event.target.closest?.("a[aria-haspopup=menu]");

if (menu) {
  document.addEventListener("click", (event) => {
    const from = asks(event);
    // With a modifier the link opens its page in another tab, as links do.
    if (!from || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (from === button) close(true);
    else open(from);
  });

  document.addEventListener("keydown", (event) => {
    const from = asks(event);
    if (!from || ![" ", "ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    open(from, event.key === "ArrowUp");
  });

  menu.addEventListener("keydown", pressed);
  // What was chosen does its own work; where it opens a dialog, that gives the focus back to the
  // button in the end.
  menu.addEventListener("click", (event) => {
    const item = event.target.closest("[role=menuitem]");
    if (item && item.ariaDisabled !== "true") close(true);
  });
  document.addEventListener("pointerdown", (event) => {
    if (button && !menu.contains(event.target) && !button.contains(event.target)) close();
  });
  addEventListener("resize", () => close());
  addEventListener("scroll", () => close(), { passive: true });
  // The rows beneath it may have been drawn anew.
  document.addEventListener("htmx:after:swap", () => {
    if (button?.isConnected) button.setAttribute("aria-expanded", "true");
    else close();
  });
}
