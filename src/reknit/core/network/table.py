"""Every index of a circle by name, and every figure of the change between two: one row, for a table or a study."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from . import important, indices
from .change import Change, change, movement, shift_in_share
from .important import RECALLED, Anchors
from .indices import Alter, Index
from .structure import Graph


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A circle at one moment: its people, the ties between them, and whether every pair was asked about."""

    alters: Sequence[Alter]
    ties: Sequence[tuple[object, object]] = ()
    asked: bool = False

    def graph(self) -> Graph:
        """Ties between people who count.

        >>> Snapshot([Alter("a"), Alter("b"), Alter("cat", counted=False)], [("a", "b"), ("a", "cat")]).graph().ties
        (('a', 'b'),)
        """
        return Graph([one.key for one in indices.people(self.alters)], self.ties)

    def nearest(self) -> "Snapshot":
        """The most important four alone; ties to anybody else fall away with them.

        >>> five = Snapshot([Alter(n, importance=n) for n in range(1, 6)])
        >>> [one.key for one in five.nearest().alters]
        [5, 4, 3, 2]
        """
        return replace(self, alters=important.most_important(self.alters))


Compute = Callable[[Snapshot, Anchors], Index]


def _people(index: Callable[[Iterable[Alter]], Index]) -> Compute:
    return lambda circle, _anchors: index(circle.alters)


def _mean(value: Callable[[Alter], float | None]) -> Compute:
    return lambda circle, _anchors: indices.mean_of(circle.alters, value)


def _ties(value: Callable[[Graph], float]) -> Compute:
    return lambda circle, _anchors: indices.structural(circle.graph(), value, asked=circle.asked)


def _important(index: Callable[[Iterable[Alter], Anchors], Index]) -> Compute:
    return lambda circle, anchors: index(circle.alters, anchors)


def _of(
    index: Callable[[Iterable[Alter], Callable[[Alter], str | None], Anchors], Index],
    status: Callable[[Alter], str | None],
) -> Compute:
    return lambda circle, anchors: index(circle.alters, status, anchors)


def _alcohol(one: Alter) -> str | None:
    return one.alcohol


def _drugs(one: Alter) -> str | None:
    return one.drugs


def _spread(value: Callable[[Alter], float | None], part: important.Part) -> Compute:
    return lambda circle, _anchors: important.spread(circle.alters, value, part)


def _reaction(part: important.Part, reaction: Callable[[Alter], str | None]) -> Compute:
    return lambda circle, anchors: important.reaction_of_important(circle.alters, part, anchors, reaction)


def _frequency(frequency: Callable[[Alter], float | None]) -> Compute:
    return lambda circle, _anchors: important.frequency_by_contact(circle.alters, frequency)


COMPOSITION: Final[dict[str, Compute]] = {
    "size": _people(indices.size),
    "daily": _people(indices.daily),
    "sober_weekly": _people(indices.sober_weekly),
    "exposure": _people(indices.exposure),
    "met_in_recovery": _people(important.met_in_recovery),
    "opposed_to_use": _important(important.opposed_to_use),
    "mean_importance": _mean(lambda one: one.importance),
    "mean_treatment_support": _mean(lambda one: one.treatment),
    "recovery_support": _people(indices.recovery_support),
    "close_support": _people(indices.close_support),
    "conflict_load": _people(indices.conflict_load),
    "using_contact": _people(indices.using_contact),
    "heavy_share": lambda circle, _anchors: indices.share_of(circle.alters, lambda one: one.heavy),
    "reciprocity": _people(indices.reciprocity),
    "support_concentration": _people(indices.support_concentration),
    "multiplexity": _people(indices.multiplexity),
    "single_point": _people(indices.single_point),
    "relation_blau": lambda circle, _anchors: indices.blau(circle.alters, lambda one: one.relation),
    "members_e_i": _people(important.members_e_i),
}
STRUCTURE: Final[dict[str, Compute]] = {
    "density": lambda circle, _anchors: indices.density(circle.graph(), asked=circle.asked),
    "components": _ties(lambda graph: len(graph.components())),
    "isolates": _ties(lambda graph: len(graph.isolates())),
    "brokers": _ties(lambda graph: len(graph.brokers())),
    "effective_size": _ties(lambda graph: graph.effective_size()),
    "efficiency": _ties(lambda graph: graph.efficiency()),
    "constraint": _ties(lambda graph: graph.constraint()),
    "ties_e_i": lambda circle, _anchors: indices.using_e_i(circle.alters, circle.graph(), asked=circle.asked),
    "homophily": lambda circle, _anchors: indices.homophily(
        circle.alters, circle.graph(), asked=circle.asked
    ),
}
WEIGHTED: Final[dict[str, Compute]] = {
    "drinking_status": _important(important.drinking_status),
    "weighted_drinking": _important(important.weighted_drinking),
    "support_for_abstinence": _important(important.support_for_abstinence),
    "support_for_use": _important(important.support_for_use),
}
IMPORTANT: Final[dict[str, Compute]] = {
    **WEIGHTED,
    "alcohol_sober_share": _of(important.sober_share, _alcohol),
    "alcohol_heavy_share": _of(important.heavy_share, _alcohol),
    "alcohol_status_by_contact": _of(important.status_by_contact, _alcohol),
    "alcohol_frequency_by_contact": _frequency(lambda one: one.alcohol_frequency),
    "drugs_sober_share": _of(important.sober_share, _drugs),
    "drugs_heavy_share": _of(important.heavy_share, _drugs),
    "drugs_status_by_contact": _of(important.status_by_contact, _drugs),
    "drugs_frequency_by_contact": _frequency(lambda one: one.drugs_frequency),
    **{f"reaction_of_important_{part}": _reaction(part, lambda one: one.reaction) for part in important.PARTS},
    **{
        f"reaction_to_drugs_of_important_{part}": _reaction(part, lambda one: one.reaction_to_drugs)
        for part in important.PARTS
    },
    **{f"general_support_{part}": _spread(lambda one: one.general, part) for part in important.PARTS},
    **{f"treatment_support_{part}": _spread(lambda one: one.treatment, part) for part in ("highest", "lowest")},
}  # fmt: skip
NEAREST: Final[dict[str, Compute]] = {
    name: compute
    for name, compute in {**COMPOSITION, **IMPORTANT}.items()
    if name
    in (
        *WEIGHTED, "opposed_to_use", "met_in_recovery", "mean_importance", "alcohol_sober_share", "alcohol_heavy_share",
        "drugs_sober_share", "drugs_heavy_share",
    )
}  # fmt: skip
NAMES: Final = (*COMPOSITION, *STRUCTURE, *IMPORTANT, *(f"four_{name}" for name in NEAREST))
"""Every index, in order. `four_` looks at the most important four alone."""


