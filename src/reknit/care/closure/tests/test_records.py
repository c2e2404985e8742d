"""Closing records: written together, given once, never changed, and known to the course."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction
from tests.cast import Cast

from reknit.base.audit.models import AuditEvent
from reknit.base.errors import Conflict, DomainError
from reknit.care.closure.actions import (
    book_follow_ups,
    close_course,
    give_record,
    look_at_circles,
    save_record,
    settle_follow_up,
    take_back_record,
)
from reknit.care.closure.checks import digest_of_record
from reknit.care.closure.kinds import RECORDS
from reknit.care.closure.models import ClosingRecord, CourseEnding, FollowUp
from reknit.care.closure.records import counts_of, outlook_of, plan_of, records_of
from reknit.care.encounters.actions import sign_note, start_encounter
from reknit.care.programme.actions import record_fact
from reknit.care.programme.models import CourseFact

from .factories import WORDS, circle_of, drafted, facts_of, given

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", [kind for kind in RECORDS if kind != "staying_well"])
def test_given_record_reports_its_fact_and_keeps_its_words(cast: Cast, at: dt.datetime, kind: str) -> None:
    row = given(cast, kind, at=at)
    row.refresh_from_db()
    assert row.state == "given" and row.words == WORDS[kind] and row.digest == digest_of_record(row)
    fact = RECORDS[kind].fact
    assert set(facts_of(cast.cleo_episode)) == ({fact} if fact else set())


def test_facts_carry_the_codes_that_were_agreed_on_and_nothing_more(cast: Cast, at: dt.datetime) -> None:
    for kind in ("signs", "gains", "staying_well", "contingency", "disposition", "non_response"):
        given(cast, kind, at=at)
    assert facts_of(cast.cleo_episode) == {
        "warning_signs": {},
        "gains_reviewed": {},
        "staying_well_plan": {},
        "contingency_plan": {},
        "disposition": {"choice": "end"},
        "non_response_plan": {},
    }
    given(cast, "early_ending", at=at)
    assert facts_of(cast.cleo_episode)["ended_early"] == {"reason": "moved"}


def test_new_version_stands_for_the_old_one_which_stays(cast: Cast, at: dt.datetime) -> None:
    first = given(cast, "disposition", at=at)
    second = given(cast, "disposition", at=at, choice="maintenance")
    assert (first.version, second.version) == (1, 2)
    assert records_of(cast.cleo_episode)["disposition"].given == second
    counted = CourseFact.objects.filter(kind="disposition", withdrawn_at=None).get()
    assert counted.value == {"choice": "maintenance"} and counted.source_id == second.pk
    assert CourseFact.objects.filter(kind="disposition").count() == 2


@pytest.mark.parametrize("column", ["words", "people", "given_at", "digest", "state", "version"])
def test_database_refuses_to_change_what_was_given(cast: Cast, at: dt.datetime, column: str) -> None:
    row = given(cast, "signs", at=at)
    other = {
        "words": {"mood": "Altered"}, "people": [{"id": "x"}], "given_at": at + dt.timedelta(days=1), "digest": "0" * 64,
        "state": "draft", "version": 9,
    }[column]  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        ClosingRecord.objects.filter(pk=row.pk).update(**{column: other})
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM closure_closingrecord")
    row.refresh_from_db()
    assert row.words == WORDS["signs"]


def test_taken_back_once_and_then_never_touched(cast: Cast, at: dt.datetime) -> None:
    row = given(cast, "early_ending", at=at)
    assert counts_of(cast.cleo_episode).ended_early
    with pytest.raises(DomainError, match="why"):
        take_back_record(by=cast.ana, at=at, record=row, reason=" ")
    row = take_back_record(by=cast.ana, at=at, record=row, reason="She came back.")
    assert facts_of(cast.cleo_episode) == {} and not counts_of(cast.cleo_episode).ended_early
    assert records_of(cast.cleo_episode)["early_ending"].given is None
    take_back_record(by=cast.ana, at=at, record=row, reason="Another reason.")
    with pytest.raises(DatabaseError), transaction.atomic():
        ClosingRecord.objects.filter(pk=row.pk).update(taken_back_reason="Another reason.")


def test_two_people_at_once_never_write_over_each_other(cast: Cast, at: dt.datetime) -> None:
    first = drafted(cast, "gains", at=at)
    with pytest.raises(Conflict) as refused:
        save_record(
            by=cast.ana, at=at, episode=cast.cleo_episode, kind="gains", revision=0, words={"mood": "Mine."}
        )
    assert refused.value.theirs == WORDS["gains"]
    again = save_record(
        by=cast.ana, at=at, episode=cast.cleo_episode, kind="gains", revision=0, words=WORDS["gains"]
    )
    assert again == first and ClosingRecord.objects.count() == 1
    with pytest.raises(Conflict):
        give_record(by=cast.ana, at=at, record=first, revision=7)


def test_words_for_a_record_given_meanwhile_are_not_lost(cast: Cast, at: dt.datetime) -> None:
    given(cast, "gains", at=at)
    with pytest.raises(Conflict, match="given while you wrote"):
        save_record(by=cast.ana, at=at, episode=cast.cleo_episode, kind="gains", revision=1, words={})


@pytest.mark.parametrize(
    ("kind", "without", "sentence"),
    [
        ("gains", "credit", "credit is theirs"),
        ("signs", "ties", "in relationships"),
        ("staying_well", "safe_use", "overdose"),
        ("contingency", "response_1", "needs what to do"),
        ("disposition", "reason", "why"),
        ("disposition", "choice", "what comes next"),
        ("non_response", "alternatives", "alternative"),
        ("early_ending", "door", "come back"),
        ("early_ending", "leaflet", "leaflet"),
    ],
)
def test_record_is_not_given_before_it_is_whole(
    cast: Cast, at: dt.datetime, kind: str, without: str, sentence: str
) -> None:
    given(cast, "signs", at=at)
    with pytest.raises(DomainError, match=sentence):
        given(cast, kind, at=at, **{without: ""})
    assert facts_of(cast.cleo_episode).keys() <= {"warning_signs"}


def test_after_a_death_only_the_reason_is_asked(cast: Cast, at: dt.datetime) -> None:
    row = given(cast, "early_ending", at=at, reason="death", safety="", leaflet="", referral="", door="")
    assert row.words == {"reason": "death"}


def test_plan_rests_on_the_warning_signs(cast: Cast, at: dt.datetime) -> None:
    with pytest.raises(DomainError, match="Warning signs"):
        given(cast, "staying_well", at=at)


def test_plan_names_nobody_who_may_not_be_called(
    cast: Cast, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    jo, pri = circle_of(monkeypatch, "Jo", "Pri")
    given(cast, "signs", at=at)
    with pytest.raises(DomainError, match="no longer be called"):
        drafted(cast, "staying_well", at=at, people=[str(cast.cleo.pk)])
    plan = given(cast, "staying_well", at=at, people=[str(jo.id), str(pri.id)])
    assert plan.people == [{"id": str(jo.id), "alias": "Jo"}, {"id": str(pri.id), "alias": "Pri"}]
    seen = plan_of(cast.cleo).of("staying_well")
    assert seen is not None and seen.people == ("Jo", "Pri")
    circle_of(monkeypatch, "Jo")  # Pri uses now
    seen = plan_of(cast.cleo).of("staying_well")
    assert seen is not None and seen.people == ("Jo",)


def test_plan_is_not_given_with_somebody_who_may_no_longer_be_called(
    cast: Cast, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(cast, "signs", at=at)
    (jo,) = circle_of(monkeypatch, "Jo")
    draft = drafted(cast, "staying_well", at=at, people=[str(jo.id)])
    circle_of(monkeypatch)
    with pytest.raises(DomainError, match="no longer be called"):
        give_record(by=cast.ana, at=at, record=draft, revision=draft.revision)


def test_audit_tells_that_and_never_what(
    cast: Cast, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    (jo,) = circle_of(monkeypatch, "Jo-from-work")
    given(cast, "signs", at=at)
    given(cast, "staying_well", at=at, people=[str(jo.id)])
    verbs = list(
        AuditEvent.objects.filter(subject="ClosingRecord").order_by("id").values_list("verb", flat=True)
    )
    assert verbs == ["begin closing record", "give closing record"] * 2
    told = str(list(AuditEvent.objects.values_list("detail", flat=True)))
    assert "Jo-from-work" not in told and "naloxone" not in told


def test_circles_are_looked_at_when_there_are_two_and_reported_once(
    cast: Cast, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(DomainError, match="Two signed circles"):
        look_at_circles(by=cast.ana, at=at, episode=cast.cleo_episode)
    circle_of(monkeypatch, signed=2)
    for _time in range(2):
        look_at_circles(by=cast.ana, at=at, episode=cast.cleo_episode)
    assert CourseFact.objects.filter(kind="circle_compared").count() == 1
    circle_of(monkeypatch, signed=3)
    look_at_circles(by=cast.ana, at=at, episode=cast.cleo_episode)
    assert facts_of(cast.cleo_episode)["circle_compared"] == {"first": 1, "latest": 3}


# --- follow-up ---

END = dt.date(2026, 6, 30)


def booked(cast: Cast, at: dt.datetime, *months: int, ended_on: dt.date = END) -> list[FollowUp]:
    return book_follow_ups(
        by=cast.ana, at=at, episode=cast.cleo_episode, ended_on=ended_on, months=months or (1, 3, 6, 12)
    )


def test_follow_ups_are_booked_from_the_end_and_reported(cast: Cast, at: dt.datetime) -> None:
    rows = booked(cast, at)
    assert [(one.months, one.due_on.isoformat()) for one in rows] == [
        (1, "2026-07-30"), (3, "2026-09-30"), (6, "2026-12-30"), (12, "2027-06-30"),
    ]  # fmt: skip
    assert facts_of(cast.cleo_episode) == {"follow_ups_booked": {"months": [1, 3, 6, 12]}}


def test_booking_again_moves_what_is_to_do_and_leaves_what_was_done(cast: Cast, at: dt.datetime) -> None:
    first, *_rest = booked(cast, at)
    settle_follow_up(by=cast.ana, at=at, follow_up=first, state="done", words="Doing well.")
    rows = {one.months: one for one in booked(cast, at, 1, 3, ended_on=END + dt.timedelta(days=10))}
    assert rows[1].state == "done" and rows[1].due_on == first.due_on
    assert rows[3].due_on == dt.date(2026, 10, 10)
    assert rows[6].state == rows[12].state == "called_off"
    assert {one.months: one.state for one in booked(cast, at)}[6] == "due"
    assert CourseFact.objects.filter(kind="follow_ups_booked", withdrawn_at=None).count() == 1


@pytest.mark.parametrize(
    ("months", "ended_on", "sentence"),
    [((2,), END, "months"), ((1, 48), END, "months"), ((1,), dt.date(2020, 1, 1), "before it began"), ((1,), dt.date(9999, 12, 1), "too long")],
)  # fmt: skip
def test_follow_up_refuses_what_cannot_be(
    cast: Cast, at: dt.datetime, months: tuple[int, ...], ended_on: dt.date, sentence: str
) -> None:
    with pytest.raises(DomainError, match=sentence):
        booked(cast, at, *months, ended_on=ended_on)
    assert not FollowUp.objects.exists()


def test_missed_follow_up_says_why_and_is_settled_once(cast: Cast, at: dt.datetime) -> None:
    first, *_rest = booked(cast, at)
    with pytest.raises(DomainError, match="what was tried"):
        settle_follow_up(by=cast.ana, at=at, follow_up=first, state="missed")
    settle_follow_up(by=cast.ana, at=at, follow_up=first, state="missed", words="Rang twice.")
    settle_follow_up(by=cast.ana, at=at, follow_up=first, state="missed", words="Rang twice.")  # sent twice
    with pytest.raises(DomainError, match="already"):
        settle_follow_up(by=cast.ana, at=at, follow_up=first, state="done")
    with pytest.raises(DomainError, match="how it went"):
        settle_follow_up(by=cast.ana, at=at, follow_up=first, state="gone")


# --- the four words ---


def come(cast: Cast, at: dt.datetime, sessions: int) -> None:
    for n in range(sessions):
        on = at + dt.timedelta(days=7 * n)
        held = start_encounter(
            by=cast.ana, at=on, episode=cast.cleo_episode, outcome="attended", starts_at=on
        )
        sign_note(by=cast.ana, at=on, note=held.note, revision=0)


def test_whole_course_closes_as_completed(cast: Cast, at: dt.datetime) -> None:
    come(cast, at, 9)
    record_fact(by=cast.ana, at=at, episode=cast.cleo_episode, kind="formulation_agreed", source="test")
    assert "review of gains" in outlook_of(cast.cleo_episode).missing
    for kind in ("gains", "signs", "staying_well", "disposition"):
        given(cast, kind, at=at)
    assert outlook_of(cast.cleo_episode).word == "completed"
    close_course(by=cast.ana, at=at, episode=cast.cleo_episode, reason="All done.")
    ending = CourseEnding.objects.get()
    assert ending.word == "completed" and ending.basis["middle_attended"] == 6
    with pytest.raises(DatabaseError), transaction.atomic():
        CourseEnding.objects.update(word="partial_dose")
    with pytest.raises(DatabaseError), transaction.atomic():
        CourseEnding.objects.all().delete()


@pytest.mark.parametrize(
    ("sessions", "early", "word"),
    [(1, False, "did_not_engage"), (4, False, "partial_dose"), (4, True, "ended_early")],
)
def test_course_closes_whatever_it_came_to(
    cast: Cast, at: dt.datetime, sessions: int, early: bool, word: str
) -> None:
    come(cast, at, sessions)
    if early:
        given(cast, "early_ending", at=at)
    close_course(by=cast.ana, at=at, episode=cast.cleo_episode, reason="It ends.")
    cast.cleo_episode.refresh_from_db()
    assert cast.cleo_episode.status == "closed" and CourseEnding.objects.get().word == word
    assert outlook_of(cast.cleo_episode).settled_at is not None


def test_passed_gate_stands_for_the_closing_work(cast: Cast, at: dt.datetime) -> None:
    come(cast, at, 8)
    for kind, value in (("formulation_agreed", {}), ("gate_override", {"gate": "G10"})):
        record_fact(by=cast.ben, at=at, episode=cast.cleo_episode, kind=kind, source="test", value=value)
    assert outlook_of(cast.cleo_episode).word == "completed"


def test_closed_course_takes_new_plans_and_nothing_that_would_change_its_story(
    cast: Cast, at: dt.datetime
) -> None:
    given(cast, "signs", at=at)
    close_course(by=cast.ana, at=at, episode=cast.cleo_episode, reason="It ends.")
    assert given(cast, "signs", at=at, mood="I sleep badly.").version == 2
    for kind in ("gains", "disposition", "early_ending"):
        with pytest.raises(DomainError, match="closed"):
            drafted(cast, kind, at=at)
