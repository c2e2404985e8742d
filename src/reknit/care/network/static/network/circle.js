// Moves marks of a circle by hand and by key, and keeps each move as it is made. Asleep without [data-movable].
//
//   svg[data-movable] with data-radius, data-edges, data-middles, data-reach, words of the rings; g[data-mark][data-name] in it
//   form[data-circle] round the table: select[data-ring][data-place], [data-circle-says], [data-circle-keep]
//
// Drag, arrow keys and the lists all send to the same address; the answer holds the parts of the page that changed and
// each goes where its id is. Without script the table's own button keeps the rings.

const form = document.querySelector("form[data-circle]");
const says = form?.querySelector("[data-circle-says]");
const STEP = 15; // degrees of one key
const REST = 500; // a pause this long after the last key keeps the move
let timer = 0;
let moving = null; // { mark, ring, angle, depth }
let sent = 0;
let held = false; // a mark is in somebody's hand: nothing is put in its place meanwhile
let stale = false;

if (form?.querySelector("[data-ring]")) start();

function start() {
  form.querySelector("[data-circle-keep]").hidden = true;
  form.querySelector("[data-circle-keys]").hidden = false;
  wake();
  form.addEventListener("change", (event) => {
    const list = event.target.closest("select[data-ring]");
    if (list?.value) keep(list.dataset.ring, { ring: list.value });
  });
  document.addEventListener("pointerdown", grab);
  document.addEventListener("keydown", press);
  document.addEventListener("focusout", (event) => { if (timer && event.target.closest?.("[data-mark]")) flush(); });
}

// A drawing is a picture until script makes its marks movable; each is then a slider that says its ring.
function wake() {
  for (const svg of document.querySelectorAll("svg[data-movable]")) {
    svg.setAttribute("role", "group");
    for (const mark of svg.querySelectorAll("[data-mark]")) {
      mark.setAttribute("tabindex", "0");
      mark.setAttribute("role", "slider");
      mark.setAttribute("aria-label", mark.dataset.name);
      mark.setAttribute("aria-orientation", "vertical");
      mark.setAttribute("aria-valuemin", "1");
      mark.setAttribute("aria-valuemax", "4");
      tell(mark, spotOf(mark));
    }
  }
}

function place(svg) {
  const half = svg.viewBox.baseVal.width / 2;
  return {
    half,
    radius: Number(svg.dataset.radius),
    edges: svg.dataset.edges.split(" ").map(Number),
    middles: svg.dataset.middles.split(" ").map(Number),
    reach: svg.dataset.reach.split(" ").map(Number),
  };
}

function nearest(svg, x, y) {
  const { half, radius, edges, middles, reach } = place(svg);
  const [dx, dy] = [(x - half) / radius, (y - half) / radius];
  const inside = edges.findIndex((edge) => Math.hypot(dx, dy) <= edge);
  const angle = (Math.round((Math.atan2(dx, -dy) * 180) / Math.PI) + 360) % 360;
  const index = inside < 0 ? edges.length : inside;
  const depth = Math.round(50 * (1 + (Math.hypot(dx, dy) - middles[index]) / reach[index]));
  return { ring: index + 1, angle, depth: Math.min(100, Math.max(0, depth)) };
}

function spotOf(mark) {
  const { e, f } = mark.transform.baseVal.consolidate().matrix;
  return nearest(mark.ownerSVGElement, e, f);
}

function put(mark, { ring, angle, depth }) {
  const svg = mark.ownerSVGElement;
  const { half, radius, middles, reach } = place(svg);
  const turn = (angle * Math.PI) / 180;
  const far = (middles[ring - 1] + reach[ring - 1] * (depth / 50 - 1)) * radius;
  move(mark, half + far * Math.sin(turn), half - far * Math.cos(turn));
  tell(mark, { ring, angle });
}

function move(mark, x, y) {
  mark.setAttribute("transform", `translate(${x} ${y})`);
}

// Up is closer, so that the value rises as somebody comes nearer.
function tell(mark, { ring, angle }) {
  const svg = mark.ownerSVGElement;
  const hour = Math.round(angle / 30) || 12;
  const words = `${svg.getAttribute(`data-ring-${ring}`)}, ${svg.dataset.clock.replace("%s", hour)}`;
  mark.setAttribute("aria-valuenow", String(5 - ring));
  mark.setAttribute("aria-valuetext", words);
  return `${mark.dataset.name}: ${words}`;
}