def every_index(circle: Snapshot, anchors: Anchors = RECALLED) -> dict[str, Index]:
    """Every index of a circle, by name.

    >>> found = every_index(Snapshot([Alter(n) for n in "ABCDE"], [("A", "B"), ("B", "C"), ("D", "E")], asked=True))
    >>> found["density"].value, found["components"].value, found["heavy_share"].reason
    (0.3, 2, 'not_known')
    """
    near = circle.nearest()
    return {
        **{name: compute(circle, anchors) for name, compute in (COMPOSITION | STRUCTURE | IMPORTANT).items()},
        **{f"four_{name}": compute(near, anchors) for name, compute in NEAREST.items()},
    }


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed from one circle to another: who stayed, and figures by name, None where undefined."""

    change: Change
    figures: Mapping[str, float | None]


SHARES: Final[dict[str, Callable[[Alter], bool | None]]] = {
    "using": lambda one: one.uses,
    "heavy": lambda one: one.heavy,
}
FIGURES: Final = (
    "n_before", "n_after", "kept", "lost", "gained", "jaccard", "retention", "turnover", "movement_supporting",
    "movement_using", *(f"{kind}_share_{part}" for kind in SHARES for part in ("change", "within", "replacement")),
)  # fmt: skip


def difference(before: Snapshot, after: Snapshot) -> Difference:
    """Change between two circles, people matched by key. Only people who count are compared.

    Movement is in rings, positive for closer, of those who are for recovery now, and of those who use now.

    >>> then, now = (Snapshot([Alter(key) for key in keys]) for keys in ("ABCDE", "ABFG"))
    >>> found = difference(then, now).figures
    >>> round(found["jaccard"], 4), found["retention"], round(found["turnover"], 4)
    (0.2857, 0.4, 0.5556)
    """
    was, stands = ({one.key: one for one in indices.people(circle.alters)} for circle in (before, after))
    rings = [{key: one.ring for key, one in people.items()} for people in (was, stands)]
    found = change(rings[0], rings[1])
    supporting = [key for key, one in stands.items() if (one.supports or 0) > 0]
    using = [key for key, one in stands.items() if one.uses]
    figures: dict[str, float | None] = {
        "n_before": len(was),
        "n_after": len(stands),
        "kept": len(found.kept),
        "lost": len(found.left),
        "gained": len(found.arrived),
        "jaccard": found.jaccard,
        "retention": found.retention,
        "turnover": found.turnover,
        "movement_supporting": movement(rings[0], rings[1], supporting),
        "movement_using": movement(rings[0], rings[1], using),
    }
    for kind, answer in SHARES.items():
        told = [
            {key: yes for key, one in people.items() if (yes := answer(one)) is not None}
            for people in (was, stands)
        ]
        enough = min(map(len, told)) >= indices.ENOUGH_FOR_A_SHARE
        shift = shift_in_share(told[0], told[1]) if enough else None
        figures |= {
            f"{kind}_share_change": shift.total if shift else None,
            f"{kind}_share_within": shift.within if shift else None,
            f"{kind}_share_replacement": shift.replacement if shift else None,
        }
    return Difference(found, figures)
