// Dark or light: as the system has it, unless chosen here. Loaded before anything is shown.
"use strict";

const systemTheme = matchMedia("(prefers-color-scheme: dark)");

function currentTheme() {
  return localStorage.getItem("theme") ?? (systemTheme.matches ? "dark" : "light");
}

function showTheme() {
  document.documentElement.dataset.theme = currentTheme();
}

function toggleTheme() {
  const wanted = currentTheme() === "dark" ? "light" : "dark";
  const isSystems = (wanted === "dark") === systemTheme.matches;
  // Who comes back to what the system has follows the system again.
  if (isSystems) localStorage.removeItem("theme");
  else localStorage.setItem("theme", wanted);
  showTheme();
}

showTheme();
systemTheme.addEventListener("change", showTheme);
window.addEventListener("storage", showTheme);
document.addEventListener("click", (event) => {
  if (event.target.closest("#theme")) toggleTheme();
});
