"""A letter is a tagged document in its own language, and shows what people typed exactly as they typed it."""

import datetime as dt
import io

import pikepdf
import pytest
import typst

from reknit.base.documents import print_svg, render

ON = dt.date(2026, 6, 22)
SOURCE = '#import "letter.typ": *\n#show: letter\n#title()\n= Part\n#plain-text(d.words)'
HOSTILE = '#panic("no") $x$ *bold* <script> \\ "quotes" @ref [x] // gone?'


def make(source: str = SOURCE, **data: str) -> bytes:
    return render(source, data={"words": "x", "foot": "Foot", **data}, title="A letter", language="en", on=ON)


def test_letter_is_tagged_with_title_and_language() -> None:
    document = pikepdf.open(io.BytesIO(make()))
    assert document.Root.MarkInfo.Marked
    assert str(document.Root.Lang) == "en"
    assert document.Root.ViewerPreferences.DisplayDocTitle
    assert "pdfuaid:part" in str(document.Root.Metadata.read_bytes())


def test_words_are_shown_and_never_read_as_markup() -> None:
    assert len(make(words=HOSTILE)) > 1000  # a panic, a reference or maths would fail to compile


def test_same_input_gives_the_same_bytes() -> None:
    assert make() == make()


def test_picture_without_words_is_refused() -> None:
    with pytest.raises(typst.TypstError):
        make(SOURCE + '\n#image(bytes("<svg xmlns=\'http://www.w3.org/2000/svg\'></svg>"), format: "svg")')


def test_print_svg_takes_the_drawing_and_dresses_it() -> None:
    dressed = print_svg('<p>x</p><svg viewBox="0 0 1 1"><path class="l-mood" d="M0 0"/></svg><ul></ul>')
    assert (
        dressed.startswith('<svg viewBox="0 0 1 1" xmlns=') or 'xmlns="http://www.w3.org/2000/svg"' in dressed
    )
    assert "<style>" in dressed and "<p>" not in dressed
