"""Every page that is opened daily asks a fixed number of queries, however many clients there are."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reknit.base.clock import now
from reknit.care.home.tests.factories import a_course, booked, sessions
from reknit.care.intake.actions import record_referral
from reknit.care.safety.actions import open_risk_item
from tests.cast import Cast
from tests.test_every_address import browser_of

pytestmark = pytest.mark.django_db
PAGES = [
    ("ana", "home:today"),
    ("ana", "home:caseload"),
    ("ana", "safety:risk-board"),
    ("ben", "safety:risk-board"),
    ("ben", "encounters:cosign-list"),
    ("ina", "intake:referral-list"),
    ("ina", "billing:month-list"),
    ("ina", "billing:month-table"),
    ("dara", "home:programme"),
    ("dara", "outcomes:pack-show"),
]


def fill(cast: Cast, count: int) -> None:
    """So many clients with everything a day holds."""
    for number in range(count):
        episode = a_course(cast, family=f"Number{number:02d}", weeks=4)
        sessions(episode, cast.ana, scores=[14, None, 12])
        booked(episode, cast.ana, hours=2 + number)
        open_risk_item(by=None, at=now(), client=episode.client, reason="phq9_item9", source="test")
        at = now()
        record_referral(
            by=cast.ina, at=at, key=uuid.uuid4(), programme=cast.programme, given_name="New",
            family_name=f"Person{number}", source="self", received_at=at,
        )  # fmt: skip


def test_each_page_asks_as_often_with_few_clients_as_with_many(cast: Cast) -> None:
    browsers = {who: browser_of(getattr(cast, who)) for who in ("ana", "ben", "ina", "dara")}
    counts: list[dict[tuple[str, str], int]] = []
    for n in (2, 9):
        fill(cast, n)
        found = {}
        for who, name in PAGES:
            browsers[who].get(reverse(name))
            with CaptureQueriesContext(connection) as asked:
                assert browsers[who].get(reverse(name)).status_code == 200
            found[who, name] = len(asked)
        counts.append(found)
    assert counts[0] == counts[1]
