"""Workflow words and statistical words, each with values counted by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.core.errors import BadInput
from reknit.core.substance_use.lapse import (
    DEFAULT_RULE,
    RELAPSE_RULES,
    OwnRule,
    Pattern,
    Time,
    WorkflowRule,
    heaviest_pattern,
    recent_pattern,
    time_to_lapse,
    time_to_relapse,
)

NAN = float("nan")
MARKS = {"x": 1, ".": 0, "?": -1}


def states(picture: str) -> list[int]:
    return [MARKS[mark] for mark in picture]


pictures = st.text("x.?", max_size=60)


@pytest.mark.parametrize(
    ("picture", "pattern", "used", "unknown", "may_be_more"),
    [
        ("..............", Pattern.NONE, 0, 0, False),
        ("x.............", Pattern.LAPSE, 1, 0, False),
        ("xx.....x......", Pattern.LAPSE, 3, 0, False),
        ("xx.....x.....x", Pattern.REGULAR, 4, 0, False),
        ("xxxx..............", Pattern.NONE, 0, 0, False),  # more than 14 days ago
        ("x?............", Pattern.LAPSE, 1, 1, False),
        ("x???..........", Pattern.LAPSE, 1, 3, True),
        ("", Pattern.NONE, 0, 14, True),
    ],
)
def test_recent_pattern_counts_days_of_the_latest_fourteen(
    picture: str, pattern: Pattern, used: int, unknown: int, may_be_more: bool
) -> None:
    found = recent_pattern(states(picture))
    assert (found.pattern, found.used, found.unknown, found.may_be_more) == (
        pattern, used, unknown, may_be_more,
    )  # fmt: skip


def test_rule_of_one_client_may_differ() -> None:
    rule = WorkflowRule(window_days=7, regular_from=2)
    assert recent_pattern(states("xx......."), rule).pattern is Pattern.NONE
    assert recent_pattern(states(".......xx"), rule).pattern is Pattern.REGULAR
    assert (DEFAULT_RULE.lapse_up_to, rule.lapse_up_to) == (3, 1)


@pytest.mark.parametrize("given", [(14, 0), (3, 4), (0, 1), (400, 4)])
def test_impossible_rule_is_refused(given: tuple[int, int]) -> None:
    with pytest.raises(BadInput):
        WorkflowRule(*given)


@pytest.mark.parametrize(
    ("picture", "event", "followed"),
    [
        ("x", 0, 0),
        ("..x", 2, 2),
        ("....", None, 3),
        ("..??", None, 1),
        ("???????x", 7, 7),  # a gap of exactly 7
        ("????????x", None, None),  # of 8: nobody knows what came first
        ("." + "?" * 8 + "x", None, 0),
        ("", None, None),
    ],
)
def test_time_to_lapse_is_the_first_use_or_the_latest_day_followed(
    picture: str, event: int | None, followed: int | None
) -> None:
    assert time_to_lapse(states(picture)) == Time(event, followed)


@pytest.mark.parametrize(
    ("picture", "event"),
    [
        ("xxxxxx.", None),
        ("xxxxxxx", 6),
        ("..xxxxxx.", 7),  # days 2 to 6 are week 1, day 7 begins week 2
        ("x......x", 7),
        (".x............x", None),  # weeks 1 and 3
        ("......xx", 7),
        ("x?????.?x", 8),
    ],
)
def test_relapse_by_r3_is_seven_days_or_two_weeks_running(picture: str, event: int | None) -> None:
    assert time_to_relapse(states(picture), "R3").event == event


def test_relapse_by_heavy_days() -> None:
    """R1 takes the first heavy day; R2 waits for four days without use in a row before it."""
    days, heavy = states("x....x"), states("x....x")
    assert time_to_relapse(days, "R1", heavy=heavy).event == 0
    assert time_to_relapse(days, "R2", heavy=heavy).event == 5
    assert time_to_relapse(states("..?..x"), "R2", heavy=states("..?..x")).event is None
    assert time_to_relapse(states("....x"), "R1", heavy=states("....?")).event is None


def test_rules_are_named_and_ask_for_what_they_need() -> None:
    assert [one.key for one in RELAPSE_RULES] == ["R1", "R2", "R3", "R4", "R5"]
    assert {one.version for one in RELAPSE_RULES} == {"1"}
    with pytest.raises(BadInput, match="needs to know"):
        time_to_relapse([0, 1], "R1")
    with pytest.raises(BadInput, match="no relapse rule"):
        time_to_relapse([0, 1], "R9")
    for lacking in ({}, {"amounts": [0, 9]}, {"amounts": [9], "weekly": 9}, {"amounts": [0, 9], "weekly": 0}):
        with pytest.raises(BadInput, match="R4 needs the amount"):
            time_to_relapse([0, 1], "R4", **lacking)
    with pytest.raises(BadInput, match="own rule"):
        time_to_relapse([0, 1], "R5")
    with pytest.raises(BadInput, match="heavy drinking day"):
        time_to_relapse([0, 1], "R5", own=OwnRule("one heavy day", days=1, within=1, heavy=True))
    for days, within in ((0, 1), (2, 1), (1, 367)):
        with pytest.raises(BadInput, match="own rule"):
            OwnRule("cannot be met", days=days, within=within)
    with pytest.raises(BadInput, match="1 \\(used\\)"):
        time_to_lapse([2])


@pytest.mark.parametrize(
    ("amounts", "event"),
    [
        ([0] * 7 + [20] * 7, 13),  # 140 in week 1
        ([0] * 7 + [140], 7),
        ([0, 0, 0, 0, 70, 0, 0, 70], None),  # 140 in seven days, and in no week counted from day 0
        ([139, NAN], None),  # a day not known adds nothing
        ([NAN, 140], 1),  # and takes nothing away
        ([100] * 2 + [NAN] * 8 + [900], 1),
        ([60] * 2 + [NAN] * 8 + [900], None),  # what lies behind a long gap is not followed
    ],
)
def test_relapse_by_r4_is_a_week_of_the_baseline_again(amounts: list[float], event: int | None) -> None:
    days = [-1 if amount != amount else int(amount > 0) for amount in amounts]
    assert time_to_relapse(days, "R4", amounts=amounts, weekly=140).event == event


@pytest.mark.parametrize(
    ("picture", "heavy", "event"),
    [
        ("x..x.x", False, 5),
        ("x.?x.x", False, 5),
        ("x..x", False, None),
        ("xxx...", True, 3),
        ("xxx???????????xx", False, 1),
    ],
)
def test_relapse_by_r5_is_what_the_client_wrote_down(picture: str, heavy: bool, event: int | None) -> None:
    own = OwnRule("two days in three", days=2, within=3, heavy=heavy)
    given_heavy = states("..xx..") if heavy else None
    assert time_to_relapse(states(picture), "R5", own=own, heavy=given_heavy).event == event


@given(pictures, st.data(), st.sampled_from(["R3", "R4", "R5"]))
def test_more_use_never_delays_a_relapse(picture: str, data: st.DataObject, rule: str) -> None:
    """By every rule that asks for no days without use before it."""
    if not picture:
        return
    place = data.draw(st.integers(0, len(picture) - 1))
    more = picture[:place] + "x" + picture[place + 1 :]
    own = OwnRule("three days of ten", days=3, within=10)

    def event(one: str) -> float:
        amounts = [{"x": 30.0, ".": 0.0, "?": NAN}[mark] for mark in one]
        found = time_to_relapse(states(one), rule, amounts=amounts, weekly=100, own=own).event
        return float("inf") if found is None else found

    assert event(more) <= event(picture)


@given(pictures, st.data())
def test_more_use_never_softens_the_workflow_word(picture: str, data: st.DataObject) -> None:
    if not picture:
        return
    place = data.draw(st.integers(0, len(picture) - 1))
    more = picture[:place] + "x" + picture[place + 1 :]
    order = list(Pattern)
    assert order.index(recent_pattern(states(more)).pattern) >= order.index(
        recent_pattern(states(picture)).pattern
    )


@given(pictures)
def test_a_relapse_is_never_before_the_lapse(picture: str) -> None:
    lapse, relapse = time_to_lapse(states(picture)), time_to_relapse(states(picture), "R3")
    if relapse.event is not None:
        assert lapse.event is not None and lapse.event <= relapse.event


@given(pictures)
def test_unknown_days_at_the_end_change_no_event(picture: str) -> None:
    assert time_to_lapse(states(picture + "???")) == time_to_lapse(states(picture))


@pytest.mark.parametrize(
    ("states", "pattern", "may_be_more"),
    [
        ([0] * 14, Pattern.NONE, False),
        ([1, 1, 1] + [0] * 11, Pattern.LAPSE, False),
        ([1, 1, 1, 1] + [0] * 10, Pattern.REGULAR, False),
        ([1, 1, 1, -1] + [0] * 10, Pattern.LAPSE, True),
        ([1, 1, 1, 1] + [-1] * 10, Pattern.REGULAR, False),  # what is not known cannot take it back
        ([-1] * 14, Pattern.NONE, True),
        ([], Pattern.NONE, True),
        ([1, 1] + [0] * 13 + [1, 1], Pattern.LAPSE, False),  # four days, and never four in fourteen
        ([1] * 4 + [0] * 30, Pattern.REGULAR, False),
    ],
)
def test_looking_back_finds_the_heaviest_fourteen_days(
    states: list[int], pattern: Pattern, may_be_more: bool
) -> None:
    found = heaviest_pattern(states)
    assert (found.pattern, found.may_be_more) == (pattern, may_be_more)


@given(st.lists(st.sampled_from([-1, 0, 1]), min_size=1, max_size=60))
def test_learning_a_day_of_use_never_makes_the_word_lighter(states: list[int]) -> None:
    order = list(Pattern)
    before = heaviest_pattern(states)
    for place, state in enumerate(states):
        if state == 0:
            after = heaviest_pattern([*states[:place], 1, *states[place + 1 :]])
            assert order.index(after.pattern) >= order.index(before.pattern)
