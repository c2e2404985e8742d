"""Signs are counted and never turned into a probability; charts and scores agree with their worked numbers."""

import math
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.core.errors import BadInput
from reknit.core.safety import evaluation
from reknit.core.safety.charts import Baseline, baseline, cusum, ewma, likeness, residuals
from reknit.core.safety.warning_signs import FINDINGS, PUBLISHED, SIGNS, TIERS, Panel, Week, panel

SERIES = [3, 2, 4, 3, 5, 6, 6, 7, 7, 8]
USUAL = Baseline(3, 1.5, 14)
FORECAST, HAPPENED = [0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9], [0, 0, 1, 0, 1, 0, 1, 1]
EVERY = tuple(SIGNS)

# --- The panel

weeks = st.builds(
    Week,
    use_days=st.none() | st.integers(0, 7),
    strongest_urge=st.none() | st.integers(0, 10),
    own_urge=st.none() | st.integers(0, 10),
    confidence=st.none() | st.integers(0, 10),
    confidence_before=st.none() | st.integers(0, 10),
    mood_reliably_worse=st.none() | st.booleans(),
    poor_nights=st.none() | st.integers(0, 7),
    missed_session=st.none() | st.booleans(),
    missed_check_ins=st.none() | st.integers(0, 7),
    new_event=st.none() | st.booleans(),
)


@pytest.mark.parametrize(
    ("week", "sign", "moved"),
    [
        (Week(use_days=0), "use", False),
        (Week(use_days=1), "use", True),
        (Week(strongest_urge=7), "urge", True),
        (Week(strongest_urge=5, own_urge=3), "urge", True),
        (Week(strongest_urge=4, own_urge=3), "urge", False),
        (Week(strongest_urge=4), "urge", None),
        (Week(confidence=6, confidence_before=8), "confidence", True),
        (Week(confidence=7, confidence_before=8), "confidence", False),
        (Week(confidence=7), "confidence", None),
        (Week(mood_reliably_worse=True), "mood", True),
        (Week(poor_nights=4), "sleep", True),
        (Week(poor_nights=3), "sleep", False),
        (Week(risky_days=2, risky_days_before=1), "risky_days", True),
        (Week(risky_days=1, risky_days_before=1), "risky_days", False),
        (Week(supportive_days=1, supportive_days_before=2), "supportive_days", True),
        (Week(missed_session=False, missed_check_ins=1), "missed", False),
        (Week(missed_check_ins=2), "missed", True),
        (Week(missed_session=False), "missed", None),
        (Week(check_in=9, check_in_before=12), "check_in", True),
        (Week(new_event=False), "event", False),
    ],
)
def test_each_sign_moves_by_its_rule(week: Week, sign: str, moved: bool | None) -> None:
    found = panel(week, [sign])
    heaps = {True: found.moved, False: found.unmoved, None: found.not_known}
    assert [one.key for one in heaps[moved]] == [sign]


@pytest.mark.parametrize(
    ("week", "level"),
    [
        (Week(), "no_data"),
        (Week(use_days=0), "quiet"),
        (Week(use_days=1), "quiet"),
        (Week(poor_nights=7, new_event=True), "worth_a_conversation"),
        (Week(poor_nights=7, new_event=True, missed_session=True), "worth_a_conversation"),
        (Week(poor_nights=7, new_event=True, missed_session=True, strongest_urge=9), "contact_within_a_day"),
        (Week(use_days=1, new_event=True), "contact_within_a_day"),
    ],
)
def test_levels_are_those_of_the_rule_of_thumb(week: Week, level: str) -> None:
    assert panel(week, EVERY).level == level


@given(weeks, st.sets(st.sampled_from(EVERY)))
def test_only_chosen_signs_are_watched_and_each_is_in_one_heap(week: Week, chosen: set[str]) -> None:
    found = panel(week, sorted(chosen))
    heaps = [sign.key for heap in (found.moved, found.unmoved, found.not_known) for sign in heap]
    assert sorted(heaps) == sorted(chosen)
    assert found.count == len(found.moved)


def test_nothing_known_is_no_data_and_not_quiet() -> None:
    assert panel(Week(), EVERY).level == "no_data"
    assert len(panel(Week(), EVERY).not_known) == len(SIGNS) == 10


def test_a_panel_holds_no_number_but_a_count() -> None:
    assert {field.name for field in fields(Panel)} == {"moved", "unmoved", "not_known", "level"}


def test_every_tier_is_explained_and_unknown_signs_are_refused() -> None:
    assert {sign.tier for sign in SIGNS.values()} == set(TIERS)
    for chosen in (["wish"], ["use", "use"]):
        with pytest.raises(BadInput):
            panel(Week(), chosen)


# --- Published tables


def test_a_published_table_says_who_and_shows_only_what_was_read() -> None:
    (aware,) = PUBLISHED
    assert (aware.n, aware.year) == (122, 2000)
    assert [(row.low, row.high, row.percent) for row in aware.rows] == [
        (28, 55, (37, 11)),
        (56, 69, (62, 21)),
    ]
    assert len(aware.every_row) > len(aware.rows)
    assert "says nothing about one person" in aware.context
    assert [row.low for row in aware.every_row[1:]] == [row.high + 1 for row in aware.every_row[:-1]]


def test_a_finding_without_verified_figures_has_none() -> None:
    (pacs,) = FINDINGS
    assert not pacs.population_verified and "have not been read" in pacs.note


