// The one dialog of a page: a fragment that htmx put into it opens it.
const dialog = document.getElementById("dialog");
const FIELDS = "input:not([type=hidden]):enabled, select:enabled, textarea:enabled";

let shown;
let pressed; // what was pressed last outside it; in a menu that closes it loses the focus
let asked; // what gets the focus back

const first = (selector) => [...dialog.querySelectorAll(selector)].find((one) => one.checkVisibility());

// Where the focus goes (dialog pattern, ARIA Authoring Practices Guide): to what is wrong, to the
// first field, or, where there is only something to confirm, to the way out. What is longer than
// the dialog is read from its title on.
function start() {
  const field = first("[aria-invalid=true]") ?? first("[autofocus]") ?? first(FIELDS);
  if (field) return field;
  const fits = dialog.scrollHeight <= dialog.clientHeight;
  const title = dialog.querySelector("#dialog-title");
  if (title) title.tabIndex = -1;
  return (fits && first(".dialog-foot [data-close]")) || title;
}

// Other parts of the page change beneath an open dialog: only what is new in it takes the focus.
function show() {
  const frame = dialog.firstElementChild;
  if (!frame || frame === shown) return;
  shown = frame;
  if (!dialog.open) {
    asked = document.activeElement === document.body ? pressed : document.activeElement;
    dialog.showModal();
  }
  start()?.focus();
}

// The browser gives the focus back, but not to what was drawn anew meanwhile, nor to what stands in
// a menu that has closed: then to its like, or to the menu's button.
function giveBack() {
  if (document.activeElement !== document.body || !asked) return;
  const menu = asked.closest("details:not([open])");
  const within = asked.closest("[popover]:not(:popover-open)");
  const like = asked.isConnected ? asked : document.getElementById(asked.id || " ") ?? sameLink();
  const opens = within && document.querySelector(`[popovertarget="${within.id}"]`);
  (menu?.querySelector("summary") ?? opens ?? like)?.focus();
}

function sameLink() {
  const href = asked.getAttribute("href");
  return href && document.querySelector(`a[href="${CSS.escape(href)}"]`);
}

const press = (event) => {
  if (!dialog.contains(event.target)) pressed = event.target.closest("a, button");
};

document.addEventListener("click", press, true);

document.addEventListener("htmx:after:swap", show);

// The server closes it with the header HX-Trigger: dialog:close.
document.addEventListener("dialog:close", () => dialog.close());

dialog.addEventListener("close", () => {
  dialog.replaceChildren();
  giveBack();
});

dialog.addEventListener("click", (event) => {
  if (event.target.closest("[data-close]")) {
    event.preventDefault();
    dialog.close();
  }
});

// A press on the backdrop closes it too, unless something was typed.
let typed = false;
dialog.addEventListener("input", () => (typed = true));
dialog.addEventListener("close", () => (typed = false));
dialog.addEventListener("mousedown", (event) => {
  if (event.target === dialog && !typed) dialog.close();
});
