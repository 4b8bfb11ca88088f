// The upload form: a file can be dropped, is measured before it is sent, and shows how far it is.
const form = document.querySelector("form[data-upload]");
const file = form.elements.file;
const drop = form.querySelector("[data-drop]");
const said = form.querySelector("[data-upload-error]");
const line = form.querySelector("progress");
const most = Number(form.dataset.most);

function tell(problem) {
  said.textContent = problem;
  said.hidden = !problem;
}

function tooLarge() {
  const chosen = file.files[0];
  if (!chosen || chosen.size <= most) return "";
  const size = Math.ceil(chosen.size / 2 ** 20);
  return `This file has ${size} MB; a list may be up to ${most / 2 ** 20} MB. Cut it into several files.`;
}

// One of the boxes of a group must be ticked; the browser says so at the first.
function needOne() {
  for (const group of form.querySelectorAll("[data-needs-one]")) {
    const boxes = [...group.querySelectorAll("input[type=checkbox]")];
    const missing = boxes.some((box) => box.checked) ? "" : group.dataset.needsOne;
    boxes[0].setCustomValidity(missing);
  }
}

form.addEventListener("change", () => {
  tell(tooLarge());
  needOne();
});

for (const name of ["dragover", "dragleave", "drop"]) {
  drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.toggle("is-over", name === "dragover");
  });
}
drop.addEventListener("drop", (event) => {
  if (!event.dataTransfer.files.length) return;
  file.files = event.dataTransfer.files;
  file.dispatchEvent(new Event("change", { bubbles: true }));
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  tell(tooLarge());
  if (said.hidden) send();
});

function send() {
  const request = new XMLHttpRequest();
  const button = form.querySelector("[type=submit]");
  const stop = (problem) => {
    button.disabled = false;
    line.hidden = true;
    tell(problem);
  };
  request.upload.addEventListener("progress", (event) => {
    line.value = event.lengthComputable ? (event.loaded / event.total) * 100 : 0;
  });
  request.addEventListener("load", () => {
    if (request.status === 200) location.assign(request.responseURL);
    else stop(problemIn(request));
  });
  request.addEventListener("error", () => stop("The file could not be sent. Check your connection, then try again."));
  request.open("POST", form.action);
  request.send(new FormData(form));
  button.disabled = true;
  line.hidden = false;
}

// The answer is a page; what it says is wrong stands here, beside the file that is still chosen.
function problemIn(request) {
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const places = [".field-error:not([hidden])", ".notice-problem", ".empty-state p"];
  const found = places.map((place) => page.querySelector(place)).find(Boolean);
  return found?.textContent.trim() || "Heed could not take this file. Try again.";
}

needOne();
