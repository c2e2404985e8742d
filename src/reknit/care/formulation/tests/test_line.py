"""The one line: what is drawn, from when, and round which score."""

import datetime as dt

import pytest
from tests.cast import Cast

from reknit.base.ui.figures import UseDay
from reknit.care.formulation.line import Held, Score, bounds, put_together
from reknit.care.formulation.queries import sessions_held, slot_at_hand, timeline_of
from reknit.care.programme.actions import record_fact, withdraw_fact

from .factories import event

pytestmark = pytest.mark.django_db
BEGINS = dt.date(2026, 3, 2)
TODAY = dt.date(2026, 3, 23)


def scores(*rows: tuple[int, float | None]) -> list[Score]:
    return [Score(BEGINS + dt.timedelta(days=day), total, "complete") for day, total in rows]


def test_band_is_drawn_round_the_first_score_of_this_course() -> None:
    line = put_together(
        [], scores((-400, 27), (-7, None), (0, 18), (7, 12)), [], [],
        start=BEGINS - dt.timedelta(days=500), end=TODAY, today=TODAY, begins=BEGINS,
    )  # fmt: skip
    band = line.drawing.band
    assert band and (band.low, band.high) == (12, 24) and line.drawing.band_from == BEGINS


def test_no_score_is_never_a_zero() -> None:
    line = put_together([], scores((0, None)), [], [], start=BEGINS, end=TODAY, today=TODAY, begins=BEGINS)
    assert line.drawing.band is None and [point.value for point in line.drawing.points] == [None]


def test_days_not_known_are_counted_apart() -> None:
    days = [UseDay(BEGINS, "used"), UseDay(BEGINS + dt.timedelta(days=1), "unknown")]
    line = put_together([], [], days, [], start=BEGINS, end=TODAY, today=TODAY)
    assert (line.known_days, line.unknown_days, line.use_days) == (1, 1, (BEGINS,))


def test_missed_session_is_drawn_as_missed_and_a_cancelled_one_is_not() -> None:
    held = [Held(BEGINS, 1, "attended"), Held(TODAY, None, "no_show"), Held(TODAY, None, "cancelled")]
    line = put_together([], [], [], held, start=BEGINS, end=TODAY, today=TODAY)
    assert [meeting.state for meeting in line.drawing.meetings] == ["held", "missed"]


def test_course_reaches_back_to_what_happened_shortly_before_it(cast: Cast, at: dt.datetime) -> None:
    episode = cast.cleo_episode
    assert bounds([], episode, today=TODAY, window="course")[0] == BEGINS - dt.timedelta(days=28)
    near = event(cast, at, starts_on=BEGINS - dt.timedelta(days=100))
    far = event(cast, at, starts_on=BEGINS - dt.timedelta(days=4000))
    start, end = bounds([far, near], episode, today=TODAY, window="course")
    assert start == near.starts_on - dt.timedelta(days=7) and end == episode.ends_on
    assert bounds([far, near], episode, today=TODAY, window="all")[0] == far.starts_on
    line = timeline_of(cast.cleo, episode, today=TODAY)
    assert line.outside == 1 and len(line.entries) == 2


def test_sessions_come_from_the_facts_on_the_day_they_name(cast: Cast, at: dt.datetime) -> None:
    episode = cast.cleo_episode
    for slot, on in ((2, "2026-03-09"), (1, "not a day")):
        record_fact(
            by=cast.ana, at=at, episode=episode, kind="session", source="encounter",
            value={"slot": slot, "outcome": "attended", "on": on},
        )  # fmt: skip
    found = sessions_held(episode, zone=dt.UTC)
    assert [(one.slot, one.on) for one in found] == [(2, dt.date(2026, 3, 9)), (1, at.date())]
    assert slot_at_hand(episode) == 2
    withdraw_fact(by=cast.ana, at=at, episode=episode, kind="session")
    assert sessions_held(episode, zone=dt.UTC) == [] and slot_at_hand(episode) == 0


def test_line_makes_eight_queries(cast: Cast, at: dt.datetime, django_assert_num_queries: object) -> None:
    event(cast, at)
    timeline_of(cast.cleo, cast.cleo_episode, today=TODAY)  # the clinic's zone is kept after this
    with django_assert_num_queries(8):  # type: ignore[operator]
        timeline_of(cast.cleo, cast.cleo_episode, today=TODAY)
