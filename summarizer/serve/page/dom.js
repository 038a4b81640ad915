// Elements are made here, and text goes in as text: nothing on this page is ever parsed as HTML.

export function el(tag, props = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") made.className = value;
    else if (name === "text") made.textContent = value;
    else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "data") Object.assign(made.dataset, value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

export const $ = (id) => document.getElementById(id);

export function say(message) {
  $("status").textContent = message;
}

// For screen readers, where the page itself shows it.
export function whisper(message) {
  $("whisper").textContent = message;
}

export function save(blob, name) {
  const link = el("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export function downloads(formats, fetchFile) {
  const failed = el("span", { class: "error", role: "alert" });
  const buttons = formats.map((format) =>
    el("button", {
      type: "button",
      text: { json: "JSON", csv: "CSV", markdown: "Markdown", html: "HTML" }[format],
      data: { format },
      onclick: async () => {
        failed.textContent = "";
        try {
          const { blob, name } = await fetchFile(format);
          save(blob, name);
          say(`${name} is saved.`);
        } catch (error) {
          failed.textContent = error.message;
        }
      },
    }),
  );
  return el("div", { class: "row downloads", role: "group", "aria-label": "Download" },
    el("span", { class: "faint", text: "Download" }), ...buttons, failed);
}
