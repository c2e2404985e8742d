"""Effect sizes, sudden gains, survival, agreement and benchmarks against published or independent values."""

import itertools
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.core.errors import BadInput
from reknit.core.outcomes.agreement import cohen_kappa, cronbach_alpha, intraclass, standard_error
from reknit.core.outcomes.benchmark import against_benchmark, against_natural_history
from reknit.core.outcomes.change import english_service_outcome
from reknit.core.outcomes.effect import (
    controlled_before_after,
    hedges_g,
    paired_before,
    paired_before_unknown,
    paired_within,
    paired_z,
    small_sample_factor,
)
from reknit.core.outcomes.sudden_gains import CRITICAL, sudden_gains, sudden_losses
from reknit.core.outcomes.survival import calendar_time, kaplan_meier, restricted_mean


def test_hedges_g_of_the_textbook() -> None:
    """Borenstein and colleagues 2009, chapter 4: 103/5.5/50 against 100/4.5/50."""
    effect = hedges_g(m1=103, sd1=5.5, n1=50, m2=100, sd2=4.5, n2=50)
    assert (round(effect.raw, 4), round(effect.value, 4), round(effect.variance, 4)) == (
        0.5970,
        0.5924,
        0.0411,
    )
    assert small_sample_factor(98) == pytest.approx(0.9923, abs=1e-4)
    assert effect.low < effect.value < effect.high


def test_variance_carries_the_correction_squared_as_statsmodels_does_not() -> None:
    """statsmodels.stats.meta_analysis.effectsize_smd: the same g, and Vd with g for d and without the square of J."""
    from statsmodels.stats.meta_analysis import effectsize_smd

    effect = hedges_g(m1=103, sd1=5.5, n1=50, m2=100, sd2=4.5, n2=50)
    value, variance = effectsize_smd(103, 5.5, 50, 100, 4.5, 50)
    assert effect.value == pytest.approx(float(value))
    assert effect.variance < float(variance) == pytest.approx(0.0418, abs=1e-4)


def test_pre_post_forms_have_their_own_values() -> None:
    """Borenstein and colleagues 2009, chapter 4: 103 to 100, SDdiff 5.5, r .7, n 50 gives .4225 and .4160."""
    within = paired_within(m1=103, m2=100, sd_difference=5.5, r=0.7, n=50)
    assert (round(within.raw, 4), round(within.value, 4)) == (0.4225, 0.4160)
    before = paired_before(m1=103, m2=100, sd_before=6.0, r=0.7, n=50)
    by_z = paired_z(m1=103, m2=100, sd_difference=5.5, n=50)
    assert len({round(one.value, 3) for one in (within, before, by_z)}) == 3
    assert {one.form for one in (within, before, by_z)} == {"d_rm", "d_pre", "d_z"}


def test_controlled_change_is_the_difference_of_changes() -> None:
    same = (20.0, 15.0, 5.0, 30)
    assert controlled_before_after(treated=same, control=same, r=0.5).value == 0


def test_controlled_change_equals_the_five_studies_of_morris() -> None:
    """Morris 2008, the five training studies (data also in the R package metafor's page on the paper): d_ppc2."""
    treated = [
        (30.6, 38.5, 15.0, 20),
        (23.5, 26.8, 3.1, 50),
        (0.5, 0.7, 0.1, 9),
        (53.4, 75.9, 14.5, 10),
        (35.6, 36.0, 4.7, 14),
    ]
    control = [
        (23.1, 19.7, 13.8, 20),
        (24.9, 25.3, 4.1, 42),
        (0.6, 0.6, 0.2, 9),
        (55.7, 60.7, 17.3, 11),
        (34.8, 33.4, 3.1, 14),
    ]
    correlations = (0.47, 0.64, 0.77, 0.89, 0.44)
    found = [
        controlled_before_after(treated=one, control=other, r=r)
        for one, other, r in zip(treated, control, correlations, strict=True)
    ]
    assert [round(one.value, 2) for one in found] == [0.77, 0.80, 1.20, 1.05, 0.44]


