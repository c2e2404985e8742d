"""Pictures of pages: which of them the documents show, and how they are kept small."""

import os
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from tests.cast import PASSWORD

from .people import DESK, HEIGHT, PHONE, Person

KEPT = Path(__file__).parents[2] / "docs" / "pictures"
STEPS = ("note-1-today", "note-2-prepare", "note-3-type", "note-4-record", "note-5-read")
WANTED = (
    "today-1280", "session-1280", "calendar-1280", "outcomes-1280", "phone-form-360", *(f"{step}-1280" for step in STEPS),
)  # fmt: skip
"""Those that the documents show, in light colours; when the folder is theirs, no other is written."""
EXPECTED = {"not-found": 404, "phone-newer": 410, "phone-ended": 404}
COLOURS = 128  # enough for flat pages, and a quarter of the bytes


def take(person: Person, name: str, path: str, folder: Path, *, password: str = PASSWORD) -> list[str]:
    """Four pictures of one page; returns what is wrong with it."""
    page, faults = person.page, []
    page.set_viewport_size({"width": DESK, "height": HEIGHT[DESK]})
    answer = page.goto(path)
    if not answer or answer.status != EXPECTED.get(name, 200):
        faults.append(f"{name}: answered {answer and answer.status}")
    if name == "second-step":  # it asks for the password again first
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Go on").click()
        page.get_by_label("Code that the app shows now").wait_for()
    for width, colours, is_looked_over in (
        (DESK, "light", True), (DESK, "dark", False), (PHONE, "light", False), (PHONE, "dark", True),
    ):  # fmt: skip
        person.width = width
        page.set_viewport_size({"width": width, "height": HEIGHT[width]})
        page.emulate_media(color_scheme=colours)  # type: ignore[arg-type]
        picture = f"{name}-{width}" + ("-dark" if colours == "dark" else "")
        found = person.overflow() + (person.axe() if is_looked_over else [])
        faults += [f"{picture}: {fault}" for fault in found]
        keep(page, picture, folder)
    return faults


def keep(page: Page, name: str, folder: Path) -> None:
    """A picture of the page: all of it, or what fits on the screen where the documents show it. None where nobody asked."""
    if not os.environ.get("REKNIT_PICTURES"):
        return
    if folder != KEPT:
        page.screenshot(path=folder / f"{name}.png", full_page=True)
    elif name in WANTED:
        page.screenshot(path=folder / f"{name}.png")
        make_small(folder / f"{name}.png")


def make_small(path: Path) -> None:
    """Fewer colours, fewer bytes."""
    Image.open(path).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
