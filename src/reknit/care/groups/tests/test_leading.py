"""Who leads a group follows dates: pages, charts and time open with the first day and close with the last."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.urls import reverse
from tests.cast import ZONE, Cast
from tests.test_every_address import browser_of

from reknit.base.audit.models import AuditEvent
from reknit.base.clock import local_date
from reknit.base.errors import DomainError, Refused
from reknit.care.encounters.actions import book_appointment
from reknit.care.encounters.engagements import engagements
from reknit.care.groups.access import runs_open_to
from reknit.care.groups.actions import (
    change_facilitator,
    end_place,
    end_sitting_in,
    let_sit_in,
    say_about_observer,
)
from reknit.care.groups.models import Facilitation, GroupRun
from reknit.care.groups.queries.leading import sitting_in
from reknit.care.people.access import may_write_chart
from reknit.care.people.actions import open_supervisory_line
from reknit.care.people.models import CareTeamMember, Client
from reknit.care.safety.actions import record_no_contact

from .factories import WEEK, a_client, a_group, held, session_of, waiting

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
TWO = [("Sam", "Okoro"), ("Zoë", "Finch")]


@pytest.fixture
def run(cast: Cast, at: dt.datetime) -> GroupRun:
    return a_group(cast, at, TWO)


def change(cast: Cast, at: dt.datetime, run: GroupRun, **more: Any) -> Facilitation:
    """Tess takes Dov's part from the second session on."""
    said: dict[str, Any] = {
        "by": cast.fay, "part": "co", "person": cast.tess, "starts_on": run.starts_on + WEEK, "why": "Leave.",
    }  # fmt: skip
    return change_facilitator(at=at, run=run, **said | more)


def leaders(run: GroupRun, on: dt.date) -> list[str]:
    return [one.person.name for one in GroupRun.objects.get(pk=run.pk).led_by(on)]


def sam(run: GroupRun) -> Client:
    return Client.objects.get(group_places__run=run, given_name="Sam")


def test_change_for_good_opens_and_closes_on_its_day(cast: Cast, at: dt.datetime, run: GroupRun) -> None:
    change(cast, at, run)
    day = run.starts_on + WEEK
    assert leaders(run, day - DAY) == ["Fay Test", "Dov Test"]
    assert leaders(run, day) == ["Fay Test", "Tess Test"]
    for on, person, other in ((day - DAY, cast.dov, cast.tess), (day, cast.tess, cast.dov)):
        assert may_write_chart(person, sam(run), on=on) and not may_write_chart(other, sam(run), on=on)
        assert runs_open_to(person, on=on).filter(pk=run.pk).exists()
        assert not runs_open_to(other, on=on).filter(pk=run.pk).exists()
    event = AuditEvent.objects.get(verb="change group facilitator")
    assert event.detail["from"] == [str(cast.dov.pk)] and event.detail["to"] == str(cast.tess.pk)


def test_cover_goes_back_after_its_last_day(cast: Cast, at: dt.datetime, run: GroupRun) -> None:
    day = run.starts_on + WEEK
    change(cast, at, run, until=day + 6 * DAY)
    back = day + 7 * DAY
    assert [leaders(run, on)[1] for on in (day, back - DAY, back)] == ["Tess Test", "Tess Test", "Dov Test"]
    opened = [may_write_chart(cast.dov, sam(run), on=on).allowed for on in (day - DAY, day, back - DAY, back)]
    assert opened == [True, False, False, True]
    assert not may_write_chart(cast.tess, sam(run), on=back)


def test_time_follows_who_leads(cast: Cast, at: dt.datetime, run: GroupRun) -> None:
    change(cast, at, run)
    span = (at, at + 20 * WEEK)
    assert [len(engagements(one, *span)) for one in (cast.fay, cast.dov, cast.tess)] == [8, 1, 7]
    second = session_of(run, 2).starts_at
    book_appointment(by=cast.dov, at=at, episode=cast.eli_episode, clinician=cast.dov, starts_at=second)


