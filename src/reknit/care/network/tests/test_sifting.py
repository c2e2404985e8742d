"""Part of a circle: who is shown, and that nothing is counted from it. Marks the figures leave out."""

import datetime as dt
import re

import pytest
from tests.cast import Cast

from reknit.care.network.circles import Person
from reknit.care.network.sifting import Sieve

from .factories import add, sign
from .test_clinician_pages import address, browser, page

pytestmark = pytest.mark.django_db


def part(cast: Cast, query: str, name: str = "circle-show", *more: object) -> str:
    return browser(cast.ana).get(address(cast, name, *more) + query).content.decode()


def names(text: str) -> set[str]:
    """Who has a mark in the drawing."""
    return set(re.findall(r'data-name="([^"]+)"', text))


def test_a_sieve_shows_the_same_people_in_the_drawing_and_in_the_table(cast: Cast, at: dt.datetime) -> None:
    add(cast, at, "Jo", alcohol="heavy", conflict=8)
    add(cast, at, "Kit", alcohol="recovering", supports_recovery=2, conflict=0)
    add(cast, at, "Mum")
    for query, who in (
        ("?use=uses", {"Jo"}),
        ("?support=for", {"Kit"}),
        ("?conflict=7", {"Jo"}),
        ("?use=unknown", {"Mum"}),
        ("?use=uses&support=for", set()),
        ("?use=nonsense", {"Jo", "Kit", "Mum"}),
    ):
        text = part(cast, query)
        assert names(text) == who
        assert set(re.findall(r'aria-label="Ring for (\w+)"', text)) == who


def test_a_sieve_changes_no_figure_and_says_so(cast: Cast, at: dt.datetime) -> None:
    add(cast, at, "Jo", alcohol="heavy")
    add(cast, at, "Kit")
    text = part(cast, "?use=uses")
    assert "1 of 2 are shown. The figures below count the whole circle." in text
    assert re.search(r"People listed</th><td class=\"r\"><b>2</b>", text)


def test_a_sieve_stays_when_a_mark_is_moved_and_works_on_a_signed_version(
    cast: Cast, at: dt.datetime
) -> None:
    row = add(cast, at, "Jo", alcohol="heavy")
    add(cast, at, "Kit")
    assert f"/{row.pk}/place/?use=uses" in part(cast, "?use=uses")
    moved = browser(cast.ana).post(
        address(cast, "mark-place", row.pk) + "?use=uses", {"ring": 3}, headers={"X-Parts": "1"}
    )
    assert names(moved.content.decode()) == {"Jo"}
    sign(cast, at)
    assert names(part(cast, "?use=unknown", "version-show", 1)) == {"Kit"}


def test_missing_is_never_zero() -> None:
    assert not Sieve(conflict="0").passes(Person(id=None, alias="Jo"))  # type: ignore[arg-type]


def test_what_is_no_person_and_the_dead_are_drawn_apart_and_said_in_the_table(
    cast: Cast, at: dt.datetime
) -> None:
    add(cast, at, "Rex", relation="pet")
    add(cast, at, "The wine", relation="substance", alcohol="heavy")
    add(cast, at, "Gran", relation="family", status="died")
    text = page(cast)
    assert text.count("not a person, not counted") == 2 and "died, not counted" in text
    assert "not counted: no person, died or hoped for" in text
    assert re.search(r"People listed</th><td class=\"r\"><b>0</b>", text)
