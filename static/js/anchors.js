// An address that names a line in a folded history unfolds it.
function unfold() {
  const line = document.getElementById(location.hash.slice(1));
  const folded = line?.closest("details");
  if (!folded) return;
  folded.open = true;
  line.scrollIntoView({ block: "center" });
  line.classList.add("is-found");
}

addEventListener("hashchange", unfold);
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#event-"]');
  // The same address again changes nothing, and must still lead there.
  if (link && link.hash === location.hash) unfold();
});
unfold();
