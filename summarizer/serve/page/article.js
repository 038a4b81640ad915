// The text of an article with its evidence marked. Places are in code points, strings of JavaScript in UTF-16.
import { el } from "./dom.js";

export class Article {
  constructor(pane, onPick) {
    this.pane = pane;
    this.onPick = onPick; // called with the places that a marked sentence covers
    this.marks = [];
    this.key = "";
  }

  show(article, places) {
    const merged = merge(places);
    const key = JSON.stringify([article?.id, merged]);
    if (key === this.key && this.article === article) return;
    this.key = key;
    this.article = article;
    const points = Array.from(article?.text ?? "");
    const parts = [];
    this.marks = [];
    let at = 0;
    for (const [start, end] of merged) {
      if (start < at || end > points.length) continue;
      parts.push(points.slice(at, start).join(""));
      const text = points.slice(start, end).join("");
      const mark = el("mark", { tabindex: "0", role: "button", text });
      const pick = () => this.onPick(start, end);
      mark.addEventListener("click", pick);
      mark.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        pick();
      });
      this.marks.push({ start, end, mark });
      parts.push(mark);
      at = end;
    }
    parts.push(points.slice(at).join(""));
    const scroll = this.pane.scrollTop;
    const title = article?.title ?? article?.id ?? "";
    const own = article?.text.trimStart().startsWith(title); // most texts begin with their title
    this.pane.replaceChildren(el("h3", { class: own ? "unseen" : "", text: title }), el("div", { class: "text" }, ...parts));
    this.pane.scrollTop = scroll;
  }

  highlight(places) {
    for (const one of this.marks) {
      one.mark.classList.toggle("on", places.some(([start, end]) => start < one.end && end > one.start));
    }
  }

  // Scrolls within the pane only, so that the facts stay where they are.
  reveal() {
    const mark = this.marks.find((one) => one.mark.classList.contains("on"))?.mark;
    if (!mark) return "";
    const box = mark.getBoundingClientRect();
    const pane = this.pane.getBoundingClientRect();
    if (box.top < pane.top + 8 || box.bottom > pane.bottom - 8) {
      this.pane.scrollTop += box.top - pane.top - Math.max(8, (pane.height - box.height) / 3);
    }
    return mark.textContent;
  }
}

function merge(places) {
  const merged = [];
  for (const [start, end] of [...places].sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    const last = merged.at(-1);
    if (last && start < last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}
