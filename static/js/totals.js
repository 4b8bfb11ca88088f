// The line in a dialog that adds up what the chosen channels cancel.
const written = (number) => new Intl.NumberFormat("en").format(number);

function add(form) {
  const line = form.querySelector("[data-total]");
  if (!line) return;
  const ticks = [...form.querySelectorAll("input[data-cancels]:not(:disabled)")];
  const chosen = ticks.filter((tick) => tick.checked);
  // Where a stop on one channel stops all, one that is chosen counts as all.
  const counted = "totalAll" in line.dataset && chosen.length ? ticks : chosen;
  const total = counted.reduce((sum, tick) => sum + Number(tick.dataset.cancels), 0);
  const words = { 0: "No waiting message", 1: "1 waiting message" }[total];
  line.textContent = `${words ?? `${written(total)} waiting messages`} will be cancelled.`;
}

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-choices]");
  if (form) add(form);
});
document.addEventListener("htmx:after:swap", () => {
  document.querySelectorAll("form[data-choices]").forEach(add);
});
