"""Ina's week: the public form, the queue, safety questions, the wait, a conflict that says nothing, a time booked, the report."""

import datetime as dt
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from reknit.base.clock import now
from reknit.care.encounters.models import Appointment
from reknit.care.intake.actions import change_intake_settings
from reknit.care.people.actions import save_profile
from reknit.care.safety.actions import record_no_contact
from tests.cast import Cast, today

from .people import PHONE, Person


def prepared(clinic: Cast) -> None:
    """The form is open, Dov has room, and an order in Cleo's chart names somebody: Ana is Cleo's therapist."""
    change_intake_settings(by=clinic.adi, at=now(), revision=0, target_days=14, public_form=True)
    save_profile(by=clinic.adi, at=now(), clinician=clinic.dov, revision=0, capacity=5, languages=["en"])
    record_no_contact(
        by=clinic.ana, at=now(), client=clinic.cleo, key=uuid.uuid4(), kind="court", given_name="Nia",
        family_name="Moss", starts_on=today(),
    )  # fmt: skip


def test_somebody_asks_on_a_phone_and_is_booked_by_the_end_of_the_week(
    person: Callable[..., Person], clinic: Cast, at_rest: AbstractContextManager[Any]
) -> None:
    with at_rest:
        prepared(clinic)
    with person(width=PHONE) as nia:
        nia.opens("/ask/")
        nia.picks("Who is it for?", "It is for me")
        nia.writes("First name", "Nia")
        nia.writes("Last name", "Moss")
        nia.picks("How can we reach this person in a safe way?", "Text")
        nia.writes("Number or e-mail", "01 99 88 77 66")
        nia.presses("Send")
        nia.sees_heading("Thank you")
        nia.sees("One of our staff reads it on the next work day.", "01 23 45 67 89")
        assert nia.page.url.endswith("/ask/sent/")
    with person() as ina:
        ina.signs_in("ina@clinic.example")
        ina.opens("/referrals/from-form/")
        ina.follows("Nia Moss")
        ina.presses("Take over")
        ina.sees("Taken over. The safety questions come next.")
        for group in ina.page.locator("#safety-form fieldset").all():
            group.get_by_role("radio", name="No", exact=True).check()
        ina.presses("Save the answers")
        ina.opens("/referrals/waiting/")
        ina.sees("Safety asked", "since today")
        ina.follows("Nia Moss")
        ina.sees("Words to copy: they say nothing of care")
        ina.picks("What came of it", "Message sent or left")
        ina.chooses("How", "Text message")
        ina.presses("Write the try down")
        ina.sees("Text message. Message sent or left.")
        wait = ina.path
        ina.opens("/referrals/chase/")
        ina.sees("Nobody is due today.")
        ina.page.goto(wait)
        ina.follows("Find a therapist")
        ina.sees("Cannot be placed here.")
        ina.does_not_see("Cleo")
        ina.chooses("First: with", "Dov Test")
        ina.page.locator("#offer_on_1").fill(f"{today() + dt.timedelta(days=3):%Y-%m-%d}")
        ina.page.locator("#offer_time_1").fill("10:00")
        ina.presses("Write the offers down")
        ina.follows("They take it")
        ina.presses("Accept into care and book")
        ina.sees("Booked with Dov Test.")
        ina.opens("/referrals/report/")
        ina.sees("Intake report", "Week by week")
    with at_rest:
        assert Appointment.objects.get(client__family_name="Moss").clinician == clinic.dov
