// The API of this server: JSON, files, and server-sent events over POST.

const KEY = "summarizer-token";

export function takeToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given) {
    keepToken(given);
    history.replaceState(null, "", location.pathname);
  }
}

export function keepToken(token) {
  sessionStorage.setItem(KEY, token);
}

export class ApiError extends Error {
  constructor(status, detail) {
    super(detail.message);
    this.status = status;
    this.type = detail.type;
  }
}

async function call(path, options = {}) {
  const token = sessionStorage.getItem(KEY);
  const headers = { "X-Summarizer": "1", ...options.headers };
  if (token) headers.Authorization = `Bearer ${token}`;
  let response;
  try {
    response = await fetch(path, { ...options, headers, cache: "no-store", credentials: "omit" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(0, { type: "Unreachable", message: "The server cannot be reached. Is it still running?" });
  }
  if (response.ok) return response;
  let detail = { type: "HttpError", message: `The server answered ${response.status}.` };
  try {
    detail = (await response.json()).error;
  } catch { /* a proxy's page */ }
  throw new ApiError(response.status, detail);
}

function json(value) {
  return { method: "POST", body: JSON.stringify(value), headers: { "Content-Type": "application/json" } };
}

export async function models() {
  return (await call("v1/models")).json();
}

export async function example() {
  return (await call("page/example.txt")).text();
}

export async function dossiers(request) {
  return (await call("v1/dossiers", json({ ...request, view: true }))).json();
}

export async function file(path, request, format) {
  const response = await call(`${path}?format=${format}`, json(request));
  const name = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1];
  return { blob: await response.blob(), name: name ?? `dossier.${format}` };
}

// Calls on[event](data) for each event; rejects with what went wrong, also with an `error` event.
export async function summarise(article, options, on, signal) {
  const request = requestOf(article, { ...options, view: true });
  const headers = { ...request.headers, Accept: "text/event-stream" };
  const response = await call("v1/summaries", { ...request, headers, signal });
  let ended = false;
  for await (const { event, data } of events(response.body)) {
    if (event === "error") throw new ApiError(data.status, data);
    ended ||= event === "record";
    on[event]?.(data);
  }
  if (!ended) throw new ApiError(0, { type: "Broken", message: "The connection broke off. Try again." });
}

function requestOf({ file: given, ...article }, options) {
  if (!given) return json({ ...article, ...options });
  const form = new FormData();
  form.set("file", given, given.name);
  for (const [name, value] of Object.entries(options)) if (value !== undefined) form.set(name, value);
  return { method: "POST", body: form };
}

async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    buffer += value;
    const blocks = buffer.split("\n\n");
    buffer = blocks.pop();
    for (const block of blocks) {
      const fields = Object.fromEntries(block.split("\n").map((line) => {
        const at = line.indexOf(": ");
        return [line.slice(0, at), line.slice(at + 2)];
      }));
      if (fields.event) yield { event: fields.event, data: JSON.parse(fields.data) };
    }
  }
}
