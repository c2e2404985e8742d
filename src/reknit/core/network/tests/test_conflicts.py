"""Whether an alias, or an order, may be about a person."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.core.network.conflicts import Mentioned, Named, fit, folded, is_named_by, keeps_out

ANA = Named(given="Ana María", family="Moreno Díaz", preferred="Annie", born_on=dt.date(1990, 5, 1))


@pytest.mark.parametrize(
    ("alias", "answer"),
    [
        ("ana maria", "given"),
        ("ANNIE", "given"),
        ("Annie M.", "full"),
        ("Ana María Moreno", "full"),
        ("annie moreno diaz", "full"),
        ("Annie K.", "none"),
        ("Ann", "none"),
        ("", "none"),
        ("...", "none"),
    ],
)
def test_alias_fits_by_first_name_with_family_name_or_initial(alias: str, answer: str) -> None:
    assert fit(alias, ANA) == answer


def test_only_a_tie_that_keeps_people_apart_counts() -> None:
    for apart in (
        Mentioned("Annie", "partner"),
        Mentioned("Annie", "former"),
        Mentioned("Annie", "friend", strain=7),
        Mentioned("Annie", "friend", supplies=True),
        Mentioned("Annie", "neighbour", is_risk=True),
    ):
        assert keeps_out([apart], ANA), apart
    for together in (
        Mentioned("Annie", "friend", strain=6),
        Mentioned("Annie", "peer"),
        Mentioned("Bo", "former"),
    ):
        assert not keeps_out([together], ANA), together


def test_order_names_by_both_names_and_a_known_day_of_birth() -> None:
    assert is_named_by(Named("annie", "MORENO DIAZ"), ANA)
    assert is_named_by(Named("Ana Maria", "Moreno Díaz", born_on=dt.date(1990, 5, 1)), ANA)
    assert not is_named_by(Named("Ana Maria", "Moreno Díaz", born_on=dt.date(1991, 5, 1)), ANA)
    assert not is_named_by(Named("Ana Maria", "Moreno"), ANA)
    assert not is_named_by(Named("", ""), Named("", ""))


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_full_name_always_fits_itself_however_it_is_written(first: str, last: str) -> None:
    person = Named(given=first, family=last)
    if folded(first):
        assert fit(f"{first.upper()} {last}", Named(given=first.upper(), family=last)) != "none"
        assert fit(first, person) == "given"
