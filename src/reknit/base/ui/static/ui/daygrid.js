// The calendar of use days for the keyboard and for quick hands. Without script each day is three plain radios.
//
// Arrows move, Home and End go to the ends of the week. u: used. n: not used. ?: not known. Space goes on to the next.
// A click goes on to the next state; shift-click gives every day up to there the state of the last day touched.

const STATES = ["not_used", "used", "unknown"];
const KEYS = { u: "used", n: "not_used", "?": "unknown" };

for (const table of document.querySelectorAll("table[data-daygrid]")) start(table);

function start(table) {
  const days = [...table.querySelectorAll("td[data-day]")];
  if (!days.length) return;
  let last = null;

  table.setAttribute("role", "grid");
  table.classList.add("is-grid");
  for (const row of table.rows) row.setAttribute("role", "row");
  for (const heading of table.tHead?.querySelectorAll("th") ?? []) heading.setAttribute("role", "columnheader");
  for (const day of days) {
    day.setAttribute("role", "gridcell");
    day.tabIndex = -1;
    day.querySelector("fieldset").inert = true;
    show(day);
  }
  days[0].tabIndex = 0;
  const keys = table.parentElement.querySelector(".day-grid-keys");
  if (keys) keys.hidden = false;

  const go = (day) => {
    if (!day) return;
    for (const other of days) other.tabIndex = -1;
    day.tabIndex = 0;
    day.focus();
  };
  const set = (day, state) => {
    const radio = radioOf(day, state);
    if (!radio || radio.checked) return;
    radio.checked = true;
    show(day);
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const next = (day) => set(day, STATES[(STATES.indexOf(stateOf(day)) + 1) % STATES.length]);

  table.addEventListener("click", (event) => {
    const day = event.target.closest("td[data-day]");
    if (!day) return;
    event.preventDefault();
    if (event.shiftKey && last) fill(last, day);
    else next(day);
    last = day;
    go(day);
  });

  function fill(from, to) {
    const [first, end] = [days.indexOf(from), days.indexOf(to)].sort((a, b) => a - b);
    const state = stateOf(from);
    for (const day of days.slice(first, end + 1)) set(day, state);
  }

  table.addEventListener("keydown", (event) => {
    const day = event.target.closest("td[data-day]");
    if (!day || event.ctrlKey || event.metaKey || event.altKey) return;
    const place = days.indexOf(day);
    const forward = getComputedStyle(table).direction === "rtl" ? -1 : 1;
    const week = [...day.parentElement.querySelectorAll("td[data-day]")];
    const moves = {
      ArrowRight: days[place + forward], ArrowLeft: days[place - forward],
      ArrowDown: below(day, 1), ArrowUp: below(day, -1),
      Home: week[0], End: week.at(-1),
    };
    if (event.key in moves) {
      event.preventDefault();
      const target = moves[event.key];
      if (event.shiftKey && target) set(target, stateOf(day));
      go(target);
    } else if (KEYS[event.key.toLowerCase()]) {
      event.preventDefault();
      set(day, KEYS[event.key.toLowerCase()]);
      last = day;
    } else if (event.key === " ") {
      event.preventDefault();
      next(day);
      last = day;
    }
  });

  // Another script (restoring unsent words, a reset) may change the radios.
  table.closest("form")?.addEventListener("reset", () => setTimeout(() => days.forEach(show)));
  table.addEventListener("change", (event) => { const day = event.target.closest("td[data-day]"); if (day) show(day); });
}

function below(day, step) {
  const row = day.closest("tr");
  const rows = [...row.parentElement.rows];
  const cell = rows[rows.indexOf(row) + step]?.cells[day.cellIndex];
  return cell?.dataset.day ? cell : undefined;
}

function radioOf(day, state) {
  return day.querySelector(`input[value="${state}"]`);
}

function stateOf(day) {
  return day.querySelector("input:checked")?.value ?? "unknown";
}

function show(day) {
  const state = stateOf(day);
  day.dataset.state = state;
  const name = day.querySelector("legend .vh")?.textContent ?? day.dataset.day;
  day.setAttribute("aria-label", `${name}, ${radioOf(day, state)?.dataset.word ?? state}`);
}
