// The focus in the inbox: what was pressed there is mostly replaced by what it brought, and the
// focus goes on within that instead of to the top of the page.

// Where to begin, the best first.
const WRONG = "[aria-invalid=true]";
const STARTS = {
  composer: [WRONG, "textarea, [data-composer] input:not([type=hidden])", "[data-anyway]", "select, a"],
  // The record of consent stands open only where somebody is about to be opted in.
  subscription: [WRONG, "select", "input[type=radio]:enabled", "#modify"],
};

function begin(id) {
  const box = document.getElementById(id);
  const found = STARTS[id].map((selector) => box?.querySelector(selector));
  return found.find(Boolean);
}

export function answer() {
  const field = begin("composer");
  field?.focus();
  return Boolean(field);
}

// Beside a narrow thread the subscription lies in a panel, which may be closed.
function show(field) {
  const panel = field?.closest("[popover]");
  if (panel && !panel.checkVisibility()) panel.showPopover();
}

// What comes by itself has another target; who has gone on meanwhile is left where they are.
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  const id = ctx.target?.id;
  if (!(id in STARTS)) return;
  const asked = ctx.sourceElement;
  const here = document.activeElement;
  if (here !== document.body && here !== asked) return;
  const field = begin(id);
  if (here === asked) show(field);
  field?.focus();
});
