// The list of messages: what has been read, and the way back to the newest one.
"use strict";

const scroller = document.querySelector(".scroller");
const toNewest = document.getElementById("to-newest");
const NEAR = 80; // pixels from the newest message that still count as being there
let readUpTo = 0;

// The scroller is laid out from the bottom: 0 is the newest message, above it is negative.
function isAtNewest() {
  return scroller.scrollTop > -NEAR;
}

function markRead() {
  if (document.visibilityState !== "visible" || !isAtNewest()) return;
  const newest = document.querySelector("#log > .message:last-of-type");
  const id = Number(newest?.dataset.newest ?? 0);
  if (id <= readUpTo) return;
  readUpTo = id;
  fetch(scroller.dataset.read, { method: "POST", body: new URLSearchParams({ up_to: id }) });
}

function goToNewest() {
  scroller.scrollTop = 0;
}

function look() {
  toNewest.hidden = isAtNewest();
  markRead();
}

scroller.addEventListener("scroll", look);
toNewest.addEventListener("click", goToNewest);
document.addEventListener("visibilitychange", markRead);
document.addEventListener("htmx:sseMessage", markRead);
markRead();
