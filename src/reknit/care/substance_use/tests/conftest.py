"""People and days that the tests of this room share."""

import datetime as dt

import pytest
from tests.cast import BEGIN, Cast

from reknit.care.network.models import Relationship
from reknit.care.substance_use.actions import monitor


@pytest.fixture
def watched(cast: Cast) -> Cast:
    """The cast, with alcohol and cocaine asked about since the beginning."""
    for code in ("alcohol", "cocaine"):
        monitor(
            by=cast.ana,
            at=BEGIN,
            client=cast.cleo,
            substance=code,
            starts_on=BEGIN.date(),
            is_primary=code == "alcohol",
        )
    return cast


@pytest.fixture
def jo(cast: Cast, at: dt.datetime) -> Relationship:
    """A person in Cleo's life."""
    return Relationship.objects.create(client=cast.cleo, alias="Jo", added_by=cast.ana, added_at=at)