def test_variance_of_a_controlled_change_is_that_of_a_noncentral_t() -> None:
    """With U = 2 (1 - r) (nT + nC) / (nT nC), raw / sqrt(U) is noncentral t: scipy.stats.nct.var(df, delta / sqrt(U))."""
    from scipy.stats import nct

    effect = controlled_before_after(treated=(30.6, 38.5, 15.0, 20), control=(23.1, 19.7, 13.8, 20), r=0.47)
    unit = 2 * (1 - 0.47) * 40 / 400
    exact = small_sample_factor(38) ** 2 * unit * nct.var(38, effect.value / unit**0.5)
    assert effect.variance == pytest.approx(float(exact), rel=1e-3)


def test_a_correlation_nobody_knows_changes_the_limits_and_not_the_value() -> None:
    wide, narrow = paired_before_unknown(m1=16, m2=10, sd_before=6, n=60)
    assert wide.value == narrow.value
    assert wide == paired_before(m1=16, m2=10, sd_before=6, r=0.5, n=60)
    assert narrow == paired_before(m1=16, m2=10, sd_before=6, r=0.7, n=60)


@pytest.mark.parametrize("bad", [{"n1": 1}, {"sd1": 0.0, "sd2": 0.0}, {"sd1": -1.0}])
def test_effect_sizes_refuse_what_leaves_nothing_to_compute(bad: dict[str, float]) -> None:
    with pytest.raises(BadInput):
        hedges_g(**({"m1": 1, "sd1": 1, "n1": 9, "m2": 2, "sd2": 1, "n2": 9} | bad))  # type: ignore[arg-type]


# --- Sudden gains


def test_critical_values_are_those_of_student() -> None:
    """scipy.stats.t.ppf(.975, df), to the three decimals of the papers."""
    from scipy.stats import t

    assert {df: round(float(t.ppf(0.975, df)), 3) for df in CRITICAL} == CRITICAL


def test_the_two_readings_of_the_third_criterion_differ() -> None:
    """The same drop lasts by the t test and not by the stricter reading of the published R package."""
    course = [22, 28, 26, 16, 15, 21]
    assert len(sudden_gains(course, criterion_1=7, criterion_3="t-test")) == 1
    assert sudden_gains(course, criterion_1=7, criterion_3="pooled-sd") == ()


def test_a_drop_at_the_limits_counts() -> None:
    """Criteria 1 and 2 are "or more": exactly 7 points and exactly a quarter."""
    assert [gain.size for gain in sudden_gains([28, 28, 28, 21, 21, 21], criterion_1=7)] == [7.0]
    assert sudden_gains([29, 29, 29, 22, 22, 22], criterion_1=7) == ()


def test_windows_go_by_session_number_and_a_gap_is_a_gap() -> None:
    assert sudden_gains({3: 25, 4: 12, 5: 11}, criterion_1=7) == ()  # one value before is not enough
    assert len(sudden_gains({1: 26, 3: 25, 4: 12, 6: 11}, criterion_1=7)) == 1
    assert sudden_gains({1: 26, 2: 25, 4: 12, 5: 11}, criterion_1=7) == ()  # no session 3


def test_a_gain_given_back_is_told() -> None:
    (gain,) = sudden_gains([25, 26, 24, 12, 11, 12, 18], criterion_1=7)
    assert gain.reversed


@given(st.lists(st.one_of(st.none(), st.integers(0, 27)), max_size=16), st.integers(1, 10))
def test_a_gain_is_always_a_drop_of_the_points_asked(course: list[int | None], points: int) -> None:
    for reading in ("t-test", "pooled-sd"):
        for gain in sudden_gains(course, criterion_1=points, criterion_3=reading):
            assert gain.size >= points
            assert course[gain.pregain_session - 1] is not None
    strict = sudden_gains(course, criterion_1=points, criterion_3="pooled-sd")
    assert set(strict) <= set(sudden_gains(course, criterion_1=points, criterion_3="t-test"))


