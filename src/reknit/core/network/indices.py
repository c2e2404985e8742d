"""Indices of one circle: its size, who is in contact, what is used and supported, and how people hang together.

Each returns an `Index`: a value or the reason why there is none, with how many people it is known for. Only people count: a
pet, a group, a faith or the substance, the dead, those hoped for and those set aside are left out (`counted`). Percentages
and shares need four people of whom the answer is known. Formulas: interpersonal inventory specification, part 4.3; Burt
(1992) for effective size and constraint; Blau (1977); Krackhardt and Stern (1988) for E-I. They describe and do not predict.
"""

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from .structure import Graph

Reason = Literal["too_few", "not_known", "not_asked", "no_ties"]
Use = Literal["uses", "recovery", "none"]

ENOUGH_FOR_A_SHARE: Final = 4
"""Below four people a percentage says more than is known."""
DAILY: Final = 7
WEEKLY: Final = 5
"""Contact runs from 0 (none) to 7 (daily); 5 is once or twice a week. Anchors of the Important People interview as recalled;
load them from the instrument before comparing with its published figures."""
RING_WEIGHT: Final = {1: 3, 2: 2, 3: 1}
"""Project rule: the nearer ring counts more; outside the circle counts for nothing here."""
OFTEN: Final = 2
"""Uses with the client: 0 never, 1 sometimes, 2 often, which means weekly or more."""
EVEN: Final = "even"


@dataclass(frozen=True, slots=True)
class Alter:
    """One person of the circle as the indices see them. None is not known, everywhere.

    `alcohol_frequency`, `drugs_frequency` (0 to 7, as contact) and `reaction_to_drugs` are asked in research alone.
    """

    key: Hashable
    ring: int | None = None
    contact: int | None = None
    use: Use | None = None
    heavy: bool | None = None
    uses_with: int | None = None
    supplies: bool | None = None
    supports: int | None = None
    importance: int | None = None
    general: int | None = None
    practical: int | None = None
    emotional: int | None = None
    reciprocity: str | None = None
    conflict: int | None = None
    treatment: int | None = None
    relation: str | None = None
    alcohol: str | None = None
    drugs: str | None = None
    reaction: str | None = None
    alcohol_frequency: int | None = None
    drugs_frequency: int | None = None
    reaction_to_drugs: str | None = None
    from_treatment: bool | None = None
    counted: bool = True

    @property
    def uses(self) -> bool | None:
        """Whether the person uses now. Somebody in recovery does not.

        >>> Alter("a", use="recovery").uses, Alter("b", use="uses").uses, Alter("c").uses
        (False, True, None)
        """
        return None if self.use is None else self.use == "uses"


@dataclass(frozen=True, slots=True)
class Index:
    """A value, or the reason why there is none; `known` of `of` people (or ties) stand behind it."""

    value: float | None
    known: int
    of: int
    reason: Reason | None = None

    @property
    def coverage(self) -> float | None:
        """Known of all it could be known for, 0 to 1; None when there is nobody.

        >>> Index(2.0, known=3, of=4).coverage
        0.75
        """
        return self.known / self.of if self.of else None


def people(alters: Iterable[Alter]) -> list[Alter]:
    """Those who count.

    >>> [one.key for one in people([Alter("a"), Alter("the cat", counted=False)])]
    ['a']
    """
    return [alter for alter in alters if alter.counted]


# Counts


def size(alters: Iterable[Alter]) -> Index:
    """N: people listed.

    >>> size([Alter("a"), Alter("b"), Alter("the cat", counted=False)])
    Index(value=2, known=2, of=2, reason=None)
    """
    count = len(people(alters))
    return Index(count, count, count)


def daily(alters: Iterable[Alter]) -> Index:
    """N_daily: people seen or spoken to every day.

    >>> daily([Alter("a", contact=7), Alter("b", contact=6), Alter("c")])
    Index(value=1, known=2, of=3, reason=None)
    """
    return _count(alters, lambda one: None if one.contact is None else one.contact >= DAILY)


