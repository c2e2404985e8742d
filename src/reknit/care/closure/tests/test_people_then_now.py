"""Where closing meets the circle: then and now of one course, and whom a plan may name."""

import datetime as dt
from typing import Any

import pytest
from tests.cast import Cast

from reknit.care.closure.actions import look_at_circles
from reknit.care.closure.people_then_now import aliases_of, circles, people_to_call
from reknit.care.network.actions import place, set_aside
from reknit.care.network.tests.factories import add, describe, sign

from .factories import facts_of, given

pytestmark = pytest.mark.django_db


def test_no_signed_circle_is_none(cast: Cast, at: dt.datetime) -> None:
    add(cast, at, "Jo", supports_recovery=2)
    assert circles(cast.cleo_episode).signed == 0 and people_to_call(cast.cleo) == ()


def test_first_and_latest_are_told_in_sentences(cast: Cast, at: dt.datetime) -> None:
    jo, sal = add(cast, at, "Jo", 3), add(cast, at, "Sal", 1)
    sign(cast, at)
    assert circles(cast.cleo_episode).compared is None
    later = at + dt.timedelta(days=70)
    jo.refresh_from_db()
    place(by=cast.ana, at=later, relationship=jo, ring=1)
    set_aside(by=cast.ana, at=later, relationship=sal)
    add(cast, later, "Imani", 2)
    sign(cast, later)
    compared = circles(cast.cleo_episode).compared
    assert compared is not None
    assert compared.sentences == ("New: Imani.", "Closer: Jo.", "No longer listed: Sal.")
    look_at_circles(by=cast.ana, at=later, episode=cast.cleo_episode)
    assert facts_of(cast.cleo_episode)["circle_compared"] == {"first": 1, "latest": 2}


@pytest.mark.parametrize(
    ("details", "called"),
    [
        ({"supports_recovery": 2}, True),
        ({}, False),
        ({"supports_recovery": -1}, False),
        ({"supports_recovery": 2, "is_risk": True}, False),
        ({"supports_recovery": 2, "alcohol": "heavy"}, False),
        ({"supports_recovery": 2, "alcohol": "recovering"}, True),
        ({"supports_recovery": 2, "supplies": True}, False),
        ({"supports_recovery": 2, "status": "died"}, False),
    ],
)
def test_plan_names_only_who_supports_recovery_and_is_safe(
    cast: Cast, at: dt.datetime, details: dict[str, Any], called: bool
) -> None:
    jo = add(cast, at, "Jo", **details)
    sign(cast, at)
    assert [one.id for one in people_to_call(cast.cleo)] == ([jo.pk] if called else [])


def test_flag_set_after_the_signature_counts_at_once(cast: Cast, at: dt.datetime) -> None:
    jo = add(cast, at, "Jo", supports_recovery=2)
    sign(cast, at)
    given(cast, "signs", at=at)
    plan = given(cast, "staying_well", at=at, people=[str(jo.pk)])
    assert plan.people == [{"id": str(jo.pk), "alias": "Jo"}]
    jo.refresh_from_db()
    describe(cast, at, jo, supports_recovery=2, is_risk=True)
    assert people_to_call(cast.cleo) == ()
    assert aliases_of(cast.cleo) == ("Jo",)
