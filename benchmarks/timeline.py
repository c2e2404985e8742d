"""The timeline in a browser: a client with 1,000 contacts beside one with 16, and beside an empty page. Prints a report."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from reknit.cli.testing import GET_CHROMIUM, find_chromium
from web import free_port, say, serving, verdict

PROJECT = Path(__file__).resolve().parent.parent
CONTACTS = (16, 1000)
KEYS = ("+", "+", "ArrowLeft", "ArrowRight", "-", "-", "Home", "End")
ROUNDS = 3
EMPTY = (
    "<!doctype html><title>Empty</title><body style='height:6000px;background:linear-gradient(#fff,#ddd)'>"
)

# Scrolls the page down by a step a frame and back, and gives the times between frames in milliseconds.
FRAMES = """() => new Promise((done) => {
  const times = [], most = document.documentElement.scrollHeight - innerHeight; let last = 0, y = 0, way = 1;
  const frame = (now) => {
    if (last) times.push(now - last);
    last = now; y += 24 * way; if (y >= most) way = -1;
    scrollTo(0, Math.max(0, y));
    times.length < 240 ? requestAnimationFrame(frame) : done(times);
  };
  requestAnimationFrame(frame);
})"""

# Waits until another drawing stands on the screen; gives the milliseconds since the key went down.
DRAWN = """(selector) => new Promise((done) => {
  const began = performance.now(), was = document.querySelector(selector);
  const look = () => {
    if (document.querySelector(selector) === was) { requestAnimationFrame(look); return; }
    requestAnimationFrame(() => done(performance.now() - began));
  };
  window.drawn = look; look();
})"""


@contextmanager
def clinic(contacts: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """Reknit with a client of so many contacts."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "REKNIT_DATA": folder,
            "PYTHONPATH": f"{PROJECT / 'src'}:{PROJECT}",
            "DJANGO_SETTINGS_MODULE": "reknit.config.settings",
            "REKNIT_IDLE_MINUTES": "600",
        }
        say(f"Making a client with {contacts} contacts ...")
        made = subprocess.run(  # noqa: S603
            [sys.executable, "benchmarks/_contacts.py", str(contacts)],
            env=environment, cwd=PROJECT, stdout=subprocess.PIPE, check=True,
        )  # fmt: skip
        subprocess.run(  # noqa: S603
            [sys.executable, "-m", "django", "collectstatic", "--noinput", "-v", "0"],
            env=environment, cwd=PROJECT, check=True,
        )  # fmt: skip
        known = json.loads(made.stdout.splitlines()[-1])
        arguments = [sys.executable, "-m", "reknit.cli.server", "127.0.0.1", str(port), "1", "4"]
        with serving(arguments, environment, port):
            yield port, known


def open_line(browser: Browser, port: int, known: dict[str, Any]) -> Page:
    """A signed-in therapist's page of the whole line."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_cookies(
        [{"name": "reknit_session", "value": known["session"], "domain": "127.0.0.1", "path": "/"}]
    )
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{port}/clients/{known['client']}/story/timeline/?show=all")
    page.wait_for_selector("#one-line svg")
    return page


def key_times(page: Page) -> list[float]:
    """Milliseconds from each key to its drawing."""
    found = []
    for key in KEYS:
        step = page.locator(f'[data-zoom][data-key="{key}"]')
        if not step.count():
            continue
        page.evaluate("(wait) => { window.waited = eval(wait)('#one-line'); }", DRAWN)
        page.keyboard.press(key)
        found.append(float(page.evaluate("() => window.waited")))
    return found


def late(times: list[float]) -> float:
    """The slowest of twenty frames."""
    return sorted(times)[int(len(times) * 0.95)]


def main() -> int:
    """Measure and print the report."""
    chromium = find_chromium()
    if not chromium:
        raise SystemExit(f"no Chromium was found; {GET_CHROMIUM}")
    keys: dict[int, list[float]] = {n: [] for n in CONTACTS}
    frames: dict[int, list[float]] = {n: [] for n in (0, *CONTACTS)}
    marks: dict[int, int] = {}
    with sync_playwright() as play, clinic(CONTACTS[0]) as few, clinic(CONTACTS[1]) as many:
        browser = play.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        empty = browser.new_page(viewport={"width": 1280, "height": 900})
        empty.set_content(EMPTY)
        pages = {n: open_line(browser, *there) for n, there in zip(CONTACTS, (few, many), strict=True)}
        for n, page in pages.items():
            marks[n] = page.locator("#one-line svg *").count()
            key_times(page)  # once to warm up
        for _ in range(ROUNDS):
            frames[0] += empty.evaluate(FRAMES)
            for n, page in pages.items():
                frames[n] += page.evaluate(FRAMES)
                keys[n] += key_times(page)
        browser.close()
    few_n, many_n = CONTACTS
    few_key, many_key = statistics.median(keys[few_n]), statistics.median(keys[many_n])
    ratio, frame = many_key / few_key, late(frames[many_n]) / late(frames[0])
    print("# Measured: timeline\n")
    print(
        f"By `./reknit bench timeline`, on SQLite and Debian's Chromium without a graphics card, {os.cpu_count()} processor "
        f"cores, all pages in turns in one run. The line shows everything there is; "
        f"{marks[few_n]} marks are drawn for {few_n} contacts and {marks[many_n]} for {many_n:,}.\n"
    )
    print("| what | 1,000 contacts | beside | ratio | promise | |\n|---|---|---|---|---|---|")
    print(
        f"| A key to the new drawing, the middle of {len(keys[many_n])} | {many_key:.0f} ms | {few_n} contacts: {few_key:.0f} ms "
        f"| {ratio:.2f} | at most 2 | {verdict(ratio <= 2)} |"
    )
    print(
        f"| Frames while the page moves, the slowest of twenty | {late(frames[many_n]):.1f} ms | an empty page: "
        f"{late(frames[0]):.1f} ms | {frame:.2f} | at most 1.5 | {verdict(frame <= 1.5)} |"
    )
    print(
        "\nA key asks the server for the drawing of other days and puts it in place of the old one: the time holds the"
        " request, the answer and the frame it is seen in. Keys are closer, wider, earlier, later, first and latest."
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
