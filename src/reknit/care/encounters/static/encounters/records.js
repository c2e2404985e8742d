// Adds and changes a record of the session without leaving its page. Without script each record has a page of its own.
//
//   a[data-record]          opens the form of that address in [data-record-place]
//   form[data-record-form]  is sent in place; what comes back is the form again, or the parts of the page that changed
//
// Words that were typed stay until the server has kept them.

const PART = { "X-Part": "1", Accept: "text/html" };
const section = () => document.getElementById("records");
let opener = "";

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-record]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    opener = link.getAttribute("href");
    await open(link.href);
    return;
  }
  if (event.target.closest("[data-record-place] [data-record-close]")) {
    event.preventDefault();
    close();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.closest("[data-record-place]")) close();
});

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-record-place] form[data-record-form]");
  if (!form) return;
  event.preventDefault();
  const button = event.submitter;
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form, button), credentials: "same-origin", headers: PART });
    const html = await answer.text();
    if (answer.redirected || ![200, 409, 422].includes(answer.status)) throw new Error("not kept");
    if (html.includes("data-record-form") && !html.includes('id="records"')) show(html);
    else kept(html);
    problem(false);
  } catch {
    form.removeAttribute("aria-busy");
    problem(true);
  }
});

async function open(address) {
  try {
    const answer = await fetch(address, { credentials: "same-origin", headers: PART });
    if (!answer.ok || answer.redirected) throw new Error("not opened");
    show(await answer.text());
  } catch {
    location.assign(address); // the page of its own
  }
}

function show(html) {
  const place = section().querySelector("[data-record-place]");
  place.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.children);
  section().querySelector("details[data-menu]")?.removeAttribute("open");
  const wrong = place.querySelector("[role=alert], [aria-invalid=true]");
  (wrong ? place.querySelector("h3") : first(place))?.focus();
  place.scrollIntoView({ block: "nearest" });
}

function first(place) {
  return place.querySelector("select, textarea, input:not([type=hidden])");
}

function close() {
  section().querySelector("[data-record-place]").replaceChildren();
  problem(false);
  back();
}

function kept(html) {
  const parts = new DOMParser().parseFromString(html, "text/html").body.children;
  for (const part of [...parts]) document.getElementById(part.id)?.replaceWith(part);
  back();
}

function back() {
  const link = opener && section().querySelector(`a[href="${CSS.escape(opener)}"]`);
  (link?.offsetParent ? link : section().querySelector(".adds a"))?.focus();
}

function problem(is) {
  const said = section().querySelector("[data-record-problem]");
  if (said) said.hidden = !is;
}
