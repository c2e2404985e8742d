"""Ina's week: the public form, the queue, safety questions, preparing, the wait, a conflict that says nothing, a time booked, the report."""

import datetime as dt
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from reknit.base.clock import now
from reknit.care.contact.actions import set_safe_contact
from reknit.care.encounters.actions import start_encounter
from reknit.care.encounters.models import Appointment
from reknit.care.intake.actions import accept_referral, change_intake_settings, record_referral
from reknit.care.people.actions import save_profile
from reknit.care.safety.actions import record_no_contact
from tests.cast import Cast, today

from .pdf_words import words_of
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


@pytest.mark.parametrize("script", [True, False])
def test_a_person_is_prepared_before_anybody_met_them(
    person: Callable[..., Person], clinic: Cast, at_rest: AbstractContextManager[Any], script: bool
) -> None:
    """Consents one by one, the baseline here and on a phone, a red flag, a transfer looked after; then the pages close."""
    with at_rest:
        at = now()
        referral = record_referral(
            by=clinic.ina, at=at, key=uuid.uuid4(), programme=clinic.programme, given_name="Nia",
            family_name="Moss", source="health", received_at=at - dt.timedelta(minutes=5),
        )  # fmt: skip
        set_safe_contact(
            by=clinic.ina, at=at, client=referral.client, channel="text", value="01 99 88 77 66",
            may_leave_message=True,
        )  # fmt: skip
    with person(script=script) as ina:
        ina.signs_in("ina@clinic.example")
        ina.follows("Nia Moss")
        ina.follows("Prepare")
        prepare = ina.path
        ina.sees("No consent to care stands yet.")
        ina.follows("Consents")
        sends(ina, "#care-form")
        ina.sees("Agreed", "It has no end.")
        ina.page.get_by_role("region", name="Recording sessions").locator("summary").click()
        ina.page.locator("#recording_expires_on").fill(f"{today() + dt.timedelta(days=200):%Y-%m-%d}")
        sends(ina, "#recording-form")
        ina.presses("They take it back", nth=1)
        ina.sees("Taken back.")
        copy = words_of(ina.fetches("Copy for the person"))
        assert "It has no end." in copy and "You have not agreed to this." in copy
        ina.opens(prepare)
        ina.follows("Give here")
        for group in ina.page.locator("#sheet fieldset").all()[:9]:
            group.get_by_role("radio").nth(2).check(force=True)
        ina.presses("Save")
        ina.sees("18, moderately severe, of 0 to 27.", "Complete.", "IPT, 16 sessions")
        ina.sees("Urgent.")  # the ninth question: somebody rings today, and it is not Ina
        ina.follows("Send to a phone")
        ina.presses("Make the links")
        address = ina.page.locator("#address-1").input_value()
        ina.follows("Done")
        ina.sees("Sent, not opened for answering yet")
        with person(width=PHONE, script=script) as nia:
            nia.page.goto(address)
            for group in nia.page.locator("form fieldset").all()[:6]:
                group.get_by_role("radio").nth(1).check(force=True)
            nia.page.get_by_role("button", name="Send my answers").click()
            nia.sees_heading("Thank you")
        ina.opens(prepare)
        ina.sees("Prorated from 6 of 7 answers; blank: 7")
        ina.page.locator("#proposal-form select[name=people_problem]").select_option("yes")
        ina.page.locator("#proposal-form select[name=unsettled]").select_option("no")
        ina.presses("Keep the proposal")
        ina.sees("The clinician confirms or changes it.")
        ina.follows("Withdrawal and level of care")
        ina.page.locator("#withdrawal-form fieldset").first.get_by_role("radio", name="Yes").check(force=True)
        sends(ina, "#withdrawal-form")
        ina.sees("A red flag for withdrawal was found.", "Withdrawal screen: 1 red flag")
        ina.writes("Where, and who there expects them", "Ward 3, Sister Hall")
        ina.page.locator("#transfer_expected_time").fill("23:58")
        ina.page.locator("#transfer_due_time").fill("23:59")
        sends(ina, "#transfer-form")
        ina.picks("Level you hold to be right", "Withdrawal under medical care")
        ina.picks("Level given", "Sessions at the clinic")
        ina.writes("How you come to it", "Shakes in the morning.")
        sends(ina, "#level-form")
        ina.sees("Write why the two differ.")
        ina.writes("Why they differ, if they do", "No bed until Friday.")
        sends(ina, "#level-form")
        ina.sees("Held to be right: Withdrawal under medical care. Given: Sessions at the clinic.")
        ina.opens("/referrals/chase/")
        ina.sees("Did they arrive?", "Ward 3, Sister Hall")
        ina.presses("They arrived")
        ina.does_not_see("Ward 3, Sister Hall")
    with at_rest:
        at = now()
        episode = accept_referral(
            by=clinic.ina,
            at=at,
            referral=referral,
            clinician=clinic.ana,
            starts_on=today(),
            protocol="ipt-16",
        )
    with person(script=script) as ana:
        ana.signs_in("ana@clinic.example")
        ana.opens(f"/clients/{referral.client_id}/which-course/")
        ana.sees("Ina Test of intake proposed IPT, 16 sessions", "Confirm it, or choose another and say why.")
        ana.presses("Write it down")
        ana.sees("Written down, with the facts as they stand today.")
    with at_rest:
        start_encounter(by=clinic.ana, at=now(), episode=episode, outcome="attended", starts_at=now())
    with person(script=script) as ina:
        ina.signs_in("ina@clinic.example")
        ina.opens(f"/referrals/{referral.pk}/")
        assert not ina.page.get_by_role("link", name="Prepare").count()
        assert ina.page.goto(prepare).status == 404  # type: ignore[union-attr]


def sends(who: Person, form: str) -> None:
    """Send one form of a page that has several."""
    who.page.locator(f"{form} button").last.click()
    who.looks()
