"""A course worked out by hand, and what happens when one of its facts changes."""

import datetime as dt
from decimal import Decimal

import pytest
from tests.cast import BEGIN, Cast

from reknit.care.measures.actions import correct_administration, record_administration
from reknit.care.measures.models import Administration
from reknit.care.outcomes import figures
from reknit.care.outcomes.queries import course_outcomes, headline
from reknit.care.outcomes.results import CourseOutcomes
from reknit.care.substance_use.actions import monitor, record_use_days
from reknit.care.substance_use.days import DayEntry
from reknit.core.measures.catalogue import measure

FIRST = BEGIN.date()
TODAY = FIRST + dt.timedelta(days=34)  # the seventh day of the second window
NOW = BEGIN + dt.timedelta(days=34)


def answers(total: int, blank: int = 0) -> dict[str, int | None]:
    """PHQ-9 answers with this total on the items answered; item 9 stays at zero."""
    items = [item.id for item in measure("phq-9").scored_items]
    values: dict[str, int | None] = dict.fromkeys(items, 0)
    for name in items[:8]:
        values[name] = min(3, total)
        total -= values[name] or 0
    for name in items[8 - blank : 8]:
        values[name] = None
    return values


def phq9(cast: Cast, day: int, total: int, *, slot: int | None = None, blank: int = 0) -> Administration:
    return record_administration(
        by=cast.ana,
        at=BEGIN + dt.timedelta(days=day, hours=1),
        client=cast.cleo,
        measure="phq-9",
        answers=answers(total, blank),
        mode="session",
        episode=cast.cleo_episode,
        slot=slot,
    )


def told(cast: Cast, first: int, states: str, substance: str = "alcohol") -> None:
    """Days from `first` on: u used, n not used, ? not known."""
    entries = [
        DayEntry(FIRST + dt.timedelta(days=first + place), substance, {"u": True, "n": False}.get(letter))
        for place, letter in enumerate(states)
    ]
    record_use_days(by=cast.ana, at=NOW, client=cast.cleo, days=entries, source="interview")


def outcomes(cast: Cast) -> CourseOutcomes:
    return course_outcomes(cast.cleo, cast.cleo_episode, today=TODAY)


@pytest.fixture
def course(cast: Cast) -> Cast:
    """Four weeks before: 28 known, 14 of use. Weeks 1 to 4: 24 known, 6 of use. Then 3 of 7 known, none of use."""
    monitor(by=cast.ana, at=BEGIN, client=cast.cleo, substance="alcohol", starts_on=FIRST, is_primary=True)
    told(cast, -28, "un" * 14)
    told(cast, 0, "u" * 6 + "n" * 8 + "????" + "n" * 10)
    told(cast, 28, "nnn")
    for slot, total in enumerate((18, 16, 14), start=1):
        phq9(cast, 7 * (slot - 1), total, slot=slot)
    phq9(cast, 28, 8, slot=5)
    return cast


def test_scores_agree_with_the_hand_count(course: Cast) -> None:
    series = outcomes(course).scores["phq-9"]
    assert [point.total for point in series.points] == [18, 16, 14, 8]
    assert series.change is not None and series.rule is not None
    # 18 - 8 = 10 points, at least 6, from above 10 to below it.
    assert (series.rule.id, series.change.difference, series.change.category) == (
        "english-services-6",
        -10.0,
        "recovered",
    )
    # Half of 18 is 9: response. 8 is not below 5: no remission.
    assert (series.is_response, series.is_remission) == (True, False)
    assert "By the 6-point rule of the English services: reliably better, by 10 points" in series.sentence
    assert [other.rule.id for other in series.others] == ["jacobson-truax-retest"]


def test_days_abstinent_agree_with_the_hand_count(course: Cast) -> None:
    before, first, running = outcomes(course).windows
    assert (before.label, before.is_baseline, before.reported, before.abstinent) == (
        "4 weeks before",
        True,
        28,
        14,
    )
    assert (before.percent, before.suppressed) == (50.0, False)
    # 24 of 28 days known, 18 without use: 75 per cent of those known, coverage 6/7.
    assert (first.n_days, first.reported, first.abstinent, first.percent) == (28, 24, 18, 75.0)
    assert first.coverage == pytest.approx(6 / 7)
    # 3 of the 7 days that have come are known: too few for a percentage.
    assert (running.n_days, running.reported, running.suppressed, running.is_complete) == (7, 3, True, False)
    assert [state for _on, state in running.days].count("future") == 21


