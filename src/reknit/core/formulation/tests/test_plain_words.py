"""Hints to a writer: a word and what can stand instead, a grade above the target, and silence where neither is so."""

import pytest

from reknit.core.formulation.plain_words import AVOID, STAFF_TERMS, hint
from reknit.core.formulation.readability import read


@pytest.mark.parametrize(
    "text", ["You came each week.", "", "Wipe the screen.", "We missed you.", "You can use less."]
)
def test_plain_text_gets_no_hint(text: str) -> None:
    assert not hint(text)


def test_each_word_is_named_once_in_order_with_something_instead() -> None:
    found = hint("You relapsed. The formulation said it. He relapsed too, and you have a habit.").words
    assert [one.found for one in found] == ["relapsed", "formulation", "habit"]
    assert all(
        one.instead and not AVOID.search(one.instead) and not STAFF_TERMS.search(one.instead) for one in found
    )


def test_longer_of_two_terms_that_overlap_is_named() -> None:
    assert [one.found for one in hint("Your relapse prevention is here.").words] == ["relapse prevention"]


def test_what_the_client_said_is_theirs() -> None:
    assert not hint("You said: “I was clean, I am an alcoholic.” You work on it.")
    assert hint("You were clean for a month.")


def test_grade_above_six_is_named_and_for_a_client_alone() -> None:
    hard = "Notwithstanding considerable interpersonal difficulties, participation continued."
    assert hint(hard).grade == read(hard).grade is not None
    assert hint(hard, for_client=False).grade is None
    assert hint("Interpersonal psychotherapy").grade is None  # a label


def test_language_without_list_and_formula_gets_no_hint() -> None:
    assert not hint("La formulation était considérablement compliquée pour les interlocuteurs.", "fr")


def test_letter_to_the_team_is_asked_for_person_first_words_alone() -> None:
    assert [one.found for one in hint("He relapsed after the role dispute.", for_client=False).words] == [
        "relapsed"
    ]
