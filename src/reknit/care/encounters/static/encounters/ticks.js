// Ticks a task as it happens, without leaving the page. Without script the form's own button keeps the whole list.
//
//   <form data-ticks method="post" action="..."> checkboxes named "done", and [data-ticks-problem] for what went wrong
//
// The answer holds the parts of the page that changed; each goes where its id is. A tick that was not kept is taken
// back, so that the page never shows what the record does not hold.

for (const form of document.querySelectorAll("form[data-ticks]")) {
  const problem = form.querySelector("[data-ticks-problem]");
  form.addEventListener("change", async (event) => {
    const box = event.target;
    if (box.name !== "done") return;
    const wanted = box.checked;
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.set("code", box.value);
    if (wanted) body.set("done", box.value);
    box.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin", headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) throw new Error("not kept");
      place(await answer.text(), box.id);
      problem.hidden = true;
    } catch {
      box.checked = !wanted;
      box.removeAttribute("aria-busy");
      problem.hidden = false;
    }
  });
}

function place(html, focused) {
  const had = document.activeElement?.id === focused;
  const parts = new DOMParser().parseFromString(html, "text/html").body.children;
  for (const part of [...parts]) document.getElementById(part.id)?.replaceWith(part);
  if (had) document.getElementById(focused)?.focus();
}