def test_a_loss_is_a_rise_that_lasts_and_may_be_won_back() -> None:
    (loss,) = sudden_losses([10, 11, 12, 24, 26, 25, 17], criterion_1=7)
    assert (loss.preloss_session, loss.size, loss.reversed) == (3, 12.0, True)
    (loss,) = sudden_losses([10, 11, 12, 24, 26, 25, 19], criterion_1=7)
    assert not loss.reversed


def test_the_second_criterion_of_a_loss_is_a_share_of_the_score_before_it() -> None:
    """Seven points are a quarter of 28 and less than a quarter of 29."""
    assert [loss.size for loss in sudden_losses([28, 28, 28, 35, 35, 35], criterion_1=7)] == [7.0]
    assert sudden_losses([29, 29, 29, 36, 36, 36], criterion_1=7) == ()


@given(st.lists(st.one_of(st.none(), st.integers(0, 27)), max_size=16), st.integers(1, 10))
def test_no_session_parts_a_gain_and_a_loss_at_once(course: list[int | None], points: int) -> None:
    gains, losses = sudden_gains(course, criterion_1=points), sudden_losses(course, criterion_1=points)
    assert not {one.pregain_session for one in gains} & {one.preloss_session for one in losses}
    assert all(loss.size >= points for loss in losses)


# --- Survival


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=2, max_size=40))
def test_curve_and_its_limits_equal_lifelines(people: list[tuple[int, bool]]) -> None:
    """lifelines.KaplanMeierFitter(alpha=0.05).fit(times, events): survival, exponential Greenwood limits."""
    from lifelines import KaplanMeierFitter

    times, events = [float(time) for time, _ in people], [event for _, event in people]
    curve = kaplan_meier(times, events)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = KaplanMeierFitter(alpha=0.05).fit(times, events)
    limits = theirs.confidence_interval_
    for step in curve.steps:
        assert step.survival == pytest.approx(float(theirs.predict(step.time)), abs=1e-9)
        if 0 < step.survival < 1:
            low, high = limits.loc[float(step.time)]
            assert step.low == pytest.approx(float(low), abs=1e-6)
            assert step.high == pytest.approx(float(high), abs=1e-6)


def test_restricted_mean_equals_lifelines() -> None:
    """lifelines.utils.restricted_mean_survival_time(kmf, t=20)."""
    from lifelines import KaplanMeierFitter
    from lifelines.utils import restricted_mean_survival_time

    rng = np.random.default_rng(3)
    times, events = rng.integers(1, 30, 60).astype(float), rng.random(60) < 0.6
    theirs = restricted_mean_survival_time(KaplanMeierFitter().fit(times, events), t=20)
    assert restricted_mean(kaplan_meier(times.tolist(), events.tolist()), 20).value == pytest.approx(
        theirs, abs=1e-4
    )


def test_leukaemia_trial_of_the_textbooks() -> None:
    """Freireich 1963, 6-mercaptopurine: S(6) .857, S(23) .448, median 23 (Kalbfleisch and Prentice)."""
    times = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    curve = kaplan_meier(times, [True] * 9 + [False] * 12)
    assert (round(curve.at(6), 3), round(curve.at(23), 3), curve.median) == (0.857, 0.448, 23)


def test_a_long_gap_ends_what_is_known() -> None:
    row = np.array([0] * 5 + [-1] * 8 + [1], dtype=np.int8)
    assert calendar_time(row) == (4, False)
    assert calendar_time(row, gap_days=8) == (13, True)
    assert calendar_time(np.full(20, -1, dtype=np.int8)) == (0, False)


def test_horizon_beyond_observation_is_refused() -> None:
    with pytest.raises(BadInput):
        restricted_mean(kaplan_meier([3, 5], [True, False]), 6)


# --- Agreement


