// The client's phone form: what is tapped is saved at once, with the clinic, and the line under it says so.
//
//   <form method="post" data-draft-url="..."> ... ui/components/_autosave.html </form>
//
// Nothing is kept on the phone: it may not be the client's alone. Until it is sent, the words are only on this page.

const TYPING_PAUSE = 1200;
const RETRY_AFTER = 10000;

for (const form of document.querySelectorAll("form[data-draft-url]")) start(form);

function start(form) {
  const status = document.querySelector(`[data-autosave-for="${form.id}"]`) ?? form.querySelector(".autosave");
  let timer = 0;
  let unsent = false;
  let sending = false;
  let over = false;

  const soon = (wait) => {
    if (over) return;
    unsent = true;
    clearTimeout(timer);
    timer = setTimeout(send, wait);
  };

  async function send(keepalive = false) {
    if (!unsent || over) return;
    if (sending) { soon(400); return; }
    sending = true;
    unsent = false;
    say(status, "saving");
    try {
      const answer = await fetch(form.dataset.draftUrl, {
        method: "POST",
        body: new FormData(form),
        keepalive,
        credentials: "same-origin",
        headers: { Accept: "application/json", "X-Autosave": "1" },
      });
      const said = (answer.headers.get("content-type") ?? "").includes("json") ? await answer.json() : {};
      if (answer.ok) say(status, "saved", said.saved_at);
      else if (answer.status === 410) { over = true; say(status, "refused", said.message); }
      else throw new Error(String(answer.status));
    } catch {
      unsent = true;
      say(status, "unsaved");
      timer = setTimeout(send, RETRY_AFTER);
    } finally {
      sending = false;
    }
  }

  form.addEventListener("change", () => soon(200));
  form.addEventListener("input", (event) => event.target.matches("textarea, input[type=text]") && soon(TYPING_PAUSE));
  form.addEventListener("submit", () => { over = true; clearTimeout(timer); });
  window.addEventListener("online", () => send());
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && send(true));
}

function say(status, state, detail) {
  if (!status) return;
  status.hidden = false;
  status.dataset.state = state;
  for (const line of status.querySelectorAll("[data-say]")) line.hidden = line.dataset.say !== state;
  const place = status.querySelector(state === "refused" ? '[data-say="refused"]' : "[data-at]");
  if (place && detail !== undefined) place.textContent = detail;
}
