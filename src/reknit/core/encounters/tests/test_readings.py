"""A reading rearranges a note: every piece that says something stands in it exactly once, and nothing else does."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.core.encounters.readings import Piece, placement, placements, read, readings

PARTS = sorted({row.part.split(".", 1)[0] for row in placements()})
ORIGINS = sorted({row.part.split(".", 1)[1] for row in placements()} - {"*"}) + ["", "something later"]
PIECES = st.lists(
    st.builds(Piece, st.sampled_from(PARTS), st.just("T"), st.sampled_from(ORIGINS), st.text(max_size=20))
)


@pytest.mark.parametrize("code", [one.code for one in readings()])
@given(pieces=PIECES)
def test_reading_holds_every_piece_that_says_something_exactly_once(code: str, pieces: list[Piece]) -> None:
    shown = [placed.piece for heading in read(pieces, code) for placed in heading.placed]
    assert Counter(shown) == Counter(piece for piece in pieces if piece.text.strip())


@pytest.mark.parametrize("code", [one.code for one in readings()])
@given(pieces=PIECES)
def test_under_a_heading_the_order_of_the_note_stays(code: str, pieces: list[Piece]) -> None:
    numbered = [Piece(one.part, one.title, one.origin, f"{place} x") for place, one in enumerate(pieces)]
    for heading in read(numbered, code):
        places = [int(placed.piece.text.split()[0]) for placed in heading.placed]
        assert places == sorted(places)


def test_readings_are_the_four_and_each_heading_is_used() -> None:
    assert [one.title for one in readings()] == ["IPT", "SOAP", "DAP", "BIRP"]
    for one in readings()[1:]:
        assert {row.where[one.code] for row in placements()} == {key for key, _title in one.headings}


def test_each_placement_has_a_reason_in_one_line() -> None:
    assert all(row.reason.endswith(".") and len(row.reason) < 120 for row in placements())


def test_own_words_about_safety_are_a_judgement_and_the_answer_is_not() -> None:
    assert placement(Piece("safety", "Safety", "words", "x")).where["soap"] == "assessment"
    assert placement(Piece("safety", "Safety", "critical", "x")).where["soap"] == "subjective"
