"""Important People indices: drinking and reactions of the people around a client, weighted by how much they matter.

After the Important People interview (Clifford and Longabaugh 1991; COMBINE version, Longabaugh 2010) and its drug and alcohol
version (Zywiak 2009), in constructs and not in wording. A person's weight is importance times contact. What each word stands
for in numbers is handed in as `Anchors`: those of the instrument itself could not be verified, so `RECALLED` says so, and a
figure made with it must not be compared with a published one. They describe a circle and predict nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from types import MappingProxyType
from typing import Final, Literal

from .indices import Alter, Index, e_i, people, share_of, weighted_mean

Part = Literal["highest", "lowest", "mean"]
MOST_IMPORTANT: Final = 4
"""The most-important-four versions of the indices look at these only."""
VERY_IMPORTANT: Final = 5
"""Importance runs from 1 to 6; 5 and 6 stand for very and extremely. Recalled, as the anchors are."""


@dataclass(frozen=True, slots=True)
class Anchors:
    """Numbers for words. `drinking` is higher for more; `reaction` to use and `not_using` are higher for more in favour.

    `heavy` and `sober` name the words of drinking that count as heavy, and as abstinent or in recovery; `opposed` those of
    a reaction that is against use. A word that is absent is not known. `is_verified`: taken from the instrument itself.
    """

    drinking: Mapping[str, float]
    reaction: Mapping[str, float]
    not_using: Mapping[int, float]
    heavy: frozenset[str] = frozenset({"heavy"})
    sober: frozenset[str] = frozenset({"abstainer", "recovering"})
    opposed: frozenset[str] = frozenset({"disapproved", "left"})
    is_verified: bool = False


RECALLED: Final = Anchors(
    drinking=MappingProxyType({"recovering": 1, "abstainer": 2, "light": 3, "moderate": 4, "heavy": 5}),
    reaction=MappingProxyType({"left": 1, "disapproved": 2, "neutral": 3, "accepted": 4, "encouraged": 5}),
    not_using=MappingProxyType({-2: 1, -1: 2, 0: 3, 1: 4, 2: 5}),
)
"""Anchors as recalled and not verified: load those of the instrument before comparing with its published figures."""


def weight(alter: Alter) -> float | None:
    """Importance (1 to 6) times contact (0 to 7); None when either is not known.

    >>> weight(Alter("a", importance=6, contact=7)), weight(Alter("b", importance=6))
    (42, None)
    """
    return None if alter.importance is None or alter.contact is None else alter.importance * alter.contact


def weighted(alters: Iterable[Alter], value: Callable[[Alter], float | None]) -> Index:
    """sum(w_i x_i) / sum(w_i), w importance times contact, over those of whom both are known.

    >>> circle = [Alter(n, importance=i, contact=c) for n, (i, c) in enumerate([(6, 7), (5, 5), (3, 4), (4, 3)])]
    >>> round(weighted(circle, lambda one: (5, 2, 4, 1)[one.key]).value, 4)
    3.5165
    """
    listed = people(alters)
    known = [(w, x) for one in listed if (w := weight(one)) is not None and (x := value(one)) is not None]
    return _value(weighted_mean(known), len(known), len(listed))


def drinking_status(alters: Iterable[Alter], anchors: Anchors = RECALLED) -> Index:
    """Mean drinking status, on the scale of the anchors.

    >>> drinking_status([Alter("a", alcohol="heavy"), Alter("b", alcohol="light"), Alter("c")]).value
    4.0
    """
    return spread(alters, lambda one: _number(anchors.drinking, one.alcohol), "mean")


def weighted_drinking(alters: Iterable[Alter], anchors: Anchors = RECALLED) -> Index:
    """Drinking status weighted by importance times contact.

    >>> weighted_drinking([Alter("a", alcohol="heavy", importance=6, contact=5), Alter("b", alcohol="recovering", importance=2, contact=5)]).value
    4.0
    """
    return weighted(alters, lambda one: _number(anchors.drinking, one.alcohol))


def support_for_abstinence(alters: Iterable[Alter], anchors: Anchors = RECALLED) -> Index:
    """Reaction to the client's not using, weighted by importance times contact: high where it is met with favour.

    >>> support_for_abstinence([Alter("a", importance=6, contact=7, supports=2), Alter("b", supports=-2)])
    Index(value=5.0, known=1, of=2, reason=None)
    """
    return weighted(alters, lambda one: _number(anchors.not_using, one.supports))


def support_for_use(alters: Iterable[Alter], anchors: Anchors = RECALLED) -> Index:
    """Reaction to the client's use, weighted likewise. Who does not know of it has no reaction and is not known.

    >>> support_for_use([Alter("a", reaction="left", importance=6, contact=7), Alter("b", reaction="unaware", importance=6, contact=7)])
    Index(value=1.0, known=1, of=2, reason=None)
    """
    return weighted(alters, lambda one: _number(anchors.reaction, one.reaction))


def opposed_to_use(alters: Iterable[Alter], anchors: Anchors = RECALLED) -> Index:
    """People whose reaction to use was against it.

    >>> opposed_to_use([Alter("a", reaction="left"), Alter("b", reaction="neutral"), Alter("c", reaction="unaware")])
    Index(value=1, known=2, of=3, reason=None)
    """
    return _counted(
        alters, lambda one: one.reaction in anchors.opposed if one.reaction in anchors.reaction else None
    )


def met_in_recovery(alters: Iterable[Alter]) -> Index:
    """People met in mutual help or treatment.

    >>> met_in_recovery([Alter("a", from_treatment=True), Alter("b", from_treatment=False), Alter("c")])
    Index(value=1, known=2, of=3, reason=None)
    """
    return _counted(alters, lambda one: one.from_treatment)


def sober_share(
    alters: Iterable[Alter], status: Callable[[Alter], str | None], anchors: Anchors = RECALLED
) -> Index:
    """Share who are abstinent or in recovery, 0 to 1, of those known; `status` says from what. Four must be known.

    >>> circle = [Alter(n, alcohol=word) for n, word in enumerate(["recovering", "abstainer", "light", "abstainer"])]
    >>> sober_share(circle, lambda one: one.alcohol).value
    0.75
    """
    return share_of(alters, lambda one: _among(anchors.sober, anchors, status(one)))


def heavy_share(
    alters: Iterable[Alter], status: Callable[[Alter], str | None], anchors: Anchors = RECALLED
) -> Index:
    """Share who drink (or use) heavily, 0 to 1, of those known. Four must be known.

    >>> circle = [Alter(n, alcohol=word) for n, word in enumerate(["heavy", "heavy", "light", "abstainer"])]
    >>> heavy_share(circle, lambda one: one.alcohol).value
    0.5
    """
    return share_of(alters, lambda one: _among(anchors.heavy, anchors, status(one)))


def status_by_contact(
    alters: Iterable[Alter], status: Callable[[Alter], str | None], anchors: Anchors = RECALLED
) -> Index:
    """sum(status_i * contact_i) / N over the N people of whom both are known.

    >>> status_by_contact([Alter("a", alcohol="heavy", contact=7), Alter("b", alcohol="abstainer", contact=1)],
    ...                   lambda one: one.alcohol).value
    18.5
    """

    def product(one: Alter) -> float | None:
        number = _number(anchors.drinking, status(one))
        return None if number is None or one.contact is None else number * one.contact

    return spread(alters, product, "mean")


def frequency_by_contact(alters: Iterable[Alter], frequency: Callable[[Alter], float | None]) -> Index:
    """sum(frequency_i * contact_i) / N over the N people of whom both are known; both run from 0 to 7 (daily).

    After the drug and alcohol version of the interview (Zywiak 2009), whose own anchors were not verified.

    >>> circle = [Alter("a", alcohol_frequency=7, contact=7), Alter("b", alcohol_frequency=0, contact=5), Alter("c")]
    >>> frequency_by_contact(circle, lambda one: one.alcohol_frequency)
    Index(value=24.5, known=2, of=3, reason=None)
    """

    def product(one: Alter) -> float | None:
        often = frequency(one)
        return None if often is None or one.contact is None else often * one.contact

    return spread(alters, product, "mean")


def spread(alters: Iterable[Alter], value: Callable[[Alter], float | None], part: Part) -> Index:
    """The highest, the lowest or the mean of what is known.

    >>> spread([Alter("a", general=6), Alter("b", general=2), Alter("c")], lambda one: one.general, "lowest")
    Index(value=2, known=2, of=3, reason=None)
    """
    listed = people(alters)
    known = [found for one in listed if (found := value(one)) is not None]
    if not known:
        return _value(None, 0, len(listed))
    found = max(known) if part == "highest" else min(known) if part == "lowest" else fmean(known)
    return _value(found, len(known), len(listed))


def reaction_of_important(
    alters: Iterable[Alter],
    part: Part,
    anchors: Anchors = RECALLED,
    reaction: Callable[[Alter], str | None] = lambda one: one.reaction,
) -> Index:
    """The highest, lowest or mean reaction to use among people of importance 5 or 6. That it is split so is inferred.

    `reaction` says to what: as the chart asks it, or to drugs where a study asked of alcohol and drugs apart.

    >>> circle = [Alter("a", importance=6, reaction="left"), Alter("b", importance=2, reaction="encouraged")]
    >>> reaction_of_important(circle, "highest").value
    1
    >>> reaction_of_important(circle, "highest", reaction=lambda one: one.reaction_to_drugs).reason
    'not_known'
    """
    near = [one for one in people(alters) if one.importance is not None and one.importance >= VERY_IMPORTANT]
    return spread(near, lambda one: _number(anchors.reaction, reaction(one)), part)


def most_important(alters: Iterable[Alter], count: int = MOST_IMPORTANT) -> list[Alter]:
    """The most important people; of equals those in more contact, then those named first (project rule).

    Whose importance is not known cannot be among them.

    >>> [one.key for one in most_important([Alter(n, importance=i) for n, i in enumerate((2, 6, None, 5, 5, 5))])]
    [1, 3, 4, 5]
    """
    ranked = [one for one in people(alters) if one.importance is not None]
    ranked.sort(key=lambda one: (-(one.importance or 0), -1 if one.contact is None else -one.contact - 1))
    return ranked[:count]


def members_e_i(alters: Iterable[Alter]) -> Index:
    """E-I of the people themselves, (users - others) / known: -1 nobody uses, +1 everybody does.

    Seen from a client who means not to use, those who use are the others (E). Two users and three others give -.20.

    >>> members_e_i([Alter(n, use="uses" if n < 2 else "none") for n in range(5)]).value
    -0.2
    """
    listed = people(alters)
    known = [one.uses for one in listed if one.uses is not None]
    return _value(e_i(sum(known), len(known) - sum(known)), len(known), len(listed))


def _counted(alters: Iterable[Alter], answer: Callable[[Alter], bool | None]) -> Index:
    listed = people(alters)
    known = [found for one in listed if (found := answer(one)) is not None]
    return _value(sum(known) if known else None, len(known), len(listed))


def _value(value: float | None, known: int, of: int) -> Index:
    """A value, or "not known" where people are listed, or "too few" where none is."""
    return Index(value, known, of, None if value is not None else "not_known" if of else "too_few")


def _among(words: frozenset[str], anchors: Anchors, word: str | None) -> bool | None:
    return word in words if word in anchors.drinking else None


def _number(anchors: Mapping[str, float] | Mapping[int, float], word: str | int | None) -> float | None:
    return None if word is None else anchors.get(word)  # type: ignore[arg-type]


PARTS: Final[Sequence[Part]] = ("highest", "lowest", "mean")
