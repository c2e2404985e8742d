"""Whether somebody named in one person's life is another person: the question before two people share a room.

Words it owns: conflict (of placement). A circle holds aliases, so the answer is a caution and never a finding: it is yes
where a name fits and the tie is one that `ipt.md` section 9 keeps out of one group (relatives, partners, former partners,
supplier and buyer, an order of no contact), and whoever asks learns yes or no and nothing else.
"""

import datetime as dt
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Fit = Literal["full", "given", "none"]

# Ties that keep two people out of one group whatever else is known (ipt.md 9, mix).
TIES_KEPT_APART = frozenset({"partner", "former", "mother", "father", "child", "sibling", "family"})
STRAINED = 7  # of 10: strain with somebody, from which two people are not placed together [our default]


@dataclass(frozen=True, slots=True)
class Named:
    """A person as the record names them."""

    given: str
    family: str
    preferred: str = ""
    born_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Mentioned:
    """Somebody in a circle: the alias and what the tie is."""

    alias: str
    relation: str = ""
    strain: int | None = None
    supplies: bool = False
    is_risk: bool = False

    @property
    def keeps_apart(self) -> bool:
        """Whether this tie is one that two people in one room must not have.

        >>> [Mentioned("A", relation=tie).keeps_apart for tie in ("sibling", "peer")], Mentioned("A", strain=7).keeps_apart
        ([True, False], True)
        """
        strained = self.strain is not None and self.strain >= STRAINED
        return self.relation in TIES_KEPT_APART or strained or self.supplies or self.is_risk


def folded(words: str) -> tuple[str, ...]:
    """The words of a name without case, accents and marks.

    >>> folded("José  O'Neill-Díaz")
    ('jose', 'oneill', 'diaz')
    """
    plain = unicodedata.normalize("NFKD", words.casefold()).replace("'", "").replace("’", "")
    kept = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return tuple(kept.split())


def fit(alias: str, person: Named) -> Fit:
    """How an alias fits a person: given (or preferred) name with the family name or its initial, the first alone, or not.

    >>> fit("Ana M.", Named(given="Ana", family="Moreno")), fit("ana", Named(given="Ána", family="Moreno"))
    ('full', 'given')
    """
    said = folded(alias)
    for first in (folded(person.given), folded(person.preferred)):
        if not first or said[: len(first)] != first:
            continue
        rest, family = said[len(first) :], folded(person.family)
        if not rest:
            return "given"
        if family and (rest == family or rest == (family[0][:1],) or rest == family[:1]):
            return "full"
    return "none"


def is_named_by(order: Named, person: Named) -> bool:
    """Whether an order names this person: both names fit, and the days of birth where both are known.

    >>> order = Named("Ana", "Moreno", born_on=dt.date(1990, 5, 1))
    >>> is_named_by(order, Named("Anna", "Moreno", preferred="Ana"))
    True
    >>> is_named_by(order, Named("Ana", "Moreno", born_on=dt.date(1971, 5, 1)))
    False
    """
    if order.born_on and person.born_on and order.born_on != person.born_on:
        return False
    given = folded(order.given)
    firsts = {folded(person.given), folded(person.preferred)} - {()}
    return given in firsts and folded(order.family) == folded(person.family)


def keeps_out(circle: Iterable[Mentioned], person: Named) -> bool:
    """Whether somebody in this circle may be this person, with a tie that keeps the two apart.

    >>> keeps_out([Mentioned("Ana M.", relation="former")], Named(given="Ana", family="Moreno"))
    True
    >>> keeps_out([Mentioned("Ana M.", relation="peer")], Named(given="Ana", family="Moreno"))
    False
    """
    return any(one.keeps_apart and fit(one.alias, person) != "none" for one in circle)
