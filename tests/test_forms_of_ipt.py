"""Courses under each template through the actions and the pages: what differs from sixteen sessions."""

import datetime as dt
import re
from html import unescape

import pytest
from django.test import Client as Browser
from django.urls import reverse

from reknit.base.errors import DomainError
from reknit.care.closure.actions import close_course
from reknit.care.encounters.actions import sign_note, start_encounter
from reknit.care.formulation.actions import propose_focus
from reknit.care.formulation.entries import FocusEntry
from reknit.care.measures.actions import record_administration
from reknit.care.people.models import Client
from reknit.care.programme.actions import agreement, begin_course, open_episode, record_fact
from reknit.care.programme.models import CourseFact, Episode
from reknit.care.programme.queries import course_of
from reknit.core.programme.template import for_one_person
from tests.cast import Cast, today

pytestmark = pytest.mark.django_db

WEEK = dt.timedelta(weeks=1)


def ended(cast: Cast, at: dt.datetime) -> Client:
    """Cleo, whose first course is over."""
    close_course(by=cast.ana, at=at, episode=cast.cleo_episode, reason="Done.")
    return Client.objects.get(pk=cast.cleo.pk)


def course(cast: Cast, at: dt.datetime, code: str) -> Episode:
    return begin_course(by=cast.ana, at=at, client=ended(cast, at), protocol=code, starts_on=at.date())


def text(cast: Cast, name: str, *args: object, at: dt.datetime, query: str = "") -> str:
    browser = Browser()
    browser.force_login(cast.ana)
    page = browser.get(reverse(name, args=args) + query).content.decode()
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.mark.parametrize("code", [one.code for one in for_one_person()])
def test_every_form_runs_through_the_pages_of_a_chart(cast: Cast, at: dt.datetime, code: str) -> None:
    episode = course(cast, at, code)
    assert (episode.protocol, course_of(episode).template.code) == (code, code)
    start_encounter(by=cast.ana, at=at, episode=episode, outcome="before", starts_at=at)
    draft = agreement.begin_contract(by=cast.ana, at=at, episode=episode)
    assert draft.planned_sessions == episode.planned_sessions
    for name in (
        "home:client-course", "programme:course-map", "encounters:session-list", "encounters:session-start",
        "formulation:story-show", "formulation:focus-propose", "programme:agreement-edit", "closure:closing-show",
        "closure:letter-list", "measures:measure-list",
    ):  # fmt: skip
        assert text(cast, name, cast.cleo.pk, at=at), name


def test_maintenance_follows_the_course_that_decided_on_it(cast: Cast, at: dt.datetime) -> None:
    first = cast.cleo_episode
    record_fact(
        by=cast.ana,
        at=at,
        episode=first,
        kind="disposition",
        source="closure",
        value={"choice": "maintenance"},
    )
    client = ended(cast, at)
    browser = Browser()
    browser.force_login(cast.ana)
    address = reverse("programme:course-begin", args=[client.pk])
    assert '<option value="ipt-m" selected' in browser.get(address).content.decode()
    assert "Begin another course" in text(cast, "home:client-course", client.pk, at=at)
    assert browser.post(address, {"protocol": "ipt-m", "starts_on": "1999-01-01"}).status_code == 422
    answer = browser.post(address, {"protocol": "ipt-m", "starts_on": today().isoformat()})
    assert answer.status_code == 302
    second = Episode.objects.get(client=client, status="open")
    assert (second.protocol, second.planned_sessions, second.ends_on) == ("ipt-m", 12, None)
    client.refresh_from_db()
    assert client.status == Client.Status.IN_CARE


def test_another_course_waits_for_the_first_to_close(cast: Cast, at: dt.datetime) -> None:
    with pytest.raises(DomainError, match="earlier one is closed"):
        begin_course(by=cast.ana, at=at, client=cast.cleo, protocol="ipt-m", starts_on=at.date())
    client = ended(cast, at)
    with pytest.raises(DomainError, match="from the list"):
        begin_course(by=cast.ana, at=at, client=client, protocol="ipt-g-8", starts_on=at.date())


