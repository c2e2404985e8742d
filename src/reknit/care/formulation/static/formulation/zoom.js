// Moves along the line without leaving the page: [data-zoom] links bring the new drawing in place of the old one.
// Their keys are told by shortcuts.js; without script the same links open the page anew.

const PLACE = "#one-line";

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-zoom]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(link.href, { remember: true, key: link.dataset.key });
});
window.addEventListener("popstate", () => show(location.href, {}));

let latest = 0;
async function show(address, { remember = false, key }) {
  const turn = ++latest;
  const answer = await fetch(address, { headers: { "X-Requested-With": "zoom" } }).catch(() => null);
  if (turn !== latest) return; // a later key was faster
  if (!answer?.ok || answer.redirected) { location.assign(address); return; }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector(PLACE);
  if (!fresh || turn !== latest) return;
  document.querySelector(PLACE).replaceWith(fresh);
  if (remember) history.pushState(null, "", address);
  if (key) document.querySelector(`[data-zoom][data-key="${CSS.escape(key)}"]`)?.focus();
}
