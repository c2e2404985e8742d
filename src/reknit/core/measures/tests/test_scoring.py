"""Scoring: reference values, the missing rule, critical items, and one sheet against many."""

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.core.errors import BadInput
from reknit.core.measures.catalogue import measure, measures
from reknit.core.measures.definition import Measure
from reknit.core.measures.scoring import STATE_CODES, ScoreState, score, score_columns


def phq9(*values: int | None) -> dict[str, int | None]:
    return {f"phq9_{n}": value for n, value in enumerate(values, start=1)}


def gad7(*values: int | None) -> dict[str, int | None]:
    return {f"gad7_{n}": value for n, value in enumerate(values, start=1)}


@st.composite
def sheets(draw: st.DrawFn, *, legal: bool = True) -> tuple[Measure, dict[str, int | None]]:
    """A measure and an answer sheet for it, blanks included; not `legal` adds values out of range."""
    chosen = draw(st.sampled_from(measures()))
    answers: dict[str, int | None] = {}
    for item in chosen.items:
        allowed: list[int | None] = [option.value for option in chosen.options_for(item)]
        extra: list[int | None] = [] if legal else [-1, 77]
        answers[item.id] = draw(st.sampled_from([*allowed, *allowed, None, *extra]))
    return chosen, answers


@pytest.mark.parametrize(
    ("total", "band"),
    [
        (0, "minimal"), (4, "minimal"), (5, "mild"), (9, "mild"), (10, "moderate"), (14, "moderate"),
        (15, "moderately_severe"), (19, "moderately_severe"), (20, "severe"), (27, "severe"),
    ],
)  # fmt: skip
def test_phq9_bands_are_those_of_kroenke_2001(total: int, band: str) -> None:
    """Kroenke, Spitzer, Williams 2001, J Gen Intern Med 16:606-613: 5, 10, 15 and 20."""
    threes, rest = divmod(total, 3)
    values = [3] * threes + [rest] + [0] * 9
    result = score(measure("phq-9"), phq9(*values[:9]))
    assert (result.total, result.band, result.state) == (Decimal(total), band, ScoreState.COMPLETE)


@pytest.mark.parametrize(
    ("values", "total", "band"),
    [
        ((0, 0, 0, 0, 0, 1, 3), 4, "minimal"),
        ((0, 0, 0, 0, 0, 2, 3), 5, "mild"),
        ((1, 1, 1, 1, 1, 2, 2), 9, "mild"),
        ((1, 1, 1, 1, 1, 2, 3), 10, "moderate"),
        ((2, 2, 2, 2, 2, 2, 2), 14, "moderate"),
        ((2, 2, 2, 2, 2, 2, 3), 15, "severe"),
        ((3, 3, 3, 3, 3, 3, 3), 21, "severe"),
    ],
)
def test_gad7_bands_are_those_of_spitzer_2006(values: tuple[int, ...], total: int, band: str) -> None:
    """Spitzer, Kroenke, Williams, Loewe 2006, Arch Intern Med 166:1092-1097: 5, 10 and 15."""
    result = score(measure("gad-7"), gad7(*values))
    assert (result.total, result.band) == (Decimal(total), band)


def test_phq9_with_two_blanks_is_prorated_to_two_decimals() -> None:
    """Mean substitution (Arrieta et al. 2017): 12 over 7 answered is 12 * 9 / 7 = 15.43."""
    result = score(measure("phq-9"), phq9(2, 2, 2, 2, 2, 1, 1))
    assert (result.state, result.total, result.band) == (
        ScoreState.PRORATED,
        Decimal("15.43"),
        "moderately_severe",
    )
    assert result.missing == ("phq9_8", "phq9_9")


