// Shows a template with what has been typed into its variables.
document.addEventListener("input", (event) => {
  const number = event.target.dataset?.fills;
  const slot = number && document.querySelector(`[data-preview] [data-slot="${number}"]`);
  if (slot) slot.textContent = event.target.value || `{{${number}}}`;
});
