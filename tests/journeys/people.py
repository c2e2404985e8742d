"""Somebody with a browser: they open, press, write and read what a person would, and every page is looked at."""

import hashlib
import os
import re
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Download, Locator, Page, Response, expect

from tests.cast import PASSWORD

PHONE, DESK = 360, 1280
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
HEIGHT = {PHONE: 740, DESK: 900}
# All that axe judges by: elements, attributes, what is open, under the pointer and filled in; not which words they are,
# and a row after rows like it once. Ids that stand twice are told apart, since that is a fault of its own.
STATE = """() => {
  const words = /^(href|src|value|title|datetime|alt|aria-label|placeholder|action|d|points|data-[a-z-]+)$/;
  const key = /[0-9a-f]{8}-[0-9a-f-]{27}|[A-Za-z0-9]{32,}/g;  // of a row, of a form
  const kind = text => /[\\p{L}\\p{N}]/u.test(text) ? 'w' : text.trim() ? 'p' : '';
  const shape = node => {
    if (node.nodeType === Node.TEXT_NODE) return kind(node.data);
    if (node.nodeType !== Node.ELEMENT_NODE) return '';
    const own = [node.localName, ...[...node.attributes].map(({ name, value }) =>
      name + '=' + (words.test(name) ? kind(value) : value.replace(key, '').replace(/\\d+/g, '0')))];
    if ('value' in node) own.push(kind(String(node.value)), node.checked, node.matches(':invalid'));
    for (const state of [':modal', ':popover-open', ':hover', ':focus', ':disabled'])
      if (node.matches(state)) own.push(state);
    const inner = [];
    for (const child of node.childNodes) {
      const one = shape(child);
      if (one && one !== inner.at(-1)) inner.push(one);
    }
    return '<' + own.join(' ') + '>' + inner.join('') + '/';
  };
  const ids = [...document.querySelectorAll('[id]')].map(one => one.id);
  return shape(document.documentElement) + ids.filter((id, n) => ids.indexOf(id) !== n) + innerWidth
    + matchMedia('(prefers-color-scheme: dark)').matches;
}"""
# Pages that axe found nothing in, by their hash: a page in the same state, at the same width, is not given to it twice.
# A long run looks at each of them.
LOOKED_AT = Path(os.environ.get("REKNIT_LOOKED_AT") or tempfile.mkdtemp(prefix="reknit-looked-"))
EXPECTED_REFUSALS = re.compile(r"status of (401|403|404|409|410|422)")


