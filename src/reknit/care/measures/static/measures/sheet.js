// A sheet by keyboard: a number answers the question and moves to the next; t is 10; Backspace goes back.
//
//   <form data-sheet> fieldset > input[type=radio] ... </form>
//
// Without it the browser's own arrow keys and Tab do the same, more slowly.

for (const form of document.querySelectorAll("form[data-sheet]")) start(form);

function start(form) {
  const questions = [...form.querySelectorAll("fieldset")].filter((one) => one.querySelector('input[name^="q-"]'));
  let current = 0;

  form.addEventListener("focusin", (event) => {
    const at = questions.findIndex((one) => one.contains(event.target));
    if (at >= 0) current = at;
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.body.dataset.shortcuts === "off" || document.querySelector("dialog[open]")) return;
    if (event.target.matches("textarea, select, input:not([type=radio])")) return;
    if (event.key === "Backspace") { event.preventDefault(); go(current - 1); return; }
    const value = event.key === "t" ? "10" : event.key;
    if (!/^\d+$/.test(value)) return;
    const choice = questions[current]?.querySelector(`input[value="${value}"]`);
    if (!choice) return;
    event.preventDefault();
    choice.checked = true;
    go(current + 1);
  });

  function go(to) {
    if (to < 0) return;
    const next = questions[to];
    if (!next) { form.querySelector("[data-sign-button]")?.focus(); return; }
    current = to;
    (next.querySelector("input:checked") ?? next.querySelector("input")).focus();
  }

  questions[0]?.querySelector("input")?.focus({ preventScroll: true });
}
