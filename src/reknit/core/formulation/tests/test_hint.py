"""The hint gives facts and an order, and never a choice."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from reknit.core.formulation.hint import AREA_OF, ORDER, Event, Facts, Person, beside, gap, hints

FIRST_USE = dt.date(2026, 2, 1)
DEATH = Event("e1", "Death of D.", FIRST_USE - dt.timedelta(days=21), "death", ("p1",))


def test_no_facts_give_no_hint() -> None:
    assert hints(Facts()) == ()
    assert hints(Facts(people=(Person("p1", "M."),), first_use_on=FIRST_USE)) == ()


def test_facts_are_said_in_words() -> None:
    facts = Facts(
        people=(Person("p2", "M.", conflict=8, expectations_differ=True),),
        events=(DEATH,),
        first_use_on=FIRST_USE,
    )
    by_area = {hint.area: hint for hint in hints(facts)}
    assert by_area["grief"].reasons == ("Death of D.: 3 weeks before the first use day",)
    assert by_area["dispute"].reasons == (
        "conflict 8 of 10 with M.",
        "M. and the client expect different things",
    )


def test_more_facts_come_first_and_grief_first_among_equals() -> None:
    conflict = Person("p2", "M.", conflict=9)
    assert [h.area for h in hints(Facts((conflict,), (DEATH,), first_use_on=FIRST_USE))] == [
        "grief",
        "dispute",
    ]
    more = Person("p2", "M.", conflict=9, is_silent=True)
    assert [h.area for h in hints(Facts((more,), (DEATH,), first_use_on=FIRST_USE))] == ["dispute", "grief"]


def test_argument_and_conflict_with_one_person_are_one_hint() -> None:
    row = Event("e2", "Row about money", FIRST_USE - dt.timedelta(days=2), "argument", ("p2",))
    [hint] = hints(Facts((Person("p2", "M.", conflict=8),), (row,), first_use_on=FIRST_USE))
    assert (hint.people, hint.events, len(hint.reasons)) == (("p2",), ("e2",), 2)


def test_low_or_unknown_conflict_and_the_dead_point_to_no_dispute() -> None:
    people = (
        Person("a", "A.", conflict=5),
        Person("b", "B.", conflict=None),
        Person("c", "C.", 9, has_died=True),
    )
    assert hints(Facts(people=people)) == ()


def test_few_ties_count_only_when_the_inventory_was_taken() -> None:
    people = (Person("a", "A.", uses=True), Person("b", "B.", uses=True))
    assert hints(Facts(people=people)) == ()
    [hint] = hints(Facts(people=people, inventory_taken=True))
    assert hint.area == "sensitivity" and hint.reasons == (
        "2 people in the inventory",
        "everybody in the inventory uses",
    )
    blank = (Person("a", "A.", uses=True), Person("b", "B."))
    [hint] = hints(Facts(people=blank, inventory_taken=True))
    assert hint.reasons == ("2 people in the inventory",)


def test_event_without_a_kind_or_far_away_points_nowhere() -> None:
    far = Event("e3", "Move", FIRST_USE - dt.timedelta(days=4000), "change")
    plain = Event("e4", "Death of a friend", FIRST_USE)  # nothing is read out of a title
    assert hints(Facts(events=(far, plain), first_use_on=FIRST_USE)) == ()


def test_rough_days_are_told_no_closer_than_they_are_known() -> None:
    rough = Event("e5", "Move", dt.date(2026, 1, 1), "change", is_exact=False)
    [hint] = hints(
        Facts(events=(rough,), first_use_on=FIRST_USE, onset_on=dt.date(2025, 9, 1), onset_is_exact=False)
    )
    assert hint.reasons == (
        "Move: about 4 months after the onset",
        "Move: around the time of the first use day",
    )


def test_event_that_is_the_onset_says_so_and_nothing_of_its_own_day() -> None:
    onset = Event("e6", "Death of D.", FIRST_USE, "death", is_onset=True)
    [hint] = hints(Facts(events=(onset,), onset_on=FIRST_USE))
    assert hint.reasons == ("Death of D.: marked as the onset",)


def test_gaps_are_said_as_people_say_them() -> None:
    assert [gap(days) for days in (-1, 6, 13, 20, 22, 60, 61, 364, 730)] == [
        "1 day", "6 days", "13 days", "20 days", "3 weeks", "8 weeks", "2 months", "12 months", "2 years",
    ]  # fmt: skip
    assert beside(FIRST_USE, FIRST_USE, "the first use day") == "on the day of the first use day"
    assert beside(FIRST_USE, FIRST_USE - dt.timedelta(days=1), "the onset") == "1 day after the onset"


PEOPLE = st.builds(
    Person,
    key=st.sampled_from("abcd"),
    alias=st.sampled_from(["A.", "B."]),
    conflict=st.none() | st.integers(0, 10),
    expectations_differ=st.none() | st.booleans(),
    is_silent=st.none() | st.booleans(),
    uses=st.none() | st.booleans(),
    has_died=st.none() | st.booleans(),
)
EVENTS = st.builds(
    Event,
    key=st.sampled_from("wxyz"),
    title=st.just("Something hard happened"),
    on=st.dates(dt.date(2020, 1, 1), dt.date(2026, 12, 31)),
    kind=st.sampled_from(["", *AREA_OF]),
    people=st.lists(st.sampled_from("abcd"), max_size=2, unique=True).map(tuple),
    is_closest_change=st.booleans(),
)
FACTS = st.builds(
    Facts,
    people=st.lists(PEOPLE, max_size=5).map(tuple),
    events=st.lists(EVENTS, max_size=5).map(tuple),
    onset_on=st.none() | st.dates(dt.date(2020, 1, 1), dt.date(2026, 12, 31)),
    first_use_on=st.none() | st.just(FIRST_USE),
    inventory_taken=st.booleans(),
)


@given(FACTS)
def test_each_hint_has_reasons_and_sensitivity_comes_last(facts: Facts) -> None:
    found = hints(facts)
    areas = [hint.area for hint in found]
    assert all(hint.reasons for hint in found) and set(areas) <= set(ORDER)
    assert "sensitivity" not in areas[:-1]
    lengths = [len(hint.reasons) for hint in found if hint.area != "sensitivity"]
    assert lengths == sorted(lengths, reverse=True)
