// A dossier: what the sources agree on, what conflicts, and each source's claim with its sentence.
import { downloads, el } from "./dom.js";
import { file } from "./client.js";

// goTo(sha256, start) shows a place in the article of a source, where that is on the page.
export function showDossiers(root, made, request, goTo) {
  const parts = made.views.flatMap((view) => dossier(view, goTo));
  const failed = made.failed.map((one) => el("p", { class: "error", text: `${one.id}: ${one.message}` }));
  const bar = downloads(["json", "markdown", "html"], (format) => file("v1/dossiers", request, format));
  root.replaceChildren(el("h2", { text: made.views.length === 1 ? "Dossier" : `${made.views.length} dossiers` }), bar, ...failed, ...parts);
}

function dossier(view, goTo) {
  const source = (number) => view.sources[number - 1];
  const quote = (shown) => el("button", {
    type: "button",
    class: "quote",
    text: `“${shown.quote.text}”`,
    onclick: () => goTo(source(shown.quote.number).sha256, shown.start),
  });
  const named = (numbers) => numbers.map((number) => `[${number}] ${source(number).name}`).join(", ");
  const finding = (one) => el("li", { class: one.code === "conflict" ? "conflict" : "" },
    el("strong", { text: one.field ? one.field.replaceAll("_", " ") : one.code.replaceAll("_", " ") }),
    el("span", { class: "detail", text: one.message }),
    one.meaning ? el("span", { class: "faint detail", text: one.meaning }) : null,
    one.sides.length
      ? el("div", { class: "sides" }, ...one.sides.map((side) => el("div", { class: "side" },
          el("span", { class: "value", text: side.value }),
          el("span", { class: "faint detail", text: named(side.sources) }),
          ...side.quotes.map(quote))))
      : null);
  const claim = (one) => el("li", { class: one.relation === "conflict" ? "conflict" : "" },
    el("span", { class: "number", text: `[${one.source}]` }),
    el("div", {}, el("span", { text: one.words }),
      one.relation_words ? el("span", { class: "tag", text: one.relation_words }) : null,
      ...one.quotes.map(quote)));
  const fact = (one) => el("li", { class: "entry" },
    one.label ? el("span", { class: "label", text: one.label }) : null,
    el("div", {},
      el("span", { class: "value", text: one.value }),
      one.note ? el("span", { class: "faint", text: ` (${one.note})` }) : null,
      el("span", { class: "faint", text: ` ${one.sources.length} of ${view.sources.length} sources` }),
      ...one.credits.map((credit) => el("span", { class: "faint detail", text: credit })),
      el("details", { open: one.claims.some((each) => each.relation === "conflict") },
        el("summary", { text: "Who says what" }),
        el("ul", { class: "claims" }, ...one.claims.map(claim)))));
  return [
    el("h3", { class: "headline", text: view.title }),
    el("p", { class: "faint", text: view.verdict || view.summary }),
    el("ol", { class: "dossier-sources" }, ...view.sources.map((one) => el("li", {},
      el("span", { text: one.name }), one.title && one.title !== one.name ? el("span", { class: "faint", text: ` ${one.title}` }) : null))),
    ...(view.conflicts.length ? [el("h4", { text: "Conflicts" }), el("ul", { class: "findings" }, ...view.conflicts.map(finding))] : []),
    ...view.sections.flatMap((section) => [el("h4", { text: section.title }), el("ul", { class: "entries" }, ...section.facts.map(fact))]),
    ...(view.findings.length ? [el("h4", { text: "Findings" }), el("ul", { class: "findings" }, ...view.findings.map(finding))] : []),
  ];
}
