"""What the seed decides: everything but the keys of a few rows."""

import datetime as dt
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from reknit.care.encounters.models import MoodEventUseLink
from reknit.care.formulation.models import Formulation
from reknit.care.measures.models import Administration
from reknit.care.network.models import Relationship
from reknit.care.people.models import Client
from reknit.care.programme.models import CourseFact
from reknit.care.substance_use.models import UseDay
from reknit.care.supervision.models import HourCase, Rating
from reknit.exchange.sample import load_sample

from .conftest import AT, QUICK

pytestmark = pytest.mark.django_db
Told = tuple[list[str], list[Any], int, list[Any]]


def rooms() -> list[Any]:
    """Facts, people and words of every course, without the keys of rows."""
    facts = CourseFact.objects.order_by("at", "kind", "slot").values_list("at", "kind", "slot")
    people = Relationship.objects.order_by("id").values_list("id", "alias", "ring", "angle")
    links = MoodEventUseLink.objects.order_by("id").values_list("id", "words", "mood", "craving")
    texts = Formulation.objects.order_by("begun_at", "number").values_list("state", "text")
    hours = HourCase.objects.order_by("hour__on", "discussed", "advice").values_list("discussed", "advice")
    rated = Rating.objects.order_by("handed_in_at", "part", "mean").values_list("part", "mean", "scores")
    return [*facts, *people, *links, *texts, *hours, *rated]


def told(seed: int, at: dt.datetime) -> Told:
    """Names, scores, days and what the rooms hold of a small clinic, which is thrown away."""
    with override_settings(PASSWORD_HASHERS=[QUICK]), transaction.atomic():
        load_sample(clients=6, seed=seed, progress=False, at=at)
        names = [client.name for client in Client.objects.order_by("made_at", "family_name")]
        sheets = Administration.objects.order_by("answered_at", "measure", "recorded_at")
        scores = list(sheets.values_list("measure", "total", "answered_at"))
        found = (names, scores, UseDay.objects.count(), rooms())
        transaction.set_rollback(True)
    return found


def test_same_seed_and_time_give_the_same_clinic() -> None:
    assert told(3, AT) == told(3, AT)


def test_another_seed_gives_another_clinic() -> None:
    names, scores, _days, held = told(3, AT)
    others = told(4, AT)
    assert names != others[0] and scores != others[1] and held != others[3]


@pytest.mark.parametrize(
    "at",
    [
        dt.datetime(2026, 6, 14, 10, tzinfo=dt.UTC),  # a Sunday
        dt.datetime(2026, 10, 26, 0, 5, tzinfo=dt.UTC),  # minutes into the Monday after the clocks went back
        dt.datetime(2026, 12, 31, 23, 50, tzinfo=dt.UTC),
    ],
)
def test_any_day_and_hour_can_be_the_present(at: dt.datetime) -> None:
    names, scores, _days, held = told(1, at)
    assert len(names) == 6 and scores and held
