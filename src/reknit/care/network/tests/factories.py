"""A circle for tests, drawn through the room's own actions."""

import datetime as dt
from typing import Any

from tests.cast import Cast

from reknit.care.network.actions import add_relationship, describe_relationship, sign_off_version
from reknit.care.network.models import CircleVersion, Relationship
from reknit.care.network.queries import open_version
from reknit.care.people.models import Client


def add(cast: Cast, at: dt.datetime, alias: str, ring: int | None = 1, **details: Any) -> Relationship:
    """Somebody in Cleo's life, with what is known about them."""
    relation = details.pop("relation", "friend")
    row = add_relationship(by=cast.ana, at=at, client=cast.cleo, alias=alias, relation=relation, ring=ring)
    return describe(cast, at, row, **details) if details else row


def describe(cast: Cast, at: dt.datetime, row: Relationship, **details: Any) -> Relationship:
    return describe_relationship(by=cast.ana, at=at, relationship=row, revision=row.revision, details=details)


def drawn(client: Client) -> CircleVersion:
    """The version that is open."""
    version = open_version(client)
    assert version is not None
    return version


def sign(cast: Cast, at: dt.datetime, **more: Any) -> CircleVersion:
    """Sign off Cleo's open circle."""
    version = drawn(cast.cleo)
    given = {"author": "together", "treatment_asked": True, **more}
    return sign_off_version(by=cast.ana, at=at, version=version, revision=version.revision, **given)
