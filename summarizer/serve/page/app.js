// The page: articles go to the server, facts come back as they are grounded.
import { Article } from "./article.js";
import { dossiers, example, file, keepToken, models, summarise, takeToken } from "./client.js";
import { $, downloads, el, say, whisper } from "./dom.js";
import { showDossiers } from "./dossier.js";
import { Record } from "./record.js";

const LARGEST = 20_000_000; // bytes of a file
const AT_ONCE = 2; // articles that this page has at the server; the rest wait here

const jobs = [];
let shown = null; // the job whose article and record are on the page
let pinned = null; // places and keys that stay highlighted

const article = new Article($("article"), pickPlace);
const record = new Record($("record"), {
  point: (places, key, reveal) => highlight(places, [key], reveal),
  leave: () => restore(),
  pick: (places, key) => {
    pinned = { places, keys: [key] };
    restore();
    const words = article.reveal();
    if (words) whisper(`Evidence: “${words}”`);
  },
});

function highlight(places, keys, reveal = true) {
  article.highlight(places);
  record.highlight(keys);
  if (reveal) article.reveal();
}

function restore() {
  highlight(pinned?.places ?? [], pinned?.keys ?? [], false);
}

function pickPlace(start, end) {
  const stated = record.stated(start, end);
  pinned = { places: [[start, end]], keys: stated.map((item) => item.key) };
  restore();
  stated[0]?.button.scrollIntoView({ block: "nearest" });
  whisper(stated.length ? `States: ${stated.map((item) => item.name).join(", ")}` : "No fact is taken from this sentence.");
}

// ---- jobs

class Job {
  constructor(given, name) {
    this.given = given;
    this.name = name;
    this.state = "waiting";
    this.note = "waiting for the articles before it";
    this.views = [];
    this.open = el("button", { type: "button", class: "name", text: name, onclick: () => show(this) });
    this.told = el("span", { class: "told" });
    this.stop = el("button", { type: "button", text: "Cancel", onclick: () => this.cancel() });
    this.again = el("button", { type: "button", text: "Try again", hidden: true, onclick: () => this.wait() });
    this.node = el("li", {}, this.open, this.told, el("span", { class: "row" }, this.again, this.stop));
  }

  tell(note, aloud = false) {
    this.note = note;
    this.told.textContent = note;
    this.node.dataset.state = this.state;
    this.stop.textContent = this.running ? "Cancel" : "Remove";
    this.again.hidden = this.running || this.state === "done";
    this.stop.setAttribute("aria-label", `${this.stop.textContent} ${this.name}`);
    this.open.setAttribute("aria-current", this === shown ? "true" : "false");
    if (aloud) say(`${this.name}: ${note}`);
  }

  wait() {
    this.state = "waiting";
    this.tell("waiting for the articles before it");
    refresh();
  }

  get running() {
    return this.state === "waiting" || this.state === "reading";
  }

  cancel() {
    if (this.state === "reading") return this.abort.abort();
    if (this.state === "waiting") return this.end("cancelled", "cancelled");
    return remove(this);
  }

  end(state, note) {
    this.state = state;
    this.tell(note, true);
    refresh();
  }

  async read(options) {
    this.state = "reading";
    this.abort = new AbortController();
    this.views = [];
    let facts = 0;
    this.tell("sent", true);
    try {
      await summarise(this.given, options, {
        article: (read) => { this.article = read; this.draw(); },
        queued: ({ position }) => this.tell(position ? `in the queue, position ${position}` : "its turn has come", true),
        progress: ({ stage, done, total }) => this.tell(stage + (total ? ` (${done} of ${total})` : "")),
        fact: ({ view }) => { this.views = [view]; facts += 1; this.draw(); if (facts === 1) say(`${this.name}: first fact`); },
        record: ({ records, views }) => { this.records = records; this.views = views; },
      }, this.abort.signal);
      const count = this.views.reduce((sum, view) => sum + view.sections.reduce((n, one) => n + one.facts.length, 0), 0);
      this.end("done", this.records.length ? `${count} facts` : "the text reports no deal");
    } catch (error) {
      if (error.name === "AbortError") this.end("cancelled", "cancelled");
      else {
        if (error.status === 401) askForToken();
        this.end("failed", error.message);
      }
    }
    this.draw();
  }

  draw() {
    if (this === shown) draw();
  }
}

function add(given, name) {
  const job = new Job(given, name);
  jobs.push(job);
  $("jobs").append(job.node);
  job.tell(job.note);
  return job;
}

function remove(job) {
  jobs.splice(jobs.indexOf(job), 1);
  job.node.remove();
  if (shown === job) show(jobs.at(-1) ?? null);
  refresh();
}

