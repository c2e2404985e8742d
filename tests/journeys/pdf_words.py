"""The words of a PDF as a reader's program finds them: through each font's own table from glyph to letter."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf

SHOWS = {"Tj", "TJ", "'", '"'}
MOVES = {"Td", "TD", "Tm", "T*", "ET", "'", '"'}
RANGES = re.compile(r"beginbf(char|range)(.*?)endbf", re.DOTALL)
HEX = re.compile(r"<([0-9a-fA-F]*)>")


def words_of(pdf: bytes) -> str:
    """All words in order, those of drawings too, with one space between them."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        found = ["".join(_shown(page)) for page in document.pages]
    return " ".join(" ".join(found).split())


def _shown(page: Any) -> Iterator[str]:
    fonts = {name: _letters(font) for name, font in page.obj.Resources.get("/Font", {}).items()}
    letters: dict[int, str] = {}
    for step in pikepdf.parse_content_stream(page):
        if isinstance(step, pikepdf.ContentStreamInlineImage):
            continue
        name, operands = str(step.operator), step.operands
        if name == "Tf":
            letters = fonts[str(operands[0])]
        if name in MOVES:
            yield " "
        if name in SHOWS:
            yield from _said(operands[-1], letters)


def _said(shown: Any, letters: dict[int, str]) -> Iterator[str]:
    for part in shown if isinstance(shown, pikepdf.Array) else [shown]:
        if not isinstance(part, pikepdf.String):
            continue
        raw = bytes(part)
        for place in range(0, len(raw) - 1, 2):
            yield letters.get(int.from_bytes(raw[place : place + 2]), "\ufffd")


def _letters(font: Any) -> dict[int, str]:
    """Glyph to letters, from the font's table."""
    table = font["/ToUnicode"].read_bytes().decode("ascii")
    found: dict[int, str] = {}
    for kind, body in RANGES.findall(table):
        codes = HEX.findall(body)
        if kind == "char":
            found |= {
                int(glyph, 16): _text(said) for glyph, said in zip(codes[::2], codes[1::2], strict=True)
            }
            continue
        for first, last, said in zip(codes[::3], codes[1::3], codes[2::3], strict=True):
            start = int(said, 16)
            found |= {
                int(first, 16) + step: chr(start + step) for step in range(int(last, 16) - int(first, 16) + 1)
            }
    return found


def _text(code: str) -> str:
    return bytes.fromhex(code).decode("utf-16-be")
