// A table too wide for a small screen, or squeezed until its words stand in towers, becomes entries: each cell then says
// what it is, as parts.css shows it (.folds). Without script it scrolls in its own box. The table of a figure and
// one of numbers alone keep their columns: they are read down, not across.

const PHONE = 480;
const TOWER = 100; // px: four lines in one cell

const words = (cell) => cell.textContent.trim();

function fold(table) {
  const heads = [...table.tHead.rows[0].cells].map(words);
  const parts = { table: [table], rowgroup: [table.tHead, ...table.tBodies], row: table.rows, columnheader: table.tHead.rows[0].cells };
  for (const row of [...table.tBodies].flatMap((body) => [...body.rows])) {
    [...row.cells].forEach((cell, place) => {
      const says = place > 0 || /^\d+$/.test(words(cell)); // what heads an entry says itself what it is; a number does not
      if (says && heads[place] && words(cell)) cell.dataset.l = heads[place];
      cell.setAttribute("role", cell.tagName === "TD" ? "cell" : "rowheader"); // laid out anew, it is still a table
    });
  }
  for (const [role, those] of Object.entries(parts)) for (const one of those) one.setAttribute("role", role);
  table.classList.add("folds", "by-itself");
}

const isPlain = (table) => table.tHead?.rows.length === 1 && ![...table.rows].some((row) => [...row.cells].some((cell) => cell.colSpan > 1));

const isOfWords = (table) => [...table.tBodies].some((body) => [...body.rows].some((row) => [...row.cells].some((cell, place) => place > 0 && /\p{L}{3}/u.test(words(cell)))));

const isCut = (box) => box.scrollWidth > box.clientWidth + 1;
const isTower = (box, table) => box.clientWidth < PHONE && [...table.rows].some((row) => row.offsetHeight > TOWER);

function look() {
  for (const table of document.querySelectorAll(".ledger:not(.people, .folds, .protocols)")) {
    const box = table.closest(".scroll") ?? table.parentElement;
    const isOfFigure = table.closest("details.twin") && box.matches(".scroll");
    if (!isOfFigure && (isCut(box) || isTower(box, table)) && isPlain(table) && isOfWords(table)) fold(table);
  }
}

look();
addEventListener("resize", look);
document.addEventListener("toggle", look, true);
