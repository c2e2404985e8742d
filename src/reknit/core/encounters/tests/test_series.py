"""Series: the wall time is kept, an exception touches its own meeting alone, and iCalendar says the same."""

import datetime as dt
import zoneinfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from reknit.core.encounters.series import (
    Every,
    Exceptions,
    Rule,
    at_wall,
    days,
    from_rrule,
    instants,
    occurrences,
    to_rrule,
    until,
)
from reknit.core.errors import BadInput

ZONES = sorted(zoneinfo.available_timezones() - {"localtime", "Factory"})
rules = st.builds(
    Rule,
    starts_on=st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1)),
    time=st.times().map(lambda time: time.replace(second=0, microsecond=0, fold=0)),
    zone=st.sampled_from(ZONES),
    every=st.sampled_from(Every),
    count=st.integers(2, 30),
)
PARIS = "Europe/Paris"


def is_skipped(on: dt.date, time: dt.time, zone: str) -> bool:
    """Whether the clocks jump over this wall time: the two readings of it then lie the wrong way round."""
    here = zoneinfo.ZoneInfo(zone)
    early = dt.datetime.combine(on, time, here).utcoffset()
    late = dt.datetime.combine(on, time.replace(fold=1), here).utcoffset()
    assert early is not None and late is not None
    return early < late


@given(rules)
def test_every_meeting_has_the_same_wall_time_save_where_the_clocks_jump_over_it(rule: Rule) -> None:
    for day, moment in zip(days(rule), instants(rule), strict=True):
        wall = moment.astimezone(zoneinfo.ZoneInfo(rule.zone))
        if not is_skipped(day, rule.time, rule.zone):
            assert (wall.date(), wall.time()) == (day, rule.time)
        else:  # after the gap, by no more than the gap: a day at the most, where a zone changed its date
            later = wall.replace(tzinfo=None) - dt.datetime.combine(day, rule.time)
            assert dt.timedelta(0) < later <= dt.timedelta(days=1)


@given(rules)
def test_meetings_are_as_many_as_asked_and_strictly_one_after_the_other(rule: Rule) -> None:
    found = instants(rule)
    assert len(found) == rule.count
    assert all(early < late for early, late in zip(found, found[1:], strict=False))
    assert days(rule)[0] == rule.starts_on


@given(rules)
def test_every_meeting_is_on_the_same_weekday(rule: Rule) -> None:
    assert {day.weekday() for day in days(rule)} == {rule.starts_on.weekday()}


@given(rules, st.data())
def test_cancelling_one_never_touches_another(rule: Rule, data: st.DataObject) -> None:
    number = data.draw(st.integers(1, rule.count))
    before = occurrences(rule)
    after = occurrences(rule, Exceptions(cancelled=frozenset({number})))
    assert after == tuple(one for one in before if one.number != number)


@given(rules, st.data())
def test_moving_one_keeps_every_other(rule: Rule, data: st.DataObject) -> None:
    number = data.draw(st.integers(1, rule.count))
    to = instants(rule)[number - 1] + dt.timedelta(minutes=data.draw(st.integers(-20_000, 20_000)))
    after = occurrences(rule, Exceptions(moved={number: to}))
    assert {one for one in after if one.number != number} == {
        one for one in occurrences(rule) if one.number != number
    }
    moved = next(one for one in after if one.number == number)
    assert moved.starts_at == to and moved.by_rule == instants(rule)[number - 1]
    assert [one.starts_at for one in after] == sorted(one.starts_at for one in after)


@given(rules, st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2100, 1, 1), timezones=st.just(dt.UTC)))
def test_one_beside_the_rule_shifts_no_number(rule: Rule, moment: dt.datetime) -> None:
    after = occurrences(rule, Exceptions(added=(moment,)))
    assert len(after) == rule.count + 1
    assert tuple(one for one in after if one.number is not None) == occurrences(rule)


@given(rules)
def test_rule_comes_back_from_the_words_of_icalendar(rule: Rule) -> None:
    said = from_rrule(to_rrule(rule), starts_on=rule.starts_on, time=rule.time, zone=rule.zone)
    assert said == rule


@given(rules)
def test_another_reader_of_icalendar_finds_the_same_days(rule: Rule) -> None:
    read = rrulestr(to_rrule(rule), dtstart=dt.datetime.combine(rule.starts_on, rule.time))
    assert tuple(moment.date() for moment in read) == days(rule)


@given(rules, st.integers(0, 400))
def test_ending_date_cuts_the_count_and_moves_nothing(rule: Rule, later: int) -> None:
    ends_on = rule.starts_on + dt.timedelta(days=later)
    cut = until(rule, ends_on)
    assert cut is not None
    assert days(cut) == tuple(day for day in days(rule) if day <= ends_on)
    assert until(rule, rule.starts_on - dt.timedelta(days=1)) is None
    assert until(rule, None) == rule


def test_time_that_does_not_exist_falls_after_the_gap_and_the_next_week_is_as_before() -> None:
    rule = Rule(dt.date(2026, 3, 22), dt.time(2, 30), PARIS, Every.WEEK, 3)
    here = zoneinfo.ZoneInfo(PARIS)
    assert [moment.astimezone(here).time() for moment in instants(rule)] == [
        dt.time(2, 30),
        dt.time(3, 30),
        dt.time(2, 30),
    ]


def test_time_that_exists_twice_is_the_earlier() -> None:
    twice = at_wall(dt.date(2026, 10, 25), dt.time(2, 30), PARIS)
    assert twice == dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)


def test_day_that_a_zone_left_out_is_the_next_one() -> None:
    """Samoa had no 30 December 2011."""
    wall = at_wall(dt.date(2011, 12, 30), dt.time(10), "Pacific/Apia").astimezone(
        zoneinfo.ZoneInfo("Pacific/Apia")
    )
    assert wall.date() == dt.date(2011, 12, 31)


@pytest.mark.parametrize("count", [0, -1, 201])
def test_series_of_no_length_is_refused(count: int) -> None:
    with pytest.raises(BadInput):
        Rule(dt.date(2026, 1, 1), dt.time(9), "UTC", Every.WEEK, count)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "FREQ=DAILY;COUNT=3",
        "FREQ=WEEKLY",
        "FREQ=WEEKLY;COUNT=x",
        "FREQ=MONTHLY;COUNT=3;BYDAY=1MO",
        "COUNT",
    ],
)
def test_rule_that_is_not_ours_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        from_rrule(text, starts_on=dt.date(2026, 3, 24), time=dt.time(9), zone="UTC")