def sober_weekly(alters: Iterable[Alter]) -> Index:
    """SWT: people who do not use, in contact weekly or more. What settles the answer is enough: somebody who uses is no
    such tie whatever their contact.

    >>> circle = [Alter("a", use="none", contact=7), Alter("b", use="uses"), Alter("c", use="recovery")]
    >>> sober_weekly(circle)
    Index(value=1, known=2, of=3, reason=None)
    """

    def answer(one: Alter) -> bool | None:
        weekly = None if one.contact is None else one.contact >= WEEKLY
        return _both(weekly, None if one.uses is None else not one.uses)

    return _count(alters, answer)


def exposure(alters: Iterable[Alter]) -> Index:
    """EXP: people who use with the client weekly, or supply.

    >>> exposure([Alter("a", supplies=True), Alter("b", uses_with=0, supplies=False), Alter("c", uses_with=0)])
    Index(value=1, known=2, of=3, reason=None)
    """

    def answer(one: Alter) -> bool | None:
        often = None if one.uses_with is None else one.uses_with >= OFTEN
        return _either(often, one.supplies)

    return _count(alters, answer)


# Means and shares


def mean_of(alters: Iterable[Alter], value: Callable[[Alter], float | None]) -> Index:
    """The plain mean of what is known.

    >>> mean_of([Alter("a", importance=6), Alter("b", importance=3), Alter("c")], lambda one: one.importance)
    Index(value=4.5, known=2, of=3, reason=None)
    """
    listed = people(alters)
    known = [found for one in listed if (found := value(one)) is not None]
    if not known:
        return Index(None, 0, len(listed), "not_known" if listed else "too_few")
    return Index(sum(known) / len(known), len(known), len(listed))


def weighted_mean(pairs: Sequence[tuple[float, float]]) -> float | None:
    """sum(w * x) / sum(w) of (w, x) pairs; None when nothing has weight.

    The Important People indices: w = importance * contact. Worked example: reactions 5, 2, 4, 1.

    >>> round(weighted_mean([(42, 5), (25, 2), (12, 4), (12, 1)]), 4)
    3.5165
    >>> round(weighted_mean([(42, 0), (25, 4), (12, 1), (12, 5)]), 4)
    1.8901
    """
    total = sum(weight for weight, _value in pairs)
    return sum(weight * value for weight, value in pairs) / total if total > 0 else None


def share_of(alters: Iterable[Alter], answer: Callable[[Alter], bool | None]) -> Index:
    """The share of yes among those known, 0 to 1; four must be known.

    >>> circle = [Alter(n, heavy=n < 2) for n in range(4)]
    >>> share_of(circle, lambda one: one.heavy).value
    0.5
    """
    listed = people(alters)
    known = [found for one in listed if (found := answer(one)) is not None]
    value = sum(known) / len(known) if known else None
    return _enough(value, len(known), len(listed))


def using_contact(alters: Iterable[Alter]) -> Index:
    """PUC: share of contact with people who use, sum(cf * uses) / sum(cf), 0 to 1.

    >>> rows = [("none", 7), ("uses", 7), ("none", 5), ("recovery", 1)]
    >>> using_contact([Alter(n, use=use, contact=cf) for n, (use, cf) in enumerate(rows)]).value
    0.35
    """
    listed = people(alters)
    known = [(one.contact, one.uses) for one in listed if one.contact is not None and one.uses is not None]
    return _enough(weighted_mean([(contact, uses) for contact, uses in known]), len(known), len(listed))


def recovery_support(alters: Iterable[Alter]) -> Index:
    """RSB: recovery-support balance, sum(w * s) / sum(w), from -2 to +2.

    s is support for recovery; w is the ring's weight (3, 2, 1) times contact scaled to 0-1. Project rule.

    >>> recovery_support([Alter("a", ring=1, contact=7, supports=2), Alter("b", ring=3, contact=7, supports=-2)]).value
    1.0
    """
    listed = people(alters)
    known = [
        (RING_WEIGHT.get(one.ring, 0) * one.contact / DAILY, one.supports)
        for one in listed
        if one.ring is not None and one.contact is not None and one.supports is not None
    ]
    return _value(weighted_mean(known), len(known), len(listed))


