"""Pictures of pages: which of them the documents show, and how they are kept small."""

from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

KEPT = Path(__file__).parents[2] / "docs" / "pictures"
STEPS = ("note-1-today", "note-2-prepare", "note-3-type", "note-4-record", "note-5-read")
WANTED = (
    "today-1280", "session-1280", "calendar-1280", "outcomes-1280", "phone-form-360", *(f"{step}-1280" for step in STEPS),
)  # fmt: skip
"""Those that the documents show, in light colours; when the folder is theirs, no other is written."""
COLOURS = 128  # enough for flat pages, and a quarter of the bytes


def keep(page: Page, name: str, folder: Path) -> None:
    """A picture of the page: all of it, or what fits on the screen where the documents show it."""
    if folder != KEPT:
        page.screenshot(path=folder / f"{name}.png", full_page=True)
    elif name in WANTED:
        page.screenshot(path=folder / f"{name}.png")
        make_small(folder / f"{name}.png")


def make_small(path: Path) -> None:
    """Fewer colours, fewer bytes."""
    Image.open(path).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
