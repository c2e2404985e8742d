"""What a course waits for, read from its facts: in words, most pressing first."""

import datetime as dt
from typing import Any

from reknit.care.home.queries.owed import owed, waits
from reknit.core.programme.course import Course
from reknit.core.programme.facts import Fact
from reknit.core.programme.reading import read_course
from reknit.core.programme.template import template

BEGIN = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
WEEK = dt.timedelta(weeks=1)
OPENED: list[tuple[str, dict[str, Any]]] = [("formulation_shared", {}), ("contract_agreed", {})]


def held(*outcomes: str, more: list[tuple[str, dict[str, Any]]] | None = None, since: int = 0) -> Course:
    """A weekly course with these outcomes; `more` facts are reported after its session `since`."""
    facts = [
        Fact("session", BEGIN + WEEK * n, n + 1, {"outcome": outcome, "slot": n + 1})
        for n, outcome in enumerate(outcomes)
    ]
    after = BEGIN + WEEK * since + dt.timedelta(hours=1)
    facts += [Fact(kind, after, None, value) for kind, value in more or []]
    return read_course(template("ipt-16"), facts)


def said(course: Course, *, days: int = 1) -> list[str]:
    """The sentences some days after the latest session."""
    today = BEGIN.date() + dt.timedelta(days=7 * max(course.slot - 1, 0) + days)
    return [one.sentence for one in owed(course, today=today)]


def test_first_sessions_wait_for_nothing() -> None:
    assert said(held()) == said(held("attended")) == []


def test_story_and_agreement_are_due_by_session_three_and_late_after_it() -> None:
    assert said(held("attended", "attended")) == ["Formulation and agreement are both due by session 3."]
    late = held(*["attended"] * 3)
    assert said(late) == [
        "There is no formulation and no agreement yet. Both belong to the first 3 sessions."
    ]
    shared = held(*["attended"] * 3, more=OPENED[:1])
    assert said(shared) == ["There is no agreement yet. It belongs to the first 3 sessions."]
    agreed = held(*["attended"] * 3, more=OPENED[1:])
    assert said(agreed) == ["There is no shared formulation yet. It belongs to the first 3 sessions."]
    assert said(held(*["attended"] * 3, more=OPENED)) == []


def test_return_to_use_waits_until_it_is_looked_at_together() -> None:
    told = ("lapse_reported", {"use_episode": "a", "on": "2026-03-03"})
    seen = ("lapse_reviewed", {"use_episode": "a"})
    assert said(held("attended", more=[told])) == ["A return to use is to be looked at together."]
    assert said(held("attended", more=[told, seen])) == []


def test_review_is_due_in_its_session_and_overdue_after_it() -> None:
    assert said(held(*["attended"] * 6, more=OPENED)) == []
    assert said(held(*["attended"] * 7, more=OPENED)) == ["The mid-course review is due in session 8."]
    assert said(held(*["attended"] * 8, more=OPENED)) == ["The mid-course review was due in session 8."]


def test_review_that_found_too_little_waits_for_a_decision() -> None:
    eight = ["attended"] * 8
    facts = [Fact("session", BEGIN + WEEK * n, n + 1, {"outcome": "attended"}) for n in range(len(eight))] + [
        Fact(kind, BEGIN, None, value) for kind, value in OPENED
    ]
    facts.append(Fact("midcourse_review", BEGIN + WEEK * 7, 8, {"adequate": False}))
    found = said(read_course(template("ipt-16"), facts))
    assert found == [
        "The mid-course review found too little change. A decision about it is to be written down."
    ]
    facts.append(Fact("plan_b", BEGIN + WEEK * 7, 8, {"choice": []}))
    assert said(read_course(template("ipt-16"), facts)) == []


def test_two_misses_in_a_row_ask_for_a_plan_until_one_is_written_after_them() -> None:
    missed = ["attended", "no_show", "late_cancel"]
    asks = "2 meetings missed in a row, and no plan to come back is written."
    assert asks in said(held(*missed))
    assert asks in said(held(*missed, more=[("re_engagement_plan", {})], since=1))
    assert asks not in said(held(*missed, more=[("re_engagement_plan", {})], since=2))
    assert asks not in said(held(*missed, "attended"))


def test_long_silence_is_said_in_days() -> None:
    assert said(held("attended"), days=29) == []
    assert said(held("attended"), days=30) == ["Not met for 30 days."]


def test_most_pressing_comes_first() -> None:
    told = ("lapse_reported", {"use_episode": "a", "on": "2026-03-03"})
    course = held(*["attended"] * 7, "no_show", "no_show", more=[told])
    pages = [one.page for one in owed(course, today=BEGIN.date() + 9 * WEEK)]
    assert pages == [
        "encounters:re-engagement-write",
        "encounters:session-start",
        "encounters:session-start",
        "formulation:story-show",
    ]


def test_chart_says_a_thing_once_where_a_gate_says_it_already() -> None:
    found = waits(held(*["attended"] * 10), today=BEGIN.date() + 9 * WEEK)
    assert [gate.code for gate in found.gates] == ["G02", "G07", "G08"]
    assert found.owed == ()
    early = waits(held(*["attended"] * 8, more=OPENED), today=BEGIN.date() + 7 * WEEK)
    assert [one.sentence for one in early.owed] == ["The mid-course review was due in session 8."]
