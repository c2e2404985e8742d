"""What a formulation holds: by what is written and marked, never by guessing."""

from hypothesis import given
from hypothesis import strategies as st

from reknit.core.formulation.slots import ELEMENTS, KEYS, PARAGRAPHS, SLOTS, assemble, covered, missing, slot

WORDS = st.dictionaries(
    st.sampled_from(KEYS), st.sampled_from(["", "  ", "Some words.", "Your sister died."])
)
MARKS = st.dictionaries(st.sampled_from(KEYS), st.lists(st.sampled_from([*ELEMENTS, "unheard-of"])))


def test_there_are_nine_slots_and_each_is_read_once() -> None:
    assert [one.number for one in SLOTS] == list(range(1, 10))
    assert [key for keys in PARAGRAPHS for key in keys] == list(KEYS)


def test_every_element_can_be_covered() -> None:
    can = {element for one in SLOTS for element in (*one.holds, *one.may_hold)}
    assert can == set(ELEMENTS)


def test_words_alone_mark_no_person_and_no_time() -> None:
    said = dict.fromkeys(KEYS, "Your sister M. died in March.")
    assert missing(said, {}) == ("anchor", "time_link")
    assert missing(said, {"people": ["anchor", "time_link"]}) == ()


def test_a_mark_counts_only_where_its_slot_can_hold_it() -> None:
    assert covered({"invite": "Does this fit?"}, {"invite": ["anchor", "hope"]}) == ()
    assert "anchor" not in slot("invite").may_hold


@given(WORDS, MARKS)
def test_covered_and_missing_are_the_elements_and_no_more(
    words: dict[str, str], marks: dict[str, list[str]]
) -> None:
    there, left = covered(words, marks), missing(words, marks)
    assert sorted([*there, *left]) == sorted(ELEMENTS)


@given(WORDS, MARKS, st.sampled_from(KEYS))
def test_writing_more_never_uncovers(words: dict[str, str], marks: dict[str, list[str]], key: str) -> None:
    assert set(covered(words, marks)) <= set(covered({**words, key: "More."}, marks))


@given(WORDS)
def test_text_holds_every_word_in_order_and_nothing_else(words: dict[str, str]) -> None:
    said = " ".join(words.get(key, "") for key in KEYS).split()
    assert assemble(words).split() == said
