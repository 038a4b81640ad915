// A record in words: sections of facts, then findings and what they mean. A fact and its sentences highlight each other.
import { el } from "./dom.js";

// Where the mouse was last moved to. A page that scrolls under a mouse at rest is no pointing.
let at = "";
const place = (event) => `${event.screenX},${event.screenY}`;
document.addEventListener("mousemove", (event) => { at = place(event); }, true);

export class Record {
  constructor(root, on) {
    this.root = root;
    this.on = on; // on.point(places, why): hover or focus; on.pick(places, key): click; on.leave()
    this.items = [];
    this.seen = new Set();
  }

  show(views, { done, before = [], after = [] }) {
    const focused = this.root.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
    this.items = [];
    const parts = views.flatMap((view, index) => this.#view(view, index, views.length, done));
    this.root.replaceChildren(...before, ...parts, ...after);
    if (focused) this.items.find((item) => item.key === focused)?.button.focus({ preventScroll: true });
  }

  forget() {
    this.seen.clear();
  }

  get places() {
    return this.items.flatMap((item) => item.places);
  }

  // The facts that a place of the text states.
  stated(start, end) {
    return this.items.filter((item) => item.places.some(([s, e]) => s < end && e > start));
  }

  highlight(keys) {
    for (const item of this.items) item.button.classList.toggle("on", keys.includes(item.key));
  }

  #view(view, index, count, done) {
    const parts = [];
    if (count > 1) parts.push(el("h3", { class: "deal", text: `Deal ${index + 1} of ${count}` }));
    if (view.headline) parts.push(el("h3", { class: "headline", text: view.headline }));
    else if (view.verdict && done) parts.push(el("h3", { class: "headline", text: view.verdict }));
    if (view.narrative) parts.push(el("p", { text: view.narrative }));
    if (view.headline || view.narrative) {
      parts.push(el("p", { class: "faint", text: "Headline and summary are generated; the facts below are quoted." }));
    }
    for (const section of view.sections) {
      parts.push(el("h4", { text: section.title }));
      parts.push(el("ul", { class: "facts" }, ...section.facts.map((fact) => this.#fact(fact, `${index}|${section.title}`))));
    }
    if (!done) return parts;
    if (view.missing.length) parts.push(el("p", { class: "faint", text: `Not found: ${view.missing.join(", ")}.` }));
    parts.push(el("h4", { text: "Findings" }));
    if (!view.checks.length) parts.push(el("p", { class: "faint", text: "None: the checks found nothing to tell." }));
    else parts.push(el("ul", { class: "facts checks" }, ...view.checks.map((check) => this.#check(check, index))));
    parts.push(el("p", { class: "faint", text: view.footer.join(" · ") }));
    return parts;
  }

  #fact(fact, section) {
    const words = el("span", { class: "value", text: fact.value });
    const body = el("span", {}, words,
      fact.note ? el("span", { class: "faint", text: ` (${fact.note})` }) : null,
      fact.doubt ? el("span", { class: "doubt", text: ` ? ${fact.doubt}` }) : null,
      ...fact.details.map((detail) => el("span", { class: "faint detail", text: detail })));
    const label = fact.label ? el("span", { class: "label", text: fact.label }) : null;
    return this.#item(`${section}|${fact.label}|${fact.value}`, fact.places, fact.label || fact.value, label, body);
  }

  #check(check, index) {
    const body = el("span", {}, el("span", { text: check.message }),
      check.meaning ? el("span", { class: "faint detail", text: check.meaning }) : null,
      el("span", { class: "faint detail", text: [check.code, check.field].filter(Boolean).join(": ") }));
    return this.#item(`${index}|${check.code}|${check.message}`, check.places, check.code, null, body);
  }

  #item(key, places, name, ...children) {
    const fresh = !this.seen.has(key);
    this.seen.add(key);
    if (!places.length) return el("li", { class: fresh ? "fresh" : "" }, el("div", { class: "fact" }, ...children));
    const button = el("button", {
      type: "button",
      class: "fact cited",
      data: { key },
      onmouseenter: (event) => { if (place(event) !== at) this.on.point(places, key, false); },
      onfocus: () => this.on.point(places, key, true),
      onmouseleave: () => this.on.leave(),
      onblur: () => this.on.leave(),
      onclick: () => this.on.pick(places, key),
    }, ...children);
    this.items.push({ key, places, name, button });
    return el("li", { class: fresh ? "fresh" : "" }, button);
  }
}
