"""Cumulative incidence equals lifelines and statsmodels, and is never what Kaplan-Meier would make of it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.core.errors import BadInput
from reknit.core.outcomes.competing import calendar_ending, cumulative_incidence
from reknit.core.outcomes.survival import calendar_time, kaplan_meier

ENDINGS = (None, "lapse", "left")
PEOPLE = st.lists(st.tuples(st.integers(0, 20), st.sampled_from(ENDINGS)), min_size=1, max_size=40)


def test_incidence_and_its_limits_equal_lifelines() -> None:
    """lifelines.AalenJohansenFitter().fit(times, codes, event_of_interest=1), which takes no ties: times without any."""
    from lifelines import AalenJohansenFitter

    rng = np.random.default_rng(2)
    times, codes = rng.exponential(10, 80), rng.choice(3, 80, p=[0.3, 0.4, 0.3])
    theirs = AalenJohansenFitter().fit(times, codes, event_of_interest=1)
    ours = cumulative_incidence(times.tolist(), [ENDINGS[code] for code in codes], ending="lapse")
    limits = theirs.confidence_interval_
    for step in ours.steps[:-1]:  # theirs has no variance where the last one at risk has an ending
        assert step.incidence == pytest.approx(float(theirs.cumulative_density_.loc[step.time, "CIF_1"]))
        assert step.standard_error == pytest.approx(float(theirs.variance_.loc[step.time]) ** 0.5)
        if step.incidence:
            assert sorted(limits.loc[step.time]) == pytest.approx([step.low, step.high], abs=1e-6)


def test_incidence_and_its_error_equal_statsmodels_with_ties() -> None:
    """statsmodels.duration.survfunc.CumIncidenceRight(times, codes): `cinc` and `cinc_se` of the first ending."""
    from statsmodels.duration.survfunc import CumIncidenceRight

    rng = np.random.default_rng(3)
    times, codes = rng.integers(1, 15, 200).astype(float), rng.choice(3, 200, p=[0.4, 0.3, 0.3])
    theirs = CumIncidenceRight(times, codes)
    ours = cumulative_incidence(times.tolist(), [ENDINGS[code] for code in codes], ending="lapse")
    assert [step.incidence for step in ours.steps] == pytest.approx(
        [share for time, share in zip(theirs.times, theirs.cinc[0], strict=True) if time in times[codes > 0]]
    )
    assert ours.steps[-1].standard_error == pytest.approx(theirs.cinc_se[0][-1])


@given(PEOPLE)
def test_endings_and_those_without_one_make_a_whole(people: list[tuple[int, str | None]]) -> None:
    times, endings = [time for time, _ in people], [ending for _, ending in people]
    lapse, left = (cumulative_incidence(times, endings, ending=one) for one in ("lapse", "left"))
    free = kaplan_meier(times, [one is not None for one in endings])
    naive = kaplan_meier(times, [one == "lapse" for one in endings])
    for one, other in zip(lapse.steps, left.steps, strict=True):
        assert one.incidence + other.incidence + free.at(one.time) == pytest.approx(1)
        assert one.incidence <= 1 - naive.at(one.time) + 1e-12
        assert 0 <= one.low <= one.incidence + 1e-12
        assert one.incidence <= one.high + 1e-12
    assert lapse.n_events + left.n_events == sum(one is not None for one in endings)
    assert lapse.n_others == left.n_events


@given(PEOPLE)
def test_without_a_second_ending_it_is_the_complement_of_kaplan_meier(
    people: list[tuple[int, str | None]],
) -> None:
    times, events = [time for time, _ in people], [ending is not None for _, ending in people]
    found = cumulative_incidence(times, ["lapse" if one else None for one in events], ending="lapse")
    for ours, theirs in zip(found.steps, kaplan_meier(times, events).steps, strict=True):
        assert ours.incidence == pytest.approx(1 - theirs.survival)


@given(st.lists(st.tuples(st.integers(0, 20), st.sampled_from(ENDINGS[1:])), min_size=1, max_size=40))
def test_when_everybody_is_followed_to_an_ending_it_is_a_plain_share(people: list[tuple[int, str]]) -> None:
    found = cumulative_incidence(*zip(*people, strict=True), ending="lapse")
    for step in found.steps:
        share = sum(time <= step.time and ending == "lapse" for time, ending in people) / len(people)
        assert step.incidence == pytest.approx(share)
        assert step.standard_error**2 == pytest.approx(share * (1 - share) / len(people), abs=1e-12)


def test_an_ending_nobody_had_has_no_incidence() -> None:
    found = cumulative_incidence([3, 5], ["left", None], ending="lapse")
    assert (found.at(5), found.n_events, found.n_others) == (0, 0, 1)


@pytest.mark.parametrize("times", [[1.0], [], [1.0, float("nan")], [-1.0, 2.0]])
def test_times_that_cannot_be_read_are_refused(times: list[float]) -> None:
    with pytest.raises(BadInput):
        cumulative_incidence(times, ["lapse", None], ending="lapse")


def test_nothing_is_said_of_a_time_after_observation() -> None:
    with pytest.raises(BadInput, match="observed for so long"):
        cumulative_incidence([3, 5], ["lapse", None], ending="lapse").at(6)


# --- From a calendar and the day of leaving


def test_leaving_counts_only_while_the_calendar_was_kept_to_within_a_week() -> None:
    clear = np.array([0, 0, 0], dtype=np.int8)
    assert calendar_ending(clear, left_on=2) == (2, "left")
    assert calendar_ending(clear, left_on=10) == (10, "left")  # days 3 to 9: seven unknown
    assert calendar_ending(clear, left_on=11) == (2, None)
    nothing = np.array([], dtype=np.int8)
    assert calendar_ending(nothing, left_on=7) == (7, "left")
    assert calendar_ending(nothing, left_on=8) == (0, None)
    late = np.array([-1] * 8 + [0], dtype=np.int8)
    assert calendar_ending(late, left_on=8) == (0, None)


def test_use_on_the_day_of_leaving_is_a_lapse_and_after_it_none_of_treatment() -> None:
    states = np.array([0, 0, 1], dtype=np.int8)
    assert calendar_ending(states, left_on=2) == (2, "lapse")
    assert calendar_ending(states, left_on=1) == (1, "left")


@given(st.lists(st.sampled_from([-1, 0, 1]), max_size=30), st.one_of(st.none(), st.integers(0, 40)))
def test_an_ending_never_comes_after_leaving_nor_before_its_first_use(
    days: list[int], left_on: int | None
) -> None:
    states = np.array(days, dtype=np.int8)
    time, ending = calendar_ending(states, left_on=left_on)
    first, came = calendar_time(states)
    if left_on is None:
        assert (time, ending) == (first, "lapse" if came else None)
    else:
        assert time <= left_on
        assert (ending == "lapse") == (came and first <= left_on)
        assert ending != "left" or time == left_on


def test_leaving_before_time_zero_is_refused() -> None:
    with pytest.raises(BadInput):
        calendar_ending(np.array([0], dtype=np.int8), left_on=-1)
