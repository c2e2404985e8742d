"""The page of the circle, put together from values: no query here."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.safestring import SafeString

from . import drawing, wording
from .circles import Circle, Person, signed_circle
from .models import CircleVersion, Tie
from .queries import Comparison, compare
from .sifting import Sieve


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One row of the table that is the circle's twin."""

    person: Person
    mark: SafeString
    kind: str
    use: str
    support: str
    contact: str
    conflict: str
    since: str


@dataclass(frozen=True, slots=True)
class TieRow:
    """One tie in words."""

    id: uuid.UUID
    one: str
    other: str
    words: str


@dataclass(frozen=True, slots=True)
class CirclePage:
    """Everything of the page that depends on the circle as it stands."""

    circle: Circle
    version: CircleVersion | None  # the one being drawn, else the latest
    earlier: Circle | None
    found: Comparison | None = field(repr=False, default=None)
    sieve: Sieve = Sieve()

    @property
    def is_open(self) -> bool:
        """Whether a version is being drawn."""
        return self.version is not None and self.version.state == CircleVersion.State.DRAFT

    def rows(self) -> list[PersonRow]:
        """The table, nearest first, people without a ring last; only those who pass the sieve."""
        ordered = sorted(self.sieve.shown(self.circle), key=lambda one: one.ring or 9)
        return [_row(one, self.found) for one in ordered]

    def changes(self) -> list[str]:
        """What changed since the earlier version."""
        return wording.changes(self.found) if self.found else []

    def change_rows(self) -> list[tuple[str, str]]:
        """Figures of the change."""
        return wording.change_rows(self.found) if self.found else []

    def indices(self) -> tuple[list[wording.IndexRow], list[wording.IndexRow]]:
        """The six that are talked about most, and the others."""
        return wording.index_rows(self.circle, self.earlier)

    def questions(self) -> list[str]:
        """What is worth asking."""
        return wording.questions(self.circle, self.found)

    def unplaced(self) -> int:
        """How many people have no ring yet."""
        return sum(one.ring is None for one in self.circle.people)

    def key(self) -> list[list[drawing.Sample]]:
        """What the marks mean."""
        return drawing.key_of(self.circle, self.earlier)


def circle_page(circle: Circle, versions: Sequence[CircleVersion], sieve: Sieve) -> CirclePage:
    """The page of the circle as it stands, against the version before. `versions` come latest first."""
    latest = versions[0] if versions else None
    before = next((row for row in versions[1:] if row.state == CircleVersion.State.SIGNED), None)
    return _page(circle, latest, before, sieve)


def version_page(version: CircleVersion, versions: Sequence[CircleVersion], sieve: Sieve) -> CirclePage:
    """The page of one signed version, against the one signed before it."""
    before = next(
        (one for one in versions if one.number < version.number and one.state == CircleVersion.State.SIGNED),
        None,
    )
    return _page(signed_circle(version), version, before, sieve)


def tie_rows(circle: Circle, ties: Sequence[Tie]) -> list[TieRow]:
    """The ties of those on the circle, in words."""
    rows = []
    for tie in ties:
        one, other = circle.person(tie.one_id), circle.person(tie.other_id)
        if one and other:
            rows.append(TieRow(tie.pk, one.alias, other.alias, str(Tie.Kind(tie.kind).label)))
    return rows


def _page(
    circle: Circle, version: CircleVersion | None, before: CircleVersion | None, sieve: Sieve
) -> CirclePage:
    earlier = signed_circle(before) if before else None
    return CirclePage(circle, version, earlier, compare(earlier, circle) if earlier else None, sieve)


def _row(one: Person, found: Comparison | None) -> PersonRow:
    return PersonRow(
        person=one,
        mark=drawing.mark(one),
        kind=one.kind,
        use=wording.use_words(one),
        support=wording.support_words(one),
        contact=wording.contact_words(one),
        conflict="" if one.conflict is None else str(one.conflict),
        since=wording.since(found, one) if found else "",
    )