def test_prorated_half_is_banded_upwards() -> None:
    """GAD-7 with one blank and a sum of 4: 4 * 7 / 6 = 4.67, which rounds to 5, mild."""
    result = score(measure("gad-7"), gad7(1, 1, 1, 1, 0, 0))
    assert (result.total, result.band) == (Decimal("4.67"), "mild")
    half = score(measure("phq-9"), phq9(3, 3, 3, 3, 0, 0, 0, 0, None))  # 12 * 9 / 8 = 13.5
    assert (half.total, half.band) == (Decimal("13.50"), "moderate")
    up = score(measure("gad-7"), gad7(3, 3, 3, 0, 0, 0))  # 9 * 7 / 6 = 10.5
    assert (up.total, up.band) == (Decimal("10.50"), "moderate")


@pytest.mark.parametrize(
    ("measure_id", "answers"),
    [("phq-9", phq9(3, 3, 3, 3, 3, 3)), ("gad-7", gad7(3, 3, 3, 3, 3))],
)
def test_sheet_beyond_the_missing_rule_has_no_total(measure_id: str, answers: dict[str, int | None]) -> None:
    result = score(measure(measure_id), answers)
    assert (result.state, result.total, result.band) == (ScoreState.INCOMPLETE, None, None)


def test_unscored_difficulty_item_changes_nothing() -> None:
    with_it = score(measure("phq-9"), phq9(*[1] * 9) | {"phq9_difficulty": 3})
    without = score(measure("phq-9"), phq9(*[1] * 9))
    assert (with_it.total, with_it.state) == (without.total, without.state)
    assert without.missing == ()


@pytest.mark.parametrize("bad", [4, -1, 7, True, 1.0, "2"])
def test_illegal_value_makes_the_sheet_invalid_and_names_the_item(bad: object) -> None:
    answers = phq9(*[1] * 9) | {"phq9_3": bad}
    result = score(measure("phq-9"), answers)  # type: ignore[arg-type]  # what a broken import may send
    assert (result.state, result.total, result.band) == (ScoreState.INVALID, None, None)
    assert result.problem is not None
    assert "Item 3 of the PHQ-9 (sleep)" in result.problem


def test_unknown_item_makes_the_sheet_invalid() -> None:
    result = score(measure("gad-7"), gad7(*[0] * 7) | {"gad7_8": 0})
    assert result.state is ScoreState.INVALID
    assert result.problem == "The GAD-7 has no item called 'gad7_8'."


def test_critical_item_fires_when_most_of_the_sheet_is_blank() -> None:
    result = score(measure("phq-9"), {"phq9_9": 1})
    assert result.state is ScoreState.INCOMPLETE
    assert [(c.reason, c.value, c.is_blank) for c in result.critical] == [("phq9_item9", 1, False)]


def test_critical_item_fires_when_another_item_is_invalid() -> None:
    result = score(measure("phq-9"), phq9(99, 0, 0, 0, 0, 0, 0, 0, 3))
    assert result.state is ScoreState.INVALID
    assert [(c.reason, c.value) for c in result.critical] == [("phq9_item9", 3)]


def test_blank_critical_item_is_a_finding_and_not_a_zero() -> None:
    result = score(measure("phq-9"), phq9(0, 0, 0, 0, 0, 0, 0, 0, None))
    assert result.state is ScoreState.PRORATED
    assert [(c.reason, c.value, c.is_blank) for c in result.critical] == [("phq9_item9_blank", None, True)]


def test_unreadable_critical_item_is_asked_again() -> None:
    result = score(measure("phq-9"), phq9(0, 0, 0, 0, 0, 0, 0, 0, 9))
    assert [(c.reason, c.is_blank) for c in result.critical] == [("phq9_item9_blank", True)]


def test_critical_item_answered_zero_is_silent() -> None:
    assert score(measure("phq-9"), phq9(*[3] * 8, 0)).critical == ()


def test_blank_sheet_is_incomplete_with_a_blank_critical_item() -> None:
    result = score(measure("phq-9"), {})
    assert (result.state, result.answered) == (ScoreState.INCOMPLETE, 0)
    assert result.critical[0].is_blank


