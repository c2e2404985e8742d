// Opens and closes dialogs, and asks before a form is sent. Without script the link or the form does its work itself.
//
//   <a href="/sign/" data-dialog-open="sign">        opens <dialog id="sign">
//   <form data-confirm="sign">                       asks first; [data-dialog-confirm] inside the dialog sends it
//   <details data-menu>                              closes on Escape and on a click elsewhere

let asking = null; // the form, and the button that sent it

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog-open]");
  const dialog = opener && document.getElementById(opener.dataset.dialogOpen);
  if (dialog?.showModal) {
    event.preventDefault();
    dialog.showModal();
    return;
  }
  const inside = event.target.closest("dialog");
  if (event.target.closest("[data-dialog-close]")) inside?.close();
  if (event.target.closest("[data-dialog-confirm]") && asking) {
    const { form, submitter } = asking;
    asking = null;
    inside?.close();
    form.dataset.confirmed = "yes";
    form.requestSubmit(submitter);
  }
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  const dialog = form.dataset.confirm && document.getElementById(form.dataset.confirm);
  if (!dialog?.showModal) return;
  if (form.dataset.confirmed) {
    delete form.dataset.confirmed;
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  asking = { form, submitter: event.submitter ?? undefined };
  dialog.showModal();
}, { capture: true });

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details[data-menu][open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary")?.focus();
});
