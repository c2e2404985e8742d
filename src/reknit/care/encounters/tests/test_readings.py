"""One note in four readings: chosen by a person, kept for that person, and never a different note."""

import datetime as dt

import pytest
from django.test import Client as Browser
from django.urls import reverse
from tests.cast import Cast
from tests.test_every_address import browser_of

from reknit.care.encounters import actions
from reknit.care.encounters.models import Encounter, ProgressNote
from reknit.care.encounters.queries import assembled, read_by
from reknit.care.encounters.sections import KEYS, pieces
from reknit.core.encounters.readings import placement, readings

from .records import KINDS, make, person

CODES = [one.code for one in readings()]


@pytest.fixture
def full(cast: Cast, at: dt.datetime, session: Encounter) -> ProgressNote:
    """A signed note with a record of every kind and own words in every part."""
    person(cast.cleo, by=cast.ana, at=at)
    for kind in KINDS:
        make(kind, session, by=cast.ana, at=at)
    words = {key: f"Own words on {key}." for key in KEYS}
    note = actions.save_note(by=cast.ana, at=at, note=session.note, revision=0, words=words)
    return actions.sign_note(by=cast.ana, at=at, note=note, revision=1)


@pytest.mark.parametrize("code", CODES)
def test_every_part_of_a_full_note_stands_once_in_each_reading_with_its_source(
    cast: Cast, at: dt.datetime, full: ProgressNote, code: str
) -> None:
    actions.choose_reading(by=cast.ana, at=at, code=code)
    parts = assembled(full)
    placed = [one.piece for heading in read_by(cast.ana, parts).headings for one in heading.placed]
    said = [(part.key, text) for part in parts for text in (*part.facts, part.words) if text]
    assert sorted((piece.part, piece.text) for piece in placed) == sorted(said)
    assert all(piece.title and piece.origin for piece in placed)


def test_what_is_signed_knows_where_each_fact_came_from(full: ProgressNote) -> None:
    found = {(piece.part, piece.origin) for piece in pieces(assembled(full))}
    assert {
        ("focus", f"record.{kind}") for kind in ("step", "conversation", "decision", "role-play")
    } <= found
    loose = {one for one in found if placement_is_general(*one)}
    assert loose == {("thing_to_try", "words"), ("plan", "words")}


def placement_is_general(part: str, origin: str) -> bool:
    from reknit.core.encounters.readings import Piece

    return placement(Piece(part, "", origin, "x")).part.endswith(".*")


def test_note_signed_before_origins_were_kept_is_read_whole(
    cast: Cast, at: dt.datetime, full: ProgressNote
) -> None:
    for part in full.text["sections"]:
        del part["origins"]
    for code in CODES:
        actions.choose_reading(by=cast.ana, at=at, code=code)
        shown = [one.piece.text for h in read_by(cast.ana, assembled(full)).headings for one in h.placed]
        assert sorted(shown) == sorted(
            text for part in assembled(full) for text in (*part.facts, part.words) if text
        )


def test_reading_is_kept_for_the_person_and_shown_on_both_pages(cast: Cast, full: ProgressNote) -> None:
    ana, ben = browser_of(cast.ana), browser_of(cast.ben)
    args = [cast.cleo.pk, full.encounter_id]
    sent = ana.post(reverse("encounters:reading-choose", args=args), {"reading": "soap"})
    assert sent["Location"] == reverse("encounters:note-read", args=args)
    for name in ("note-read", "session-show"):
        assert shows_headings(ana, name, args) == ["Subjective", "Objective", "Assessment", "Plan"]
        assert "Thing to try" in shows_headings(ben, name, args)
    refused = ana.post(reverse("encounters:reading-choose", args=args), {"reading": "poem"}, follow=True)
    assert "Choose one of the four readings." in refused.content.decode()


def shows_headings(browser: Browser, name: str, args: list[object]) -> list[str]:
    read = browser.get(reverse(f"encounters:{name}", args=args)).context["read"]
    return [heading.title for heading in read.headings]


def test_draft_can_be_read_too(cast: Cast, note: ProgressNote) -> None:
    page = browser_of(cast.ana).get(reverse("encounters:note-read", args=[cast.cleo.pk, note.encounter_id]))
    assert "A draft: it is not signed yet." in page.content.decode()
