// Toasts: what happened, for a while; and what to do when a request did not come through.
import { announce } from "./announce.js";
import { asker, giveBack } from "./focus.js";

const area = document.getElementById("toasts");
const MOST = 3;
const LASTS = { short: 6000, long: 12000 };
const askers = new WeakMap(); // of a toast, what was pressed for it

// Whoever pressed something in it goes on where they were before.
function leave(card) {
  const held = card.contains(document.activeElement);
  card.remove();
  if (held) giveBack(askers.get(card));
}

function arm(card) {
  const lasts = LASTS[card.dataset.toast];
  if (!lasts || card.dataset.armed) return;
  card.dataset.armed = "yes";
  askers.set(card, asker());
  // Only the newest change can be undone.
  if (card.querySelector("form")) {
    for (const older of area.querySelectorAll("form")) {
      if (!card.contains(older)) leave(older.closest("[data-toast]"));
    }
  }
  while (area.childElementCount > MOST) leave(area.firstElementChild);
  // It stays while somebody reads it or has it in focus.
  const end = () => (card.matches(":hover, :focus-within") ? setTimeout(end, 2000) : card.remove());
  setTimeout(end, lasts);
}

function problem(text) {
  for (const card of area.querySelectorAll("[data-local]")) card.remove();
  const card = document.createElement("div");
  card.className = "toast-card is-problem";
  card.dataset.toast = "keep";
  card.dataset.local = "yes";
  const said = document.createElement("p");
  said.textContent = text;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link-button";
  button.dataset.dismiss = "";
  button.textContent = "Dismiss";
  card.append(said, button);
  area.append(card);
}

for (const card of area.children) arm(card);
new MutationObserver(() => [...area.children].forEach(arm)).observe(area, { childList: true });

document.addEventListener("click", (event) => {
  const card = event.target.closest("button[data-dismiss]")?.closest("[data-toast]");
  if (card) leave(card);
});

// An Undo has been answered: its toast has said what it had to say.
document.addEventListener("htmx:finally:request", (event) => {
  const card = event.target.matches?.("form[data-dismiss]") && event.target.closest("[data-toast]");
  if (card) leave(card);
});

document.addEventListener("htmx:response:error", (event) => {
  const status = event.detail.ctx.response.status;
  if (status >= 500) {
    problem("Heed could not do that just now. Reload the page to see what stands, then try again.");
  } else if (status === 401) {
    problem("You have been signed out. Sign in again to go on.");
  }
});

document.addEventListener("htmx:error", (event) => {
  const { ctx, error } = event.detail;
  if (!ctx || error?.name === "SyntaxError") return;
  const late = ctx.request?.signal?.reason === "timeout";
  problem(
    late
      ? "Heed did not answer in time. Reload the page to see what stands."
      : "Heed cannot be reached. Check your connection, then try again.",
  );
});

document.addEventListener("heed:announce", (event) => announce(event.detail.text ?? event.detail));
