// The page of all messages: shows those that are looked for; what it opens with is all of them.
"use strict";

const find = document.getElementById("find");
const articles = [...document.querySelectorAll("article[data-kind]")];
const words = new Map(articles.map((article) => [article, article.textContent.toLowerCase()]));

function chosen(name) {
  return [...document.querySelectorAll(`input[name=${name}]:checked`)].map(({ value }) => value);
}

function show() {
  const [apps, kinds] = [chosen("app"), chosen("kind")];
  const wanted = find.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const article of articles) {
    const { app, kind } = article.dataset;
    article.hidden = !(
      (!apps.length || apps.includes(app)) &&
      (!kinds.length || kinds.includes(kind)) &&
      wanted.every((word) => words.get(article).includes(word))
    );
    shown += article.hidden ? 0 : 1;
  }
  document.getElementById("found").textContent = `${shown} of ${articles.length} messages`;
}

// Whoever follows a link to a message wants to see it, and its example.
function unfold() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  target.hidden = false;
  target.querySelector("details")?.setAttribute("open", "");
  target.scrollIntoView();
}

if (find) {
  document.querySelector("nav").addEventListener("input", show);
  window.addEventListener("hashchange", unfold);
  unfold();
}
