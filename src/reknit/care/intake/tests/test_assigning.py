"""Who can be offered, why somebody cannot, and a time taken. Of a conflict nothing but yes or no is ever seen."""

import datetime as dt
import uuid

import pytest
from django.test import Client as Browser
from django.urls import reverse
from tests.cast import Cast

from reknit.base.clock import now
from reknit.base.errors import DomainError
from reknit.care.encounters.models import Appointment
from reknit.care.intake import actions
from reknit.care.intake.actions.offers import Slot
from reknit.care.intake.models import OfferedSlot, Referral
from reknit.care.intake.queries.assigning import choices_for, wishes_of
from reknit.care.people.queries import lead_of
from reknit.care.safety.actions import record_no_contact

from .factories import a_referral, acceptance, agreed, profile

DAY = dt.timedelta(days=1)


def an_order(cast: Cast, at: dt.datetime, **named: str) -> None:
    """Cleo, who is Ana's client, has an order of no contact that names somebody."""
    record_no_contact(
        by=cast.ana, at=at, client=cast.cleo, key=uuid.uuid4(), kind="court", starts_on=at.date(), **named
    )


def why(referral: Referral, at: dt.datetime) -> dict[str, list[str]]:
    found = choices_for(referral.client, wishes_of(referral), on=at.date(), at=at)
    return {one.clinician.name.split()[0]: one.why_not for one in found}


def test_reasons_are_readable_and_those_who_fit_stand_first(cast: Cast, at: dt.datetime) -> None:
    profile(cast, cast.ana, at, capacity=1, languages=["en"], protocols=["ipt-16"])
    profile(cast, cast.dov, at, capacity=9, languages=["en", "es"], protocols=["ipt-16"], skills=["pain"])
    profile(cast, cast.tess, at, taking_new=False)
    referral = a_referral(cast, at, language="es")
    said = why(referral, at)
    assert said["Ana"] == [
        "No free place.",
        "Does not speak the person’s language, and no interpreter is arranged.",
    ]
    assert said["Dov"] == [] and said["Tess"] == ["Takes nobody new at present."]
    assert next(iter(said)) == "Dov"


def test_interpreter_opens_the_language_and_a_wish_shuts_nobody_out(cast: Cast, at: dt.datetime) -> None:
    profile(cast, cast.dov, at, capacity=9, languages=["en"], gender="man")
    referral = a_referral(cast, at, language="es")
    assert why(referral, at)["Dov"]
    actions.save_wishes(
        by=cast.ina, at=at, referral=referral, revision=0, interpreter=True, gender="woman", days=[0]
    )
    assert why(referral, at)["Dov"] == []


def test_conflict_says_cannot_be_placed_here_and_nothing_else(cast: Cast, at: dt.datetime) -> None:
    profile(cast, cast.ana, at, capacity=0)
    referral = a_referral(cast, at)
    an_order(cast, at, given_name="Nia", family_name="Moss")
    assert why(referral, at)["Ana"] == ["Cannot be placed here."]
    with pytest.raises(DomainError, match="cannot be placed there"):
        actions.offer_slots(by=cast.ina, at=at, referral=referral, slots=[Slot(cast.ana, at + DAY)])
    assert not OfferedSlot.objects.exists()


def test_conflict_that_comes_up_after_the_offer_stops_the_booking(cast: Cast, at: dt.datetime) -> None:
    referral = a_referral(cast, at)
    (offer,) = actions.offer_slots(by=cast.ina, at=at, referral=referral, slots=[Slot(cast.ana, at + DAY)])
    an_order(cast, at, given_name="Nia", family_name="Moss")
    with pytest.raises(DomainError, match="cannot be placed there"):
        actions.take_offer(by=cast.ina, at=at, offer=offer, agreement=agreed(at))
    assert not Appointment.objects.filter(client=referral.client).exists()


def test_conflict_stops_an_acceptance_without_an_offer_too(cast: Cast, at: dt.datetime) -> None:
    referral = a_referral(cast, at)
    an_order(cast, at, given_name="Nia", family_name="Moss")
    with pytest.raises(DomainError, match="cannot be placed there"):
        actions.accept_referral(referral=referral, **acceptance(cast, at))
    assert Referral.objects.get().status == "open"


def test_taking_an_offer_moves_team_course_and_time_together_and_takes_the_other_back(
    cast: Cast, at: dt.datetime
) -> None:
    referral = a_referral(cast, at)
    slots = [Slot(cast.dov, at + DAY), Slot(cast.ana, at + 2 * DAY)]
    one, other = actions.offer_slots(by=cast.ina, at=at, referral=referral, slots=slots)
    with pytest.raises(DomainError, match="agreed to care first"):
        actions.take_offer(by=cast.ina, at=at, offer=one)
    appointment = actions.take_offer(by=cast.ina, at=at, offer=one, agreement=agreed(at))
    assert (appointment.starts_at, appointment.clinician) == (at + DAY, cast.dov)
    assert lead_of(referral.client, on=at.date()) == cast.dov
    other.refresh_from_db()
    assert other.state == "withdrawn"
    with pytest.raises(DomainError, match="answered already"):
        actions.decline_offer(by=cast.ina, at=at, offer=other)


def test_person_who_missed_is_booked_again_with_their_own_therapist_only(cast: Cast, at: dt.datetime) -> None:
    referral = a_referral(cast, at)
    (first,) = actions.offer_slots(by=cast.ina, at=at, referral=referral, slots=[Slot(cast.dov, at + DAY)])
    booked = actions.take_offer(by=cast.ina, at=at, offer=first, agreement=agreed(at))
    Appointment.objects.filter(pk=booked.pk).update(status="missed")
    referral.refresh_from_db()
    slots = [Slot(cast.ana, at + 3 * DAY), Slot(cast.dov, at + 3 * DAY)]
    ana, dov = actions.offer_slots(by=cast.ina, at=at, referral=referral, slots=slots)
    with pytest.raises(DomainError, match="Dov Test is this person"):
        actions.take_offer(by=cast.ina, at=at, offer=ana)
    actions.take_offer(by=cast.ina, at=at, offer=dov)
    assert Appointment.objects.filter(client=referral.client, status="booked").count() == 1


def test_time_that_is_taken_past_or_offered_to_another_is_refused(cast: Cast, at: dt.datetime) -> None:
    one, other = a_referral(cast, at), a_referral(cast, at)
    actions.offer_slots(by=cast.ina, at=at, referral=one, slots=[Slot(cast.dov, at + DAY)])
    half_an_hour = dt.timedelta(minutes=30)
    for starts_at, words in ((at + DAY + half_an_hour, "not free then"), (at - DAY, "time to come")):
        with pytest.raises(DomainError, match=words):
            actions.offer_slots(by=cast.ina, at=at, referral=other, slots=[Slot(cast.dov, starts_at)])


def test_page_names_the_reason_but_never_a_conflict(cast: Cast) -> None:
    at = now()
    referral = a_referral(cast, at)
    profile(cast, cast.dov, at, capacity=0)
    an_order(cast, at, given_name="Nia", family_name="Moss")
    browser = Browser()
    browser.force_login(cast.ina, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = browser.get(reverse("intake:referral-assign", args=[referral.pk])).content.decode()
    assert "No free place." in page and "Cannot be placed here." in page
    assert 'href="#wishes"' in page and 'id="wishes"' in page and "Places: taken and in all." in page
    for word in ("conflict", "order", "Cleo", "circle"):
        assert word not in page.split("<main")[1].split("</main>")[0]
