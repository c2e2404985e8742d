"""Several people at once, each on a connection of their own: nothing is lost, doubled or left out of the chain."""

import contextlib
import datetime as dt
import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from reknit.base.accounts.actions import (
    add_person,
    add_person_with_password,
    create_first_administrator,
    deactivate,
)
from reknit.base.accounts.models import Role, User
from reknit.base.audit import record as audit
from reknit.base.audit.models import AuditEvent
from reknit.base.audit.sealing import seal
from reknit.base.audit.verify import verify_chain
from reknit.base.errors import DomainError
from reknit.base.races import hold
from reknit.care.consent.actions import grant_consent
from reknit.care.contact.actions import set_safe_contact
from reknit.care.contact.models import SafeContact
from reknit.care.intake.actions import accept_referral, record_phone_safety, record_referral
from reknit.care.intake.models import Referral
from reknit.care.people.actions import (
    add_client,
    add_programme,
    join_care_team,
    leave_care_team,
    make_client_sign_in,
    open_supervisory_line,
    set_up_site,
)
from reknit.care.people.models import CareTeamMember, Client, Programme, Site, SupervisoryLine
from reknit.care.programme.actions import agreement, open_episode
from reknit.care.programme.models import Amendment, Contract, CourseFact, Episode
from reknit.care.safety.models import RiskItem
from tests.at_once import at_once
from tests.cast import Cast

AT = dt.datetime(2026, 3, 23, 10, 0, tzinfo=dt.UTC)


def test_the_chain_stands_while_many_write_and_several_seal(crowd: Cast) -> None:
    def write() -> None:
        for number in range(20):
            with audit.writing():
                audit.record("test", by=crowd.ana, at=AT, detail={"n": number})

    def sweep() -> None:
        for _ in range(10):
            seal(at=AT)

    assert not [one for one in at_once(write, write, sweep, write, write, sweep) if one is not None]
    seal(at=AT)
    verdict = verify_chain()
    assert verdict.ok and verdict.waiting == 0, verdict.sentence
    assert AuditEvent.objects.filter(verb="test").count() == 80


def test_what_runs_after_the_commit_has_a_transaction_of_its_own(crowd: Cast) -> None:
    seen = []

    @audit.action
    def later() -> None:
        seen.append(connection.in_atomic_block)
        audit.unchanged()

    @audit.action
    def first() -> None:
        transaction.on_commit(lambda: later())
        audit.unchanged()

    first()
    assert seen == [True]


def test_a_referral_is_written_once_asked_once_and_decided_once(crowd: Cast) -> None:
    key, spoken = uuid.uuid4(), {"suicide": "no", "withdrawal": "no", "overdose": "no", "violence": "no"}

    def send() -> Referral:
        return record_referral(
            by=crowd.ina,
            at=AT,
            key=key,
            programme=crowd.programme,
            family_name="New",
            source="self",
            received_at=AT,
        )

    people = Client.objects.count()
    sent = at_once(send, send, send)
    assert [one.pk for one in sent] == [key] * 3, sent
    assert Client.objects.count() == people + 1

    def mine() -> Referral:
        return Referral.objects.select_related("client").get(pk=key)

    def accept(clinician: User) -> Callable[[], Episode]:
        referral = mine()
        return lambda: accept_referral(
            by=crowd.ina,
            at=AT,
            referral=referral,
            how="paper",
            given_at=AT,
            clinician=clinician,
            starts_on=AT.date(),
        )

    def ask() -> Callable[[], Any]:
        referral = mine()
        return lambda: record_phone_safety(by=crowd.ina, at=AT, referral=referral, answers=spoken)

    found = at_once(accept(crowd.ana), ask(), accept(crowd.tess))
    assert sum(isinstance(one, Episode) for one in found) == 1, found
    assert all(isinstance(one, Episode | list | DomainError) for one in found), found
    if isinstance(found[1], list):  # what was answered is not asked again
        assert not RiskItem.objects.filter(
            client=mine().client, reason="phone_suicide_blank", status="open"
        ).exists()


