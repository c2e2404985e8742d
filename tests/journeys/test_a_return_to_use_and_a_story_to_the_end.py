"""On a phone without script: a return to use from its item to its closing, and a story from its draft to the answer.

The longest story presses these buttons with script; here every one of them is a plain form.
"""

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from playwright.sync_api import expect

from reknit.base.clock import now
from reknit.care.formulation.tests.factories import draft
from reknit.care.substance_use.actions import report_use_episode
from tests.cast import Cast, today

from .people import PHONE, Person


def test_a_return_to_use_and_a_story_to_the_end(
    person: Callable[..., Person], clinic: Cast, at_rest: AbstractContextManager[Any]
) -> None:
    with at_rest:
        report_use_episode(
            by=clinic.cleo_user, at=now(), client=clinic.cleo, key=uuid.uuid4(), reported_by="client",
            starts_on=today(),
        )  # fmt: skip
        draft(clinic, now(), use="Drink became a way to … and then it made … harder.")
    with person(width=PHONE, script=False) as ana:
        ana.signs_in("ana@clinic.example")
        ana.follows("Read and respond")
        ana.follows("Read what was told, and what follows")
        ana.sees("Safety first, then the review")
        ana.follows("Go through it together in a session")
        ana.presses("Start session 1")
        ana.follows("Review it")
        ana.picks("Overdose", "Nothing raised")
        ana.writes("What was learned", "Evenings alone are the hard hours.")
        ana.presses("Keep this")
        ana.opens(f"/clients/{clinic.cleo.pk}/use/reports/")
        ana.page.locator("main li a.name").first.click()
        ana.sees("It was gone through together in a session.")
        ana.follows("Get in touch, then close the item")
        ana.picks("What was done?", "Spoken with the client; plan agreed")
        ana.presses("Close the item")
        ana.sees("The item is closed.")

        ana.opens(f"/clients/{clinic.cleo.pk}/story/")
        ana.follows("Go on writing")
        ana.follows("Read it and share")
        ana.sees("A place is still open (…).")
        expect(ana.page.get_by_role("button", name="Share with the client")).to_have_count(0)
        ana.follows("Back to writing")
        ana.writes("5. How use fits in", "Drink became a way to get through the evening.")
        ana.presses("Save draft")
        ana.follows("Read it and share")
        ana.picks("How it is shared", "Said in the session")
        ana.presses("Share with the client")
        ana.sees("The text is shared.")
        ana.follows("Write down the answer")
        ana.picks("Answer", "Agreed with changes")
        ana.writes("In the client's own words", "It was the autumn, not May.")
        ana.writes("Heard by", "Ana Test")
        ana.presses("Keep the answer")
        ana.sees("It was the autumn, not May.")
