"""Access ends when what gave it ends: a team, a line, a course; and nobody answers for somebody else's line."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from reknit.base.accounts.models import Role
from reknit.base.audit.models import AuditEvent
from reknit.care.closure.actions import close_course
from reknit.care.encounters.actions import save_note, sign_note, start_encounter
from reknit.care.encounters.models import ProgressNote
from reknit.care.measures.actions import make_link
from reknit.care.people.actions import (
    add_programme,
    close_supervisory_line,
    join_care_team,
    leave_care_team,
    open_supervisory_line,
)
from reknit.care.people.models import Client
from reknit.care.safety.actions import open_risk_item
from tests.cast import Cast, staff
from tests.test_every_address import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def now(monkeypatch: Any, at: dt.datetime) -> Any:
    """Set the clock that views read, wherever they imported it."""
    import sys

    def put(instant: dt.datetime) -> None:
        for name, module in list(sys.modules.items()):
            if name.startswith("reknit.") and callable(getattr(module, "now", None)):
                monkeypatch.setattr(module, "now", lambda: instant)

    put(at)
    return put


def course(client: Client) -> str:
    return reverse("home:client-course", args=[client.pk])


def test_an_ended_team_closes_the_chart_the_next_day(cast: Cast, at: dt.datetime, now: Any) -> None:
    leave_care_team(by=cast.ina, at=at, member=cast.cleo.care_team.get(), ends_on=at.date())
    now(at + dt.timedelta(days=1))
    for who in (cast.ana, cast.ben):
        assert browser_of(who).get(course(cast.cleo)).status_code == 404
        assert browser_of(who).post(course(cast.cleo) + "use/").status_code == 404
        page = browser_of(who).get(reverse("home:caseload"), {"show": "all"})
        assert b"Cleo" not in page.content


def test_an_ended_line_closes_the_chart_the_items_and_the_signature(
    cast: Cast, at: dt.datetime, now: Any
) -> None:
    join_care_team(
        by=cast.ina, at=at, client=cast.cleo, clinician=cast.tess, starts_on=at.date(), part="cover"
    )
    encounter = start_encounter(
        by=cast.tess, at=at, episode=cast.cleo_episode, outcome="attended", starts_at=at
    )
    note = save_note(by=cast.tess, at=at, note=encounter.note, revision=0, words={"plan": "Go on."})
    sign_note(by=cast.tess, at=at, note=note, revision=1)
    item = open_risk_item(by=cast.ana, at=at, client=cast.cleo, reason="phq9_item9", source="test")
    for line in cast.ben.supervises.all():
        close_supervisory_line(by=cast.adi, at=at, line=line, ends_on=at.date())
    now(at + dt.timedelta(days=1))
    ben = browser_of(cast.ben)
    assert ben.get(course(cast.cleo)).status_code == 404
    assert ben.get(reverse("safety:risk-show", args=[item.pk])).status_code == 404
    cosign = reverse("encounters:note-cosign", args=[cast.cleo.pk, encounter.pk])
    assert ben.post(cosign, {"decision": "cosign"}).status_code == 404
    assert b"Cleo" not in ben.get(reverse("encounters:cosign-list")).content
    assert ProgressNote.objects.get(pk=note.pk).state == ProgressNote.State.AWAITING_COSIGN


def test_a_supervisor_of_others_neither_reads_nor_signs(cast: Cast, at: dt.datetime, now: Any) -> None:
    sue = staff("Sue", Role.SUPERVISOR)
    open_supervisory_line(by=cast.adi, at=at, supervisor=sue, supervisee=cast.dov, starts_on=at.date())
    encounter = start_encounter(
        by=cast.ana, at=at, episode=cast.cleo_episode, outcome="attended", starts_at=at
    )
    browser = browser_of(sue)
    assert browser.get(course(cast.eli)).status_code == 200
    for client in (cast.cleo, cast.eli):  # also with her own line's client in the address
        cosign = reverse("encounters:note-cosign", args=[client.pk, encounter.pk])
        assert browser.post(cosign, {"decision": "cosign"}).status_code == 404


def test_a_closed_course_stays_readable_for_the_team_and_takes_no_session(
    cast: Cast, at: dt.datetime, now: Any
) -> None:
    close_course(by=cast.ana, at=at, episode=cast.cleo_episode, reason="All sessions took place.")
    ana = browser_of(cast.ana)
    assert ana.get(course(cast.cleo)).status_code == 200
    start = reverse("encounters:session-start", args=[cast.cleo.pk])
    answer = ana.post(start, {"key": str(uuid.uuid4())}, follow=True)
    assert "This course is closed" in answer.content.decode()
    assert not cast.cleo_episode.encounters.exists()
    assert (
        browser_of(cast.ina).get(reverse("coordination:team-change", args=[cast.cleo.pk])).status_code == 404
    )


def test_imported_people_are_seen_by_their_clinician_alone(cast: Cast, at: dt.datetime, now: Any) -> None:
    history = add_programme(by=cast.adi, at=at, site=cast.site, name="Imported", is_imported=True)
    Client.objects.filter(pk=cast.eli.pk).update(programme=history, status=Client.Status.IMPORTED)
    for who, person in cast.users().items():
        assert (browser_of(person).get(course(cast.eli)).status_code == 200) == (who == "dov"), who


def test_an_item_goes_to_nobody_who_may_not_see_the_client(cast: Cast, at: dt.datetime, now: Any) -> None:
    item = open_risk_item(by=cast.ana, at=at, client=cast.cleo, reason="phq9_item9", source="test")
    url = reverse("safety:risk-show", args=[item.pk])
    for stranger in (cast.dov, cast.adi, cast.cleo_user):
        answer = browser_of(cast.ana).post(url, {"do": "hand_over", "owner": str(stranger.pk)})
        assert answer.status_code == 422
    item.refresh_from_db()
    assert item.owner == cast.ana


def test_a_member_of_another_team_is_not_ended_from_ones_own(cast: Cast, at: dt.datetime, now: Any) -> None:
    elis = cast.eli.care_team.get()
    url = reverse("people:team-leave", args=[cast.cleo.pk, elis.pk])
    assert browser_of(cast.ana).post(url).status_code == 404
    elis.refresh_from_db()
    assert elis.ends_on is None


def test_every_list_that_names_clients_is_recorded(cast: Cast, at: dt.datetime, now: Any) -> None:
    lists = {
        "home:today": (cast.ana, "today"),
        "home:caseload": (cast.ana, "caseload"),
        "safety:risk-board": (cast.ana, "risk board"),
        "encounters:cosign-list": (cast.ben, "co-sign list"),
        "intake:referral-list": (cast.ina, "referrals"),
        "billing:month-list": (cast.ina, "billing"),
    }
    for name, (who, page) in lists.items():
        assert browser_of(who).get(reverse(name)).status_code == 200
        told = AuditEvent.objects.filter(verb="read", by=who.pk, detail__page=page)
        assert told.count() == 1, name


def test_a_draft_is_shown_by_no_link_that_ended_and_on_no_other_phone(
    cast: Cast, at: dt.datetime, now: Any
) -> None:
    link, secret = make_link(by=cast.ana, at=at, client=cast.cleo, measure="phq-9", hours=24)
    url, draft = reverse("measures:form-fill", args=[secret]), reverse("measures:form-draft", args=[secret])
    phone = Browser()
    assert phone.post(draft, {"q-phq9_1": "3"}).status_code == 302

    def shows(browser: Browser) -> bool:
        return bool(re.search(rb"<input[^>]*\schecked\b", browser.get(url).content))

    assert shows(phone) and not shows(Browser())
    now(at + dt.timedelta(hours=24))
    assert phone.get(url).status_code == 410 and not shows(phone)
    now(at)
    make_link(by=cast.ana, at=at, client=cast.cleo, measure="phq-9")
    assert phone.get(url).status_code == 410 and not shows(phone)
    assert phone.post(url, {"q-phq9_1": "3", "key": str(uuid.uuid4())}).status_code == 410
    link.refresh_from_db()
    assert link.draft == {} and link.submitted_at is None
    assert phone.head(url).status_code == 410 and phone.options(url).status_code == 405
