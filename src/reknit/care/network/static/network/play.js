// Steps through the versions of a circle: a play button, and the left and right arrow keys. Asleep without [data-play].
//
//   [data-play-bar] hidden until script runs; button[data-play][data-stop]; [data-play-says]; #play-stage, which holds
//   links rel=prev, rel=next and [data-first]. Each step follows one of them, so the links do the same without script.

const bar = document.querySelector("[data-play-bar]");
const button = bar?.querySelector("[data-play]");
const says = document.querySelector("[data-play-says]");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const WAIT = 2500; // long enough to read who moved
const GLIDE = 700;
const PLAY = button?.textContent;
let timer = 0;
let going = false;

if (button) start();

function start() {
  bar.hidden = false;
  button.addEventListener("click", () => (timer ? stop() : play()));
  document.addEventListener("keydown", press);
}

function link(which) {
  return document.querySelector(`#play-stage ${which}`);
}

async function play() {
  button.textContent = button.dataset.stop;
  timer = setTimeout(tick, WAIT);
  if (!link("[rel=next]")) await step("[data-first]");
}

async function tick() {
  const kept = await step("[rel=next]");
  if (!timer) return;
  if (kept && link("[rel=next]")) timer = setTimeout(tick, WAIT);
  else stop();
}

function stop() {
  clearTimeout(timer);
  timer = 0;
  button.textContent = PLAY;
}

function press(event) {
  const which = { ArrowLeft: "[rel=prev]", ArrowRight: "[rel=next]" }[event.key];
  if (!which || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  if (event.target.closest?.("input, select, textarea, .scroll, [data-mark]")) return;
  event.preventDefault();
  stop();
  step(which);
}

async function step(which) {
  const to = link(which);
  if (!to || going) return false;
  going = true;
  try {
    const answer = await fetch(to.href, { credentials: "same-origin" });
    if (answer.redirected || !answer.ok) throw new Error("not read");
    show(new DOMParser().parseFromString(await answer.text(), "text/html"), to.href);
    return true;
  } catch {
    location.href = to.href; // the page itself says what is wrong
    return false;
  } finally {
    going = false;
  }
}

function show(page, address) {
  const stage = document.getElementById("play-stage");
  const fresh = page.getElementById("play-stage");
  const rel = stage.contains(document.activeElement) ? document.activeElement.getAttribute("rel") : null;
  const were = places(stage);
  stage.replaceWith(fresh);
  history.replaceState(null, "", address);
  says.textContent = fresh.querySelector("[data-play-title]").textContent;
  if (rel) (link(`[rel=${rel}]`) ?? link("[rel]")).focus();
  if (!calm.matches) glide(fresh, were);
}

// Where each mark stands, told apart by the width of the drawing it is in.
function places(stage) {
  const found = new Map();
  for (const mark of stage.querySelectorAll("svg.circle [data-mark]")) {
    const { e, f } = mark.transform.baseVal.consolidate().matrix;
    found.set(`${mark.ownerSVGElement.dataset.radius} ${mark.dataset.mark}`, [e, f, mark]);
  }
  return found;
}

function glide(stage, were) {
  for (const [key, [x, y, mark]] of places(stage)) {
    const was = were.get(key);
    if (!was) mark.animate([{ opacity: 0 }, { opacity: 1 }], GLIDE);
    else if (was[0] !== x || was[1] !== y) {
      const from = `translate(${was[0]}px, ${was[1]}px)`;
      mark.animate([{ transform: from }, { transform: `translate(${x}px, ${y}px)` }], { duration: GLIDE, easing: "ease-in-out" });
    }
  }
}
