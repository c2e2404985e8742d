"""A therapist's week from Today, and a director's quarter: each thing one click away, and whom one looks for found by keys."""

import datetime as dt
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from reknit.base.clock import now
from reknit.care.coordination.actions import add_care_contact, agree_sharing
from reknit.care.encounters.actions import start_encounter
from reknit.care.formulation.actions import agree_focus, propose_focus
from reknit.care.formulation.entries import FocusEntry
from tests.cast import Cast

from .calendar import Calendar
from .pdf_words import words_of
from .people import PHONE, Person
from .pictures import keep

DAY = dt.date(2026, 3, 23)  # a Monday, three weeks into Cleo's course


@pytest.fixture
def monday(clinic: Cast, at_rest: Any, calendar: Calendar) -> Cast:
    """Two sessions held, no sheet, no signature; what Dr Hale may be told ends in ten days."""
    calendar.turns_to(DAY, "10:20")
    at = now()
    ana: dict[str, Any] = {"by": clinic.ana, "at": at}
    with at_rest:
        for weeks in (2, 1):
            on = at - dt.timedelta(weeks=weeks)
            start_encounter(**ana, episode=clinic.cleo_episode, outcome="attended", starts_at=on)
        focus = propose_focus(
            **ana, episode=clinic.cleo_episode, entry=FocusEntry("grief", named="her sister")
        )
        agree_focus(**ana, focus=focus)
        hale = add_care_contact(**ana, client=clinic.cleo, key=uuid.uuid4(), role="doctor", name="Dr Hale")
        until = DAY + dt.timedelta(days=10)
        agree_sharing(**ana, contact=hale, covers=["mood"], purpose="Care", how="paper", expires_on=until)
    return clinic


def test_therapist_goes_from_today_to_each_form_and_to_the_golden_thread(
    person: Callable[..., Person], monday: Cast, folder: Path
) -> None:
    with person() as ana:
        ana.signs_in("ana@clinic.example")
        ana.sees_heading("Monday 23 March")
        ana.sees("What Dr Hale may be told ends on 2 April 2026.", "PHQ-9, due at session 2")
        keep(ana.page, "day-today-1280", folder)
        row = ana.page.get_by_role("listitem").filter(has_text="PHQ-9, due at session 2")
        row.get_by_role("link").click()
        ana.looks()
        assert ana.path == f"/clients/{monday.cleo.pk}/measures/phq-9/give/"
        ana.opens("/today/")
        finds_cleo_by_keys(ana)
        ana.follows("Golden thread")
        ana.sees("Problem without a goal: Grief.", "The note is not signed at session 1, 2.")
        keep(ana.page, "day-thread-1280", folder)
        paper = words_of(ana.fetches("Print as PDF"))
        assert "Problem without a goal: Grief." in paper and "Cleo Case" in paper


def finds_cleo_by_keys(ana: Person) -> None:
    """/ from any page, parts of a name, down, Enter; Esc goes back to the words."""
    ana.page.keyboard.press("/")
    ana.page.wait_for_url("**/search/")
    ana.looks()
    words = ana.page.get_by_label("Name or date of birth")
    expect(words).to_be_focused()
    ana.page.keyboard.type("cas")
    ana.page.keyboard.press("Enter")
    ana.sees("1 client found.")
    ana.looks()
    assert ana.path == "/search/"
    words.focus()
    ana.page.keyboard.press("ArrowDown")
    expect(ana.page.get_by_role("link", name="Cleo Case")).to_be_focused()
    ana.page.keyboard.press("Escape")
    expect(words).to_be_focused()
    ana.page.keyboard.press("ArrowDown")
    ana.page.keyboard.press("Enter")
    ana.sees_heading("Cleo Case")


def test_director_sets_codes_and_shows_measures_and_intake_bills(
    person: Callable[..., Person], monday: Cast, folder: Path
) -> None:
    with person() as dara:
        dara.signs_in("dara@clinic.example")
        dara.follows("Measures in use, by quarter")
        dara.sees("too few to show")
        keep(dara.page, "day-pack-1280", folder)
        assert dara.fetches("Download four quarters").startswith(b"PK")
        dara.follows("Billing codes", within="")
        dara.presses("Take these into the table")
        dara.sees("Taken into the table.")
        keep(dara.page, "day-codes-1280", folder)
    with person(width=PHONE, script=False) as ina:
        ina.signs_in("ina@clinic.example")
        ina.opens("/billing/?month=2026-03")
        ina.sees("90834 × 1")
        keep(ina.page, "day-billing-360", folder)
        assert "Cleo Case" in words_of(ina.fetches("Cleo Case"))
        ina.opens("/search/")
        ina.writes("Name or date of birth", "zz")
        ina.page.get_by_role("button", name="Find").click()
        ina.sees("Nobody like that is among the clients you may see.")
