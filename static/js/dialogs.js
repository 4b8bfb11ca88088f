// The one dialog of a page: a fragment that htmx put into it opens it.
import { asker, giveBack } from "./focus.js";

const dialog = document.getElementById("dialog");
const FIELDS = "input:not([type=hidden]):enabled, select:enabled, textarea:enabled";

let shown;
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
    asked = asker();
    dialog.showModal();
  }
  start()?.focus();
}

document.addEventListener("htmx:after:swap", show);

// The server closes it with the header HX-Trigger: dialog:close.
document.addEventListener("dialog:close", () => dialog.close());

dialog.addEventListener("close", () => {
  dialog.replaceChildren();
  giveBack(asked);
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
