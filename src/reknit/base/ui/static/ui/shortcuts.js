// A few keys for people who write all day. Single keys can be turned off: <body data-shortcuts="off">.
//
//   [data-search]      / puts the cursor there
//   [data-key="n"]     that key follows the link or presses the button
//   form[data-sign]    Ctrl+Enter (Cmd+Enter) sends it, with its [data-sign-button] or its first submit button
//   [data-keys-here]   in the dialog of keys: filled with the keys of this page when the dialog opens

const WRITES = "input, textarea, select, [contenteditable=''], [contenteditable=true], [role=grid]";

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest("form[data-sign]") ?? onlyOne("form[data-sign]");
    if (!form || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("[data-sign-button]") ?? undefined);
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.body.dataset.shortcuts === "off") return;
  if (event.target.closest(WRITES) || document.querySelector("dialog[open]")) return;
  if (event.key === "/") {
    const search = document.querySelector("[data-search]");
    if (search) { event.preventDefault(); search.focus(); return; }
  }
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (target) { event.preventDefault(); target.click(); }
});

// Screen readers say the key with the link; the dialog lists those of this page, whatever page it is.
const off = document.body.dataset.shortcuts === "off";
for (const target of off ? [] : document.querySelectorAll("[data-key]")) target.setAttribute("aria-keyshortcuts", target.dataset.key);

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-key-help]")) listKeysHere();
}, { capture: true });

function listKeysHere() {
  const place = document.querySelector("[data-keys-here]");
  if (!place) return;
  const seen = [...document.querySelectorAll("[data-key]:not([data-key-help])")].filter((target) => target.checkVisibility?.() ?? true);
  place.querySelector("tbody").replaceChildren(...seen.map(keyRow));
  place.hidden = seen.length === 0;
}

function keyRow(target) {
  const row = document.createElement("tr");
  const key = row.insertCell().appendChild(document.createElement("kbd"));
  key.textContent = target.dataset.key;
  const words = target.cloneNode(true);
  for (const hint of words.querySelectorAll(".kbd")) hint.remove();
  row.insertCell().textContent = words.textContent.trim().replace(/\s+/g, " ");
  return row;
}

function onlyOne(selector) {
  const found = document.querySelectorAll(selector);
  return found.length === 1 ? found[0] : null;
}
