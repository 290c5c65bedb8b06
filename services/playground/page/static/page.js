// What HTML alone cannot do: sending with Enter, clicking commands, closing toasts.
"use strict";

const text = document.getElementById("text");
const composer = document.querySelector(".composer");

function fitText() {
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight, 160)}px`;
}

function say(words) {
  htmx.ajax("POST", composer.getAttribute("hx-post"), { values: { text: words }, swap: "none" });
}

if (composer) {
  text.addEventListener("input", fitText);
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      if (text.value.trim()) composer.requestSubmit();
    }
  });
}

document.addEventListener("click", (event) => {
  const command = event.target.closest("[data-command]");
  if (command) say(command.dataset.command || command.textContent);
  const menu = document.querySelector(".menu[open]");
  if (menu && !event.target.closest(".menu > summary")) menu.open = false;
  const dismissed = event.target.closest("[data-dismiss]");
  if (dismissed) dismissed.closest(".toast").remove();
});

// The panel beside the chat, filled by whatever asks for it with hx-target="#insight".
function showInsight(shown) {
  document.body.classList.toggle("insight-open", shown);
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-close-insight]")) showInsight(false);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") showInsight(false);
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id === "insight") showInsight(true);
});

document.addEventListener("animationend", (event) => {
  if (event.target.matches(".toast")) event.target.remove();
});

document.addEventListener("htmx:afterRequest", (event) => {
  const { elt, successful, xhr, requestConfig } = event.detail;
  const sent = elt === composer || elt.matches("[data-upload]");
  if (elt.matches("[data-upload]")) elt.value = ""; // the same file may be sent again
  if (sent && successful && !xhr.getResponseHeader("X-Refused")) {
    text.value = "";
    fitText();
  }
  // The scroller is laid out from the bottom: 0 is the newest message.
  if (successful && composer && requestConfig.verb === "post") document.querySelector(".scroller").scrollTop = 0;
});