def test_one_of_two_at_once_takes_the_place_and_the_other_is_told(crowd: Cast) -> None:
    """Places that hold one: a therapist, an open course, a line, an address, a safe contact, a sign-in."""
    new = add_client(by=crowd.ina, at=AT, programme=crowd.programme, family_name="New")
    grant_consent(by=crowd.ina, at=AT, client=new, how="paper", given_at=AT)

    def lead(person: User) -> Callable[[], Any]:
        return lambda: join_care_team(by=crowd.ina, at=AT, client=new, clinician=person, starts_on=AT.date())

    def course() -> Episode:
        return open_episode(by=crowd.ana, at=AT, client=new, protocol="IPT-16", starts_on=AT.date())

    def line() -> SupervisoryLine:
        return open_supervisory_line(
            by=crowd.adi, at=AT, supervisor=crowd.ben, supervisee=crowd.dov, starts_on=AT.date()
        )

    def person() -> User:
        return add_person(by=crowd.adi, at=AT, email="New@clinic.example", name="New", roles=["therapist"])

    for works, kind in (
        ([lead(crowd.ana), lead(crowd.dov)], CareTeamMember),
        ([course, course], Episode),
        ([line, line], SupervisoryLine),
        ([person, person], User),
    ):
        found = at_once(*works)
        assert sorted(type(one).__name__ for one in found) == sorted(["DomainError", kind.__name__]), found


def test_what_may_be_said_twice_at_once_stands_once(crowd: Cast) -> None:
    key = uuid.uuid4()

    def contact() -> SafeContact:
        return set_safe_contact(by=crowd.ina, at=AT, client=crowd.cleo, channel="phone", value="01 23 45 67")

    found = at_once(contact, contact, contact)
    assert all(isinstance(one, SafeContact) for one in found), found
    assert SafeContact.objects.filter(superseded_at=None).count() == 1

    def person() -> User:
        return add_person(
            by=crowd.adi, at=AT, email="one@clinic.example", name="One", roles=["therapist"], key=key
        )

    assert [one.pk for one in at_once(person, person, person)] == [key] * 3
    twin = uuid.uuid4()

    def told() -> tuple[User, str]:
        return add_person_with_password(
            by=crowd.adi, at=AT, email="two@clinic.example", name="Two", roles=["therapist"], key=twin
        )

    pairs = at_once(told, told)
    assert [one.pk for one, _words in pairs] == [twin, twin], pairs
    works = [words for _person, words in pairs if User.objects.get(pk=twin).check_password(words)]
    assert sorted(words for _person, words in pairs) == ["", *works]  # what is told works, or is not told
    new = add_client(by=crowd.ina, at=AT, programme=crowd.programme, family_name="New")

    def sign_in() -> Any:
        mine = Client.objects.get(pk=new.pk)
        return make_client_sign_in(by=crowd.adi, at=AT, client=mine, email="new@home.example")

    made = at_once(sign_in, sign_in)
    user = User.objects.get(email="new@home.example")
    assert [one[0].pk for one in made] == [user.pk] * 2, made
    member = CareTeamMember.objects.get(client=crowd.cleo)

    def leave(on: dt.date) -> Callable[[], Any]:
        mine = CareTeamMember.objects.get(pk=member.pk)
        return lambda: leave_care_team(by=crowd.ana, at=AT, member=mine, ends_on=on)

    left = at_once(leave(AT.date()), leave(AT.date() + dt.timedelta(days=1)))
    # An end may come earlier, and never later: whoever was first, the earlier stands.
    assert left[0].ends_on == AT.date() and left[1].ends_on in {AT.date(), AT.date() + dt.timedelta(days=1)}
    assert CareTeamMember.objects.get(pk=member.pk).ends_on == AT.date()


def test_two_administrators_never_remove_each_other(crowd: Cast) -> None:
    other = add_person(
        by=crowd.adi, at=AT, email="other@clinic.example", name="Other", roles=[Role.ADMINISTRATOR]
    )

    def remove(by: User, person: User) -> Callable[[], User]:
        return lambda: deactivate(by=by, at=AT, person=User.objects.get(pk=person.pk))

    found = at_once(remove(crowd.adi, other), remove(other, crowd.adi))
    assert sorted(type(one).__name__ for one in found) == ["DomainError", "User"], found
    assert User.objects.filter(roles=[Role.ADMINISTRATOR], is_active=True).count() == 1


def test_a_clinic_is_set_up_by_one_of_two(on_disk: None) -> None:
    def administrator(name: str) -> Callable[[], User]:
        return lambda: create_first_administrator(
            email=f"{name}@clinic.example", name=name, password="x", at=AT
        )

    def site() -> Site:
        return set_up_site(by=None, at=AT, name="A clinic", time_zone="Europe/Paris")

    found = at_once(administrator("one"), administrator("two"))
    assert sorted(type(one).__name__ for one in found) == ["DomainError", "User"], found
    found = at_once(site, site)
    assert sorted(type(one).__name__ for one in found) == ["DomainError", "Site"], found


