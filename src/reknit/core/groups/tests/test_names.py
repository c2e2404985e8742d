"""The name check, on the names that are hard: accents, compounds, possessives, and words that look like names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.core.groups.names import find, folded
from reknit.core.groups.short_names import short_names


@pytest.mark.parametrize(
    "text, name",
    [
        ("zoe came", "Zoë"),
        ("ZOË’S mother", "Zoe"),
        ("with Mary Jane", "Mary-Jane"),
        ("Mary said", "Mary-Jane"),
        ("as ana  lucia said", "Ana Lucía"),
        ("O’NEIL", "O'Neil"),
        ("soren’s turn", "Søren"),
        ("the Smiths", "Smith"),
        ("Jones was late", "Smith-Jones"),
        ("Will came.", "Will"),
        ("So\u00adren came", "Soren"),
        ("(Bo)", "Bo"),
        ("Bo,Al", "Al"),
        ("Zoe\u0308 came", "Zoë"),
    ],
)
def test_name_is_found(text: str, name: str) -> None:
    assert find(text, [name])


@pytest.mark.parametrize(
    "text, name",
    [
        ("samba", "Sam"),
        ("we will see", "Will"),
        ("the vriesland", "de Vries"),
        ("a b c", "B."),
        ("", "Sam"),
        ("x", ""),
    ],
)
def test_other_words_are_left_alone(text: str, name: str) -> None:
    assert not find(text, [name])


@given(
    before=st.text(max_size=40), after=st.text(max_size=40), name=st.sampled_from(["Zoë", "Łukasz", "José"])
)
def test_what_is_marked_is_what_stands_there(before: str, after: str, name: str) -> None:
    for one in find(f"{before} {name} {after}", [name]):
        text = f"{before} {name} {after}"
        assert text[one.start : one.end] == one.written
        assert folded(one.written)[0].startswith(folded(name)[0])


@given(
    st.lists(
        st.tuples(st.sampled_from(["Sam", "Bo", ""]), st.sampled_from(["Lind", "Lund", "Okoro"])), max_size=10
    )
)
def test_short_names_tell_everybody_apart(people: list[tuple[str, str]]) -> None:
    found = short_names(people)
    assert len({one.casefold() for one in found}) == len(people)
