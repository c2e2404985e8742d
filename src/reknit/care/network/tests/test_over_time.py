"""The circle through a course, step by step, and the sheet of then and now."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import Cast

from reknit.care.network import actions

from .factories import add, sign
from .test_clinician_pages import address, browser
from .test_sifting import names, part

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(cast: Cast, at: dt.datetime) -> None:
    """Jo moves closer, Al leaves, Kit and a dog come; four people at the end."""
    jo, al, _mum = add(cast, at, "Jo", 3), add(cast, at, "Al", 1), add(cast, at, "Mum", 2)
    sign(cast, at)
    actions.place(by=cast.ana, at=at, relationship=jo, ring=1)
    actions.set_aside(by=cast.ana, at=at, relationship=al)
    sign(cast, at)
    add(cast, at, "Kit", 2)
    add(cast, at + dt.timedelta(seconds=1), "Rex", 2, relation="pet")
    sign(cast, at)


@pytest.mark.usefixtures("three")
def test_each_step_shows_its_version_with_links_to_its_neighbours_and_names_what_changed(cast: Cast) -> None:
    first, second = part(cast, "", "circle-play"), part(cast, "?version=2", "circle-play")
    assert names(first) == {"Jo", "Al", "Mum"} and 'rel="prev"' not in first and "version=2" in first
    assert names(second) == {"Jo", "Mum"} and 'rel="prev"' in second and 'rel="next"' in second
    assert "Closer: Jo." in second and "No longer listed: Al." in second
    assert "<td>Kit, Rex</td>" in first  # the table has every step, whichever is shown
    assert names(part(cast, "?version=99", "circle-play")) == {"Jo", "Al", "Mum"}


@pytest.mark.usefixtures("three")
def test_the_sheet_shows_two_circles_what_changed_and_no_share_of_three(cast: Cast) -> None:
    text = part(cast, "", "then-now")
    assert "Then: version 1" in text and "Now: version 3" in text
    for words in ("New: Kit, Rex.", "Closer: Jo.", "No longer listed: Al."):
        assert words in text
    assert " %</" not in text and "not enough people" in text
    assert "Now: version 2" in part(cast, "?then=2&now=1", "then-now")


def test_a_share_needs_four_who_count_on_both(cast: Cast, at: dt.datetime) -> None:
    for alias in ("Jo", "Al", "Mum", "Kit"):
        add(cast, at, alias)
    sign(cast, at)
    rex = add(cast, at, "Rex", relation="pet")
    sign(cast, at)
    text = part(cast, "", "then-now")
    assert "New: Rex." in text and "100 %" in text  # a pet is new and changes no figure
    assert rex.not_a_person


@pytest.mark.parametrize("name", ["circle-play", "then-now"])
def test_nothing_signed_says_what_to_do_and_a_stranger_finds_nothing(cast: Cast, name: str) -> None:
    assert "igned" in part(cast, "", name)
    assert browser(cast.dov).get(address(cast, name)).status_code == 404


@pytest.mark.parametrize("name", ["circle-play", "then-now"])
def test_more_versions_ask_the_database_no_more(cast: Cast, at: dt.datetime, name: str) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            part(cast, "", name)
        return len(asked)

    for alias in ("Jo", "Al"):
        add(cast, at, alias)
        sign(cast, at)
    count()  # what is kept from the first page on
    before = count()
    for alias in ("Mum", "Kit", "Dee"):
        add(cast, at, alias)
        sign(cast, at)
    assert count() == before
