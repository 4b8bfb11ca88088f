// The one dialog of a page: a fragment that htmx put into it opens it.
const dialog = document.getElementById("dialog");

let shown;

// Other parts of the page change beneath an open dialog: only what is new in it takes the focus.
function show() {
  const frame = dialog.firstElementChild;
  if (!frame || frame === shown) return;
  shown = frame;
  if (!dialog.open) dialog.showModal();
  const first = dialog.querySelector("[autofocus], [aria-invalid=true]");
  first?.focus();
}

document.addEventListener("htmx:after:swap", show);

// The server closes it with the header HX-Trigger: dialog:close.
document.addEventListener("dialog:close", () => dialog.close());

dialog.addEventListener("close", () => dialog.replaceChildren());

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
