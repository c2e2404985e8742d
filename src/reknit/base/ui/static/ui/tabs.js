// Brings the open tab into sight where the row of tabs is wider than the screen. Only the row moves, never the page.

for (const row of document.querySelectorAll("nav.tabs")) {
  const open = row.querySelector("[aria-current]");
  if (open && row.scrollWidth > row.clientWidth) {
    row.scrollLeft += open.getBoundingClientRect().left - row.getBoundingClientRect().left - (row.clientWidth - open.clientWidth) / 2;
  }
}
