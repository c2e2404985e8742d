"""The rules of a report of use: days are filled and never overwritten, nothing is lost, the right people hear of it."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.cast import BEGIN, Cast

from reknit.base.audit.models import AuditEvent
from reknit.base.errors import Conflict, DomainError
from reknit.care.consent.actions import revoke_consent
from reknit.care.consent.models import Consent
from reknit.care.network.models import Relationship
from reknit.care.programme.actions import record_fact
from reknit.care.programme.models import CourseFact
from reknit.care.safety.models import RiskItem, ToleranceLoss
from reknit.care.substance_use.actions import (
    Reported,
    change_use_episode,
    monitor,
    record_use_days,
    report_use_episode,
    set_lapse_rule,
    take_back_use_episode,
)
from reknit.care.substance_use.days import DayEntry
from reknit.care.substance_use.models import UseDay, UseEpisode, UseEpisodeVersion
from reknit.care.substance_use.queries import returns_for_supervision, unreviewed_episodes, use_episodes

FIRST = BEGIN.date()


def on(day: int) -> dt.date:
    return FIRST + dt.timedelta(days=day)


def report(cast: Cast, at: dt.datetime, **more: Any) -> Reported:
    told = {"by": cast.ana, "key": uuid.uuid4(), "reported_by": "therapist", "starts_on": on(10)} | more
    return report_use_episode(at=at, client=cast.cleo, **told)


def days(cast: Cast) -> dict[tuple[str, dt.date], bool]:
    rows = UseDay.objects.filter(client=cast.cleo, superseded_at=None)
    return {(row.substance, row.on): row.used for row in rows}


def test_only_the_first_day_is_asked_for(watched: Cast, at: dt.datetime) -> None:
    found = report(watched, at)
    assert found.use_episode.starts_on == on(10)
    assert (found.filled, found.contradicting, found.not_asked) == (0, (), ())
    assert days(watched) == {}


def test_days_not_known_become_use_days_and_a_told_day_is_named_and_stays(
    watched: Cast, at: dt.datetime
) -> None:
    told = [DayEntry(on(11), "alcohol", False), DayEntry(on(9), "alcohol", False)]
    record_use_days(by=watched.ana, at=at, client=watched.cleo, days=told, source="interview")
    found = report(watched, at, ends_on=on(12), substances=["alcohol", "cannabis"])
    assert (found.filled, found.contradicting, found.not_asked) == (
        2,
        (("alcohol", on(11)),),
        ("cannabis",),
    )
    assert days(watched) == {
        ("alcohol", on(9)): False,
        ("alcohol", on(10)): True,
        ("alcohol", on(11)): False,
        ("alcohol", on(12)): True,
    }
    assert not UseDay.objects.filter(superseded_at__isnull=False).exists()


def test_days_carry_who_told_and_a_test_alone_fills_none(watched: Cast, at: dt.datetime) -> None:
    report(watched, at, reported_by="other", substances=["alcohol"])
    assert UseDay.objects.get().source == "other"
    assert report(watched, at, reported_by="test", substances=["cocaine"]).filled == 0
    assert UseDay.objects.count() == 1


def test_a_double_send_is_one_report(watched: Cast, at: dt.datetime) -> None:
    key = uuid.uuid4()
    report(watched, at, key=key, substances=["alcohol"])
    events = AuditEvent.objects.count()
    assert report(watched, at, key=key, substances=["alcohol"]).use_episode.pk == key
    assert (UseEpisode.objects.count(), AuditEvent.objects.count()) == (1, events)


def test_a_key_of_another_client_is_told_apart(watched: Cast, at: dt.datetime) -> None:
    key = uuid.uuid4()
    report(watched, at, key=key)
    with pytest.raises(DomainError, match="out of date"):
        report_use_episode(
            by=watched.dov,
            at=at,
            client=watched.eli,
            key=key,
            reported_by="therapist",
            starts_on=on(10),
        )


def test_a_report_is_a_fact_of_the_course_and_the_audit_holds_no_words(
    watched: Cast, at: dt.datetime
) -> None:
    found = report(watched, at, trigger="canary quarrel", place="canary street")
    fact = CourseFact.objects.get(kind="lapse_reported")
    assert fact.value == {"use_episode": str(found.use_episode.pk), "on": on(10).isoformat()}
    event = AuditEvent.objects.get(verb="report use")
    assert event.detail == {"by": "therapist", "fields": ["place", "trigger"]}
    assert "canary" not in str(list(AuditEvent.objects.values_list("detail", flat=True)))


def test_what_the_client_sends_waits_for_their_therapist(watched: Cast, at: dt.datetime) -> None:
    report(watched, at)
    assert not RiskItem.objects.exists()
    found = report(watched, at, by=watched.cleo_user, reported_by="client")
    item = RiskItem.objects.get()
    assert (item.reason, item.owner, item.klass) == ("use_reported", watched.ana, "ask_next_contact")
    assert item.source_id == found.use_episode.pk
    assert item.due_at == at + dt.timedelta(hours=24)


@pytest.mark.parametrize("source", ["other", "test"])
def test_what_was_heard_of_without_the_client_asks_for_contact_within_a_day(
    watched: Cast, at: dt.datetime, source: str
) -> None:
    report(watched, at, by=watched.dov, reported_by=source)
    item = RiskItem.objects.get()
    assert (item.reason, item.owner, item.due_at) == (
        "use_heard_of",
        watched.ana,
        at + dt.timedelta(hours=24),
    )


def without_use(cast: Cast, at: dt.datetime, code: str, *offsets: int) -> None:
    entries = [DayEntry(on(day), code, False) for day in offsets]
    record_use_days(by=cast.ana, at=at, client=cast.cleo, days=entries, source="interview")


def test_a_return_after_days_without_use_opens_the_tolerance_tasks_once(
    watched: Cast, at: dt.datetime
) -> None:
    without_use(watched, at, "cocaine", 7, 8, 9)
    found = report(watched, at)
    loss = ToleranceLoss.objects.get()
    assert (loss.client, loss.kind, loss.happened_on) == (watched.cleo, "abstinent", on(10))
    item = RiskItem.objects.get(reason="tolerance_lost")
    assert (item.owner, item.klass, item.due_at) == (watched.ana, "critical", at + dt.timedelta(hours=8))
    change_use_episode(
        by=watched.ana, at=at, use_episode=found.use_episode, revision=0, substances=["cocaine"]
    )
    assert ToleranceLoss.objects.count() == 1


@pytest.mark.parametrize(
    ("days_free", "told"),
    [((8, 9), ["cocaine"]), ((6, 7, 8), ["cocaine"]), ((7, 8, 9), ["alcohol"]), ((), [])],
)
def test_days_not_known_and_other_substances_open_no_tolerance_tasks(
    watched: Cast, at: dt.datetime, days_free: tuple[int, ...], told: list[str]
) -> None:
    without_use(watched, at, "cocaine", *days_free)
    without_use(watched, at, "alcohol", *days_free)
    report(watched, at, substances=told)
    assert not ToleranceLoss.objects.exists()


def test_a_drink_after_days_without_it_counts_where_opioids_are_in_the_picture(
    watched: Cast, at: dt.datetime
) -> None:
    monitor(by=watched.ana, at=BEGIN, client=watched.cleo, substance="opioids", starts_on=FIRST)
    without_use(watched, at, "alcohol", 7, 8, 9)
    report(watched, at, substances=["alcohol"])
    assert ToleranceLoss.objects.exists()


def test_an_old_return_opens_no_tolerance_tasks(watched: Cast, at: dt.datetime) -> None:
    later = at + dt.timedelta(days=30)
    without_use(watched, at, "cocaine", 7, 8, 9)
    report(watched, later, substances=["cocaine"])
    assert not ToleranceLoss.objects.exists()


def test_signs_of_an_overdose_wait_for_a_clinician_whoever_told(watched: Cast, at: dt.datetime) -> None:
    found = report(watched, at, overdose_signs=False)
    assert not RiskItem.objects.exists()
    change_use_episode(by=watched.ana, at=at, use_episode=found.use_episode, revision=0, overdose_signs=True)
    assert RiskItem.objects.get().klass == "critical"


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"starts_on": dt.date(2026, 3, 24)}, "has not come yet"),
        ({"ends_on": dt.date(2026, 3, 24)}, "has not come yet"),
        ({"ends_on": FIRST}, "before the first"),
        ({"starts_on": dt.date(2025, 2, 1)}, "more than a year before"),
        ({"substances": ["moonshine"]}, "from the list"),
        ({"company": "crowd"}, "whether somebody"),
        ({"with_people": [uuid.uuid4()]}, "own list"),
        ({"reported_by": "police"}, "who told"),
        ({"place": "x" * 201}, "under 200"),
        ({"trigger": "a\0b"}, "invisible"),
    ],
)
def test_an_impossible_report_is_refused_and_nothing_is_written(
    watched: Cast, at: dt.datetime, told: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(DomainError, match=sentence):
        report(watched, at, **told)
    assert not UseEpisode.objects.exists()


def test_people_are_from_the_clients_own_circle(watched: Cast, at: dt.datetime, jo: Relationship) -> None:
    found = report(watched, at, with_people=[jo.pk]).use_episode
    assert (found.company, list(found.with_people.all())) == ("with", [jo])
    theirs = Relationship.objects.create(client=watched.eli, alias="Mo", added_at=at)
    with pytest.raises(DomainError, match="own list"):
        report(watched, at, with_people=[theirs.pk])
    with pytest.raises(DomainError, match="alone"):
        report(watched, at, company="alone", with_people=[jo.pk])


def test_nothing_is_written_without_consent(watched: Cast, at: dt.datetime) -> None:
    revoke_consent(by=watched.ina, at=at, consent=Consent.objects.get(client=watched.cleo))
    with pytest.raises(DomainError, match="Consent"):
        report(watched, at)


def test_telling_more_keeps_what_stood_before(watched: Cast, at: dt.datetime, jo: Relationship) -> None:
    found = report(watched, at, place="home").use_episode
    change_use_episode(
        by=watched.ana, at=at, use_episode=found, revision=0, place="a bar", with_people=[jo.pk]
    )
    found.refresh_from_db()
    assert (found.place, found.company, found.revision) == ("a bar", "with", 1)
    version = UseEpisodeVersion.objects.get()
    assert (version.revision, version.said["place"], version.said["with_people"]) == (0, "home", [])
    assert AuditEvent.objects.get(verb="change use report").detail == {
        "fields": ["company", "place", "with_people"],
        "revision": 1,
    }


def test_saving_the_same_again_writes_nothing(watched: Cast, at: dt.datetime) -> None:
    found = report(watched, at, place="home").use_episode
    for _turn in range(2):
        change_use_episode(by=watched.ana, at=at, use_episode=found, revision=0, place="a bar")
    assert UseEpisodeVersion.objects.count() == 1


def test_two_who_change_one_report_are_told_of_each_other(watched: Cast, at: dt.datetime) -> None:
    found = report(watched, at).use_episode
    change_use_episode(by=watched.ana, at=at, use_episode=found, revision=0, place="a bar")
    with pytest.raises(Conflict) as theirs:
        change_use_episode(by=watched.cleo_user, at=at, use_episode=found, revision=0, place="home")
    assert theirs.value.theirs["place"] == "a bar"


def test_another_first_day_moves_the_fact(watched: Cast, at: dt.datetime) -> None:
    found = report(watched, at, substances=["alcohol"]).use_episode
    changed = change_use_episode(by=watched.ana, at=at, use_episode=found, revision=0, starts_on=on(8))
    assert changed.filled == 1
    facts = CourseFact.objects.filter(kind="lapse_reported")
    assert [fact.value["on"] for fact in facts.filter(withdrawn_at=None)] == [on(8).isoformat()]
    assert facts.filter(withdrawn_at=at).count() == 1


def test_a_report_taken_back_no_longer_counts_and_no_longer_changes(watched: Cast, at: dt.datetime) -> None:
    found = report(watched, at, substances=["alcohol"]).use_episode
    for _turn in range(2):
        take_back_use_episode(by=watched.ana, at=at, use_episode=found)
    assert list(use_episodes(watched.cleo)) == unreviewed_episodes(watched.cleo_episode) == []
    assert not CourseFact.objects.filter(kind="lapse_reported", withdrawn_at=None).exists()
    assert days(watched) == {("alcohol", on(10)): True}
    with pytest.raises(DomainError, match="taken back"):
        change_use_episode(by=watched.ana, at=at, use_episode=found, revision=0, place="x")


def test_unreviewed_episodes_are_those_no_session_went_through(watched: Cast, at: dt.datetime) -> None:
    first, second = (report(watched, at, starts_on=on(day)).use_episode for day in (5, 3))
    assert unreviewed_episodes(watched.cleo_episode) == [second, first]
    record_fact(
        by=watched.ana,
        at=at,
        episode=watched.cleo_episode,
        kind="lapse_reviewed",
        source="encounters",
        value={"use_episode": str(first.pk)},
    )
    with CaptureQueriesContext(connection) as queries:
        assert unreviewed_episodes(watched.cleo_episode) == [second]
    assert len(queries) == 2
    assert unreviewed_episodes(watched.eli_episode) == []


def test_earlier_days_without_use_still_count(watched: Cast, at: dt.datetime) -> None:
    """Invariant 4: a day of use never lowers the count of days before it."""
    told = [DayEntry(on(day), "alcohol", False) for day in range(10)]
    record_use_days(by=watched.ana, at=at, client=watched.cleo, days=told, source="interview")
    report(watched, at, ends_on=on(12), substances=["alcohol"])
    free = [day for (_code, day), used in days(watched).items() if not used]
    assert sorted(free) == [on(day) for day in range(10)]


def test_database_keeps_what_a_report_said(watched: Cast, at: dt.datetime) -> None:
    found = report(watched, at, place="home").use_episode
    change_use_episode(by=watched.ana, at=at, use_episode=found, revision=0, place="a bar")
    kept = UseEpisodeVersion.objects.all()
    for change in (lambda: kept.update(said={}), lambda: kept.delete()):
        with pytest.raises(DatabaseError, match="never"), transaction.atomic():
            change()


def test_a_second_return_in_30_days_asks_for_supervision_and_the_first_alone_does_not(
    watched: Cast, at: dt.datetime
) -> None:
    def asks(today: int) -> tuple[int, int] | None:
        with CaptureQueriesContext(connection) as asked:
            found = returns_for_supervision([watched.cleo.pk], today=on(today))
        assert len(asked) == 4
        one = found.get(watched.cleo.pk)
        return None if one is None else (len(one.starts), one.recent.used)

    report(watched, at, starts_on=on(1))
    report(watched, at, starts_on=on(1))  # told twice, one return
    assert asks(20) is None
    second = report(watched, at, starts_on=on(10)).use_episode
    assert asks(20) == (2, 0)
    assert asks(30) == (2, 0) and asks(31) is None
    take_back_use_episode(by=watched.ana, at=at, use_episode=second)
    assert asks(20) is None


def test_a_return_to_regular_use_asks_for_supervision_by_the_clients_own_rule(
    watched: Cast, at: dt.datetime
) -> None:
    def asks() -> bool:
        return watched.cleo.pk in returns_for_supervision([watched.cleo.pk], today=on(14))

    told = [DayEntry(on(day), "alcohol", True) for day in (2, 5, 9)]
    record_use_days(by=watched.ana, at=at, client=watched.cleo, days=told, source="interview")
    assert not asks()
    set_lapse_rule(by=watched.ana, at=at, client=watched.cleo, window_days=14, regular_from=3)
    assert asks()
    set_lapse_rule(by=watched.ana, at=at, client=watched.cleo, window_days=7, regular_from=3)
    assert not asks()


def test_use_that_never_stopped_is_no_return_to_it(watched: Cast, at: dt.datetime) -> None:
    """Somebody who begins a course while still using is in supervision for that, and not as one who came back to use."""

    def turned_on(today: int) -> dt.date | None:
        found = returns_for_supervision([watched.cleo.pk], today=on(today))
        return found[watched.cleo.pk].turned_on if watched.cleo.pk in found else None

    told = [DayEntry(on(day), "alcohol", True) for day in range(-60, 10)]
    record_use_days(by=watched.ana, at=at, client=watched.cleo, days=told, source="interview")
    assert turned_on(9) is None
    quiet = [DayEntry(on(day), "alcohol", False) for day in range(-20, 5)]
    record_use_days(by=watched.ana, at=at, client=watched.cleo, days=quiet, source="interview")
    assert turned_on(9) == on(8)
