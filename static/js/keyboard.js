// `/` goes to the search field; Esc and a click elsewhere close menus.
function typing(target) {
  return target.closest?.("input, textarea, select, [contenteditable]");
}

function closeMenus(but) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== but) menu.open = false;
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const open = document.querySelector("details.menu[open]");
    open?.querySelector("summary").focus();
    closeMenus();
  }
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  const search = document.querySelector("input[type=search]");
  if (search) {
    event.preventDefault();
    search.focus();
    search.select();
  }
});

document.addEventListener("click", (event) => {
  const inside = event.target.closest("details.menu");
  const chosen = event.target.closest(".pop-item");
  closeMenus(chosen ? null : inside);
});

// A form that filters answers at once to a choice; its button serves those without JavaScript.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-submit-on-change]");
  if (form && event.target.matches("select, input[type=checkbox], input[type=radio], input[type=date]")) {
    form.requestSubmit();
  }
});
