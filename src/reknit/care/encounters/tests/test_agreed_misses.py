"""What the agreement says of missed sessions is what numbering does."""

import datetime as dt
from typing import Any

import pytest
from tests.cast import Cast

from reknit.care.encounters.actions import start_encounter
from reknit.care.programme.tests.agreeing import an_agreement

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("terms", "slots"),
    [
        ({}, [None, None, 1]),
        ({"misses_that_roll": 1}, [None, 1, 2]),
        ({"miss_rule": "consume"}, [1, 2, 3]),
        ({"miss_rule": "roll"}, [None, None, None]),
    ],
)
def test_missed_sessions_count_as_agreed(
    cast: Cast, at: dt.datetime, terms: dict[str, Any], slots: list[int | None]
) -> None:
    an_agreement(cast, at, **terms)
    missed = [
        start_encounter(
            by=cast.ana, at=at, episode=cast.cleo_episode, outcome="no_show",
            starts_at=at - dt.timedelta(days=3 - number),
        ).slot
        for number in range(3)
    ]  # fmt: skip
    assert missed == slots