def test_the_whole_course_is_the_sum_of_its_windows(course: Cast) -> None:
    results = outcomes(course)
    assert results.whole is not None
    assert (results.whole.n_days, results.whole.reported, results.whole.abstinent) == (35, 27, 21)
    assert (results.longest, results.latest_use_on) == (13, FIRST + dt.timedelta(days=5))
    assert headline(results)[-1].startswith(
        "Alcohol, 2 March 2026 to 5 April 2026: 21 days without use among 27"
    )


def test_a_changed_day_changes_the_result(course: Cast) -> None:
    told(course, 6, "u")
    assert outcomes(course).windows[1].abstinent == 17


def test_a_corrected_sheet_changes_the_result(course: Cast) -> None:
    sheet = Administration.objects.get(slot=5)
    correct_administration(by=course.ana, at=NOW, administration=sheet, answers=answers(15))
    series = outcomes(course).scores["phq-9"]
    assert series.latest is not None and series.latest.total == 15
    assert series.change is not None and series.change.category == "unchanged"
    assert "no reliable change. A difference of 3 may be noise." in series.sentence


def test_a_missing_score_is_drawn_and_never_zero(course: Cast) -> None:
    phq9(course, 30, 9, slot=6, blank=5)
    series = outcomes(course).scores["phq-9"]
    assert series.points[-1].total is None
    assert series.latest is not None and series.latest.total == 8
    assert figures.chart_points(series)[-1].value is None
    assert series.scored == 4


def test_a_prorated_score_says_so(course: Cast) -> None:
    phq9(course, 30, 6, slot=6, blank=1)
    series = outcomes(course).scores["phq-9"]
    assert series.latest is not None and series.latest.total == Decimal("6.75")
    assert "6.75 (prorated)" in series.sentence


def test_days_nobody_told_about_are_never_abstinent(cast: Cast) -> None:
    monitor(by=cast.ana, at=BEGIN, client=cast.cleo, substance="alcohol", starts_on=FIRST)
    results = outcomes(cast)
    assert [(one.reported, one.abstinent, one.percent) for one in results.windows] == [(0, 0, None)] * 3
    assert headline(results) == ["Alcohol, 2 March 2026 to 5 April 2026: no day is known."]


def test_nothing_asked_gives_no_windows_and_one_score_no_verdict(cast: Cast) -> None:
    phq9(cast, 0, 18, slot=1)
    results = outcomes(cast)
    assert (results.windows, results.whole, results.substances) == ((), None, ())
    assert results.scores["phq-9"].change is None
    assert headline(results) == [
        "One PHQ-9 score so far: 18 on 2 March 2026. Change can be judged from the second one on."
    ]


def test_tobacco_stays_outside(course: Cast) -> None:
    monitor(by=course.ana, at=NOW, client=course.cleo, substance="tobacco", starts_on=FIRST)
    told(course, 0, "u" * 28, substance="tobacco")
    results = outcomes(course)
    assert (results.substances, results.outside) == (("Alcohol",), ("Tobacco or nicotine",))
    assert results.windows[1].abstinent == 18


def test_a_history_without_a_course_spans_what_is_known(course: Cast) -> None:
    results = course_outcomes(course.cleo, None, today=TODAY + dt.timedelta(days=2000))
    assert (results.index_on, results.until) == (FIRST - dt.timedelta(days=28), FIRST + dt.timedelta(days=30))
    assert [one.is_baseline for one in results.windows] == [False, False, False]


def test_a_course_that_has_not_begun_has_no_days_to_count(course: Cast) -> None:
    results = course_outcomes(course.cleo, course.cleo_episode, today=FIRST - dt.timedelta(days=40))
    assert (results.windows, results.whole) == ((), None)
