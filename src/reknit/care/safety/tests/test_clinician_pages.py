"""What clinicians read and can do about open items."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast import ZONE, Cast, today

from reknit.base.accounts.models import User
from reknit.base.audit.models import AuditEvent
from reknit.base.clock import local_date, now
from reknit.care.contact.actions import set_safe_contact
from reknit.care.people.actions import add_client, join_care_team
from reknit.care.safety.actions import close_risk_item, open_risk_item
from reknit.care.safety.answering import pages_for
from reknit.care.safety.models import RiskItem
from reknit.core.safety.triggers import REASONS

BOARD = "/risk/"


def browser(person: User) -> Browser:
    found = Browser()
    found.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


def opened(cast: Cast, at: dt.datetime | None = None, **more: Any) -> RiskItem:
    fields = {"by": None, "client": cast.cleo, "reason": "phq9_item9", "source": "test"} | more
    return open_risk_item(at=at or now(), **fields)


def page(person: User, address: str) -> str:
    return browser(person).get(address).content.decode()


def test_board_says_who_why_when_and_how_often(cast: Cast) -> None:
    at = now() - dt.timedelta(days=2)
    opened(cast, at)
    opened(cast, at + dt.timedelta(hours=1))
    shown = page(cast.ana, BOARD)
    for words in ("Cleo Case", "Answered above zero on PHQ-9 item 9", "You answer for it", "2 times"):
        assert words in shown
    local = (at + dt.timedelta(hours=8)).astimezone(dt.UTC)
    assert f"{local_date(local, ZONE).day}" in shown
    assert "overdue since" in shown
    assert "Ana Test answers for it" in page(cast.ben, BOARD)


def test_item_is_unread_until_somebody_of_the_team_opens_it_and_again_when_it_comes_up_anew(
    cast: Cast,
) -> None:
    item = opened(cast, now() - dt.timedelta(days=2))
    address = reverse("safety:risk-show", args=[item.pk])
    today_page, unread = reverse("home:today"), f"{BOARD}?show=unread"
    for shown in (page(cast.ana, today_page), page(cast.ana, unread), page(cast.ben, BOARD)):
        assert "Nobody has opened it yet" in shown
    events = AuditEvent.objects.count()
    page(cast.ben, address)
    assert AuditEvent.objects.count() == events + 1  # the record that the chart was read, and no other
    for shown in (page(cast.ana, today_page), page(cast.ana, BOARD)):
        assert "Opened by Ben Test" in shown and "Nobody has opened it yet" not in shown
    assert "Cleo Case" not in page(cast.ana, unread)
    assert "Ben Test," in page(cast.ana, address)
    opened(cast)
    assert "New since it was read" in page(cast.ana, unread)


def test_whoever_raises_an_item_and_answers_for_it_has_read_it(cast: Cast) -> None:
    opened(cast, by=cast.ana)
    assert "Nobody has opened it yet" not in page(cast.ana, BOARD)
    opened(cast, by=cast.ben, reason="craving_strong")
    assert "Nobody has opened it yet" in page(cast.ana, BOARD)


def test_board_shows_due_times_on_the_clinics_clock(cast: Cast) -> None:
    opened(cast, dt.datetime(2026, 3, 23, 10, 0, tzinfo=dt.UTC))
    assert "23 Mar, 19:00" in page(cast.ana, BOARD)  # ten o'clock and eight hours, in Paris


def test_board_puts_critical_above_ask_at_next_contact(cast: Cast) -> None:
    opened(cast, now() - dt.timedelta(days=9), reason="phq9_item9_blank")
    opened(cast)
    shown = page(cast.ben, BOARD)
    assert shown.index("A clinician acts by the due time") < shown.index("Ask at the next contact")


def test_board_shows_an_import_as_a_name_and_a_count(cast: Cast) -> None:
    facts = {"import": "nhanes", "people": 7}
    opened(cast, client=None, reason="import_triage", source="imports.run", facts=facts)
    shown = page(cast.ben, BOARD)
    assert "Import from nhanes" in shown
    assert "7 people" in shown


def test_board_of_a_therapist_holds_their_own_items(cast: Cast) -> None:
    opened(cast)
    assert "Cleo Case" not in page(cast.dov, BOARD)
    assert "Nothing waits here" in page(cast.tess, BOARD)


@pytest.mark.parametrize("name", ["ina", "dara", "rea", "adi", "cleo_user", "eli_user"])
def test_board_is_closed_to_roles_without_charts(cast: Cast, name: str) -> None:
    assert browser(cast.users()[name]).get(BOARD).status_code == 403


def test_item_is_open_to_owner_and_line_and_hidden_from_everybody_else(cast: Cast) -> None:
    item = opened(cast)
    address = reverse("safety:risk-show", args=[item.pk])
    codes = {name: browser(user).get(address).status_code for name, user in cast.users().items()}
    assert {name for name, code in codes.items() if code == 200} == {"ana", "ben"}
    assert {code for name, code in codes.items() if name not in {"ana", "ben"}} == {404}
    assert browser(cast.dov).post(address, {"do": "close", "closing": "spoken"}).status_code == 404


def test_client_tab_is_hidden_from_dov_and_eli(cast: Cast) -> None:
    opened(cast)
    address = reverse("safety:risk-client", args=[cast.cleo.pk])
    assert "Answered above zero" in page(cast.ana, address)
    for other in (cast.dov, cast.eli_user, cast.cleo_user, cast.ina, cast.adi):
        assert browser(other).get(address).status_code == 404


def test_referral_item_is_shown_to_the_supervisor_on_duty_without_a_way_into_a_chart(cast: Cast) -> None:
    referred = add_client(by=cast.ina, at=now(), programme=cast.programme, family_name="Newcomer")
    item = opened(cast, client=referred, reason="phone_suicide")
    shown = page(cast.ben, reverse("safety:risk-show", args=[item.pk]))
    assert "Newcomer" in shown
    assert reverse("safety:risk-client", args=[referred.pk]) not in shown
    assert browser(cast.ana).get(reverse("safety:risk-show", args=[item.pk])).status_code == 404


def test_item_says_how_to_reach_the_person_to_those_who_may_call_and_not_once_closed(cast: Cast) -> None:
    """Before, the number stood only where a form is sent from; an item is answered by a contact."""
    referred = add_client(by=cast.ina, at=now(), programme=cast.programme, family_name="Newcomer")
    way = {"value": "01 99 88 77 66", "safe_times": "after 5 pm", "may_leave_message": False}
    for client in (cast.cleo, referred):
        set_safe_contact(by=cast.ina, at=now(), client=client, channel="phone", may_name_clinic=False, **way)
    item, early = opened(cast), opened(cast, client=referred, reason="phone_suicide")
    for person, one in ((cast.ana, item), (cast.ben, item), (cast.ben, early)):
        shown = page(person, reverse("safety:risk-show", args=[one.pk]))
        assert "01 99 88 77 66" in shown and "After 5 pm" in shown and "Do not name the clinic" in shown
    close_risk_item(by=cast.ana, at=now(), item=item, closing="spoken")
    assert "01 99 88 77 66" not in page(cast.ana, reverse("safety:risk-show", args=[item.pk]))


def test_item_says_when_no_safe_way_is_known_and_when_only_in_person(cast: Cast) -> None:
    address = reverse("safety:risk-show", args=[opened(cast).pk])
    assert "No safe way of contact is written down" in page(cast.ana, address)
    set_safe_contact(by=cast.ina, at=now(), client=cast.cleo, channel="none")
    assert "only in person. Send nothing" in page(cast.ana, address)


def test_closing_without_a_reason_changes_nothing_and_says_what_to_do(cast: Cast) -> None:
    item = opened(cast)
    address = reverse("safety:risk-show", args=[item.pk])
    for given in ({}, {"closing": "level high"}, {"closing": "spoken", "note": "a\x00b"}):
        answer = browser(cast.ana).post(address, {"do": "close", **given})
        assert answer.status_code == 422
    assert "Choose what was done" in browser(cast.ana).post(address, {"do": "close"}).content.decode()
    item.refresh_from_db()
    assert item.status == "open"


def test_closing_is_kept_in_the_history(cast: Cast) -> None:
    item = opened(cast)
    address = reverse("safety:risk-show", args=[item.pk])
    given = {"do": "close", "closing": "plan", "note": "<b>Sister</b> stays tonight"}
    answer = browser(cast.ana).post(address, given, follow=True)
    shown = answer.content.decode()
    assert "Safety plan made or revised" in shown
    assert "&lt;b&gt;Sister&lt;/b&gt; stays tonight" in shown
    assert AuditEvent.objects.filter(verb="close risk item", client_id=cast.cleo.pk).exists()


def test_closing_what_another_closed_shows_what_they_did(cast: Cast) -> None:
    item = opened(cast)
    address = reverse("safety:risk-show", args=[item.pk])
    close_risk_item(by=cast.ben, at=now(), item=item, closing="plan")
    answer = browser(cast.ana).post(address, {"do": "close", "closing": "spoken"}, follow=True)
    assert "Someone closed this item before you" in answer.content.decode()


def test_handing_over_offers_only_people_who_may_see_the_client(cast: Cast) -> None:
    item = opened(cast)
    join_care_team(
        by=cast.ana, at=now(), client=cast.cleo, clinician=cast.fay, starts_on=today(), part="cover"
    )
    address = reverse("safety:risk-show", args=[item.pk])
    shown = page(cast.ana, address)
    assert "Fay Test" in shown
    assert "Ben Test" in shown
    assert "Dov Test" not in shown
    refused = browser(cast.ana).post(address, {"do": "hand_over", "owner": str(cast.dov.pk)})
    assert refused.status_code == 422
    browser(cast.ana).post(address, {"do": "hand_over", "owner": str(cast.fay.pk)})
    item.refresh_from_db()
    assert item.owner == cast.fay


def test_unknown_item_is_not_found(cast: Cast) -> None:
    assert browser(cast.ana).get(reverse("safety:risk-show", args=[uuid.uuid4()])).status_code == 404


def test_reading_an_item_is_recorded(cast: Cast) -> None:
    item = opened(cast)
    page(cast.ana, reverse("safety:risk-show", args=[item.pk]))
    read = AuditEvent.objects.get(verb="read", client_id=cast.cleo.pk)
    assert read.detail == {"page": "risk item", "item": str(item.pk)}


def test_board_keeps_its_number_of_queries_as_items_grow(cast: Cast) -> None:
    counts = []
    for n in (3, 30):
        for i in range(n):
            client = add_client(by=cast.ina, at=now(), programme=cast.programme, family_name=f"C{i}")
            opened(cast, client=client)
        ben = browser(cast.ben)
        ben.get(BOARD)
        with CaptureQueriesContext(connection) as queries:
            assert ben.get(BOARD).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_client_tab_keeps_its_number_of_queries_as_items_grow(cast: Cast) -> None:
    address = reverse("safety:risk-client", args=[cast.cleo.pk])
    counts = []
    for n in (3, 30):
        for _ in range(n):
            close_risk_item(by=cast.ana, at=now(), item=opened(cast), closing="spoken")
        ana = browser(cast.ana)
        ana.get(address)
        with CaptureQueriesContext(connection) as queries:
            ana.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("reason", sorted(REASONS))
def test_every_item_leads_to_the_page_where_it_is_worked_on(cast: Cast, reason: str) -> None:
    item = opened(cast, reason=reason)
    found = pages_for(item)
    assert found
    ana = browser(cast.ana)
    assert found[0].url in ana.get(reverse("safety:risk-show", args=[item.pk])).content.decode()
    assert all(ana.get(one.url).status_code == 200 for one in found)
    assert "Work on it" not in page(
        cast.ben, reverse("safety:risk-show", args=[item.pk])
    )  # he writes in no chart
