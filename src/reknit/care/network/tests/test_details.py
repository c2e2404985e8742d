"""The words and scales of the chart are those of the science."""

from django.db import models

from reknit.care.network.circles import NOT_COUNTED
from reknit.care.network.details import SCALES
from reknit.care.network.models import Relationship
from reknit.core.network import details


def test_words_are_the_same() -> None:
    choices = {
        "relation": Relationship.Relation,
        "status": Relationship.Status,
        "reciprocity": Relationship.Reciprocity,
        "alcohol": Relationship.Drinking,
        "drugs": Relationship.Drinking,
        "reaction_to_use": Relationship.Reaction,
    }
    assert {name: set(words) for name, words in details.WORDS.items()} == {
        name: {str(value) for value in choice.values} for name, choice in choices.items()
    }
    assert {str(one) for one in Relationship.NO_PERSON} == details.NO_PERSON
    assert {str(one) for one in NOT_COUNTED} == details.NOT_IN_LIFE


def test_scales_are_the_same() -> None:
    assert {name: SCALES[name] for name in details.SCALES if name != "ring"} == {
        name: scale for name, scale in details.SCALES.items() if name != "ring"
    }


def test_words_for_numbers_are_the_same() -> None:
    choices: dict[str, type[models.IntegerChoices]] = {
        "contact": Relationship.Contact,
        "uses_with_client": Relationship.Together,
        "supports_recovery": Relationship.Support,
    }
    assert {name: dict(words) for name, words in details.NUMBER_WORDS.items()} == {
        name: {one.name.lower(): int(one) for one in choice} for name, choice in choices.items()
    }
