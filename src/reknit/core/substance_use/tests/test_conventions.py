"""Missing days under every convention: against values by hand, a simulation, and properties that must hold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray
from scipy.stats import t as student

from reknit.core.errors import BadInput
from reknit.core.substance_use.conventions import bridged, pooled_mean, side_by_side
from reknit.core.substance_use.imputation import imputed_calendars
from reknit.core.substance_use.outcomes import calendar_outcomes, controlled_in_and_out, longest_run

Floats = NDArray[np.float64]
NAN = np.nan
calendars = hnp.arrays(
    np.float64,
    st.tuples(st.integers(1, 4), st.integers(1, 25)),
    elements=st.sampled_from([0.0, 0.0, 2.0, 6.0, NAN]),
)


def limits(amounts: Floats) -> Floats:
    return np.full(len(amounts), 5.0)


def test_every_convention_by_hand() -> None:
    """Ten days, eight told, six of them without use. Observed 6/8; worst 6/10; imputed lies between 6/10 and 8/10."""
    told = np.array([[0, 0, 5, NAN, 0, 0, 2, 0, NAN, 0]])
    found = side_by_side(told, heavy=limits(told), seed=3)
    assert list(found) == ["observed", "worst", "mi", "mi-odds-2", "mi-odds-5"]
    assert (found["observed"].pda[0], found["worst"].pda[0]) == (75.0, 60.0)
    assert (found["observed"].phdd[0], found["worst"].phdd[0]) == (12.5, pytest.approx(30.0))
    assert (found["observed"].dpdd[0], found["worst"].dpdd[0]) == (3.5, pytest.approx(17 / 4))
    assert (found["observed"].longest_abstinence[0], found["worst"].longest_abstinence[0]) == (2.0, 2.0)
    for key in ("mi", "mi-odds-2", "mi-odds-5"):
        assert 60.0 <= found[key].pda[0] <= 80.0
        assert found[key].pda_spread[0] > 0
    assert (found["observed"].pda_spread[0], found["observed"].no_heavy_days[0]) == (0.0, 0.0)


def test_where_nothing_is_missing_all_conventions_agree() -> None:
    told = np.array([[0.0, 5, 0, 0], [0, 0, 0, 0]])
    found = side_by_side(told, heavy=limits(told), seed=1)
    for one in found.values():
        assert one.pda.tolist() == [75.0, 100.0]
        assert one.no_heavy_days.tolist() == [0.0, 1.0]
        assert one.group.missing_share == 0.0
        assert one.group.mean == 87.5
        assert (one.group.low, one.group.high) == (found["observed"].group.low, found["observed"].group.high)


def test_who_told_about_no_day_has_no_value_and_stays_out_of_the_mean() -> None:
    told = np.array([[NAN] * 5, [0, 0, 2, NAN, 0], [0.0] * 5])
    for one in side_by_side(told, heavy=limits(told), seed=1).values():
        assert np.isnan(one.pda[0]) and np.isnan(one.no_heavy_days[0]) and np.isnan(one.pda_spread[0])
        assert one.group.n == 2
    for _filled, used in imputed_calendars(told, seed=1, imputations=3):
        assert used[0].tolist() == [-1] * 5
        assert (used[1:] >= 0).all()


@pytest.mark.parametrize("shape", [(0, 5), (2, 0), (0, 0)])
def test_nothing_told_gives_nothing(shape: tuple[int, int]) -> None:
    told = np.zeros(shape)
    for one in side_by_side(told, heavy=limits(told), seed=1).values():
        assert (len(one.pda), bool(np.isnan(one.pda).all()), one.group.n) == (shape[0], True, 0)


def test_the_same_seed_gives_the_same_answer_and_another_seed_another() -> None:
    told = np.where(np.arange(120).reshape(4, 30) % 3 == 0, NAN, np.arange(120).reshape(4, 30) % 2 * 4.0)
    one, same, other = (side_by_side(told, heavy=limits(told), seed=seed)["mi"].pda for seed in (5, 5, 6))
    assert one.tolist() == same.tolist() != other.tolist()


def test_the_time_after_dropping_out_is_missing_and_drawn_like_the_weeks_of_that_person() -> None:
    """Two people stop telling after six weeks: one of no use, one of use every day."""
    told = np.full((2, 84), NAN)
    told[0, :42], told[1, :42] = 0.0, 6.0
    found = side_by_side(told, heavy=limits(told), seed=2, odds=(1.0,))
    assert found["observed"].pda.tolist() == [100.0, 0.0]
    assert 95 < found["mi"].pda[0] < 100
    assert 0 < found["mi"].pda[1] < 5
    assert found["worst"].pda.tolist() == [50.0, 0.0]


def test_imputed_amounts_are_amounts_that_were_told() -> None:
    told = np.array([[3.0, NAN, 0, 7, NAN, 3, 7] * 3, [0.0, NAN, 0, 0, 0, 0, 0] * 3])
    for filled, used in imputed_calendars(told, seed=4, odds=50, imputations=10):
        assert not np.isnan(filled).any()
        assert set(filled[used == 1].tolist()) <= {3.0, 7.0}
        assert (filled[used == 0] == 0).all()
    only = np.array([[NAN, NAN, 1.0]])
    used = np.array([[-1, 0, 1]], dtype=np.int8)
    (filled, state), *_rest = imputed_calendars(
        only[:, :2], used=used[:, :2], seed=1, odds=1e9, imputations=2
    )
    assert (state.tolist(), np.isnan(filled).tolist()) == (
        [[1, 0]],
        [[True, True]],
    )  # nobody told of an amount


def test_days_outside_a_window_are_not_drawn() -> None:
    told, inside = np.array([[0, NAN, NAN, 2.0]]), np.array([[True, True, False, True]])
    for _filled, used in imputed_calendars(told, seed=1, inside=inside):
        assert used[0, 2] == -1 and used[0, 1] >= 0


def simulated(rng: np.random.Generator, *, people: int, weeks: int) -> Floats:
    """Calendars of people who differ, and whose weeks resemble those before them."""
    person, week = rng.normal(-1, 2, people), np.zeros(people)
    chance = np.empty((people, weeks))
    for n in range(weeks):
        week = 0.6 * week + rng.normal(0, 1, people)
        chance[:, n] = 1 / (1 + np.exp(-(person + week)))
    return np.where(rng.random((people, weeks * 7)) < np.repeat(chance, 7, axis=1), 4.0, 0.0)


def test_imputation_takes_away_the_bias_of_people_who_stop_telling_because_of_use() -> None:
    """Those who used more in a week are likelier to be lost from the next on, so days told about look too good: a
    mean over days overstates abstinence. The imputed mean is near that of the days as they were."""
    rng = np.random.default_rng(11)
    observed, imputed, covered = [], [], 0
    for run in range(30):
        truth = simulated(rng, people=80, weeks=12)
        told = truth.copy()
        for person in range(len(told)):
            for week in range(1, 12):
                if rng.random() < 0.02 + 0.2 * (truth[person, 7 * (week - 1) : 7 * week] > 0).mean():
                    told[person, 7 * week :] = NAN
                    break
        known = ~np.isnan(told)
        observed.append(100 * (told == 0).sum() / known.sum() - 100 * (truth == 0).mean())
        group = side_by_side(told, heavy=limits(told), seed=run, odds=(1.0,), imputations=10)["mi"].group
        imputed.append(group.mean - 100 * (truth == 0).mean())
        covered += group.low <= 63.4 <= group.high  # the mean of 20,000 people simulated in this way
    assert np.mean(observed) > 5
    assert abs(np.mean(imputed)) < 1.0
    assert covered >= 25


def test_pooling_by_hand() -> None:
    """Means 60 and 70, so B = 50; squared standard errors 400/3 and 700/3; T = U + 1.5 B (Rubin 1987)."""
    found = pooled_mean([np.array([40.0, 60, 80]), np.array([50.0, 60, 100])])
    within, between = (400 / 3 + 700 / 3) / 2, 50.0
    total = within + 1.5 * between
    assert found.mean == 65.0
    assert found.se == pytest.approx(total**0.5)
    assert found.missing_share == pytest.approx(75 / total)
    complete = 3 / 5 * 2 * (1 - 75 / total)  # (v + 1) / (v + 3) * v * (1 - lambda), with v = n - 1
    freedom = 1 / (1 / complete + (75 / total) ** 2)
    assert found.high == pytest.approx(65 + student(freedom).ppf(0.975) * total**0.5)
    assert pooled_mean([np.array([50.0])]).mean == 50.0
    assert np.isnan(pooled_mean([np.array([50.0])]).se)
    assert pooled_mean([np.array([NAN])]).n == 0


@pytest.mark.parametrize(
    "asked", [{"odds": (0.0,)}, {"odds": (-1.0,)}, {"imputations": 1}, {"confidence": 1.0}]
)
def test_what_cannot_be_is_refused(asked: dict[str, float]) -> None:
    told = np.array([[0, NAN]])
    with pytest.raises(BadInput):
        side_by_side(told, heavy=limits(told), seed=1, **asked)  # type: ignore[arg-type]


@given(calendars, st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_higher_odds_never_raise_days_abstinent_and_worst_is_the_worst(told: Floats, seed: int) -> None:
    found = side_by_side(told, heavy=limits(told), seed=seed, imputations=4)
    row = [found[key].pda for key in ("worst", "mi-odds-5", "mi-odds-2", "mi")]
    for lower, higher in zip(row, row[1:], strict=False):
        assert ((lower <= higher + 1e-9) | np.isnan(lower)).all()
    for one in found.values():
        assert (np.isnan(one.pda) == ~(~np.isnan(told)).any(axis=1)).all()
        assert ((one.pda >= 0) & (one.pda <= 100) | np.isnan(one.pda)).all()


@given(calendars, st.data())
@settings(max_examples=60, deadline=None)
def test_more_use_never_raises_days_abstinent_as_told_or_at_worst(told: Floats, data: st.DataObject) -> None:
    place = data.draw(st.tuples(st.integers(0, told.shape[0] - 1), st.integers(0, told.shape[1] - 1)))
    more = told.copy()
    more[place] = 9.0
    before, after = (
        side_by_side(one, heavy=limits(told), seed=1, odds=(), imputations=2) for one in (told, more)
    )
    for key in ("observed", "worst"):
        known = ~np.isnan(before[key].pda)
        assert (after[key].pda[known] <= before[key].pda[known] + 1e-9).all()


@given(calendars)
@settings(max_examples=60, deadline=None)
def test_an_absent_day_is_never_abstinent_as_told_or_at_worst(told: Floats) -> None:
    """However many days nobody told about are added, the days without use stay those that were told."""
    longer = np.concatenate([told, np.full((len(told), 9), NAN)], axis=1)
    sober, known = (told == 0).sum(axis=1), (~np.isnan(told)).sum(axis=1)
    found = side_by_side(longer, heavy=limits(told), seed=1, odds=(), imputations=2)
    some = known > 0
    np.testing.assert_allclose(found["observed"].pda[some], 100 * sober[some] / known[some])
    np.testing.assert_allclose(found["worst"].pda[some], 100 * sober[some] / longer.shape[1])


def picture(marks: str) -> NDArray[np.int8]:
    return np.array([[{"x": 1, ".": 0, "?": -1}[mark] for mark in marks]], dtype=np.int8)


@pytest.mark.parametrize(
    ("marks", "lines"),
    [
        (".?.", "..."),
        (".??.", "...."),
        (".???.", ".???."),
        ("x??x", "xxxx"),
        (".?x", ".?x"),
        ("?.?", "?.?"),
        ("???", "???"),
        ("", ""),
    ],
)
def test_short_gaps_are_bridged_between_days_that_are_alike(marks: str, lines: str) -> None:
    states, expected = picture(marks).reshape(1, len(marks)), picture(lines).reshape(1, len(lines))
    found, drawn = bridged(states)
    assert found.tolist() == expected.tolist()
    assert drawn.tolist() == (states != expected).tolist()
    assert bridged(states, longest=0)[0].tolist() == states.tolist()
    with pytest.raises(BadInput):
        bridged(states, longest=-1)


def test_controlled_days_are_counted_in_and_out() -> None:
    """Ten days, four of them in hospital without use; outside two of six. In: 6/10; out: 2/6."""
    told = np.array([[0, 5, 5, 0, 0, 0, 0, 0, 5, 5]], dtype=float)
    locked = np.zeros((1, 10), dtype=bool)
    locked[0, 3:7] = True
    counted_in, counted_out = controlled_in_and_out(told, locked, heavy=limits(told), grams=14.0)
    assert (counted_in.pda[0], counted_out.pda[0]) == (60.0, pytest.approx(100 * 2 / 6))
    assert (counted_in.n_days[0], counted_out.n_days[0]) == (10, 6)
    assert (counted_in.phdd[0], counted_out.phdd[0]) == (40.0, pytest.approx(100 * 4 / 6))
    assert (counted_in.longest_abstinence[0], counted_out.longest_abstinence[0]) == (5, 1)


@given(calendars, st.data())
@settings(max_examples=60, deadline=None)
def test_the_current_run_is_never_longer_than_the_longest(told: Floats, data: st.DataObject) -> None:
    """Days left out of the window neither lengthen a run nor end it, in both."""
    inside = data.draw(hnp.arrays(np.bool_, told.shape))
    found = calendar_outcomes(told, inside=inside)
    assert (found.current_abstinence <= found.longest_abstinence).all()
    told_free = np.where(inside, told == 0, False)
    assert (longest_run(told_free, inside=inside) <= told_free.sum(axis=1)).all()
