// A few keys for people who write all day. Single keys can be turned off: <body data-shortcuts="off">.
//
//   [data-search]      / puts the cursor there
//   [data-key="n"]     that key follows the link or presses the button
//   form[data-sign]    Ctrl+Enter (Cmd+Enter) sends it, with its [data-sign-button] or its first submit button

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

function onlyOne(selector) {
  const found = document.querySelectorAll(selector);
  return found.length === 1 ? found[0] : null;
}
