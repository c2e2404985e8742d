"""Facts are sorted, never lost, and no heading is shown that was not checked."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.core.coordination.dimensions import EDITIONS, TOPICS, Fact, edition, sort_facts
from reknit.core.errors import BadInput

FACTS = st.lists(
    st.builds(
        Fact,
        topic=st.sampled_from(sorted(TOPICS)),
        sentence=st.text(min_size=1, max_size=20),
        on=st.none() | st.dates(dt.date(2020, 1, 1), dt.date(2026, 1, 1)),
    )
)


@given(FACTS, st.sampled_from(sorted(EDITIONS)))
def test_no_fact_is_lost_or_shown_twice(facts: list[Fact], key: str) -> None:
    shown = [fact for _heading, found in sort_facts(facts, edition(key)) for fact in found]
    assert sorted(shown, key=repr) == sorted(facts, key=repr)


def test_fourth_edition_shows_only_the_name_that_was_checked() -> None:
    """The sixth was checked; the names of the other five were not, and stay away until they are."""
    names = [one.name for one in edition("asam-4").dimensions]
    assert names == [None] * 5 + ["Person-centred considerations"]
    assert all(one.name for one in edition("asam-3").dimensions)


def test_readiness_is_a_heading_of_the_third_edition_alone() -> None:
    assert "Readiness" in [one.name for one in edition("asam-3").dimensions]
    assert "Readiness" not in [one.name for one in edition("asam-4").dimensions]


def test_unknown_edition_is_refused() -> None:
    with pytest.raises(BadInput):
        edition("asam-5")
