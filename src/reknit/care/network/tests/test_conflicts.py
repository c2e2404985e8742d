"""Placing two people: yes or no, from either side, and nothing of why."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import Cast

from reknit.base.clock import local_date, now
from reknit.care.network.conflicts import conflicts_with, pairs_in_conflict
from reknit.care.network.models import Relationship
from reknit.care.people.models import Client
from reknit.care.people.queries import zone
from reknit.care.safety.actions import lift_no_contact, record_no_contact

pytestmark = pytest.mark.django_db


def named(client: Client, alias: str, **more: object) -> Relationship:
    return Relationship.objects.create(client=client, alias=alias, added_at=now(), **more)


def pair(cast: Cast) -> frozenset[frozenset[uuid.UUID]]:
    return pairs_in_conflict([cast.cleo.pk, cast.eli.pk], on=local_date(now(), zone()))


def test_a_former_partner_is_found_from_either_circle(cast: Cast) -> None:
    assert not pair(cast)
    tie = named(cast.eli, f"{cast.cleo.given_name} {cast.cleo.family_name[0]}.", relation="former")
    assert pair(cast) == {frozenset({cast.cleo.pk, cast.eli.pk})}
    today = local_date(now(), zone())
    assert conflicts_with(cast.cleo.pk, [cast.eli.pk], on=today) == {cast.eli.pk}
    assert conflicts_with(cast.eli.pk, [cast.cleo.pk, cast.eli.pk], on=today) == {cast.cleo.pk}
    tie.set_aside_at = now()
    tie.save()
    assert not pair(cast)


def test_an_order_counts_from_its_first_day_until_it_is_lifted(cast: Cast) -> None:
    today = local_date(now(), zone())
    order = record_no_contact(
        by=cast.ana, at=now(), client=cast.cleo, key=uuid.uuid4(), kind="court",
        given_name=cast.eli.given_name.upper(), family_name=cast.eli.family_name, starts_on=today,
    )  # fmt: skip
    assert pair(cast)
    lift_no_contact(by=cast.ana, at=now(), order=order, why="The court ended it.")
    assert not pair(cast)


def test_the_number_of_queries_does_not_grow_with_the_people(cast: Cast) -> None:
    keys = list(Client.objects.values_list("pk", flat=True))
    today = local_date(now(), zone())
    with CaptureQueriesContext(connection) as asked:
        pairs_in_conflict(keys, on=today)
    assert len(asked) == 3
