// A button with data-copy puts that text on the clipboard, and says so.
import { announce } from "./announce.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    announce("Copied.");
    button.textContent = "Copied";
  } catch {
    // Without https a browser gives no clipboard; the link beside the button is there to copy.
    announce("This browser does not let a page copy. Copy the link beside the button.");
  }
});
