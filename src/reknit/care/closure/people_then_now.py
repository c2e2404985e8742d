"""The one place where closing meets the people in a client's life: circles then and now, and whom to call.

The rooms meet here alone, so that what counts as a signed circle, and who may be called, is decided in `network`.
"""

import datetime as dt
import uuid
from dataclasses import dataclass

from reknit.base.clock import local_date
from reknit.care.network.circles import Person
from reknit.care.network.models import Relationship
from reknit.care.network.queries import compare, people_of, signed_versions
from reknit.care.network.wording import changes
from reknit.care.people.models import Client
from reknit.care.people.queries import zone
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
    """The signed circles of a course, the first compared with the latest. One query."""
    signed = signed_versions(episode.client, episode=episode)
    if len(signed) < 2:
        return Circles(len(signed))
    then, now, here = signed[0], signed[-1], zone()
    compared = ThenNow(
        first=then.number,
        latest=now.number,
        first_on=local_date(then.signed_at, here),
        latest_on=local_date(now.signed_at, here),
        sentences=tuple(changes(compare(then.circle, now.circle))),
    )
    return Circles(len(signed), compared)


def people_to_call(client: Client) -> tuple[PersonToCall, ...]:
    """People of the latest signed circle whom a plan may name, by what is known of them now. Two queries.

    Flags set since the signature count at once: safety does not wait for the next version.
    """
    signed = signed_versions(client)
    if not signed:
        return ()
    agreed = {one.id for one in signed[-1].circle.people}
    return tuple(
        PersonToCall(one.id, one.alias)
        for one in people_of(client)
        if one.id in agreed and may_be_called(one)
    )


def may_be_called(one: Person) -> bool:
    """Supports recovery, and is not known to use, to supply, to be unsafe, or to be out of reach."""
    supports = (one.supports_recovery or 0) > 0
    out_of_reach = one.not_a_person or one.status in (Relationship.Status.DIED, Relationship.Status.HOPED)
    return supports and not (one.use == "uses" or one.supplies or one.is_risk or out_of_reach)


def aliases_of(client: Client) -> tuple[str, ...]:
    """Every alias in the client's life, longest first. One query. Words that leave the clinic are searched for them."""
    known = Relationship.objects.filter(client=client).values_list("alias", flat=True)
    return tuple(sorted({alias.strip() for alias in known if alias.strip()}, key=len, reverse=True))
