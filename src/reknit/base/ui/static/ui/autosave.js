// Saves a form while it is written, and never loses a word of it.
//
//   <form id="note" method="post" data-autosave-url="/notes/7/draft/"> csrf token, <input type="hidden" name="revision"> ... </form>
//   ui/components/_autosave.html with form_id="note"
//
// Unsent words are copied to sessionStorage (this tab only) under the signed-in person's id. They go once they are saved,
// on sign-out in any tab, and as soon as somebody else signs in here. What the server answers is described in README.md.

const TYPING_PAUSE = 2000;
const RETRY_AFTER = 15000;
const PATIENCE = 5000; // how long a pressed button waits for a save under way
const STORE = "reknit:unsent:";
const NOT_WORDS = new Set(["csrfmiddlewaretoken", "revision"]);

const person = document.body.dataset.person ?? "";

class Autosave {
  constructor(form) {
    this.form = form;
    this.url = form.dataset.autosaveUrl;
    this.key = `${STORE}${person}:${this.url}`;
    this.status = document.querySelector(`[data-autosave-for="${form.id}"]`) ?? form.querySelector(".autosave");
    this.timer = 0;
    this.sending = false;
    this.again = false;
    this.leaving = false;
    this.waiting = null; // the button that was pressed while a save was under way
    this.savedWords = this.words();

    form.addEventListener("input", () => this.changed(TYPING_PAUSE));
    form.addEventListener("change", () => this.changed(300));
    form.addEventListener("focusout", () => this.dirty && this.changed(0));
    form.addEventListener("submit", (event) => this.submitted(event));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" && this.dirty && !this.leaving) this.save({ keepalive: true });
    });
    window.addEventListener("online", () => this.dirty && this.save());
    window.addEventListener("beforeunload", (event) => {
      if (this.dirty && !this.leaving) event.preventDefault();
    });
    this.offerRestore();
  }

  get dirty() {
    return this.words() !== this.savedWords;
  }

  fields() {
    return [...new FormData(this.form)].filter(([name, value]) => !NOT_WORDS.has(name) && typeof value === "string");
  }

  words() {
    return JSON.stringify(this.fields());
  }

  changed(wait) {
    if (!this.dirty || this.leaving) return;
    this.remember();
    if (document.querySelector("dialog[open]")) return; // a question is being answered; its answer saves
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  async save({ keepalive = false, extra = {} } = {}) {
    clearTimeout(this.timer);
    if (this.sending) { this.again = true; return; }
    this.sending = true;
    this.say("saving");
    const words = this.words();
    try {
      const body = new FormData(this.form);
      for (const [name, value] of Object.entries(extra)) body.set(name, value);
      const answer = await fetch(this.url, {
        method: "POST",
        body,
        keepalive,
        credentials: "same-origin",
        headers: { Accept: "application/json", "X-Autosave": "1" },
      });
      const said = await readJson(answer);
      if (answer.ok && said?.revision !== undefined) this.saved(words, said);
      else this.refused(answer, said);
    } catch {
      this.later();
    } finally {
      this.sending = false;
      if (this.waiting) this.submitNow();
      else if (this.again) { this.again = false; if (this.dirty) this.changed(0); }
    }
  }

  // The form never races its own autosave: a save under way ends first, and gives the form its new revision.
  submitted(event) {
    if (this.sending && !this.leaving) {
      event.preventDefault();
      if (this.waiting) return; // pressed twice
      this.waiting = { button: event.submitter };
      this.form.setAttribute("aria-busy", "true");
      setTimeout(() => this.waiting && this.submitNow(), PATIENCE);
      return;
    }
    clearTimeout(this.timer);
    this.leave();
    if (this.dirty) this.remember({ sent: true });
  }

  submitNow() {
    const { button } = this.waiting;
    this.waiting = null;
    this.again = false;
    if (document.querySelector("dialog[open]")) { this.form.removeAttribute("aria-busy"); return; } // asked something first
    this.leave();
    this.form.requestSubmit(button);
  }

  // Saving rests while the page goes; it goes on if the page stays after all.
  leave() {
    this.leaving = true;
    setTimeout(() => { this.leaving = false; this.form.removeAttribute("aria-busy"); }, RETRY_AFTER);
  }

  // A page's own script may listen for what else the server said, as the length of a text.
  saved(words, said) {
    const { revision, saved_at: at } = said;
    this.form.dispatchEvent(new CustomEvent("autosaved", { detail: said }));
    this.setRevision(revision);
    this.savedWords = words;
    if (!this.dirty) this.forget();
    this.say("saved", at);
  }

  refused(answer, said) {
    if (said?.signed_out) {
      this.say("signed_out");
      askToSignIn(this, said.sign_in_url);
    } else if (answer.status === 409 && said?.conflict) {
      this.say("unsaved");
      askWhichToKeep(this, said);
    } else if ((answer.status === 400 || answer.status === 422) && said) {
      this.say("refused", said.message ?? Object.values(said.errors ?? {}).flat().join(" "));
    } else {
      this.later();
    }
  }

  later() {
    this.say("unsaved");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.dirty && this.save(), RETRY_AFTER);
  }

  setRevision(revision) {
    const input = this.form.elements.revision;
    if (revision === undefined) return;
    if (input) input.value = revision;
    // Another form of the page that acts on these words, such as one that issues them, speaks of the same revision.
    for (const other of document.querySelectorAll(`input[data-revision-of="${this.form.id}"]`)) other.value = revision;
  }

  say(state, detail) {
    if (!this.status) return;
    this.status.dataset.state = state;
    for (const line of this.status.querySelectorAll("[data-say]")) line.hidden = line.dataset.say !== state;
    const place = this.status.querySelector(state === "refused" ? '[data-say="refused"]' : "[data-at]");
    if (place && detail !== undefined) place.textContent = detail;
  }

  // `sent` words went out with the form itself; the next page tells whether they arrived (see "start" below).
  remember({ sent = false } = {}) {
    try { sessionStorage.setItem(this.key, JSON.stringify({ words: this.words(), sent })); } catch { /* storage is full or closed: the page still holds the words */ }
  }

  forget() {
    try { sessionStorage.removeItem(this.key); } catch { /* nothing was kept */ }
  }

  kept() {
    try { return JSON.parse(sessionStorage.getItem(this.key))?.words ?? null; } catch { return null; }
  }

  offerRestore() {
    const kept = this.kept();
    const template = document.getElementById("autosave-restore");
    if (!kept || !template) return;
    if (kept === this.savedWords) { this.forget(); return; }
    const notice = template.content.firstElementChild.cloneNode(true);
    notice.addEventListener("click", (event) => {
      const choice = event.target.closest("[data-restore]")?.dataset.restore;
      if (!choice) return;
      if (choice === "yes") { this.fill(JSON.parse(kept)); this.changed(0); } else this.forget();
      notice.remove();
      this.form.querySelector("textarea, input:not([type=hidden]), select")?.focus();
    });
    this.form.prepend(notice);
  }

  // Entries are [name, value] pairs, as the form would send them.
  fill(entries) {
    const values = Map.groupBy ? Map.groupBy(entries, ([name]) => name) : groupByName(entries);
    for (const control of this.form.elements) {
      if (!control.name || NOT_WORDS.has(control.name) || control.type === "file" || control.type === "submit") continue;
      const given = (values.get(control.name) ?? []).map(([, value]) => value);
      if (control.type === "checkbox" || control.type === "radio") control.checked = given.includes(control.value);
      else if (control.multiple) for (const option of control.options) option.selected = given.includes(option.value);
      else if (given.length) control.value = given[0];
    }
  }
}