function grab(event) {
  const mark = event.target.closest?.("svg[data-movable] [data-mark]");
  if (!mark || event.button !== 0) return;
  event.preventDefault();
  if (timer) flush();
  const svg = mark.ownerSVGElement;
  const from = mark.getAttribute("transform");
  const begin = [event.clientX, event.clientY];
  let went = false;
  held = true;
  mark.focus();
  mark.setPointerCapture(event.pointerId);
  const at = (moved) => new DOMPoint(moved.clientX, moved.clientY).matrixTransform(svg.getScreenCTM().inverse());
  const drag = (moved) => {
    went ||= Math.hypot(moved.clientX - begin[0], moved.clientY - begin[1]) > 3;
    if (!went) return;
    mark.classList.add("is-moving");
    const point = at(moved);
    move(mark, point.x, point.y);
  };
  const end = (moved) => {
    held = false;
    mark.classList.remove("is-moving");
    for (const [name, heard] of [["pointermove", drag], ["pointerup", end], ["pointercancel", end]]) mark.removeEventListener(name, heard);
    if (moved.type === "pointercancel") mark.setAttribute("transform", from);
    if (moved.type === "pointercancel" || !went) {
      if (stale) again();
      return;
    }
    const point = at(moved);
    const spot = nearest(svg, point.x, point.y);
    put(mark, spot);
    keep(mark.dataset.mark, spot);
  };
  for (const [name, heard] of [["pointermove", drag], ["pointerup", end], ["pointercancel", end]]) mark.addEventListener(name, heard);
}

function press(event) {
  const mark = event.target.closest?.("svg[data-movable] [data-mark]");
  const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -STEP], ArrowRight: [0, STEP] }[event.key];
  if (!mark || !step || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const was = moving?.mark === mark ? moving : spotOf(mark);
  const ring = Math.min(4, Math.max(1, was.ring + step[0]));
  const angle = (was.angle + step[1] + 360) % 360;
  moving = { mark, ring, angle, depth: ring === was.ring ? was.depth : 50 }; // in another ring it begins on the line
  put(mark, moving);
  says.textContent = `${mark.dataset.name}: ${mark.getAttribute("aria-valuetext")}`;
  clearTimeout(timer);
  timer = setTimeout(flush, REST);
}

function flush() {
  clearTimeout(timer);
  timer = 0;
  const { mark, ring, angle, depth } = moving;
  moving = null;
  keep(mark.dataset.mark, { ring, angle, depth });
}

async function keep(person, spot) {
  const number = ++sent;
  const list = form.querySelector(`select[data-ring="${CSS.escape(person)}"]`);
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  for (const [name, value] of Object.entries(spot)) body.set(name, value);
  try {
    const answer = await fetch(list.dataset.place, { method: "POST", body, credentials: "same-origin", headers: { "X-Parts": "1" } });
    if (answer.redirected || !answer.ok) throw new Error("not kept");
    const parts = new DOMParser().parseFromString(await answer.text(), "text/html");
    stale = held;
    if (number === sent && !timer && !held) show(parts); // a later move has its own answer
  } catch {
    says.textContent = form.querySelector("[data-problem]").dataset.problem;
    if (number === sent) await again();
  }
}

// The page goes back to what the record holds.
async function again() {
  try {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    if (answer.ok && !answer.redirected) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch { /* no network: the sentence stands, and the next move tries again */ }
}

function show(parts) {
  stale = false;
  const had = document.activeElement;
  const narrow = Boolean(had?.closest?.(".narrow-only"));
  for (const id of ["circle-lede", "circle-actions", "circle-figure", "circle-table", "circle-changes", "circle-indices", "circle-questions"]) {
    const part = parts.getElementById(id);
    const open = [...(document.getElementById(id)?.querySelectorAll("details") ?? [])].map((one) => one.open);
    part?.querySelectorAll("details").forEach((one, place) => { one.open = Boolean(open[place]); });
    if (part) document.getElementById(id)?.replaceWith(part);
  }
  wake();
  const said = parts.getElementById("circle-said");
  if (said) says.textContent = said.textContent;
  if (had?.dataset?.mark) document.querySelector(`.${narrow ? "narrow" : "wide"}-only [data-mark="${CSS.escape(had.dataset.mark)}"]`)?.focus();
  else if (had?.id) document.getElementById(had.id)?.focus();
}
