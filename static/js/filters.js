// The filter panel: a field that finds among many asks nothing of the list; days are a choice.
const attributes = "[data-attributes]";

function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();
}

// Attributes are all there: those whose name has the text in it stay in sight.
document.addEventListener("input", (event) => {
  const group = event.target.matches("[data-find]") && event.target.closest(attributes);
  if (!group) return;
  const wanted = fold(event.target.value);
  for (const part of group.querySelectorAll("details")) {
    part.hidden = !fold(part.querySelector("summary").textContent).includes(wanted);
  }
});

document.addEventListener(
  "change",
  (event) => {
    if (event.target.matches("[data-find]")) event.stopPropagation();
    const days = event.target.closest("[data-days]");
    if (!days) return;
    const dates = [...days.querySelectorAll("input[type=date]")];
    if (event.target.type === "date") days.querySelector("[value=dates]").checked = true;
    else if (event.target.value !== "dates") for (const date of dates) date.value = "";
    else if (!dates.some((date) => date.value)) {
      // Nothing is asked yet: the list stays until a day is chosen.
      event.stopPropagation();
      dates[0].focus();
    }
  },
  true,
);

// Enter in a field that finds does not send the panel.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("[data-find]")) event.preventDefault();
});