def test_session_checkin_is_a_mean_with_two_decimals() -> None:
    """Reference by hand: (8+9+7+10+6+8+9+7)/8 = 8.00; without the last, 57/7 = 8.14."""
    answers = {f"checkin_{n}": v for n, v in enumerate((8, 9, 7, 10, 6, 8, 9, 7), start=1)}
    assert score(measure("session-checkin"), answers).total == Decimal("8.00")
    shorter = score(measure("session-checkin"), answers | {"checkin_8": None})
    assert (shorter.total, shorter.state) == (Decimal("8.14"), ScoreState.PRORATED)


@given(sheets())
def test_total_lies_in_the_score_range_and_in_one_band(case: tuple[Measure, dict[str, int | None]]) -> None:
    chosen, answers = case
    result = score(chosen, answers)
    if result.total is None:
        assert result.band is None or chosen.scoring == "none"
        return
    assert chosen.score_range[0] <= result.total <= chosen.score_range[1]
    assert result.band is None or chosen.band(result.band) is not None
    if chosen.band_sets or chosen.band_rule == "exact":
        return  # by substance or sex, or with limits that are no whole numbers: test_values
    whole = int(result.total.quantize(Decimal(1), ROUND_HALF_UP))
    assert [b.key for b in chosen.bands if b.low <= whole <= b.high] == (
        [result.band] if chosen.bands else []
    )


@given(sheets(), st.randoms())
def test_order_of_answers_is_irrelevant(case: tuple[Measure, dict[str, int | None]], random: object) -> None:
    chosen, answers = case
    names = list(answers)
    random.shuffle(names)  # type: ignore[attr-defined]
    assert score(chosen, {name: answers[name] for name in names}) == score(chosen, answers)


@given(sheets())
def test_more_points_never_lower_a_total(case: tuple[Measure, dict[str, int | None]]) -> None:
    chosen, answers = case
    before = score(chosen, answers).total
    for item in chosen.scored_items:
        value = answers[item.id]
        if before is None or value is None or is_asked_elsewhere(chosen, item.id):
            continue
        points = {option.value: option.points for option in chosen.options_for(item)}
        for other in points:
            after = score(chosen, answers | {item.id: other}).total
            assert after is not None
            assert (after > before) == (points[other] > points[value]) or after == before


def is_asked_elsewhere(chosen: Measure, item: str) -> bool:
    """Whether what this item says decides if others are asked, or whether it applies at all."""
    return any(item in rule.when for rule in chosen.skips) or any(
        item in rule.items for rule in chosen.not_applicable
    )


@given(sheets(legal=False))
def test_columns_agree_with_one_sheet(case: tuple[Measure, dict[str, int | None]]) -> None:
    chosen, answers = case
    one = score(chosen, answers)
    columns = {name: np.array([np.nan if v is None else float(v)]) for name, v in answers.items()}
    many = score_columns(chosen, columns)
    assert STATE_CODES[many.states[0]] is one.state
    assert (None if np.isnan(many.totals[0]) else many.totals[0]) == (
        None if one.total is None else float(one.total)
    )
    assert (chosen.bands[many.bands[0]].key if many.bands[0] >= 0 else None) == one.band
    assert many.critical[0] == any(not finding.is_blank for finding in one.critical)
    assert many.critical_blank[0] == any(finding.is_blank for finding in one.critical)
    assert many.answered[0] == one.answered


def test_columns_refuse_unknown_items_and_ragged_lengths() -> None:
    with pytest.raises(BadInput, match="no item called"):
        score_columns(measure("gad-7"), {"gad7_9": np.zeros(2)})
    with pytest.raises(BadInput, match="differ in length"):
        score_columns(measure("gad-7"), {"gad7_1": np.zeros(2), "gad7_2": np.zeros(3)})


def test_columns_of_nothing_give_no_rows() -> None:
    assert len(score_columns(measure("phq-9"), {}).totals) == 0


def test_absent_columns_are_blank_in_every_row() -> None:
    result = score_columns(measure("phq-9"), {"phq9_9": np.array([0.0, 1.0, np.nan])})
    assert [str(STATE_CODES[code]) for code in result.states] == ["incomplete"] * 3
    assert result.critical.tolist() == [False, True, False]
    assert result.critical_blank.tolist() == [False, False, True]
