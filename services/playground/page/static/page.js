// What every window does besides HTML: menus, dialogs, toasts, and the panel beside the chat.
"use strict";

function showInsight(shown) {
  document.body.classList.toggle("insight-open", shown);
}

function closeMenu(menu) {
  const isWithin = menu.contains(document.activeElement);
  menu.open = false;
  if (isWithin) menu.querySelector("summary").focus();
}

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".menu[open]")) {
    if (!menu.querySelector("summary").contains(event.target)) menu.open = false;
  }
  if (event.target.closest("[data-close-insight]")) showInsight(false);
  const spoiler = event.target.closest(".spoiler:not(.shown)");
  if (spoiler) reveal(spoiler);
  const picture = event.target.closest("[data-view]");
  if (picture && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    view(picture);
  }
  if (event.target.closest(".viewer")) document.getElementById("viewer").close();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const menu = document.querySelector("details[open]");
    if (menu) closeMenu(menu);
    else showInsight(false);
  }
  if ((event.key === "Enter" || event.key === " ") && event.target.matches(".spoiler:not(.shown)")) {
    event.preventDefault();
    reveal(event.target);
  }
});

function reveal(spoiler) {
  spoiler.classList.add("shown");
  for (const name of ["role", "tabindex", "aria-label"]) spoiler.removeAttribute(name);
}

function view(picture) {
  const viewer = document.getElementById("viewer");
  viewer.querySelector("img").src = picture.href;
  viewer.showModal();
}

// The panel is filled by whatever asks for it with hx-target="#insight".
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id === "insight") showInsight(true);
});

// Toasts go by themselves, alerts are closed by the person.
document.addEventListener("animationend", (event) => {
  if (event.target.matches(".toast")) event.target.remove();
});
document.addEventListener("htmx:sseMessage", () => {
  for (const alert of document.querySelectorAll("dialog.alert:not([open])")) {
    alert.addEventListener("close", () => alert.remove());
    alert.showModal();
  }
});
