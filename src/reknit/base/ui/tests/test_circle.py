"""The circle as a picture: safe, named, with a place for every mark and every name."""

import re
import xml.etree.ElementTree as ElementTree

import pytest

from reknit.base.ui.figures.circle import CircleLine, CircleMark, circle, sample_mark

EDGES = (0.357, 0.679, 1.0)


def drawn(*marks: CircleMark, **more: object) -> str:
    return str(circle(marks, label="Circle", edges=EDGES, width="wide", **more))  # type: ignore[arg-type]


@pytest.mark.parametrize("shape", ["circle", "diamond", "square", "unknown"])
@pytest.mark.parametrize("fill", ["full", "half", "empty", "unknown"])
def test_every_mark_is_well_formed(shape: str, fill: str) -> None:
    ElementTree.fromstring(str(sample_mark(shape, fill)))  # type: ignore[arg-type]  # noqa: S314
    ElementTree.fromstring(drawn(CircleMark("a", "A", (0, 0.5), shape, fill, focus=True, was=(0.5, 0))))  # type: ignore[arg-type]  # noqa: S314


def test_a_name_cannot_break_out_of_the_picture() -> None:
    text = drawn(CircleMark("a", '<script>"&', (0, 0.5)))
    assert "<script" not in text
    ElementTree.fromstring(text)  # noqa: S314


def test_lines_are_told_apart_by_form_and_a_line_to_nobody_is_left_out() -> None:
    marks = [CircleMark(key, key, (0.1 * place, 0.5)) for place, key in enumerate("AB")]
    kinds = {"knows": 1, "close": 1, "strain": 1, "use": 2}
    for kind, paths in kinds.items():
        text = drawn(*marks, lines=[CircleLine("A", "B", kind), CircleLine("A", "Z", kind)])  # type: ignore[arg-type]
        assert len(re.findall(r'<path class="tie', text)) == paths


def test_names_of_neighbours_do_not_lie_on_each_other() -> None:
    marks = [CircleMark("a", "Annabel", (-0.1, 0.5)), CircleMark("b", "Bartholomew", (0.1, 0.5))]
    places = re.findall(
        r'translate\(([\d.]+) ([\d.]+)\).*?<text class="serif halo" x="([-\d.]+)" y="([-\d.]+)"( text-anchor="(\w+)")',
        drawn(*marks),
    )
    assert len({(anchor, y) for _x, _y, _dx, y, _all, anchor in places}) == 2


def test_narrow_says_numbers_and_lists_the_names() -> None:
    marks = [CircleMark("a", "Annabel", (0, 0.5)), CircleMark("b", "Bob", (0, -0.5))]
    text = str(circle(marks, label="Circle", edges=EDGES))
    narrow = text.split("narrow-only")[1]
    assert "<li>Annabel</li><li>Bob</li>" in narrow
    assert re.search(r'class="serif halo"[^>]*>1</text>', narrow)
    assert not re.search(r">Annabel</text>", narrow)


def test_places_of_those_who_left_are_dashed() -> None:
    assert drawn(departed=[(0.5, 0.5)]).count('class="ghost"') == 1