def test_whoever_comes_has_to_be_free(cast: Cast, at: dt.datetime, run: GroupRun) -> None:
    second = session_of(run, 2).starts_at
    book_appointment(by=cast.ana, at=at, episode=cast.cleo_episode, clinician=cast.ana, starts_at=second)
    with pytest.raises(DomainError, match="Ana Test has a session then: Monday 6 April"):
        change(cast, at, run, person=cast.ana)
    assert leaders(run, run.starts_on + WEEK) == ["Fay Test", "Dov Test"]
    change(cast, at, run, person=cast.ana, starts_on=run.starts_on + 2 * WEEK)


@pytest.mark.parametrize(
    "wrong, words",
    [
        ({"person": "fay"}, "two facilitators"),
        ({"person": "dov"}, "already"),
        ({"person": "ina"}, "may read charts"),
        ({"starts_on": dt.date(2026, 3, 1)}, "today or a later day"),
        ({"starts_on": dt.date(2026, 12, 1)}, "come to its end"),
        ({"until": dt.date(2026, 3, 30)}, "before the first"),
        ({"part": "third"}, "from the list"),
        ({"why": " "}, "few words"),
    ],
)
def test_change_refuses_what_cannot_be(
    cast: Cast, at: dt.datetime, run: GroupRun, wrong: dict[str, Any], words: str
) -> None:
    said = {key: getattr(cast, value) if key == "person" else value for key, value in wrong.items()}
    with pytest.raises(DomainError, match=words):
        change(cast, at, run, **said)
    assert run.facilitations.count() == 2


def test_supervisor_changes_it_when_one_is_ill_and_nobody_else_does(
    cast: Cast, at: dt.datetime, run: GroupRun
) -> None:
    for person in (cast.ana, cast.ben):
        with pytest.raises(Refused):
            change(cast, at, run, by=person)
    open_supervisory_line(
        by=cast.adi,
        at=at,
        supervisor=cast.ben,
        supervisee=cast.dov,
        starts_on=local_date(at, ZONE),
        cosigns=False,
    )
    assert change(cast, at, run, by=cast.ben).person_id == cast.tess.pk


def test_second_change_takes_the_place_of_one_that_was_planned(
    cast: Cast, at: dt.datetime, run: GroupRun
) -> None:
    change(cast, at, run, starts_on=run.starts_on + 3 * WEEK)
    change(cast, at, run, person=cast.ana)
    days = [run.starts_on + n * WEEK for n in (0, 1, 3)]
    assert [leaders(run, on)[1] for on in days] == ["Dov Test", "Ana Test", "Ana Test"]
    assert not may_write_chart(cast.tess, sam(run), on=days[2])
    assert not CareTeamMember.objects.filter(clinician=cast.tess).exists()  # it had not begun


def test_member_who_joins_later_is_open_to_those_who_lead_then(
    cast: Cast, at: dt.datetime, run: GroupRun
) -> None:
    day = run.starts_on + WEEK
    change(cast, at, run, until=day + 6 * DAY)
    maria = a_client(cast, at, "Maria", "Lindqvist")
    member = waiting(cast, at, run, maria)
    opened = {
        name: [
            may_write_chart(getattr(cast, name), maria, on=on).allowed for on in (at.date(), day, day + WEEK)
        ]
        for name in ("fay", "dov", "tess")
    }
    assert opened == {"fay": [True] * 3, "dov": [True, False, True], "tess": [False, True, False]}
    end_place(by=cast.fay, at=at, member=member, ends_on=at.date(), because="never_started")
    for person in (cast.fay, cast.dov, cast.tess):
        for on in (day, day + WEEK):
            assert not may_write_chart(person, maria, on=on)


def test_therapist_who_led_the_group_keeps_their_own_clients(cast: Cast, at: dt.datetime) -> None:
    run = a_group(cast, at, TWO, co_facilitator=cast.ana)
    change(cast, at, run)
    assert may_write_chart(cast.ana, sam(run), on=run.starts_on + 2 * WEEK)


def test_only_who_leads_that_day_writes(cast: Cast, at: dt.datetime, run: GroupRun) -> None:
    change(cast, at, run, part="lead", person=cast.tess)
    held(cast, run, 1)
    with pytest.raises(Refused, match="Only the two facilitators"):
        held(cast, run, 2)