# --- Charts


def test_worked_series_signals_at_the_eighth_entry_on_both() -> None:
    """Measures catalogue 6.2: 3,2,4,3,5,6,6,7,7,8 with mu 3 and sigma 1.5, lambda .2, L 3; k .5, h 4 to 5."""
    assert ewma(SERIES, USUAL).first_signal == 8
    assert [cusum(SERIES, USUAL, limit=h).first_signal for h in (4, 5)] == [8, 8]


def test_moving_average_by_its_closed_form() -> None:
    """z_t = (1 - l)^t mu + l sum (1 - l)^(t - i) x_i, and the limit settles at mu + L sigma sqrt(l / (2 - l))."""
    chart = ewma(SERIES * 10, USUAL)
    for t in (1, 5, 10):
        direct = 0.8**t * 3 + 0.2 * sum(0.8 ** (t - i) * SERIES[i - 1] for i in range(1, t + 1))
        assert chart.points[t - 1].value == pytest.approx(direct)
    assert chart.points[-1].limit == pytest.approx(3 + 3 * 1.5 / 3)


def test_missing_entries_are_passed_over_and_keep_their_place() -> None:
    gaps = [3, None, 2, 4, None, 3, 5, 6, 6, 7, 7, 8]
    assert [point.value for point in ewma(gaps, USUAL).points] == [
        p.value for p in ewma(SERIES, USUAL).points
    ]
    assert ewma(gaps, USUAL).first_signal == cusum(gaps, USUAL).first_signal == 10


def test_one_bad_day_does_not_move_the_usual_range() -> None:
    calm = [2, 3] * 7
    worst = [2, 3] * 6 + [2, 10]
    assert baseline(calm, rhythm="daily") == baseline(worst, rhythm="daily")
    assert baseline(calm[:13], rhythm="daily") is None


def test_spread_has_a_floor() -> None:
    always = baseline([2] * 14, rhythm="daily", floor=0.8)
    assert always == Baseline(2, 0.8, 14)
    with pytest.raises(BadInput):
        baseline([2] * 14, rhythm="daily", floor=0)


@given(st.lists(st.integers(0, 10), min_size=1, max_size=40), st.integers(0, 39))
def test_a_higher_entry_never_lowers_a_chart(entries: list[int], at: int) -> None:
    higher = list(entries)
    higher[at % len(entries)] += 1
    for chart in (ewma, cusum):
        before, after = chart(entries, USUAL), chart(higher, USUAL)
        assert all(
            new.value >= old.value - 1e-12 for new, old in zip(after.points, before.points, strict=True)
        )


def test_residuals_of_entries_that_resemble_each_other_do_not() -> None:
    """An AR(1) series with phi .7 made up by NumPy: likeness is found, and none is left in the residuals."""
    rng = np.random.default_rng(1)
    series = [0.0]
    for step in rng.normal(0, 1, 4000):
        series.append(0.7 * series[-1] + float(step))
    usual = Baseline(0.0, 1 / math.sqrt(1 - 0.49), 14)
    phi = likeness(series, usual)
    assert phi is not None and phi == pytest.approx(0.7, abs=0.03)
    left, narrower = residuals(series, usual, phi)
    assert abs(likeness(left, narrower) or 1) < 0.05
    assert narrower.sigma == pytest.approx(1, abs=0.03)


# --- Evaluation


def test_worked_numbers_of_evaluation() -> None:
    """Measures catalogue 6.4: Brier .175, skill .30, AUC .8125; 6.3: 5 %, .80, .80 give 17 %."""
    assert evaluation.brier(FORECAST, HAPPENED) == pytest.approx(0.175)
    assert evaluation.brier_skill(FORECAST, HAPPENED) == pytest.approx(0.30)
    assert evaluation.auc(FORECAST, HAPPENED) == 0.8125
    assert evaluation.calibration_in_the_large(FORECAST, HAPPENED) == pytest.approx(0.0)
    value = evaluation.predictive_value(base=0.05, sensitivity=0.8, specificity=0.8)
    assert value == pytest.approx(0.17, abs=0.005)


@given(st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=2, max_size=40))
def test_auc_is_the_share_of_pairs(rows: list[tuple[int, bool]]) -> None:
    scores, events = zip(*rows, strict=True)
    if len(set(events)) < 2:
        with pytest.raises(BadInput):
            evaluation.auc(scores, events)
        return
    pairs = [(s > t) + 0.5 * (s == t) for s, e in rows for t, f in rows if e and not f]
    assert evaluation.auc(scores, events) == pytest.approx(sum(pairs) / len(pairs))


def test_alerts_are_counted() -> None:
    found = evaluation.alerts([1, 4, 5, 2], [0, 1, 0, 1], at_least=4)
    assert (found.given, found.right, found.events, found.predictive_value, found.sensitivity) == (2, 1, 2, 0.5, 0.5)  # fmt: skip
    none = evaluation.alerts([1, 1], [0, 0], at_least=4)
    assert none.predictive_value is None and none.sensitivity is None


@pytest.mark.parametrize(("p", "y"), [([], []), ([0.5], [2]), ([1.2], [1]), ([float("nan")], [1]), ([0.1, 0.2], [1])])  # fmt: skip
def test_what_cannot_be_scored_is_refused(p: list[float], y: list[float]) -> None:
    with pytest.raises(BadInput):
        evaluation.brier(p, y)
