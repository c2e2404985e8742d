"""Rendering to tagged PDF."""

import datetime as dt
import json
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import typst

SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)


@cache
def _shelf(name: str) -> bytes:
    return resources.files(__package__).joinpath(name).read_bytes()


@cache
def _fonts() -> typst.Fonts:
    """Only the faces that come with the library: a letter looks the same on every machine."""
    return typst.Fonts(include_system_fonts=False)


def render(source: str, *, data: Mapping[str, Any], title: str, language: str, on: dt.date) -> bytes:
    """A tagged PDF of a Typst text. The same input gives the same pages; `on` is the date of the document.

    Parameters
    ----------
    source
        Typst text of a room's template; it reads `data` through `letter.typ`.
    data
        Plain values that JSON can carry. Text in it is shown as typed.
    """
    whole = {"title": title, "lang": language, "date": [on.year, on.month, on.day], **data}
    # The library takes several files by name; its type hints leave that form out.
    pages: bytes = typst.compile(  # type: ignore[call-overload]
        {"main": source.encode(), "letter.typ": _shelf("letter.typ")},
        format="pdf",
        sys_inputs={"data": json.dumps(whole, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        font_paths=_fonts(),
    )
    return pages


def render_document(*, data: Mapping[str, Any], title: str, language: str, on: dt.date) -> bytes:
    """A tagged PDF of a document that is a list of blocks (see `wording`)."""
    return render(_shelf("document.typ").decode(), data=data, title=title, language=language, on=on)


def print_svg(figure: str) -> str:
    """The drawing inside a figure of `base.ui`, with print colours in place of the page's style sheet."""
    found = SVG.search(figure)
    if found is None:
        raise ValueError("There is no drawing in this figure.")
    drawing = found.group(0)
    if "xmlns=" not in drawing.split(">", 1)[0]:
        drawing = drawing.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    style = f"<style>{_shelf('print.css').decode()}</style>"
    head, rest = drawing.split(">", 1)
    return f"{head}>{style}{rest}"
