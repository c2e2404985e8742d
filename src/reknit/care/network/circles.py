"""A circle as plain values: read from the rows as they stand, or from the frozen words of a signed version."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.utils.translation import gettext as _

from reknit.core.network.circle import ON_THE_LINE, Spot, settled
from reknit.core.network.details import heavy_of, use_of
from reknit.core.network.indices import Alter, Use
from reknit.core.network.structure import Graph

from .models import CircleVersion, Relationship, Tie

NOT_COUNTED = (Relationship.Status.DIED, Relationship.Status.HOPED)


@dataclass(frozen=True, slots=True)
class Person:
    """One person of the circle, with the details that indices, hints and the shared account need. None is not known.

    For staff. What is restricted (`is_risk`) is here too and goes on no page of the client's.
    """

    id: uuid.UUID
    alias: str
    relation: str = ""
    relation_words: str = ""
    ring: int | None = None
    angle: int | None = None
    depth: int | None = None
    status: str = ""
    contact: int | None = None
    importance: int | None = None
    general_support: int | None = None
    practical_support: int | None = None
    emotional_support: int | None = None
    reciprocity: str = ""
    conflict: int | None = None
    alcohol: str = ""
    drugs: str = ""
    uses_with_client: int | None = None
    supplies: bool | None = None
    reaction_to_use: str = ""
    supports_recovery: int | None = None
    supports_treatment: int | None = None
    from_treatment: bool = False
    not_a_person: bool = False
    is_risk: bool | None = None
    in_focus: bool = False

    @property
    def use(self) -> Use | None:
        """Uses now, in recovery, or neither; None when not known. Light use counts as use; where nothing says that the
        person uses, both alcohol and drugs must have been told, or that they are in recovery.
        """
        return use_of(self.alcohol, self.drugs)

    @property
    def counted(self) -> bool:
        """Whether the indices count this one: a person, alive, and in the client's life."""
        return not self.not_a_person and self.status not in NOT_COUNTED

    @property
    def not_counted(self) -> str:
        """Why the figures leave this one out, in words; empty for somebody who counts."""
        if self.not_a_person:
            return _("not a person, not counted")
        if self.counted:
            return ""
        return _("%(status)s, not counted") % {"status": Relationship.Status(self.status).label}

    @property
    def kind(self) -> str:
        """What they are to the client, in words."""
        return self.relation_words or (
            str(Relationship.Relation(self.relation).label) if self.relation else ""
        )

    @property
    def spot(self) -> Spot | None:
        """The place as it was told."""
        if self.ring is None or self.angle is None:
            return None
        return Spot(self.ring, self.angle, ON_THE_LINE if self.depth is None else self.depth)


@dataclass(frozen=True, slots=True)
class Circle:
    """People and ties at one moment: the open circle, or a version as it was signed off."""

    people: tuple[Person, ...] = ()
    ties: tuple[tuple[uuid.UUID, uuid.UUID, str], ...] = ()
    ties_asked: bool = False
    number: int = 0
    slot: int | None = None
    signed_at: dt.datetime | None = None

    def person(self, key: uuid.UUID) -> Person | None:
        """One person, if they are on it."""
        return next((one for one in self.people if one.id == key), None)

    def spots(self) -> dict[uuid.UUID, Spot]:
        """Where each mark is drawn, none on top of another."""
        return settled({one.id: spot for one in self.people if (spot := one.spot)})

    def rings(self) -> dict[uuid.UUID, int | None]:
        """Everybody's ring; None where it was not told."""
        return {one.id: one.ring for one in self.people}

    def counted(self) -> tuple[Person, ...]:
        """The people who count in an index."""
        return tuple(one for one in self.people if one.counted)

    def alters(self) -> list[Alter]:
        """As the science sees them."""
        return [_alter(one) for one in self.people]

    def graph(self) -> Graph:
        """Ties between people who count, of whatever kind."""
        return Graph([one.id for one in self.counted()], [(one, other) for one, other, _kind in self.ties])

    def frozen(self) -> dict[str, Any]:
        """What a signed version keeps."""
        return {
            "people": [{**asdict(one), "id": str(one.id)} for one in self.people],
            "ties": [[str(one), str(other), kind] for one, other, kind in self.ties],
        }


NAMES = tuple(field.name for field in fields(Person))


def person_of(row: Relationship) -> Person:
    """The values of a row."""
    return Person(**{name: getattr(row, name) for name in NAMES})


def circle_of(
    rows: Iterable[Relationship], ties: Iterable[Tie], version: CircleVersion | None = None
) -> Circle:
    """The circle as it stands now. Ties to people who were set aside are left out."""
    people = tuple(person_of(row) for row in rows)
    here = {one.id for one in people}
    return Circle(
        people=people,
        ties=tuple(
            (tie.one_id, tie.other_id, tie.kind)
            for tie in ties
            if tie.one_id in here and tie.other_id in here
        ),
        ties_asked=bool(version and version.ties_asked),
        number=version.number if version else 0,
    )


def signed_circle(version: CircleVersion) -> Circle:
    """A version as it was signed off. Details that a later release added are not known in an older one."""
    kept: Mapping[str, Any] = version.snapshot
    return Circle(
        people=tuple(
            Person(
                **{name: value for name, value in one.items() if name in NAMES} | {"id": uuid.UUID(one["id"])}
            )
            for one in kept["people"]
        ),
        ties=tuple((uuid.UUID(one), uuid.UUID(other), kind) for one, other, kind in kept["ties"]),
        ties_asked=version.ties_asked,
        number=version.number,
        slot=version.slot,
        signed_at=version.signed_at,
    )


def _alter(one: Person) -> Alter:
    return Alter(
        key=one.id,
        ring=one.ring,
        contact=one.contact,
        use=one.use,
        heavy=heavy_of(one.alcohol, one.drugs),
        uses_with=one.uses_with_client,
        supplies=one.supplies,
        supports=one.supports_recovery,
        importance=one.importance,
        general=one.general_support,
        practical=one.practical_support,
        emotional=one.emotional_support,
        reciprocity=one.reciprocity or None,
        conflict=one.conflict,
        treatment=one.supports_treatment,
        relation=one.relation or None,
        alcohol=one.alcohol or None,
        drugs=one.drugs or None,
        reaction=one.reaction_to_use or None,
        from_treatment=one.from_treatment,
        counted=one.counted,
    )