def test_intraclass_of_shrout_and_fleiss() -> None:
    """Shrout and Fleiss 1979, table 2: .17, .29, .71 and .44, .62, .91."""
    table = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    found = intraclass(table)
    values = (found.icc_1_1, found.icc_2_1, found.icc_3_1, found.icc_1_k, found.icc_2_k, found.icc_3_k)
    assert [round(one, 2) for one in values] == [0.17, 0.29, 0.71, 0.44, 0.62, 0.91]


def test_weighted_kappa_equals_statsmodels() -> None:
    """statsmodels.stats.inter_rater.cohens_kappa(table, wt="linear" and "quadratic")."""
    from statsmodels.stats.inter_rater import cohens_kappa

    rng = np.random.default_rng(5)
    first = rng.integers(0, 4, 200)
    second = np.clip(first + rng.integers(-1, 2, 200), 0, 3)
    table = np.array([[((first == i) & (second == j)).sum() for j in range(4)] for i in range(4)])
    for ours, theirs in (("none", None), ("linear", "linear"), ("quadratic", "quadratic")):
        expected = cohens_kappa(table, wt=theirs, return_results=False)
        found = cohen_kappa(first.tolist(), second.tolist(), categories=range(4), weights=ours)  # type: ignore[arg-type]
        assert found == pytest.approx(expected, abs=1e-9)


def test_alpha_leaves_blanks_out_and_refuses_what_does_not_vary() -> None:
    rows = np.array([[1, 2], [2, 3], [3, 5], [4, 4], [np.nan, 9]])
    assert cronbach_alpha(rows) == pytest.approx(8 / 9)
    with pytest.raises(BadInput):
        cronbach_alpha([[1, 1], [1, 1]])


def test_standard_error_of_the_phq9() -> None:
    assert standard_error(sd=5.5, r=0.84) == pytest.approx(2.2)


# --- Benchmark and the English rule


def test_benchmark_of_the_catalogue() -> None:
    """n 60, 16 to 10, SD 6, B .8: d .987 against a critical .851."""
    found = against_benchmark(mean_before=16, mean_after=10, sd_before=6, n=60, benchmark=0.8)
    assert (round(found.effect, 3), round(found.critical, 3), found.is_comparable) == (0.987, 0.851, True)


def test_critical_effects_equal_r() -> None:
    """R 4.2.2: qt(.95, 59, ncp = sqrt(60) * .6) / sqrt(60), and with .35 for natural history .15 and the margin."""
    case = {"mean_before": 16, "mean_after": 10, "sd_before": 6, "n": 60}
    assert against_benchmark(**case, benchmark=0.8).critical == pytest.approx(0.851313893)
    natural = against_natural_history(**case, natural=0.15)
    assert natural.critical == pytest.approx(0.582097713)
    assert natural.is_beyond
    assert not against_natural_history(**case | {"mean_after": 13}, natural=0.15).is_beyond


def test_english_rule_asks_for_both() -> None:
    assert english_service_outcome(phq9=(15, 8), gad7=(12, 7)).reliably_recovered
    assert not english_service_outcome(phq9=(15, 8), gad7=(12, 8)).recovered
    assert not english_service_outcome(phq9=(9, 4), gad7=(7, 2)).was_case
    worse = english_service_outcome(phq9=(16, 8), gad7=(3, 7))
    assert worse.recovered
    assert not worse.reliably_recovered


@given(*(st.integers(0, 21) for _ in range(4)))
def test_english_rule_never_calls_one_person_better_and_worse(a: int, b: int, c: int, d: int) -> None:
    outcome = english_service_outcome(phq9=(a, b), gad7=(c, d))
    assert not (outcome.reliably_improved and outcome.reliably_deteriorated)
    assert not outcome.recovered or outcome.was_case


def test_every_order_of_the_same_scores_gives_the_same_curve() -> None:
    people = [(3.0, True), (5.0, False), (5.0, True), (9.0, False)]
    curves = {kaplan_meier([t for t, _ in p], [e for _, e in p]) for p in itertools.permutations(people)}
    assert len(curves) == 1