def test_page_changes_who_leads_and_shows_every_span(
    cast: Cast, at: dt.datetime, run: GroupRun, clock: Any
) -> None:
    clock(at)
    fay = browser_of(cast.fay)
    change_at = reverse("groups:leading-change", args=[run.pk])
    sent = {
        "part": "co",
        "person": str(cast.tess.pk),
        "starts_on": "2026-04-06",
        "until": "2026-04-12",
        "why": "",
    }
    refused = fay.post(change_at, sent)
    assert refused.status_code == 422 and 'value="2026-04-12"' in refused.content.decode()
    assert fay.post(change_at, sent | {"why": "Leave."}).status_code == 302
    said = fay.get(reverse("groups:leading-show", args=[run.pk])).content.decode()
    for words in ("Tess Test", "from 6 April 2026 to 12 April 2026", "from 13 April 2026", "Leave."):
        assert words in said
    assert browser_of(cast.ana).post(change_at, sent).status_code == 404
    gone = fay.post(change_at, sent | {"part": "lead", "starts_on": "2026-03-23", "until": "", "why": "Ill.",
                                       "person": str(cast.ana.pk)})  # fmt: skip
    assert gone["Location"] == reverse("groups:run-list")


def test_somebody_sits_in_once_everybody_agreed(cast: Cast, at: dt.datetime, run: GroupRun) -> None:
    observer = let_sit_in(by=cast.fay, at=at, run=run, person=cast.tess, starts_on=run.starts_on)
    first, second = run.members.order_by("pk")

    def says(member: Any, agrees: bool) -> bool:
        then = at + dt.timedelta(minutes=observer.words.count())
        say_about_observer(by=cast.fay, at=then, observer=observer, member=member, agrees=agrees)
        (one,) = sitting_in(run, on=run.starts_on)
        return one.may_come

    assert [says(first, True), says(second, False), says(second, True), says(first, False)] == [
        False, False, True, False,
    ]  # fmt: skip
    assert observer.words.count() == 4
    assert not runs_open_to(cast.tess, on=run.starts_on).exists()
    assert not may_write_chart(cast.tess, sam(run), on=run.starts_on)
    end_sitting_in(by=cast.fay, at=at + WEEK, observer=observer)
    assert sitting_in(run, on=run.starts_on + WEEK) == []


def test_observer_is_asked_about_on_the_page(cast: Cast, at: dt.datetime, run: GroupRun, clock: Any) -> None:
    clock(at)
    fay = browser_of(cast.fay)
    added = fay.post(
        reverse("groups:observer-add", args=[run.pk]),
        {"observer": str(cast.tess.pk), "from_on": run.starts_on.isoformat(), "to_on": ""},
    )
    assert added.status_code == 302
    observer = run.observers.get()
    shown = fay.get(reverse("groups:session-show", args=[run.pk, 1])).content.decode()
    assert "stays outside: 2 have not agreed" in shown
    for member in run.members.all():
        fay.post(reverse("groups:observer-word", args=[run.pk, observer.pk, member.pk]), {"agrees": "yes"})
    shown = fay.get(reverse("groups:session-show", args=[run.pk, 1])).content.decode()
    assert "everybody agreed" in shown and "Tess Test" in shown


def test_nobody_takes_over_whose_own_client_is_kept_apart_from_a_member(
    cast: Cast, at: dt.datetime, run: GroupRun
) -> None:
    theirs = a_client(cast, at, "Lou", "Marsh", by=cast.tess)
    record_no_contact(
        by=cast.tess, at=at, client=theirs, key=uuid.uuid4(), kind="court", given_name="Sam",
        family_name="Okoro", starts_on=at.date(), reason="Canary",
    )  # fmt: skip
    with pytest.raises(DomainError, match="Choose somebody else") as refused:
        change(cast, at, run)
    assert refused.value.field == "person" and "Sam" not in refused.value.sentence
    assert not sam(run).care_team.filter(clinician=cast.tess).exists()
    assert change(cast, at, run, person=cast.ana)
