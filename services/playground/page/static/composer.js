// Writing: files to choose and take back, sending with Enter, commands.
"use strict";

const composer = document.querySelector(".composer");
const text = document.getElementById("text");
const chips = document.getElementById("attached");
const chip = document.getElementById("chip");
const menu = document.querySelector(".menu");
const inputs = composer.querySelectorAll("[data-choose]");
const chosen = new Map([...inputs].map((input) => [input, []]));
const TALLEST = 160;

function fitText() {
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight, TALLEST)}px`;
}

function sizeOf(file) {
  if (file.size < 1024) return `${file.size} B`;
  const kilobytes = file.size / 1024;
  return kilobytes < 1024 ? `${kilobytes.toFixed(1)} KB` : `${(kilobytes / 1024).toFixed(1)} MB`;
}

// --- Files to send: an input would forget the earlier choice, and cannot take one back.

function choose(input, files) {
  chosen.get(input).push(...files);
  showChosen();
  text.focus();
}

function takeBack(input, file) {
  const files = chosen.get(input);
  files.splice(files.indexOf(file), 1);
  showChosen();
  (chips.querySelector("button") ?? text).focus();
}

function showChosen() {
  for (const image of chips.querySelectorAll("img")) URL.revokeObjectURL(image.src);
  chips.replaceChildren();
  for (const [input, files] of chosen) {
    const transfer = new DataTransfer();
    for (const file of files) {
      transfer.items.add(file);
      chips.append(chipOf(input, file));
    }
    input.files = transfer.files;
  }
  chips.hidden = !chips.hasChildNodes();
  text.placeholder = chips.hidden ? "Message" : "Caption";
}

function chipOf(input, file) {
  const shown = chip.content.firstElementChild.cloneNode(true);
  shown.querySelector("strong").textContent = file.name;
  shown.querySelector("small").textContent = sizeOf(file);
  if (file.type.startsWith("image/")) {
    const preview = document.createElement("img");
    preview.alt = "";
    preview.src = URL.createObjectURL(file);
    shown.querySelector(".file-icon").replaceWith(preview);
  }
  const remove = shown.querySelector("button");
  remove.setAttribute("aria-label", `Remove ${file.name}`);
  remove.addEventListener("click", () => takeBack(input, file));
  return shown;
}

function chooseDropped(event, files) {
  if (!files.length) return;
  event.preventDefault();
  const pictures = [...files].every((file) => /^image\/(png|jpeg|gif|webp)$/.test(file.type));
  choose(composer.querySelector(pictures ? "[name=photo]" : "[name=document]"), files);
}

for (const input of inputs) input.addEventListener("change", () => choose(input, input.files));
document.addEventListener("paste", (event) => chooseDropped(event, event.clipboardData.files));
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => chooseDropped(event, event.dataTransfer.files));

// --- Sending

let sent = "";

text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    composer.requestSubmit();
  }
});
composer.addEventListener("htmx:beforeRequest", (event) => {
  sent = text.value;
  if (!sent.trim() && chips.hidden) event.preventDefault();
});
document.addEventListener("htmx:afterRequest", (event) => {
  const { elt, successful, xhr, requestConfig } = event.detail;
  if (!successful || requestConfig.verb !== "post") return;
  if (elt === composer && !xhr.getResponseHeader("X-Refused")) {
    for (const files of chosen.values()) files.length = 0;
    showChosen();
    if (text.value === sent) text.value = ""; // else the next one is being written already
    fitText();
    menu.open = false;
  }
  goToNewest();
});

// --- Commands: from the menu, from a message, or by writing a slash

function say(words) {
  htmx.ajax("POST", composer.dataset.say, { values: { text: words }, swap: "none" });
}

function suggestCommands() {
  const writes = /^\/\w*$/.test(text.value);
  let found = false;
  for (const button of menu.querySelectorAll("[data-command]")) {
    const fits = !writes || button.dataset.command.startsWith(text.value);
    button.closest("li").hidden = !fits;
    found ||= fits;
  }
  menu.open = writes && found;
}

text.addEventListener("input", () => {
  fitText();
  suggestCommands();
});
document.addEventListener("click", (event) => {
  const command = event.target.closest("[data-command]");
  if (!command) return;
  if (/^\/\w*$/.test(text.value)) text.value = "";
  say(command.dataset.command || command.textContent);
  text.focus();
});
composer.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!menu.open || !step) return;
  const items = [...menu.querySelectorAll("li:not([hidden]) > button")];
  if (!items.length) return;
  event.preventDefault();
  const at = items.indexOf(document.activeElement);
  items.at(at < 0 && step < 0 ? -1 : (at + step) % items.length).focus();
});