function groupByName(entries) {
  const groups = new Map();
  for (const entry of entries) groups.set(entry[0], [...(groups.get(entry[0]) ?? []), entry]);
  return groups;
}

async function readJson(answer) {
  if (!(answer.headers.get("content-type") ?? "").includes("json")) return null;
  try { return await answer.json(); } catch { return null; }
}

async function readPage(answer) {
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

// --- signed out: sign in here, then send again ---

let waiting = null; // { autosave, signInUrl, step }

function askToSignIn(autosave, signInUrl) {
  const dialog = document.getElementById("autosave-signed-out");
  if (!dialog || !signInUrl || dialog.open) return;
  waiting = { autosave, signInUrl, step: signInUrl };
  dialog.querySelector("[data-sign-in-link]").href = signInUrl;
  showStep(dialog, "password");
  dialog.showModal();
}

function showStep(dialog, step) {
  for (const part of dialog.querySelectorAll("[data-step]")) {
    const shown = part.dataset.step === step;
    part.hidden = !shown;
    for (const input of part.querySelectorAll("input")) { input.required = shown; input.disabled = !shown; }
  }
}

async function signIn(dialog, form) {
  const problem = dialog.querySelector("[data-sign-in-error]");
  problem.hidden = true;
  try {
    // The sign-in page gives the hidden inputs it wants back, the CSRF token among them.
    const page = await readPage(await fetch(waiting.step, { credentials: "same-origin" }));
    const body = new FormData(form);
    for (const hidden of page.querySelectorAll('main form input[type="hidden"]')) body.set(hidden.name, hidden.value);
    const answer = await fetch(waiting.step, { method: "POST", body, credentials: "same-origin" });
    const next = await readPage(answer);
    const path = new URL(answer.url).pathname;
    if (answer.ok && next.querySelector('main input[name="code"]') && path !== new URL(waiting.step, location.href).pathname) {
      waiting.step = path;
      showStep(dialog, "code");
      dialog.querySelector("#autosave-code").focus();
      return;
    }
    await sendAgain(dialog, problem);
  } catch {
    problem.hidden = false;
  }
}

// A new sign-in has a new CSRF token; this page's forms get it from a fresh copy of the page.
async function sendAgain(dialog, problem) {
  const answer = await fetch(location.href, { credentials: "same-origin", headers: { Accept: "text/html" } });
  if (answer.redirected || !answer.ok) {
    problem.hidden = false;
    return;
  }
  const page = await readPage(answer);
  // Somebody else signed in: these words are not theirs to send.
  if ((page.body.dataset.person ?? "") !== person) {
    problem.hidden = false;
    return;
  }
  const fresh = page.querySelector('input[name="csrfmiddlewaretoken"]')?.value;
  for (const input of document.querySelectorAll('input[name="csrfmiddlewaretoken"]')) input.value = fresh ?? input.value;
  dialog.close();
  for (const input of dialog.querySelectorAll('input[type="password"], #autosave-code')) input.value = "";
  await waiting.autosave.save();
}

// --- two versions: show both, let the person choose ---

function askWhichToKeep(autosave, { message, theirs, revision }) {
  const dialog = document.getElementById("autosave-conflict");
  if (!dialog || dialog.open) return;
  const pairs = theirPairs(autosave, theirs);
  dialog.querySelector("[data-conflict-message]").textContent = message ?? "";
  writeVersions(dialog.querySelector("[data-mine]"), pairs.map(([name]) => [name, autosave.form.elements[name]?.value ?? ""]));
  writeVersions(dialog.querySelector("[data-theirs]"), pairs);
  dialog.onclick = (event) => {
    const keep = event.target.closest("[data-keep]")?.dataset.keep;
    if (!keep) return;
    dialog.close();
    autosave.setRevision(revision);
    if (keep === "mine") { autosave.save({ extra: { keep_mine: "1" } }); return; }
    for (const [name, text] of pairs) if (autosave.form.elements[name]) autosave.form.elements[name].value = text;
    autosave.savedWords = autosave.words();
    autosave.forget();
    autosave.say("saved");
  };
  dialog.showModal();
}

function theirPairs(autosave, theirs) {
  if (theirs && typeof theirs === "object") return Object.entries(theirs).map(([name, text]) => [name, String(text ?? "")]);
  const area = autosave.form.querySelector("textarea[name]");
  return area ? [[area.name, String(theirs ?? "")]] : [];
}

function writeVersions(place, pairs) {
  place.replaceChildren(...pairs.map(([, text]) => {
    const paragraph = document.createElement("p");
    paragraph.textContent = text;
    return paragraph;
  }));
}

// --- start ---

const signedOut = document.getElementById("autosave-signed-out");
signedOut?.querySelector("[data-sign-in]").addEventListener("submit", (event) => {
  event.preventDefault();
  signIn(signedOut, event.target);
});
signedOut?.querySelector("[data-try-again]").addEventListener("click", () => {
  sendAgain(signedOut, signedOut.querySelector("[data-sign-in-error]"));
});

function keptKeys() {
  try { return Object.keys(sessionStorage).filter((key) => key.startsWith(STORE)); } catch { return []; }
}

const saves = [...document.querySelectorAll("form[data-autosave-url]")].map((form) => new Autosave(form));

// Words sent with the form itself: a page for a signed-in person means they arrived, so the copy goes.
// A page without a person (sign-in) means they did not; the copy stays to be offered when the form is next open.
for (const key of keptKeys()) {
  const kept = JSON.parse(sessionStorage.getItem(key));
  if (!kept.sent || saves.some((save) => save.key === key)) continue;
  if (person) sessionStorage.removeItem(key);
  else sessionStorage.setItem(key, JSON.stringify({ ...kept, sent: false }));
}

// --- whose words these are ---

// Somebody else signed in at this tab: what the person before them left here is not theirs to read.
if (person) for (const key of keptKeys()) if (!key.startsWith(`${STORE}${person}:`)) sessionStorage.removeItem(key);

function wipe() {
  keptKeys().forEach((key) => sessionStorage.removeItem(key));
}

// Signing out in one tab: every tab of this browser saves first, then wipes its copies; the others leave their page.
const COLLECT = 200; // how long the other tabs have to say that they are there
const SAVED_WITHIN = 4000;
const tabs = "BroadcastChannel" in window ? new BroadcastChannel("reknit") : null;
const me = crypto.getRandomValues(new Uint32Array(2)).join("-");
const pause = (time) => new Promise((resolve) => { setTimeout(resolve, time); });
let answers = null; // of the other tabs, while this one signs out: tab -> "saving", "saved" or "unsaved"

async function saveAll() {
  await Promise.all(saves.filter((save) => save.dirty).map((save) => save.save()));
  return saves.some((save) => save.dirty) ? "unsaved" : "saved";
}

tabs?.addEventListener("message", async ({ data }) => {
  if (data.person && person && data.person !== person) return;
  if (data.says === "save") {
    tabs.postMessage({ person, says: "saving", tab: me });
    tabs.postMessage({ person, says: await saveAll(), tab: me });
  } else if (data.says === "leave") {
    for (const save of saves) { clearTimeout(save.timer); save.leaving = true; }
    wipe();
    document.body.hidden = true;
    setTimeout(() => location.replace("/"), 1500); // once the other tab has signed out
  } else if (answers) answers.set(data.tab, data.says);
});

async function othersSaved() {
  if (!tabs) return true;
  answers = new Map();
  tabs.postMessage({ person, says: "save" });
  await pause(COLLECT);
  for (let waited = 0; waited < SAVED_WITHIN && [...answers.values()].includes("saving"); waited += 50) await pause(50);
  return [...answers.values()].every((answer) => answer === "saved");
}

for (const form of document.querySelectorAll("form[data-sign-out]")) {
  form.addEventListener("submit", async (event) => {
    if (form.dataset.signOut === "now") return;
    event.preventDefault();
    const mine = await saveAll();
    const all = (await othersSaved()) && mine === "saved";
    answers = null;
    if (!all && form.dataset.unsaved && !window.confirm(form.dataset.unsaved)) return;
    tabs?.postMessage({ person, says: "leave" });
    for (const save of saves) save.leaving = true;
    wipe();
    form.dataset.signOut = "now";
    form.requestSubmit();
  });
}
