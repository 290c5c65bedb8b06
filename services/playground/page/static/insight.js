// The panel beside the chat: what HTML alone cannot do there.
"use strict";

// Asking again is for a panel that somebody sees.
document.addEventListener("htmx:beforeRequest", (event) => {
  const asks = event.target.matches("#happened, #bus");
  if (asks && (document.hidden || event.target.offsetParent === null)) event.preventDefault();
});

// What was unfolded stays so when news comes in.
let unfolded = [];
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!event.detail.target.matches("#happened, #bus")) return;
  unfolded = [...event.detail.target.querySelectorAll("details[open]")].map(({ id }) => id);
});
document.addEventListener("htmx:afterSettle", () => {
  for (const id of unfolded) document.getElementById(id)?.setAttribute("open", "");
  unfolded = [];
});

document.addEventListener("click", (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    navigator.clipboard.writeText(document.getElementById(copy.dataset.copy).textContent);
    copy.classList.add("done");
  }
  const chooses = event.target.closest("[hx-target='#insight']");
  if (chooses) {
    document.querySelector(".message.chosen")?.classList.remove("chosen");
    chooses.closest(".message")?.classList.add("chosen");
  }
});
