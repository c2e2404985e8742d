"""Forming a group: who could be in it, what each lacks, and nothing of a chart that is not open."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast import Cast
from tests.test_every_address import browser_of

from reknit.base.errors import DomainError
from reknit.care.groups.actions import start_members
from reknit.care.groups.models import GroupRun
from reknit.care.groups.queries.candidates import Candidate, candidates
from reknit.care.network.actions import add_relationship
from reknit.care.people.models import Client
from reknit.care.programme.actions import open_episode
from reknit.care.safety.actions import open_risk_item, record_no_contact

from .factories import NAMES, a_client, a_run, met_before, waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(cast: Cast, at: dt.datetime) -> GroupRun:
    return a_run(cast, at)


def by_name(cast: Cast, run: GroupRun, at: dt.datetime, user: Any = None) -> dict[str, Candidate]:
    found = candidates(run, user or cast.fay, at=at, on=at.date())
    return {one.client.given_name: one for one in (*found.waiting, *found.without)}


def in_a_group_course(cast: Cast, at: dt.datetime, given: str, family: str, *, by: Any) -> Client:
    client = a_client(cast, at, given, family, by=by)
    open_episode(by=by, at=at, client=client, protocol="ipt-g-8", starts_on=at.date())
    return client


def test_list_says_of_each_what_is_ready_and_what_is_lacking(
    cast: Cast, at: dt.datetime, run: GroupRun
) -> None:
    ready = met_before(cast, at, waiting(cast, at, run, a_client(cast, at, "Maria", "Lindqvist")))
    waiting(cast, at, run, a_client(cast, at, "Sam", "Okoro"))
    mine = in_a_group_course(cast, at, "Tom", "Hale", by=cast.fay)
    open_risk_item(by=cast.fay, at=at, client=mine, reason="phq9_item9", source="test")
    found = by_name(cast, run, at)
    assert found["Maria"].is_ready and found["Maria"].member == ready
    assert not found["Sam"].is_ready and found["Sam"].before and "I04" not in found["Sam"].before.lacks
    assert (found["Tom"].member, found["Tom"].risk, found["Tom"].may_ask) == (None, 1, True)
    ready.client.consents.update(revoked_at=at, revoked_by=cast.ina)
    assert not by_name(cast, run, at)["Maria"].is_ready


def test_who_may_not_read_a_chart_finds_nobody_of_it(cast: Cast, at: dt.datetime, run: GroupRun) -> None:
    in_a_group_course(cast, at, "Priya", "Raman", by=cast.ana)  # no place, and not Fay's client
    member = waiting(cast, at, run, a_client(cast, at, "Sam", "Okoro"))
    assert set(by_name(cast, run, at)) == {"Sam"}
    stranger = by_name(cast, run, at, cast.dara)["Sam"]
    assert (stranger.is_open, stranger.has_consent, stranger.risk, stranger.is_ready) == (
        False,
        False,
        0,
        False,
    )
    assert member.client_id == stranger.client.pk


def test_two_who_cannot_sit_together_are_a_no_without_a_why(
    cast: Cast, at: dt.datetime, run: GroupRun, clock: Any
) -> None:
    clock(at)
    sam = a_client(cast, at, "Sam", "Okoro")
    waiting(cast, at, run, sam)
    maria = in_a_group_course(cast, at, "Maria", "Lindqvist", by=cast.fay)
    waiting(cast, at, run, a_client(cast, at, "Tom", "Hale"))
    assert by_name(cast, run, at)["Maria"].may_sit
    add_relationship(by=cast.ana, at=at, client=sam, alias="Maria Lindqvist", relation="partner", ring=1)
    found = by_name(cast, run, at)
    assert (found["Maria"].may_sit, found["Sam"].may_sit, found["Tom"].may_sit) == (False, True, True)
    said = browser_of(cast.fay).get(reverse("groups:candidate-list", args=[run.pk])).content.decode()
    assert "partner" not in said and said.count('<span class="tag heed">no</span>') == 1
    refused = browser_of(cast.fay).post(reverse("groups:place-ask", args=[maria.pk]), {"run": str(run.pk)})
    assert refused.status_code == 422 and "cannot be placed together" in refused.content.decode()


def test_whoever_is_kept_apart_from_a_client_of_who_leads_is_a_no(
    cast: Cast, at: dt.datetime, run: GroupRun
) -> None:
    """Dov, who leads too, works with Eli. The place would put Dov on this person's team, so asking refuses it as well."""
    maria = in_a_group_course(cast, at, "Maria", "Lindqvist", by=cast.fay)
    in_a_group_course(cast, at, "Tom", "Hale", by=cast.fay)
    assert by_name(cast, run, at)["Maria"].may_sit
    record_no_contact(
        by=cast.dov, at=at, client=cast.eli, key=uuid.uuid4(), kind="court", given_name=maria.given_name,
        family_name=maria.family_name, starts_on=at.date(), reason="Canary",
    )  # fmt: skip
    found = by_name(cast, run, at)
    assert (found["Maria"].may_sit, found["Tom"].may_sit) == (False, True)


