// Arrows through the names found; Esc goes back to the words, and from there empties them. Enter follows the link by itself.
//
//   [data-found]        the page of the search
//   [data-found-list]   the list of names, each a link

const place = document.querySelector("[data-found]");
const words = place?.querySelector("[data-search]");

place?.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const links = [...place.querySelectorAll("[data-found-list] a")];
  const here = links.indexOf(document.activeElement);
  if (event.key === "Escape") {
    event.preventDefault();
    if (document.activeElement === words) words.value = "";
    words.focus();
    return;
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || links.length === 0 || (here < 0 && document.activeElement !== words)) return;
  event.preventDefault();
  const next = here + step;
  if (next < 0) words.focus();
  else links[Math.min(next, links.length - 1)].focus();
});
