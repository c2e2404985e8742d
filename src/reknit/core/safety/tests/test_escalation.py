"""An item only climbs, and never past the clinician on duty."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.core.errors import BadInput
from reknit.core.safety.escalation import Because, Rung, Standing, because, held_until, next_rung
from reknit.core.safety.triggers import RiskClass

NINE = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
RUNGS = st.sampled_from(Rung)


@given(RUNGS, st.sets(RUNGS))
def test_next_rung_is_above_and_the_nearest(rung: Rung, there: set[Rung]) -> None:
    found = next_rung(rung, there)
    above = {one for one in there if one > rung}
    assert found == (min(above) if above else None)


@given(RUNGS, st.integers(-100, 100), st.booleans())
def test_an_item_stays_before_its_time_with_somebody_at_work(rung: Rung, minutes: int, away: bool) -> None:
    standing = Standing(rung, until=NINE, is_away=away)
    why = because(standing, at=NINE + dt.timedelta(minutes=minutes))
    if minutes < 0:
        assert why == (Because.AWAY if away and rung is not Rung.DUTY else None)
    else:
        assert why is not None


def test_whoever_left_gives_up_the_item_at_once_on_every_rung() -> None:
    for rung in Rung:
        assert (
            because(Standing(rung, until=NINE, is_gone=True), at=NINE - dt.timedelta(days=1)) is Because.GONE
        )


@given(st.sampled_from(RiskClass), st.integers(-500, 500))
def test_the_next_person_has_time_of_their_own_and_never_less_than_was_left(
    klass: RiskClass, hours: int
) -> None:
    due = NINE + dt.timedelta(hours=hours)
    until = held_until(klass, at=NINE, due_at=due)
    assert until > NINE
    assert until >= due


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(BadInput):
        because(Standing(Rung.OWNER, until=dt.datetime(2026, 3, 2, 9)), at=NINE)  # noqa: DTZ001