def close_support(alters: Iterable[Alter]) -> Index:
    """General support (1 to 6) weighted by the ring (3, 2, 1).

    >>> close_support([Alter("a", ring=1, general=6), Alter("b", ring=3, general=2), Alter("c", ring=2)])
    Index(value=5.0, known=2, of=3, reason=None)
    """
    listed = people(alters)
    known = [
        (RING_WEIGHT.get(one.ring, 0), one.general)
        for one in listed
        if one.ring is not None and one.general is not None
    ]
    return _value(weighted_mean(known), len(known), len(listed))


def reciprocity(alters: Iterable[Alter]) -> Index:
    """Share of relationships in which both give about the same, 0 to 1.

    >>> gives = ["even", "even", "even", "they give more"]
    >>> reciprocity([Alter(n, reciprocity=word) for n, word in enumerate(gives)]).value
    0.75
    """
    return share_of(alters, lambda one: None if one.reciprocity is None else one.reciprocity == EVEN)


def conflict_load(alters: Iterable[Alter]) -> Index:
    """Mean conflict, 0 to 10, in rings 1 and 2.

    >>> conflict_load([Alter("a", ring=1, conflict=8), Alter("b", ring=2, conflict=2), Alter("c", ring=3, conflict=9)])
    Index(value=5.0, known=2, of=2, reason=None)
    """
    return mean_of([one for one in alters if one.ring in (1, 2)], lambda one: one.conflict)


def support_concentration(alters: Iterable[Alter]) -> Index:
    """Share of all emotional support that comes from one person, 0 to 1. Support is 1 (none) to 6, so 1 is taken off.

    >>> support_concentration([Alter(n, emotional=given) for n, given in enumerate((6, 6, 1, 1))]).value
    0.5
    """
    listed = people(alters)
    given = [one.emotional - 1 for one in listed if one.emotional is not None]
    value = max(given) / sum(given) if given and sum(given) else None
    return _enough(value, len(given), len(listed))


KINDS: Final = ("general", "practical", "emotional")
GIVES: Final = 4
"""Project rule: 4 or more on the 1 to 6 scale counts as giving that kind of support."""


def multiplexity(alters: Iterable[Alter]) -> Index:
    """Kinds of support (of three) that a person gives, on average, among those known for all three.

    >>> multiplexity([Alter("a", general=5, practical=4, emotional=1), Alter("b", general=6, practical=1, emotional=1)]).value
    1.5
    """

    def kinds(one: Alter) -> int | None:
        values = [getattr(one, kind) for kind in KINDS]
        return None if None in values else sum(value >= GIVES for value in values)

    return mean_of(alters, kinds)


def single_point(alters: Iterable[Alter]) -> Index:
    """Single point of failure: of the kinds of support that anybody gives, the share that only one person gives, 0 to 1.

    Known for those of whom all three kinds are known.

    >>> circle = [Alter(n, general=6, practical=6 if n == 0 else 1, emotional=1) for n in range(4)]
    >>> single_point(circle).value
    0.5
    """
    listed = people(alters)
    known = [one for one in listed if all(getattr(one, kind) is not None for kind in KINDS)]
    givers = [count for kind in KINDS if (count := sum(getattr(one, kind) >= GIVES for one in known))]
    value = sum(count == 1 for count in givers) / len(givers) if givers else None
    return _enough(value, len(known), len(listed))


def blau(alters: Iterable[Alter], group: Callable[[Alter], Hashable | None]) -> Index:
    """Blau's heterogeneity 1 - sum(p^2): 0 all alike, near 1 all different.

    >>> kinds = ["kin", "kin", "kin", "work", "friend"]
    >>> round(blau([Alter(n, relation=kind) for n, kind in enumerate(kinds)], lambda one: one.relation).value, 2)
    0.56
    """
    listed = people(alters)
    groups = Counter(found for one in listed if (found := group(one)) is not None)
    known = groups.total()
    value = 1 - sum((count / known) ** 2 for count in groups.values()) if known else None
    return _enough(value, known, len(listed))