class Person:
    """One person at one screen. `with Person(...)` fails at the end on anything their browser complained about."""

    def __init__(
        self, browser: Browser, address: str, *, width: int = DESK, script: bool = True, dark: bool = False
    ) -> None:
        self.browser = browser
        self.address = address
        self.width = width
        self.script = script
        self.context = browser.new_context(
            base_url=address,
            viewport={"width": width, "height": HEIGHT[width]},
            java_script_enabled=script,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale="en-GB",
            has_touch=width == PHONE,
        )
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda said: self._heard(said.type, said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("response", self._answered)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            assert not self.complaints, self.complaints
        self.context.close()

    def _heard(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"} and not EXPECTED_REFUSALS.search(text):
            self.complaints.append(f"{kind} at {self.path}: {text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.complaints.append(f"{response.status} from {response.url}")

    # Where they are

    @property
    def path(self) -> str:
        """The address in the bar, without the host."""
        return self.page.url.removeprefix(self.address)

    # What they do

    def opens(self, path: str) -> None:
        """Go to an address."""
        self.page.goto(path)
        self.looks()

    def signs_in(self, email: str, password: str = PASSWORD) -> None:
        """Through the real page."""
        self.page.goto("/sign-in/")
        self.looks()
        self.writes("E-mail", email)
        self.writes("Password", password)
        self.presses("Sign in")

    def follows(self, name: str, *, within: str = "", nth: int = 0) -> None:
        """Follow the link with these words, in the named part of the page if one is named."""
        self.part(within).get_by_role("link", name=name).nth(nth).click()
        self.looks()

    def presses(self, name: str, *, within: str = "", nth: int = 0) -> None:
        """Press the button with these words."""
        self.part(within).get_by_role("button", name=name).nth(nth).click()
        expect(self.page.locator("form[aria-busy]")).to_have_count(0)  # a save under way ends first
        self.looks()

    def writes(self, label: str, text: str, *, within: str = "") -> None:
        """Write into the field with this label, in place of what stood there."""
        self.part(within).get_by_label(called(label)).fill(text)

    def chooses(self, label: str, option: str) -> None:
        """Choose from a list."""
        self.page.get_by_label(called(label)).select_option(label=option)

    def picks(self, question: str, answer: str) -> None:
        """Choose one answer of a question."""
        group = self.page.get_by_role("group", name=question)
        group.get_by_role("radio", name=answer, exact=True).check()

    def ticks(self, label: str) -> None:
        """Tick a box."""
        self.page.get_by_label(label).check()

    def part(self, name: str) -> "Page | Locator":
        """A named part of the page, or all of it."""
        return self.page.get_by_role("region", name=name) if name else self.page

    def fetches(self, name: str) -> bytes:
        """Follow a link that leads to a file, and return the file."""
        link = self.page.get_by_role("link", name=name).first
        answer = self.context.request.get(link.get_attribute("href") or "")
        assert answer.ok, f"{answer.status} for {name}"
        return answer.body()

    # What they see

    def sees(self, *words: str) -> None:
        """These words stand on the page, where they can be read."""
        for one in words:
            expect(self.page.get_by_text(one).locator("visible=true").first).to_be_visible()

    def sees_heading(self, words: str) -> None:
        """The page, or one of its parts, is called this."""
        expect(self.page.get_by_role("heading", name=words).first).to_be_visible()

    def does_not_see(self, *words: str) -> None:
        """These words stand nowhere."""
        for one in words:
            expect(self.page.get_by_text(one)).to_have_count(0)

    def looks(self) -> None:
        """Look the page over: nothing scrolls sideways, axe finds nothing, the tab names nobody."""
        self.page.wait_for_load_state("load")
        faults = self.overflow() + self.axe()
        assert faults == [], f"{self.path} at {self.width} px:\n" + "\n".join(faults)

    def overflow(self) -> list[str]:
        """Whether the page is wider than the screen."""
        wide = int(self.page.evaluate("document.documentElement.scrollWidth"))
        return [f"sideways scroll: {wide} px of page"] if wide > self.width else []

    def axe(self) -> list[str]:
        """What axe finds. It is evaluated as the developer tools do it, which the strict policy does not stop."""
        page = self.page if self.script else self._copy()
        mark = LOOKED_AT / hashlib.sha256(page.evaluate(STATE).encode()).hexdigest()
        if mark.exists() and not os.environ.get("REKNIT_LOOK_AT_ALL"):
            if not self.script:
                page.context.close()
            return []
        if not page.evaluate("() => typeof window.axe === 'object'"):
            page.evaluate(AXE_SCRIPT)
        found = page.evaluate(
            "tags => axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] })"
            ".then(found => found.violations)",
            WCAG,
        )
        if not self.script:
            page.context.close()
        if not found:
            mark.touch()
        return [
            f"axe {one['id']} ({one['impact']}): {node['html'][:160]} | {node['failureSummary'][:200]}"
            for one in found
            for node in one["nodes"][:3]
        ]

    def _copy(self) -> Page:
        """The page as it stands, without its scripts, in a window where axe can run."""
        words = re.sub(r"<script.*?</script>", "", self.page.content(), flags=re.DOTALL)
        window = self.browser.new_context(viewport=self.page.viewport_size, reduced_motion="reduce")
        page = window.new_page()
        page.route(self.page.url, lambda route: route.fulfill(body=words, content_type="text/html"))
        page.goto(self.page.url)
        return page


def called(label: str) -> re.Pattern[str]:
    """A label word for word, whether or not it says that the field is optional."""
    return re.compile(rf"^\s*{re.escape(label)}(\s*\(optional\))?\s*$")


__all__ = ["DESK", "PHONE", "Download", "Person"]