def test_everybody_who_was_shown_as_ready_is_taken_in_at_once(
    cast: Cast, at: dt.datetime, run: GroupRun, clock: Any
) -> None:
    clock(at)
    for name in NAMES[:3]:
        met_before(cast, at, waiting(cast, at, run, a_client(cast, at, *name)))
    waiting(cast, at, run, a_client(cast, at, *NAMES[3]))
    fay, url = browser_of(cast.fay), reverse("groups:candidate-list", args=[run.pk])
    said = fay.get(url).content.decode()
    assert "Take 3 members into the group" in said and "Lead facilitator" in said and "Room 2" in said
    members = {one.client.given_name: one for one in run.members.select_related("client")}
    first, second, third, fourth = (members[given] for given, _family in NAMES[:4])
    day = run.starts_on.isoformat()
    late = fay.post(url, {"starts_on": "2026-03-01", "member": [str(first.pk)]})
    assert late.status_code == 422 and "today or a later day" in late.content.decode()
    sent = {"starts_on": day, "member": [str(first.pk), str(second.pk), str(fourth.pk)]}
    assert fay.post(url, sent).status_code == 302
    started = set(run.members.filter(starts_on=run.starts_on).values_list("pk", flat=True))
    assert started == {first.pk, second.pk}  # the fourth is not ready, the third was not sent
    with pytest.raises(DomainError, match="Priya Raman: The meeting before"):
        start_members(by=cast.fay, at=at, run=run, members=[third, fourth], starts_on=run.starts_on)
    third.refresh_from_db()
    assert third.starts_on is None  # all of them or none


def test_list_keeps_its_number_of_queries(cast: Cast, at: dt.datetime, clock: Any) -> None:
    clock(at)
    counts = []
    for hour, names in ((18, NAMES[:2]), (20, NAMES[2:8])):
        run = a_run(cast, at, starts_time=dt.time(hour))
        for name in names:
            met_before(cast, at, waiting(cast, at, run, a_client(cast, at, *name)))
            in_a_group_course(cast, at, f"{name[0]}b", "Other", by=cast.fay)
        fay, url = browser_of(cast.fay), reverse("groups:candidate-list", args=[run.pk])
        fay.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert fay.get(url).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 35


def test_intake_asks_for_a_place_and_opens_no_chart(
    cast: Cast, at: dt.datetime, run: GroupRun, clock: Any
) -> None:
    clock(at)
    maria = a_client(cast, at, "Maria", "Lindqvist")
    waiting(cast, at, run, a_client(cast, at, "Sam", "Okoro"))
    ina, url = browser_of(cast.ina), reverse("groups:place-ask", args=[maria.pk])
    said = ina.get(url).content.decode()
    assert "Monday evening" in said and "Ask for a place (7 left)" in said
    assert "Okoro" not in said
    assert f'href="{reverse("home:client-course", args=[maria.pk])}"' not in said
    assert ina.post(url, {"run": str(run.pk)}).status_code == 302
    assert run.members.filter(client=maria, asked_by=cast.ina).exists()
    assert ina.get(reverse("home:client-course", args=[maria.pk])).status_code == 404
    assert browser_of(cast.tess).get(url).status_code == 404