def test_maintenance_contract_may_hold_six_to_twenty_four_visits(cast: Cast, at: dt.datetime) -> None:
    episode = course(cast, at, "ipt-m")
    draft = agreement.begin_contract(by=cast.ana, at=at, episode=episode)
    assert (draft.cadence_days, draft.ends_on) == (30, at.date() + dt.timedelta(days=360))
    saved = agreement.save_contract(
        by=cast.ana, at=at, contract=draft, revision=draft.revision,
        terms={"planned_sessions": 24, "ends_on": at.date() + dt.timedelta(days=720)},
    )  # fmt: skip
    agreement.agree_contract(
        by=cast.ana,
        at=at,
        contract=saved,
        revision=saved.revision,
        how="witnessed",
        words="Yes.",
        witness="Fay",
    )
    standing = course_of(Episode.objects.get(pk=episode.pk))
    assert [task.due_slot for task in standing.template.tasks if task.code == "X06"] == [6, 12, 18, 24]


def test_recurrence_stands_first_on_the_course_page_until_it_is_answered(cast: Cast, at: dt.datetime) -> None:
    episode = course(cast, at, "ipt-m")
    held = start_encounter(by=cast.ana, at=at, episode=episode, outcome="attended", starts_at=at)
    answers = {f"phq9_{n}": 2 if n < 8 else 0 for n in range(1, 10)}
    record_administration(
        by=cast.ana, at=at, client=episode.client, measure="phq-9", answers=answers, mode="session",
        episode=episode, slot=1, encounter_id=held.pk,
    )  # fmt: skip
    shown = text(cast, "home:client-course", episode.client.pk, at=at)
    assert "PHQ-9 is back at 14. Offer a new assessment and more help by" in shown


def test_three_areas_leave_sensitivity_out_and_eight_sessions_warn_of_it(cast: Cast, at: dt.datetime) -> None:
    episode = course(cast, at, "ipt-sr")
    assert "Interpersonal sensitivity" not in text(cast, "formulation:focus-propose", cast.cleo.pk, at=at)
    with pytest.raises(DomainError, match="does not work with this area"):
        propose_focus(by=cast.ana, at=at, episode=episode, entry=FocusEntry("sensitivity"))
    close_course(by=cast.ana, at=at, episode=episode, reason="Another form.")
    brief = begin_course(by=cast.ana, at=at, client=episode.client, protocol="ipt-b", starts_on=at.date())
    assert "A poor choice in 8 sessions" in text(cast, "formulation:focus-propose", cast.cleo.pk, at=at)
    focus = propose_focus(by=cast.ana, at=at, episode=brief, entry=FocusEntry("sensitivity"))
    assert "poor choice in 8 sessions" in text(cast, "formulation:focus-show", cast.cleo.pk, focus.pk, at=at)


def test_notice_about_ipt_alone_is_answered_by_a_supervisor_with_a_reason(
    cast: Cast, at: dt.datetime
) -> None:
    episode = course(cast, at, "ipt-12+sud")
    record_fact(
        by=cast.ana, at=at, episode=episode, kind="treatment_beside", source="intake", value={"any": False}
    )
    note = start_encounter(by=cast.ana, at=at, episode=episode, outcome="attended", starts_at=at).note
    sign_note(by=cast.ana, at=at, note=note, revision=note.revision)
    browser = Browser()
    address = reverse("programme:gate-override", args=[cast.cleo.pk, "G15"])
    browser.force_login(cast.ana)
    assert "IPT alone has not been shown to reduce use" in text(
        cast, "programme:course-map", cast.cleo.pk, at=at
    )
    assert browser.post(address, {"reason": "No place."}).status_code in (403, 422)
    browser.force_login(cast.ben)
    assert browser.post(address, {"reason": "Waits for a place."}).status_code == 302
    assert CourseFact.objects.filter(episode=episode, kind="gate_override", value__gate="G15").exists()
    assert "Waits for a place." in text(cast, "programme:course-map", cast.cleo.pk, at=at)


def test_group_protocol_is_nobodys_course(cast: Cast, at: dt.datetime) -> None:
    assert not [one.code for one in for_one_person() if one.format == "group"]
    client = ended(cast, at)
    assert (
        open_episode(by=cast.ana, at=at, client=client, protocol="IPT-12", starts_on=at.date()).protocol
        == "ipt-12"
    )
