"""Several people at once, each on a connection of their own: nothing is lost, doubled or left out of the chain."""

import datetime as dt
import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections, transaction

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.models import AuditEvent
from reknit.base.audit.sealing import seal
from reknit.base.audit.verify import verify_chain
from reknit.base.errors import Conflict, DomainError
from reknit.care.closure.actions import close_course
from reknit.care.encounters.actions import save_note, start_encounter
from reknit.care.encounters.models import Encounter, ProgressNote
from reknit.care.measures.actions import make_link, submit_link
from reknit.care.measures.models import Administration, FormLink
from reknit.care.programme.actions import agreement
from reknit.care.programme.models import Amendment, Contract, CourseFact, Episode
from reknit.care.safety.models import RiskItem
from tests.cast import Cast

AT = dt.datetime(2026, 3, 23, 10, 0, tzinfo=dt.UTC)
PHQ = {f"phq9_{number}": 1 for number in range(1, 10)}


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run each in a thread of its own, all starting together; give back what each returned or raised."""
    start, found = threading.Barrier(len(works)), [None] * len(works)

    def run(place: int, work: Callable[[], Any]) -> None:
        try:
            start.wait(10)
            found[place] = work()
        except Exception as error:
            found[place] = error  # type: ignore[call-overload]
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


@pytest.fixture
def on_disk(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """Threads need a database that several connections reach: on SQLite a file, with the tables copied into it."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    memory, name = connection.connection, connection.settings_dict["NAME"]
    file = sqlite3.connect(tmp_path / "races.sqlite3")
    memory.backup(file)
    file.close()
    connection.connection, connection.settings_dict["NAME"] = None, str(tmp_path / "races.sqlite3")
    yield
    connection.close()
    connection.connection, connection.settings_dict["NAME"] = memory, name


@pytest.fixture
def crowd(on_disk: None) -> Cast:
    from tests.cast import make_cast

    return make_cast()


def test_a_form_sent_by_several_at_once_is_kept_once(crowd: Cast) -> None:
    link, _secret = make_link(by=crowd.ana, at=AT, client=crowd.cleo, measure="phq-9")

    def send(key: uuid.UUID) -> Callable[[], Administration]:
        mine = FormLink.objects.select_related("client", "episode").get(pk=link.pk)
        return lambda: submit_link(at=AT, link=mine, device="a phone", answers=PHQ, key=key)

    same = uuid.uuid4()
    found = at_once(*[send(same) for _ in range(4)], *[send(uuid.uuid4()) for _ in range(4)])
    kept = Administration.objects.get()
    told = [one for one in found if isinstance(one, Administration)]
    assert told and {one.pk for one in told} == {kept.pk}
    assert all(isinstance(one, Administration | DomainError) for one in found), found
    item = RiskItem.objects.get()
    assert item.seen_count == 1


def test_of_two_who_save_one_note_exactly_one_is_told_of_the_other(crowd: Cast) -> None:
    encounter = start_encounter(
        by=crowd.ana, at=AT, episode=crowd.cleo_episode, outcome="attended", starts_at=AT
    )

    def write(words: str) -> Callable[[], ProgressNote]:
        note = ProgressNote.objects.select_related("encounter__client").get(encounter=encounter)
        return lambda: save_note(by=crowd.ana, at=AT, note=note, revision=0, words={"plan": words})

    found = at_once(write("one"), write("two"))
    assert sorted(type(one).__name__ for one in found) == ["Conflict", "ProgressNote"], found
    conflict = next(one for one in found if isinstance(one, Conflict))
    assert conflict.theirs == ProgressNote.objects.get().words


def test_a_session_started_by_two_taps_is_one_session(crowd: Cast) -> None:
    key = uuid.uuid4()

    def tap() -> Encounter:
        return start_encounter(
            by=crowd.ana, at=AT, episode=crowd.cleo_episode, outcome="attended", starts_at=AT, key=key
        )

    found = at_once(tap, tap, tap)
    assert Encounter.objects.count() == 1
    assert any(isinstance(one, Encounter) for one in found), found


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


def test_a_course_is_closed_by_one_of_two(crowd: Cast) -> None:
    def close(person: User) -> Callable[[], Episode]:
        episode = Episode.objects.select_related("client").get(pk=crowd.cleo_episode.pk)
        return lambda: close_course(by=person, at=AT, episode=episode, reason=person.name)

    found = at_once(close(crowd.ana), close(crowd.tess))
    assert sorted(type(one).__name__ for one in found) == ["DomainError", "Episode"], found
    closed = Episode.objects.select_related("closed_by").get(pk=crowd.cleo_episode.pk)
    assert closed.closed_by and closed.closing_reason == closed.closed_by.name


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
