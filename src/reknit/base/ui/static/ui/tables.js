// A table too wide for its place becomes entries on a small screen: each cell then says what it is, as parts.css shows
// it (.folds). Without script it scrolls in its own box. A figure's table keeps its columns: it is read down, not across.

const words = (cell) => cell.textContent.trim();

function fold(table) {
  const heads = [...table.tHead.rows[0].cells].map(words);
  const parts = { table: [table], rowgroup: [table.tHead, ...table.tBodies], row: table.rows, columnheader: table.tHead.rows[0].cells };
  for (const row of [...table.tBodies].flatMap((body) => [...body.rows])) {
    [...row.cells].forEach((cell, place) => {
      const says = cell.tagName === "TD" || /^\d+$/.test(words(cell)); // a name says itself what it is, a number does not
      if (says && heads[place] && words(cell)) cell.dataset.l = heads[place];
      cell.setAttribute("role", cell.tagName === "TD" ? "cell" : "rowheader"); // laid out anew, it is still a table
    });
  }
  for (const [role, those] of Object.entries(parts)) for (const one of those) one.setAttribute("role", role);
  table.classList.add("folds", "by-itself");
}

const isPlain = (table) => table.tHead?.rows.length === 1 && ![...table.rows].some((row) => [...row.cells].some((cell) => cell.colSpan > 1));

function look() {
  for (const box of document.querySelectorAll(".scroll")) {
    const table = box.querySelector(":scope > .ledger:not(.people, .folds)");
    if (table && !box.closest("details.twin") && box.scrollWidth > box.clientWidth + 1 && isPlain(table)) fold(table);
  }
}

look();
addEventListener("resize", look);
