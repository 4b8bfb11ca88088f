// Keeps an open page true: asks for one number, and tells the page when it has moved.
// Elements listen with hx-trigger="heed:live from:body"; after one's own act with "heed:change".
const meta = document.querySelector("meta[name=heed-change]");
const EVERY = 1000;
// After a change: where something changes all the time, the page fetches itself every two seconds.
const AFTER_CHANGE = 1800;
const AT_MOST = 15000;
let pause = EVERY;
let timer;

async function ask() {
  if (document.hidden) return;
  try {
    const address = `${meta.dataset.url}?known=${encodeURIComponent(meta.content)}`;
    const answer = await fetch(address, { credentials: "same-origin", redirect: "manual" });
    const moved = answer.status === 200;
    if (moved) {
      meta.content = await answer.text();
      document.body.dispatchEvent(new CustomEvent("heed:live"));
    }
    // Signed out: the next click says so.
    pause = moved ? AFTER_CHANGE : answer.ok ? EVERY : AT_MOST;
  } catch {
    pause = Math.min(pause * 2, AT_MOST);
  }
}

async function again() {
  clearTimeout(timer);
  await ask();
  timer = setTimeout(again, pause);
}

if (meta) {
  timer = setTimeout(again, EVERY);
  document.addEventListener("visibilitychange", () => document.hidden || again());
}
