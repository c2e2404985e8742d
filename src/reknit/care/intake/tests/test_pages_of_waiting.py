"""The pages of the wait: forms that can be sent, a fixed number of queries, and words shown as text."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast import Cast, today

from reknit.base.clock import now
from reknit.care.encounters.models import Appointment
from reknit.care.intake import actions
from reknit.care.intake.actions.offers import Slot
from reknit.care.intake.models import Barrier, Cover, InterimContact, OfferedSlot, Referral, WaitingPlace

from .factories import a_referral, profile, safe_way

HOSTILE = '<script>alert("x")</script>'
DAY = dt.timedelta(days=1)


def browser_of(person: Any) -> Browser:
    browser = Browser()
    browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


@pytest.fixture
def ina(cast: Cast) -> Browser:
    return browser_of(cast.ina)


def text(answer: Any) -> str:
    assert isinstance(answer, HttpResponse)
    return answer.content.decode()


def queries(load: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as seen:
        load()
    return len(seen)


def test_wait_page_keeps_place_contact_and_barrier(cast: Cast, ina: Browser) -> None:
    referral = a_referral(cast, now())
    safe_way(cast, referral, now())
    url = reverse("intake:waiting-show", args=[referral.pk])
    place = {"step": "place", "revision": "0", "priority": "urgent", "priority_reason": HOSTILE}
    assert "Kept." in text(ina.post(url, place, follow=True))
    assert WaitingPlace.objects.get().priority == "urgent"
    day = f"{today():%Y-%m-%d}"
    contact = {"step": "contact", "key": str(uuid.uuid4()), "on": day, "how": "text", "answer": "sent"}
    for _ in range(2):  # a double send
        ina.post(url, contact)
    assert InterimContact.objects.count() == 1
    barrier = {"step": "barrier", "kind": "transport", "owner": str(cast.ina.pk), "due_on": day}
    assert "Ina Test sees to it" in text(ina.post(url, barrier, follow=True))
    page = text(ina.get(url))
    assert "Words to copy" in page and "<script>alert" not in page
    settle = reverse("intake:barrier-settle", args=[referral.pk, Barrier.objects.get().pk])
    ina.post(settle, {"state": "solved", "outcome": ""})
    assert Barrier.objects.get().state == "open"
    ina.post(settle, {"state": "solved", "outcome": "Bus pass"})
    assert "Bus pass" in text(ina.get(url))


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"step": "place", "revision": "0", "priority": "urgent"}, "why this person"),
        ({"step": "place", "revision": "7"}, "while you wrote"),
        ({"step": "contact", "how": "text", "answer": "sent", "on": "2999-01-01"}, "future"),
        ({"step": "barrier", "kind": "", "due_on": "2001-01-01"}, "required"),
        ({"step": "nothing"}, ""),
    ],
)
def test_wait_page_answers_bad_input_with_a_sentence(
    cast: Cast, ina: Browser, told: dict[str, str], said: str
) -> None:
    referral = a_referral(cast, now())
    safe_way(cast, referral, now())
    told = {"key": str(uuid.uuid4()), **told}
    answer = ina.post(reverse("intake:waiting-show", args=[referral.pk]), told)
    assert answer.status_code == 422 and said in text(answer)
    assert not WaitingPlace.objects.exists() and not InterimContact.objects.exists()


def test_two_offers_in_one_go_and_one_is_booked(cast: Cast, ina: Browser) -> None:
    referral = a_referral(cast, now())
    url = reverse("intake:referral-assign", args=[referral.pk])
    days = [f"{today() + DAY * n:%Y-%m-%d}" for n in (3, 4)]
    told = {"step": "offer", "clinician_1": str(cast.dov.pk), "on_1": days[0], "time_1": "10:00"}
    half = ina.post(url, {**told, "clinician_2": str(cast.ana.pk)})
    assert half.status_code == 422 and "or none of them" in text(half)
    told |= {"clinician_2": str(cast.ana.pk), "on_2": days[1], "time_2": "11:00"}
    assert "Offered: 2" in text(ina.post(url, told, follow=True))
    offer = OfferedSlot.objects.get(clinician=cast.dov)
    take = reverse("intake:offer-take", args=[referral.pk, offer.pk])
    assert ina.post(take, {"step": "take"}).status_code == 422
    agreed = {"step": "take", "how": "paper", "given_on": f"{today():%Y-%m-%d}", "protocol": "ipt-16"}
    assert "Booked with Dov Test" in text(ina.post(take, agreed, follow=True))
    assert Appointment.objects.get(client=referral.client).clinician == cast.dov


def test_offer_to_somebody_else_is_not_found_under_this_referral(cast: Cast, ina: Browser) -> None:
    one, other = a_referral(cast, now()), a_referral(cast, now())
    (offer,) = actions.offer_slots(by=cast.ina, at=now(), referral=one, slots=[Slot(cast.dov, now() + DAY)])
    assert ina.get(reverse("intake:offer-take", args=[other.pk, offer.pk])).status_code == 404


def test_pages_keep_their_number_of_queries(cast: Cast, ina: Browser) -> None:
    def grow(number: int) -> None:
        for _ in range(number):
            referral = a_referral(cast, now(), received_at=now() - 9 * DAY)
            safe_way(cast, referral, now())
            actions.set_waiting_place(
                by=cast.ina, at=now(), referral=referral, revision=0, priority="urgent", priority_reason="x"
            )
            actions.open_barrier(
                by=cast.ina, at=now(), referral=referral, kind="fear", owner=cast.ina, due_on=today()
            )
            at, ina = now(), {"by": cast.ina, "referral": referral}
            actions.agree_at_intake(
                **ina, at=at, key=uuid.uuid4(), kind="care", how="paper", given_at=at - 4 * DAY
            )
            actions.send_on(
                **ina, at=at, key=uuid.uuid4(), kind="medical", place="Ward 3", expected_at=at, due_at=at
            )
            actions.send_baseline(**ina, at=at - 3 * DAY, measures=["phq-9"], hours=24)

    urls = {
        reverse("intake:waiting-list"): 6,
        reverse("intake:chase-show"): 14,
        reverse("intake:report-show"): 5,
        reverse("people:profile-list"): 5,
    }
    grow(2)
    for url in urls:
        ina.get(url)
    few = {url: queries(lambda url=url: ina.get(url)) for url in urls}  # type: ignore[misc]
    grow(12)
    for person in (cast.ana, cast.dov, cast.tess):
        profile(cast, person, now(), capacity=3)
    for url, most in urls.items():
        assert queries(lambda url=url: ina.get(url)) == few[url] <= most, (url, few[url])  # type: ignore[misc]


def test_list_is_narrowed_and_says_who_is_past_the_target(cast: Cast, ina: Browser) -> None:
    a_referral(cast, now(), received_at=now() - 20 * DAY)
    url = reverse("intake:waiting-list")
    page = text(ina.get(url))
    assert "Nia Moss" in page and "6 over" in page
    assert "Nia Moss" in text(ina.get(url, {"over": "on", "q": "moss", "stage": "referred"}))
    assert "Nobody is in this list." in text(ina.get(url, {"stage": "seen"}))
    assert "Nia Moss" in text(ina.get(url, {"stage": "nonsense", "page": "x"}))


def test_report_counts_the_cohort_and_the_table_hides_small_numbers(cast: Cast, ina: Browser) -> None:
    for _ in range(2):
        a_referral(cast, now())
    lost = a_referral(cast, now())
    actions.close_referral(by=cast.ina, at=now(), referral=lost, reason="x", kind="moved")
    page = text(ina.get(reverse("intake:report-show")))
    assert "Moved away or in custody" in page and "3 referred" in page
    table = text(browser_of(cast.dara).get(reverse("intake:report-table")))
    latest = table.strip().splitlines()[-1]
    assert latest.split(",")[1] == "hidden" and "Nia" not in table


def test_cover_says_plainly_when_it_runs_out(cast: Cast, ina: Browser) -> None:
    url = reverse("intake:cover-show", args=[cast.cleo.pk])
    assert "Nobody has written down who pays" in text(ina.get(url))
    told = {
        "step": "cover",
        "key": str(uuid.uuid4()),
        "kind": "private",
        "payer": "Lantern Health",
        "member_id": "LH-77",
        "starts_on": "2026-01-01",
        "sessions": "8",
    }
    assert "Write who pays" in text(ina.post(url, {**told, "payer": ""}))
    page = text(ina.post(url, told, follow=True))
    assert "Cover runs out at session 8. The course has 16 planned." in page and "LH-77" in page
    team = text(browser_of(cast.ana).get(url))
    assert "Cover runs out at session 8" in team and "LH-77" not in team
    assert browser_of(cast.ana).post(url, told).status_code == 403
    ina.post(url, {"step": "end"})
    assert Cover.objects.get().ended_at and "Nobody has written down" in text(ina.get(url))


def test_referral_page_leads_on_to_the_wait(cast: Cast, ina: Browser) -> None:
    referral = a_referral(cast, now())
    page = text(ina.get(reverse("intake:referral-show", args=[referral.pk])))
    assert reverse("intake:waiting-show", args=[referral.pk]) in page
    assert Referral.objects.count() == 1
