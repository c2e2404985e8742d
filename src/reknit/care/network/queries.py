"""Reads about the people in a client's life, for this room and for those above it."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet

from reknit.care.people.models import Client
from reknit.care.programme.models import CourseFact, Episode
from reknit.core.network.change import Change, change, movement

from .circles import Circle, Person, circle_of, person_of, signed_circle
from .models import CircleVersion, Relationship, Tie

State = CircleVersion.State


@dataclass(frozen=True, slots=True)
class Signed:
    """A version that was signed off, with its circle as it was frozen."""

    id: uuid.UUID
    number: int
    slot: int | None
    author: str
    note: str
    treatment_asked: bool
    signed_at: dt.datetime
    released_at: dt.datetime | None
    circle: Circle


@dataclass(frozen=True, slots=True)
class Moved:
    """Somebody on both versions in another ring: 1 closest to 3, 4 outside."""

    id: uuid.UUID
    alias: str
    before: int
    after: int

    @property
    def inward(self) -> int:
        """Rings closer, or further out when it is negative."""
        return self.before - self.after


@dataclass(frozen=True, slots=True)
class Comparison:
    """Then and now: two circles, who moved, came and left. Sentences about it are in `wording`.

    Moves, arrivals and departures are of every mark; `change`, from which figures come, is of those who count.
    """

    first: Circle
    latest: Circle
    moves: tuple[Moved, ...]
    arrived: tuple[Person, ...]
    left: tuple[Person, ...]
    change: Change = field(repr=False)

    @property
    def unchanged(self) -> bool:
        """Whether nobody moved, came or left."""
        return not (self.moves or self.arrived or self.left)

    def movement_of_support(self) -> float | None:
        """Mean rings moved inwards by people who are for recovery now; None when nobody of them is on both."""
        return self._movement({one.id for one in self._counted() if (one.supports_recovery or 0) > 0})

    def movement_of_use(self) -> float | None:
        """Mean rings moved inwards by people who use now; None when nobody of them is on both."""
        return self._movement({one.id for one in self._counted() if one.use == "uses"})

    def _counted(self) -> tuple[Person, ...]:
        return self.latest.counted()

    def _movement(self, among: set[uuid.UUID]) -> float | None:
        return movement(self.first.rings(), self.latest.rings(), among)


def here(client: Client) -> QuerySet[Relationship]:
    """Those on the circle now, in the order in which they were named."""
    return Relationship.objects.filter(client=client, set_aside_at=None).order_by("added_at", "id")


def set_aside_of(client: Client) -> QuerySet[Relationship]:
    """Those who are no longer on the circle, latest first."""
    return Relationship.objects.filter(client=client, set_aside_at__isnull=False).order_by("-set_aside_at")


def people_of(client: Client) -> tuple[Person, ...]:
    """Everybody on the circle now: alias, relation, ring, use, support, conflict and status. One query."""
    return tuple(person_of(row) for row in here(client))


def versions_of(client: Client) -> QuerySet[CircleVersion]:
    """Every version, latest first, with who signed it."""
    return CircleVersion.objects.filter(client=client).select_related("signed_by").order_by("-number")


def open_version(client: Client) -> CircleVersion | None:
    """The version that is being drawn, if one is."""
    return CircleVersion.objects.filter(client=client, state=State.DRAFT).first()


def open_circle(client: Client, version: CircleVersion | None) -> Circle:
    """The circle as it stands now. Two queries."""
    return circle_of(here(client), Tie.objects.filter(client=client).order_by("made_at", "id"), version)


def signed_versions(client: Client, *, episode: Episode | None = None) -> tuple[Signed, ...]:
    """Every version that was signed off, oldest first; of one course where it is given. One query."""
    rows = CircleVersion.objects.filter(client=client, state=State.SIGNED).order_by("number")
    if episode:
        rows = rows.filter(episode=episode)
    return tuple(_signed(row) for row in rows)


def signed_of(versions: Iterable[CircleVersion]) -> tuple[Signed, ...]:
    """The signed among versions that were read already, oldest first. No query."""
    signed = (row for row in versions if row.state == State.SIGNED)
    return tuple(_signed(row) for row in sorted(signed, key=lambda row: row.number))


def released_versions(client: Client) -> tuple[Signed, ...]:
    """What the client was shown, oldest first. One query."""
    rows = CircleVersion.objects.filter(client=client, state=State.SIGNED, released_at__isnull=False)
    return tuple(_signed(row) for row in rows.order_by("number"))


def has_released(client: Client) -> bool:
    """Whether the client has a circle to see. One query."""
    return CircleVersion.objects.filter(client=client, released_at__isnull=False).exists()


def compare(first: Circle, latest: Circle) -> Comparison:
    """Then and now, matched by person and never by name. No query."""
    found = change(first.rings(), latest.rings())
    counted = change(_counted_rings(first), _counted_rings(latest))
    then = {one.id: one for one in first.people}
    now = {one.id: one for one in latest.people}
    return Comparison(
        first=first,
        latest=latest,
        moves=tuple(Moved(now[m.key].id, now[m.key].alias, m.before, m.after) for m in found.moves),  # type: ignore[index]
        arrived=tuple(now[key] for key in found.arrived),  # type: ignore[index]
        left=tuple(then[key] for key in found.left),  # type: ignore[index]
        change=counted,
    )


def _counted_rings(circle: Circle) -> dict[uuid.UUID, int | None]:
    return {one.id: one.ring for one in circle.counted()}


def latest_slot(episode: Episode | None) -> int | None:
    """The latest planned session that was used, by the facts of the course; None before the first."""
    if episode is None:
        return None
    facts = CourseFact.objects.filter(episode=episode, kind="session", withdrawn_at=None)
    return max(
        (slot for value in facts.values_list("value", flat=True) if (slot := value.get("slot"))), default=None
    )


def _signed(row: CircleVersion) -> Signed:
    assert row.signed_at is not None  # a constraint of the table  # noqa: S101
    return Signed(
        id=row.pk,
        number=row.number,
        slot=row.slot,
        author=row.author,
        note=row.note,
        treatment_asked=bool(row.treatment_asked),
        signed_at=row.signed_at,
        released_at=row.released_at,
        circle=signed_circle(row),
    )
