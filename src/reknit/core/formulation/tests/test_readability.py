"""The grade against published figures, and the counts against words split by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.core.formulation.readability import (
    TARGET_WORDS,
    Reading,
    grade,
    read,
    sentences,
    syllables,
    words,
)

# Split by hand, as a dictionary splits them.
BY_HAND = [
    "grief",
    "loss",
    "your",
    "sis·ter",
    "fa·ther",
    "moth·er",
    "fam·i·ly",
    "peo·ple",
    "friend",
    "part·ner",
    "mon·ey",
    "trust",
    "an·gry",
    "lone·ly",
    "sad·ness",
    "sleep",
    "bad·ly",
    "heav·y",
    "com·mon",
    "treat·ed",
    "help·ing",
    "doc·tors",
    "call",
    "de·pres·sion",
    "anx·ious",
    "wor·ried",
    "drink·ing",
    "al·co·hol",
    "be·came",
    "eve·nings",
    "qui·et",
    "har·der",
    "strength",
    "hope",
    "plan",
    "ses·sion",
    "meet·ings",
    "to·geth·er",
    "change",
    "love",
    "move",
    "move·ment",
    "care·ful",
    "lives",
    "houses:2",
    "times",
    "used",
    "want·ed",
    "stopped",
    "need·ed",
    "i·de·a",
    "cli·ent",
    "vi·o·lent",
    "pe·ri·od",
    "se·ri·ous",
    "u·su·al",
    "go·ing",
    "be·ing",
    "try·ing",
    "don't",
    "did·n't",
    "was·n't",
    "you've",
    "man·y",
    "some·one",
    "some·thing",
    "ev·ery",
    "ta·ble",
    "set·tled",
    "trou·bled",
]


@pytest.mark.parametrize("split", BY_HAND)
def test_syllables_are_those_of_the_dictionary(split: str) -> None:
    word, _colon, count = split.partition(":")
    assert syllables(word.replace("·", "")) == (int(count) if count else word.count("·") + 1)


def test_grade_matches_published_figures() -> None:
    """Dr Seuss, Green Eggs and Ham: 5.7 words a sentence and 1.02 syllables a word give -1.3, as published.
    The two sentences are the known examples of Flesch's reading ease: 69 from 16 words and 23 syllables, and 37.5
    from 13 words and 24 syllables. The same counts go into the grade.
    """
    assert round(grade(words=5.7, sentences=1, syllables=5.7 * 1.02), 1) == -1.3
    passage = read("This sentence, taken as a reading passage unto itself, is being used to prove a point.")
    assert (passage.words, passage.sentences, passage.syllables) == (16, 1, 23)
    assert passage.grade == pytest.approx(0.39 * 16 + 11.8 * 23 / 16 - 15.59, abs=0.01)
    assert round(ease(passage)) == 69
    platypus = read("The Australian platypus is seemingly a hybrid of a mammal and reptilian creature.")
    assert (platypus.words, platypus.syllables) == (13, 24)
    assert platypus.grade == pytest.approx(11.26, abs=0.01) and round(ease(platypus), 1) == 37.5


def ease(found: Reading) -> float:
    """Flesch's reading ease (1948), which has published values for the same sentences."""
    return 206.835 - 1.015 * found.words / found.sentences - 84.6 * found.syllables / found.words


def test_easy_words_are_easier_than_hard_ones() -> None:
    plain = read("Over the last year you have felt low. Doctors call this depression. It can be treated.")
    hard = read(
        "Notwithstanding considerable interpersonal difficulties, participation continued uninterrupted."
    )
    assert (
        plain.is_plain
        and plain.grade is not None
        and hard.grade is not None
        and hard.grade > 12 > plain.grade
    )
    assert hard.is_plain is False


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("You and M. stopped talking. It hurt.", 2),
        ("Is it so? Yes! It is.", 3),
        ("One line\n\nAnother line", 2),
        ("Dr. Reed said so.", 1),
        ("He said “go.” You went.", 2),
        ("  ... ?", 0),
        ("", 0),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, count: int) -> None:
    assert sentences(text) == count


def test_no_words_have_no_grade_and_other_languages_have_no_formula() -> None:
    assert read(" ").grade is None and read(" ").is_plain is None and read(" ").length == "empty"
    assert read("Depuis un an, vous dormez mal.", "fr").grade is None
    assert read("Depuis un an, vous dormez mal.", "fr").words == 6


def test_length_is_named_at_its_limits() -> None:
    low, high = TARGET_WORDS
    lengths = [read("word " * count).length for count in (low - 1, low, high, high + 1)]
    assert lengths == ["short", "fits", "fits", "long"]


@given(st.text(max_size=300))
def test_any_text_is_counted_without_a_fall(text: str) -> None:
    found = read(text)
    assert found.words == len(words(text)) and found.syllables >= found.words >= 0
    assert (found.grade is None) == (found.words == 0)


@given(st.lists(st.sampled_from(["You sleep badly.", "It can be treated.", "Your sister died."]), min_size=1))
def test_order_of_sentences_does_not_change_the_grade(lines: list[str]) -> None:
    assert read(" ".join(lines)).grade == read(" ".join(reversed(lines))).grade