def test_an_action_that_lost_begins_again_with_rows_as_they_stand(crowd: Cast) -> None:
    """Two that wait for each other: the database undoes one, and that one is done after the other."""
    met = threading.Barrier(2)

    @audit.action
    def rename(*, first: Client, second: Client, name: str) -> str:
        held = hold(first)
        first.preferred_name = f"{held.preferred_name}{name}"
        first.save(update_fields=["preferred_name"])
        with contextlib.suppress(threading.BrokenBarrierError):
            met.wait(2)  # both hold one row now, where the database lets two write at all
        hold(second)
        audit.unchanged()
        return first.preferred_name

    def work(first: Client, second: Client, name: str) -> Callable[[], str]:
        mine = [Client.objects.get(pk=one.pk) for one in (first, second)]
        return lambda: rename(first=mine[0], second=mine[1], name=name)

    found = at_once(work(crowd.cleo, crowd.eli, "a"), work(crowd.eli, crowd.cleo, "b"))
    assert found == ["a", "b"]


def test_a_constraint_that_still_says_no_is_shown_as_the_bug_it_is(crowd: Cast) -> None:
    tries = []

    @audit.action
    def name_twice() -> None:
        tries.append(connection.in_atomic_block)
        add_programme(by=crowd.adi, at=AT, site=crowd.site, name=crowd.programme.name)

    with pytest.raises(IntegrityError):
        name_twice()
    assert tries == [True] * (3 if connection.vendor == "postgresql" else 1)
    assert Programme.objects.count() == 1


def test_an_agreement_saved_and_agreed_by_several_at_once_is_one(crowd: Cast) -> None:
    begun = agreement.begin_contract(by=crowd.ana, at=AT, episode=crowd.cleo_episode)

    def work(number: int) -> Callable[[], Any]:
        draft = Contract.objects.select_related("episode__client").get(pk=begun.pk)
        who: dict[str, Any] = {"by": crowd.ana, "at": AT, "contract": draft, "revision": 0}
        if number % 2:
            return lambda: agreement.save_contract(**who, terms={"lapse_plan": f"Plan {number}."})
        return lambda: agreement.agree_contract(**who, how="witnessed", words="Yes.", witness="Fay")

    found = at_once(*[work(number) for number in range(6)])
    assert all(isinstance(one, Contract | DomainError) for one in found), found
    assert sum(isinstance(one, Contract) for one in found) == 1, found
    assert CourseFact.objects.filter(kind="contract_agreed").count() == int(
        Contract.objects.get().state == "agreed"
    )


def test_an_ending_date_and_an_extension_asked_at_once_do_not_cross(crowd: Cast) -> None:
    draft = agreement.begin_contract(by=crowd.ana, at=AT, episode=crowd.cleo_episode)
    agreement.agree_contract(
        by=crowd.ana, at=AT, contract=draft, revision=0, how="witnessed", words="Yes.", witness="Fay"
    )
    later = AT.date() + dt.timedelta(days=110)
    said: dict[str, Any] = {"by": crowd.ana, "at": AT, "why": "In hospital.", "client_agreed": "room"}

    def move(number: int) -> Callable[[], Any]:
        episode = Episode.objects.get(pk=crowd.cleo_episode.pk)
        if number % 2:
            asked = {"sessions": 2, "reason": "sessions_lost", "ends_on": later + dt.timedelta(days=20)}
            return lambda: agreement.extend_course(**said, episode=episode, **asked)
        to = later + dt.timedelta(days=number)
        return lambda: agreement.amend_ending_date(**said, episode=episode, to=to)

    found = at_once(*[move(number) for number in range(6)])
    assert all(isinstance(one, Amendment | DomainError) for one in found), found
    rows = list(Amendment.objects.order_by("number"))
    assert [one.number for one in rows] == list(range(1, len(rows) + 1))
    assert sum(one.what == "extension" for one in rows) == 1
    moved = [one for one in rows if one.what == "ending_date"]
    stands = Episode.objects.get(pk=crowd.cleo_episode.pk).ends_on
    assert stands == (moved[-1].ends_on if moved else draft.ends_on)
