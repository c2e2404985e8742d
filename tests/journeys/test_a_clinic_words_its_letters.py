"""A director words a certificate with fields only; a therapist makes it, and it says what its purpose needs."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from reknit.base.clock import now
from reknit.care.closure.actions import give_record, save_record
from reknit.care.closure.models import Printed
from reknit.care.encounters.actions import start_encounter
from tests.cast import Cast

from .pdf_words import words_of
from .people import PHONE, Person


@pytest.fixture
def ending(clinic: Cast, at_rest: Any) -> Cast:
    who: dict[str, Any] = {"by": clinic.ana, "at": now()}
    with at_rest:
        start_encounter(**who, episode=clinic.cleo_episode, outcome="attended", starts_at=now())
        words = {"mood": "Sleep.", "use": "The shop.", "ties": "No calls."}
        draft = save_record(**who, episode=clinic.cleo_episode, kind="signs", revision=0, words=words)
        give_record(**who, record=draft, revision=1)
    return clinic


@pytest.mark.parametrize("width", [1280, PHONE])
def test_director_words_a_certificate_and_a_therapist_makes_it(
    person: Callable[..., Person], ending: Cast, at_rest: Any, width: int
) -> None:
    with person(width=width) as dara:
        dara.signs_in("dara@clinic.example")
        dara.opens(reverse("closure:wording-list"))
        dara.follows("Certificate of attendance")
        dara.writes("Wording", "{client_name} came for IPT.")
        dara.presses("Keep as a new version")
        dara.sees("“IPT” tells what the care is about.")
        dara.writes("Wording", "{client_name} was here for {{ diagnosis }}.")
        dara.presses("Try it on the made-up client")
        dara.sees("Curly brackets hold the name of one field and nothing else")
        dara.writes("Wording", "{client_name} was at {clinic_name} on {attended_on}.")
        dara.presses("Try it on the made-up client")
        dara.sees("Robin Example was at The clinic on 9 June 2026.")
        dara.presses("Keep as a new version")
        dara.sees("Kept as a new version.")
    with person(width=width) as ana:
        ana.signs_in("ana@clinic.example")
        ana.opens(reverse("closure:closing-show", args=[ending.cleo.pk]))
        ana.follows("Documents to print and give")
        ana.presses("Make it Certificate of attendance")
        ana.presses("Make it My signals")
        expect(ana.page.get_by_role("link", name="My signals")).to_be_visible()
        pages = words_of(ana.fetches("Certificate of attendance"))
        assert "Cleo Case was at Test clinic on" in pages
    with at_rest:
        assert set(Printed.objects.values_list("kind", "wording_version")) == {
            ("attendance", 1),
            ("signs", 0),
        }
