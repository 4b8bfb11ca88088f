// Words as chips over a textarea that holds one word a line, and is what the form sends.
import { announce } from "./announce.js";

// The server stores the words by the same rule (keywords.folding.normalise_word).
const normalise = (text) => text.normalize("NFKC").toUpperCase().trim().replace(/\s+/g, " ");
const trim = (text) => text.trim().replace(/\s+/g, " ");

function chip(word, remove) {
  const item = document.createElement("li");
  item.className = "chip";
  item.append(word);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "chip-remove";
  button.setAttribute("aria-label", `Remove ${word}`);
  button.addEventListener("click", remove);
  item.append(button);
  return item;
}

function enhance(field) {
  if (field.dataset.ready) return;
  field.dataset.ready = "yes";
  const plain = "plain" in field.dataset;
  const clean = plain ? trim : normalise;
  const same = (one, other) => one.toLowerCase() === other.toLowerCase();
  const area = field.querySelector("textarea");
  const label = field.querySelector("label");
  const box = document.createElement("div");
  const list = document.createElement("ul");
  const input = document.createElement("input");
  box.className = "chips-box";
  list.className = "chips";
  Object.assign(input, { type: "text", id: `${area.id}-new`, className: "chips-new" });
  Object.assign(input, { autocomplete: "off", spellcheck: false, enterKeyHint: "done" });
  input.setAttribute("aria-describedby", area.getAttribute("aria-describedby"));
  input.classList.toggle("is-plain", plain);
  const suggestions = document.getElementById(`${area.id}-list`);
  if (suggestions) input.setAttribute("list", suggestions.id);
  label.htmlFor = input.id;
  area.hidden = true;
  area.before(box);
  box.append(list, input);

  let words = area.value.split("\n").map(clean).filter(Boolean);

  function draw() {
    area.value = words.join("\n");
    input.placeholder = words.length ? "Add" : "Type a word and press Enter";
    list.replaceChildren(
      ...words.map((word) =>
        chip(word, () => {
          words = words.filter((other) => other !== word);
          draw();
          announce(`${word} removed`);
          input.focus();
        }),
      ),
    );
  }

  function add(text) {
    const known = (word) => words.some((other) => same(word, other));
    const fresh = text.split(/[\n,;]/).map(clean).filter((word) => word && !known(word));
    words = [...words, ...new Set(fresh)];
    input.value = "";
    draw();
    if (fresh.length) announce(`${fresh.join(", ")} added`);
  }

  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" || event.key === ",") {
      event.preventDefault();
      add(input.value);
    } else if (event.key === "Backspace" && !input.value && words.length) {
      announce(`${words.at(-1)} removed`);
      words = words.slice(0, -1);
      draw();
    }
  });
  // A word typed and not entered counts when the reader moves on or saves.
  input.addEventListener("blur", () => input.value.trim() && add(input.value));
  input.addEventListener("paste", () => setTimeout(() => /[\n,;]/.test(input.value) && add(input.value)));
  box.addEventListener("click", (event) => event.target === box && input.focus());
  draw();

  // The button that adds a ready set: data-add-words="STOP,END" data-to="opt_out".
  field.addEventListener("heed:words", (event) => add(event.detail.join("\n")));
}

const enhanceAll = () => document.querySelectorAll("[data-chips]").forEach(enhance);
enhanceAll();
document.addEventListener("htmx:after:swap", enhanceAll);
