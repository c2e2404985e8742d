"""A test never overrules a person: it fits, it is explained, or it is a question."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.core.data import Table
from reknit.core.errors import BadInput, DefinitionError
from reknit.core.substance_use.craving import asks_for_a_look
from reknit.core.substance_use.tests_and_days import (
    Fit,
    Result,
    compare,
    window_days,
    without_discordant,
)
from reknit.core.substance_use.windows import detection_window, read_windows

ON = date(2026, 3, 10)


def told(picture: str) -> dict[date, bool]:
    """Days up to the test, the last letter being its own day: `x` used, `.` not used, `?` not known."""
    first = ON - timedelta(days=len(picture) - 1)
    return {first + timedelta(days=n): mark == "x" for n, mark in enumerate(picture) if mark != "?"}


@pytest.mark.parametrize(
    ("picture", "fit", "unknown"),
    [
        ("...?", Fit.DISCORDANT, 0),  # the day of the test is not told yet
        ("....", Fit.DISCORDANT, 0),
        ("?..?", Fit.NOT_KNOWN, 1),
        ("????", Fit.NOT_KNOWN, 3),
        ("x..?", Fit.FITS, 0),
        ("?x??", Fit.FITS, 2),
        ("...x", Fit.FITS, 0),
    ],
)
def test_a_positive_result_beside_the_days_of_three(picture: str, fit: Fit, unknown: int) -> None:
    found = compare(Result.POSITIVE, told(picture), taken_on=ON, window=3, substance="cocaine")
    assert (found.fit, found.unknown) == (fit, unknown)


def test_use_before_the_window_explains_nothing() -> None:
    found = compare(Result.POSITIVE, told("x...."), taken_on=ON, window=3, substance="cocaine")
    assert found.is_discordant
    assert found.days == tuple(ON - timedelta(days=back) for back in (3, 2, 1, 0))


def test_prescribed_medication_explains_a_positive_result() -> None:
    found = compare(
        Result.POSITIVE, told("...."), taken_on=ON, window=3, substance="opioids", explained_by=["opioids"]
    )
    assert found.fit is Fit.EXPLAINED
    other = compare(
        Result.POSITIVE, told("...."), taken_on=ON, window=3, substance="cocaine", explained_by=["opioids"]
    )
    assert other.is_discordant


@pytest.mark.parametrize("result", [Result.NEGATIVE, Result.INCONCLUSIVE, Result.NOT_GIVEN])
def test_only_a_positive_result_is_compared(result: Result) -> None:
    assert compare(result, told("...."), taken_on=ON, window=3, substance="x").fit is Fit.NOT_COMPARED


def test_without_a_window_nothing_is_compared() -> None:
    assert (
        compare(Result.POSITIVE, told("...."), taken_on=ON, window=None, substance="x").fit is Fit.NO_WINDOW
    )


def test_window_of_no_days_is_refused() -> None:
    with pytest.raises(BadInput):
        window_days(ON, 0)


@given(st.text("x.?", min_size=1, max_size=40), st.integers(1, 35))
def test_a_day_not_known_never_makes_a_result_discordant(picture: str, window: int) -> None:
    found = compare(Result.POSITIVE, told(picture), taken_on=ON, window=window, substance="x")
    inside = [told(picture).get(ON - timedelta(days=back)) for back in range(1, window + 1)]
    if found.is_discordant:
        assert set(inside) == {False}
    if None in inside:
        assert not found.is_discordant


@given(st.text("x.?", min_size=1, max_size=20), st.integers(0, 19))
def test_telling_of_use_never_makes_a_result_discordant(picture: str, place: int) -> None:
    more = picture[: place % len(picture)] + "x" + picture[place % len(picture) + 1 :]
    before = compare(Result.POSITIVE, told(picture), taken_on=ON, window=5, substance="x")
    after = compare(Result.POSITIVE, told(more), taken_on=ON, window=5, substance="x")
    assert before.is_discordant or not after.is_discordant


@given(st.text("x.?", min_size=4, max_size=12))
def test_a_test_takes_days_without_use_away_and_never_adds_one(picture: str) -> None:
    days = told(picture)
    found = compare(Result.POSITIVE, days, taken_on=ON, window=3, substance="cocaine")
    left = without_discordant(days, [found])
    assert left.items() <= days.items()
    assert [day for day, used in days.items() if used] == [day for day, used in left.items() if used]
    assert (left != days) is found.is_discordant
    assert days == told(picture)


def test_a_negative_test_and_no_test_leave_the_days_as_they_were_told() -> None:
    days = told("x.....")
    negative = compare(Result.NEGATIVE, days, taken_on=ON, window=3, substance="cocaine")
    assert without_discordant(days, [negative]) == without_discordant(days, []) == days
    twice = [compare(Result.POSITIVE, days, taken_on=ON, window=n, substance="cocaine") for n in (1, 2)]
    assert len(without_discordant(days, twice)) == 3


def test_window_without_a_checked_source_is_not_known() -> None:
    assert detection_window("urine", "opioids") is None
    assert detection_window("breath", "alcohol") is None
    row = {"matrix": "urine", "substance": "opioids", "days": 3, "source": "a", "note": "From memory."}
    unverified = Table({"windows": [row]}, "windows.toml")
    assert read_windows(unverified) == {}
    with pytest.raises(DefinitionError, match="unknown source"):
        read_windows(Table({"windows": [row | {"verified": True}]}, "windows.toml"))


def test_every_window_names_its_source_and_the_day_it_was_read() -> None:
    for code in ("alcohol", "cocaine", "stimulants", "cannabis", "sedatives"):
        window = detection_window("urine", code)
        assert window is not None and "read 20" in window.source and window.note


@pytest.mark.parametrize(
    ("now", "peak", "before", "looks"),
    [(7, 7, None, False), (8, None, None, True), (0, 0, 0, False), (5, 5, 1, True), (5, 4, 2, False), (None, None, 0, False)],
)  # fmt: skip
def test_strong_or_rising_craving_is_looked_at(
    now: int | None, peak: int | None, before: int | None, looks: bool
) -> None:
    assert asks_for_a_look(now, peak, before) is looks


def test_craving_outside_the_scale_is_refused() -> None:
    with pytest.raises(BadInput, match="0 to 10"):
        asks_for_a_look(11, None)
