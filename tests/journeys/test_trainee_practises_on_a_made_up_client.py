"""Tess, in training, opens a practice course, moves it on, writes in it, and starts again. Ben sees it; nothing counts."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from reknit.care.people.models import Client
from tests.cast import Cast

from .people import PHONE, Person

BANNER = "Practice course. This client is made up."


def test_trainee_practises_and_the_supervisor_looks_in(
    person: Callable[..., Person], clinic: Cast, at_rest: AbstractContextManager[Any]
) -> None:
    with person() as tess:
        tess.signs_in("tess@clinic.example")
        tess.opens("/practice/")
        tess.chooses("Protocol", "IPT, 16 sessions, version 1 (In force)")
        tess.writes("Made-up first name", "Robin")
        tess.presses("Open")
        tess.sees_heading("Robin (practice)")
        tess.sees(BANNER)
        tess.opens("/practice/")
        tess.writes("Move on to session", "5")
        tess.presses("Move on")
        tess.sees("Moved on by 5 sessions.", BANNER)
        for tab in ("Sessions", "Measures", "People", "Story", "Agreement", "Use", "Risk", "Closing"):
            tess.page.locator(".tabs").get_by_role("link", name=tab, exact=True).click()
            tess.looks()
            tess.sees(BANNER)
        tess.page.emulate_media(media="print")
        tess.sees(BANNER)  # on paper too
        tess.page.emulate_media(media="screen")
        tess.opens("/clients/")
        tess.does_not_see("Robin")
        tess.opens("/today/")
        tess.does_not_see("Robin")
        with person(width=PHONE) as ben:
            ben.signs_in("ben@clinic.example")
            ben.opens("/practice/")
            ben.sees("of Tess Test")
            ben.follows("Robin (practice)")
            ben.sees(BANNER)
        tess.opens("/practice/")
        tess.presses("Start again")
        tess.page.get_by_role("dialog").get_by_role("button", name="Start again").click()
        tess.sees("It begins anew.", BANNER)
        tess.opens("/practice/")
        tess.sees("0 of 16 sessions")
        tess.presses("Put away")
        tess.page.get_by_role("dialog").get_by_role("button", name="Put it away").click()
        tess.sees("Put away. Nobody can open it any more.", "No practice course is under way.")
    with at_rest:
        assert not Client.objects.filter(sandbox_of=clinic.tess, sandbox_ended_at=None).exists()
