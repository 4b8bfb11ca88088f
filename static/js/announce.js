// Says something to a screen reader without showing it.
const region = document.getElementById("announcer");

export function announce(text) {
  region.textContent = "";
  // An empty moment between makes the same sentence be read again.
  setTimeout(() => (region.textContent = text), 50);
}