function refresh() {
  const reading = jobs.filter((job) => job.state === "reading").length;
  for (const job of jobs.filter((one) => one.state === "waiting").slice(0, AT_ONCE - reading)) job.read(job.options);
  $("articles").hidden = !jobs.length;
  $("combine").disabled = jobs.filter((job) => job.records?.length).length < 2;
}

function show(job) {
  shown = job;
  pinned = null;
  record.forget();
  for (const one of jobs) one.open.setAttribute("aria-current", one === job ? "true" : "false");
  draw();
}

function draw() {
  $("results").hidden = !shown;
  if (!shown) return;
  const done = Boolean(shown.records);
  const failed = shown.state === "failed" ? el("p", { class: "error", text: shown.note }) : null;
  const before = [failed, done && shown.records.length
    ? downloads(["json", "csv", "markdown", "html"], (format) => file("v1/exports", { records: shown.records }, format)) : null];
  const idle = !shown.views.length && shown.running ? [el("p", { class: "faint", text: "Facts appear here as they are found." })] : [];
  record.show(shown.views, { done, before: before.filter(Boolean), after: idle });
  article.show(shown.article, record.places);
  $("article").hidden = !shown.article;
  restore();
}

// ---- what the visitor does

$("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("text").value.trim();
  const url = $("url").value.trim();
  const files = [...$("files").files];
  const large = files.find((one) => one.size > LARGEST);
  const wrong = large ? `${large.name} is larger than 20 MB.` : text || url || files.length ? "" : "Paste a text, choose a file or give an address first.";
  $("ask-error").textContent = wrong;
  if (wrong) return;
  if (text) start(/^https?:\/\/\S+$/i.test(text) ? { url: text } : { text }, nameOf(text));
  if (url) start({ url }, url);
  for (const one of files) start({ file: one }, one.name);
  $("text").value = $("url").value = $("files").value = "";
});

function start(given, name) {
  const taken = jobs.filter((job) => job.name === name || job.name.startsWith(`${name} (`)).length;
  const unique = taken ? `${name} (${taken + 1})` : name;
  const job = add(given.file ? given : { ...given, id: unique }, unique);
  job.options = { model: $("model").value || undefined, all_deals: $("all-deals").checked };
  show(job);
  refresh();
  $("articles").scrollIntoView({ block: "start" });
}

function nameOf(text) {
  const line = text.split("\n", 1)[0].trim();
  return line.length > 70 ? `${line.slice(0, 69)}…` : line;
}

$("example").addEventListener("click", async () => {
  const text = await example();
  start({ text }, nameOf(text));
});

$("combine").addEventListener("click", async () => {
  const done = jobs.filter((job) => job.records?.length);
  const request = {
    records: done.flatMap((job) => job.records),
    articles: done.map((job) => ({ text: job.article.text, id: job.name })),
  };
  $("combine").disabled = true;
  say("Combining the articles…");
  try {
    const made = await dossiers(request);
    $("dossier").hidden = false;
    showDossiers($("dossier"), made, request, goTo);
    $("dossier").focus();
    say("The dossier is ready.");
  } catch (error) {
    say(error.message);
  }
  refresh();
});

function goTo(sha256, start) {
  const job = jobs.find((one) => one.records?.some((each) => each.source?.sha256 === sha256));
  if (!job) return;
  show(job);
  $("results").scrollIntoView({ block: "start" });
  pickPlace(start, start + 1);
  article.reveal();
}

for (const type of ["dragenter", "dragover", "dragleave", "drop"]) {
  document.addEventListener(type, (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    document.body.classList.toggle("dropping", type === "dragenter" || type === "dragover");
    if (type !== "drop") return;
    $("files").files = event.dataTransfer.files;
    say(`${event.dataTransfer.files.length} files chosen. Press Summarise.`);
  });
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !pinned) return;
  pinned = null;
  restore();
  whisper("Highlight removed.");
});

// A page that the browser keeps for the back button would keep its requests too.
window.addEventListener("pagehide", () => jobs.forEach((job) => job.abort?.abort()));

// ---- start

function askForToken() {
  $("access").hidden = false;
  $("token").focus();
}

$("token-form").addEventListener("submit", (event) => {
  event.preventDefault();
  keepToken($("token").value.trim());
  $("access").hidden = true;
  loadModels();
});

async function loadModels() {
  try {
    const list = await models();
    $("model").replaceChildren(...list.models.map((one) =>
      el("option", { value: one.name, text: one.embedded ? `${one.name} (on this server)` : one.name })));
  } catch (error) {
    if (error.status === 401) askForToken();
    else say(error.message);
  }
}

takeToken();
loadModels();
