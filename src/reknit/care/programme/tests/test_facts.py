"""Facts of a course: the slot they belong to, taking them back, and passing a gate with a reason."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from tests.cast import Cast

from reknit.base.errors import DomainError
from reknit.care.programme.actions import override_gate, record_fact, withdraw_fact
from reknit.care.programme.models import CourseFact
from reknit.care.programme.queries import course_of, courses_of

pytestmark = pytest.mark.django_db
WEEK = dt.timedelta(days=7)


def hold(cast: Cast, sessions: int, *, at: dt.datetime) -> None:
    for n in range(sessions):
        when = at - (sessions - n) * WEEK
        held = {"slot": n + 1, "outcome": "attended"}
        record_fact(
            by=cast.ana, at=when, episode=cast.cleo_episode, kind="session", source="encounter", value=held
        )


def test_a_fact_belongs_to_the_session_at_hand(cast: Cast, at: dt.datetime) -> None:
    before = record_fact(by=cast.ana, at=at, episode=cast.cleo_episode, kind="timeline_made", source="test")
    hold(cast, 2, at=at)
    after = record_fact(by=cast.ana, at=at, episode=cast.cleo_episode, kind="onset_link", source="test")
    assert (before.slot, after.slot) == (0, 2)


def test_a_kind_that_the_vocabulary_does_not_have_is_a_bug(cast: Cast, at: dt.datetime) -> None:
    with pytest.raises(TypeError, match="moonrise"):
        record_fact(by=cast.ana, at=at, episode=cast.cleo_episode, kind="moonrise", source="test")


def test_a_fact_taken_back_stays_and_no_longer_counts(cast: Cast, at: dt.datetime) -> None:
    episode = cast.cleo_episode
    record_fact(by=cast.ana, at=at, episode=episode, kind="formulation_agreed", source="test")
    withdraw_fact(by=cast.ana, at=at + WEEK, episode=episode, kind="formulation_agreed")
    assert CourseFact.objects.get(episode=episode, kind="formulation_agreed").withdrawn_by == cast.ana
    assert not course_of(episode).stands("formulation_agreed")


def test_only_the_supervisor_of_the_line_passes_the_gate_of_the_middle_phase(
    cast: Cast, at: dt.datetime
) -> None:
    hold(cast, 4, at=at)
    for person in (cast.ana, cast.dov, cast.tess, cast.adi):
        with pytest.raises(PermissionDenied):
            override_gate(by=person, at=at, episode=cast.cleo_episode, code="G02", reason="Moves abroad")
    override_gate(by=cast.ben, at=at, episode=cast.cleo_episode, code="G02", reason=" Moves abroad ")
    course = course_of(cast.cleo_episode)
    assert (course.phase.code, course.entered[-1].overridden) == ("middle", ("G02",))
    assert course.value("gate_override", "reason") == "Moves abroad"


@pytest.mark.parametrize("code", ["G06", "G99"])
def test_gate_that_nobody_may_pass_or_that_is_not_there(code: str, cast: Cast, at: dt.datetime) -> None:
    with pytest.raises((PermissionDenied, DomainError)):
        override_gate(by=cast.ben, at=at, episode=cast.cleo_episode, code=code, reason="Please")
    assert not CourseFact.objects.filter(kind="gate_override").exists()


def test_a_gate_that_holds_nothing_is_not_passed(cast: Cast, at: dt.datetime) -> None:
    with pytest.raises(DomainError, match="Nothing is held back"):
        override_gate(by=cast.ben, at=at, episode=cast.cleo_episode, code="G09", reason="Why not")


def test_blank_reason_changes_nothing(cast: Cast, at: dt.datetime) -> None:
    with pytest.raises(DomainError) as problem:
        override_gate(by=cast.ben, at=at, episode=cast.cleo_episode, code="G02", reason="  ")
    assert problem.value.field == "reason"
    assert not CourseFact.objects.filter(kind="gate_override").exists()


def test_many_courses_are_read_with_one_query(cast: Cast, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(courses_of([cast.cleo_episode, cast.eli_episode])) == 2
