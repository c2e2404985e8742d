// Fills the days of a week, or of all that is shown, that are not known yet, without a trip to the server.
// Without script the same buttons send the form. Asks before unsaved days are left behind.

const form = document.querySelector("form[data-calendar]");
let unsaved = false;

form?.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-fill]");
  if (!button) return;
  const within = button.dataset.fill === "week" ? button.closest("tr") : button.closest("section").querySelector("table");
  const open = [...within.querySelectorAll('td[data-day] input[value="unknown"]:checked')];
  event.preventDefault();
  for (const radio of open) {
    const day = radio.closest("td[data-day]").querySelector('input[value="not_used"]');
    day.checked = true;
    day.dispatchEvent(new Event("change", { bubbles: true }));
  }
});

form?.addEventListener("change", () => {
  unsaved = true;
  form.querySelector("[data-unsaved]").hidden = false;
});
form?.addEventListener("submit", () => { unsaved = false; });
window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
