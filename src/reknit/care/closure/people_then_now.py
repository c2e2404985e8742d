"""The one place where closing meets the people in a client's life: circles then and now, and whom to call.

The rooms meet here alone, so that what counts as a signed circle, and who may be called, is decided in `network`.
"""

import datetime as dt
import uuid
from dataclasses import dataclass

from reknit.care.network.models import Relationship
from reknit.care.people.models import Client
from reknit.care.programme.models import Episode


@dataclass(frozen=True, slots=True)
class ThenNow:
    """The first and the latest signed circle, with what moved, who came and who left, in sentences."""

    first: int
    latest: int
    first_on: dt.date
    latest_on: dt.date
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonToCall:
    """Somebody who supports recovery, does not use now and is not marked unsafe."""

    id: uuid.UUID
    alias: str


@dataclass(frozen=True, slots=True)
class Circles:
    """How many circles are signed, and the comparison once there are two."""

    signed: int
    compared: ThenNow | None = None


def circles(episode: Episode) -> Circles:
    """The signed circles of a course, compared. No version of a circle can be signed yet, so there is none."""
    return Circles(signed=0)


def people_to_call(client: Client) -> tuple[PersonToCall, ...]:
    """People whom a plan may name, by what the latest signed circle says of them. Without one, nobody is known to be safe."""
    return ()


def aliases_of(client: Client) -> tuple[str, ...]:
    """Every alias in the client's life, longest first. One query. Words that leave the clinic are searched for them."""
    known = Relationship.objects.filter(client=client).values_list("alias", flat=True)
    return tuple(sorted({alias.strip() for alias in known if alias.strip()}, key=len, reverse=True))