def e_i(external: int, internal: int) -> float | None:
    """The E-I index (E - I) / (E + I), from -1 (all within) to +1 (all across); None when there is neither.

    >>> e_i(2, 3)
    -0.2
    """
    return (external - internal) / (external + internal) if external + internal else None


# How people hang together


def density(graph: Graph, *, asked: bool = True) -> Index:
    """2T / (N(N - 1)): ties there are, of those there could be; the client is left out. Needs two people.

    `asked` False: nobody asked about every pair, so that a missing tie is not known to be missing.

    >>> density(Graph("ABCDE", [("A", "B"), ("B", "C"), ("D", "E")])).value
    0.3
    """
    n = len(graph.nodes)
    pairs = n * (n - 1) // 2
    if n < 2:
        return Index(None, 0, pairs, "too_few")
    return Index(len(graph.ties) / pairs, pairs, pairs) if asked else Index(None, 0, pairs, "not_asked")


def structural(graph: Graph, value: Callable[[Graph], float], *, asked: bool = True) -> Index:
    """A figure of the whole graph, as the number of components: it needs two people and every pair asked about.

    >>> structural(Graph("ABCDE", [("A", "B"), ("B", "C"), ("D", "E")]), lambda one: len(one.components())).value
    2
    """
    n = len(graph.nodes)
    if n < 2:
        return Index(None, 0, n, "too_few")
    return Index(value(graph), n, n) if asked else Index(None, 0, n, "not_asked")


def using_e_i(alters: Iterable[Alter], graph: Graph, *, asked: bool = True) -> Index:
    """E-I of ties between people who use and people who do not: -1 the two keep apart, +1 every tie is across.

    Known for ties of which both ends are known; `of` counts ties.

    >>> circle = [Alter("A", use="uses"), Alter("B", use="none"), Alter("C", use="none")]
    >>> using_e_i(circle, Graph("ABC", [("A", "B"), ("B", "C")]))
    Index(value=0.0, known=2, of=2, reason=None)
    """
    uses = {one.key: one.uses for one in people(alters)}
    if len(uses) < 2:
        return Index(None, 0, len(graph.ties), "too_few")
    if not asked:
        return Index(None, 0, len(graph.ties), "not_asked")
    if not graph.ties:
        return Index(None, 0, 0, "no_ties")
    ends = [tuple(uses.get(key) for key in tie) for tie in graph.ties]
    known = [pair for pair in ends if None not in pair]
    across = sum(one != other for one, other in known)
    return _value(e_i(across, len(known) - across), len(known), len(ends))


def homophily(alters: Iterable[Alter], graph: Graph, *, asked: bool = True) -> Index:
    """Share of ties that join two who use or two who do not, (1 - E-I) / 2, 0 to 1; `of` counts ties.

    >>> circle = [Alter("A", use="uses"), Alter("B", use="none"), Alter("C", use="recovery")]
    >>> homophily(circle, Graph("ABC", [("A", "B"), ("B", "C")])).value
    0.5
    """
    found = using_e_i(alters, graph, asked=asked)
    alike = None if found.value is None else (1 - found.value) / 2
    return Index(alike, found.known, found.of, found.reason)


def _both(one: bool | None, other: bool | None) -> bool | None:
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def _either(one: bool | None, other: bool | None) -> bool | None:
    if one or other:
        return True
    return None if one is None or other is None else False


def _count(alters: Iterable[Alter], answer: Callable[[Alter], bool | None]) -> Index:
    listed = people(alters)
    known: Collection[bool] = [found for one in listed if (found := answer(one)) is not None]
    return _value(sum(known) if known else None, len(known), len(listed))


def _value(value: float | None, known: int, of: int) -> Index:
    """A value, or "not known" where people are listed, or "too few" where none is."""
    return Index(value, known, of, None if value is not None else "not_known" if of else "too_few")


def _enough(value: float | None, known: int, of: int) -> Index:
    """A share: only where it is known for four people or more."""
    if of < ENOUGH_FOR_A_SHARE:
        return Index(None, known, of, "too_few")
    if value is None or known < ENOUGH_FOR_A_SHARE:
        return Index(None, known, of, "not_known")
    return Index(value, known, of)
