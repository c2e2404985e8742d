"""A safeguarding record is read by who needs to know, and shows in no page of anybody else."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client as Browser
from django.urls import reverse
from tests.cast import ZONE, Cast, staff
from tests.test_every_address import ADDRESSES, browser_of
from tests.world import world

from reknit.base.accounts.models import Role
from reknit.base.audit.models import AuditEvent
from reknit.base.clock import local_date, now
from reknit.base.errors import Conflict, DomainError, Refused
from reknit.care.people.absences.actions import record_absence
from reknit.care.people.actions import change_site, join_care_team
from reknit.care.safety.models import SafeguardingEntry, SafeguardingRecord
from reknit.care.safety.safeguarding.access import records_open_to
from reknit.care.safety.safeguarding.actions import (
    add_safeguarding_entry,
    close_safeguarding,
    hand_over_safeguarding,
    let_in,
    open_safeguarding,
    set_duty_rule,
)

MARK = "Zwetschgenkern"  # a word that stands nowhere else


def concern(cast: Cast, at: dt.datetime, **more: Any) -> SafeguardingRecord:
    fields: dict[str, Any] = {"client": cast.cleo, "key": uuid.uuid4(), "concern": "child", "words": MARK}
    return open_safeguarding(by=cast.ana, at=at, **(fields | more))


def readers(cast: Cast, at: dt.datetime) -> set[str]:
    return {name for name, user in cast.users().items() if records_open_to(user, on=at.date()).exists()}


def test_only_owner_line_and_duty_read_it_not_the_care_team(cast: Cast, at: dt.datetime) -> None:
    join_care_team(
        by=cast.ina, at=at, client=cast.cleo, clinician=cast.fay, starts_on=at.date(), part="cover"
    )
    record = concern(cast, at)
    assert readers(cast, at) == {"ana", "ben"}  # Ben is her supervisor, and on duty
    let_in(by=cast.ana, at=at, record=record, person=cast.tess, words="She runs the group.")
    assert readers(cast, at) == {"ana", "ben", "tess"}


def test_handed_over_it_goes_to_the_other_line_and_the_first_stays_let_in(
    cast: Cast, at: dt.datetime
) -> None:
    record = concern(cast, at)
    hand_over_safeguarding(by=cast.ana, at=at, record=record, owner=cast.dov, words="He knows the family.")
    assert readers(cast, at) == {"ana", "dov", "ben"}


@pytest.mark.parametrize("name", ["ina", "dara", "rea", "adi", "cleo_user", "eli_user"])
def test_roles_without_charts_are_never_let_in(cast: Cast, at: dt.datetime, name: str) -> None:
    record, person = concern(cast, at), cast.users()[name]
    with pytest.raises(DomainError, match="at work here"):
        let_in(by=cast.ana, at=at, record=record, person=person, words="x")
    with pytest.raises(Refused):
        add_safeguarding_entry(by=person, at=at, record=record, kind="noted", words="x")


def test_it_is_closed_with_a_decision_and_its_reasons(cast: Cast, at: dt.datetime) -> None:
    record = concern(cast, at)
    with pytest.raises(DomainError, match="reported, and why"):
        close_safeguarding(by=cast.ana, at=at, record=record, words="Done.")
    add_safeguarding_entry(by=cast.ana, at=at, record=record, kind="not_reported", words="The aunt is there.")
    assert close_safeguarding(by=cast.ana, at=at, record=record, words="Settled.").status == "closed"
    with pytest.raises(Conflict):
        add_safeguarding_entry(by=cast.ana, at=at, record=record, kind="noted", words="x")


def test_the_clinics_own_clock_and_words_stand(cast: Cast, at: dt.datetime) -> None:
    assert concern(cast, at).due_at == at + dt.timedelta(hours=24)
    set_duty_rule(by=cast.dara, at=at, concern="child", based_on=0, duty="Call the office.", hours=2)
    assert concern(cast, at).due_at == at + dt.timedelta(hours=2)
    with pytest.raises(Conflict):
        set_duty_rule(by=cast.adi, at=at, concern="child", based_on=0, duty="Other.", hours=2)
    with pytest.raises(Refused):
        set_duty_rule(by=cast.ben, at=at, concern="child", based_on=1, duty="Mine.", hours=2)


def test_what_is_late_or_waits_for_somebody_away_stands_before_who_may_read_it(cast: Cast) -> None:
    """On Today and on the board of the owner, their supervisor and whoever is on duty; nobody else sees a word of it."""
    at = now()
    change_site(by=cast.adi, at=at, site=cast.site, duty_clinician=cast.tess, phone="01 23 45 67 89")
    record = concern(cast, at)
    open_to, others = ("ana", "ben", "tess"), ("dov", "fay")

    def told(name: str) -> list[bool]:
        browser = browser_of(cast.users()[name])
        found = [browser.get(reverse(page)).content.decode() for page in ("home:today", "safety:risk-board")]
        return ["A safeguarding record is late" in found[0], "1 late, or the owner away" in found[1]]

    def who_is_told() -> set[str]:
        found = {name: told(name) for name in (*open_to, *others)}
        assert all(today == board for today, board in found.values())
        return {name for name, (today, _board) in found.items() if today}

    assert who_is_told() == set()
    SafeguardingRecord.objects.filter(pk=record.pk).update(due_at=at - dt.timedelta(minutes=1))
    assert who_is_told() == set(open_to)
    SafeguardingRecord.objects.filter(pk=record.pk).update(due_at=at + dt.timedelta(hours=8))
    assert who_is_told() == set()
    day = local_date(at, ZONE)
    record_absence(
        by=cast.ana, at=at, key=uuid.uuid4(), person=cast.ana, cover=cast.dov, starts_on=day, ends_on=day
    )
    assert who_is_told() == set(open_to)
    add_safeguarding_entry(by=cast.ben, at=at, record=record, kind="reported", words="Called the office.")
    close_safeguarding(by=cast.ben, at=at, record=record, words="Done.")
    assert who_is_told() == set()


def test_what_was_written_is_never_changed(cast: Cast, at: dt.datetime) -> None:
    entry = concern(cast, at).entries.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        SafeguardingEntry.objects.filter(pk=entry.pk).update(words="other")
    with pytest.raises(DatabaseError), transaction.atomic():
        SafeguardingEntry.objects.filter(pk=entry.pk).delete()


def test_no_word_of_it_is_in_the_audit(cast: Cast, at: dt.datetime) -> None:
    concern(cast, at)
    assert not any(MARK in str(one.detail) for one in AuditEvent.objects.all())


def test_every_reading_is_kept_and_shown(cast: Cast) -> None:
    record = concern(cast, now())
    address = reverse("safety:safeguarding-show", args=[record.pk])
    assert MARK in browser_of(cast.ben).get(address).content.decode()
    found = AuditEvent.objects.filter(verb="read", detail__page="safeguarding record", by=cast.ben.pk)
    assert found.get().client_id == cast.cleo.pk
    assert "Ben Test" in browser_of(cast.ana).get(address).content.decode()


def pages(cast: Cast, browser: Browser, things: dict[str, Any]) -> str:
    """Everything a person gets from every address that can be read."""
    found = []
    for name, address in ADDRESSES.items():
        if address.method == "get":
            args = [things[one] for one in address.args]
            answer = browser.get(reverse(name, args=args))
            found.append(b"".join(answer) if answer.streaming else answer.content)
    return b" ".join(found).decode(errors="replace")


def test_no_page_shows_it_or_that_there_is_one_to_anybody_else(cast: Cast) -> None:
    """By role: a colleague on the team, a stranger, intake, director, administrator, the client, another supervisor."""
    at = now()
    sue = staff("Sue", Role.SUPERVISOR)  # a supervisor of nobody here
    join_care_team(
        by=cast.ina, at=at, client=cast.cleo, clinician=cast.fay, starts_on=at.date(), part="cover"
    )
    record = concern(cast, at)
    add_safeguarding_entry(by=cast.ana, at=at, record=record, kind="reported", words=MARK)
    things = world(cast, at)
    roles = ("fay", "dov", "ina", "dara", "adi", "cleo_user")
    others = {name: cast.users()[name] for name in roles} | {"sue": sue}
    for name, user in others.items():
        shown = pages(cast, browser_of(user), things)
        assert MARK not in shown, name
        assert str(record.pk) not in shown, name
    assert str(record.pk) in pages(cast, browser_of(cast.ana), things)


def test_a_stranger_is_told_that_there_is_no_such_record(cast: Cast) -> None:
    address = reverse("safety:safeguarding-show", args=[concern(cast, now()).pk])
    for name in ("dov", "tess", "fay", "dara", "adi", "cleo_user"):
        assert browser_of(cast.users()[name]).get(address).status_code == 404, name
        assert browser_of(cast.users()[name]).post(address, {"do": "close"}).status_code == 404, name


def test_a_practice_client_has_no_record(cast: Cast, at: dt.datetime) -> None:
    type(cast.cleo).objects.filter(pk=cast.cleo.pk).update(sandbox_of=cast.ana)
    cast.cleo.refresh_from_db()
    with pytest.raises(Refused, match="made up"):
        concern(cast, at)
