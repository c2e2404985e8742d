"""Who works on what and who responds to whom: the matrix of a group, counted from its turns."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reknit.core.groups.roster import QUIET_FOR


@dataclass(frozen=True, slots=True)
class Turn:
    """One member's work in one session: on which focus, and who of the others responded."""

    session: int
    worker: str
    focus: str
    responders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Matrix:
    """Counts over a span of sessions. Rows and columns are in the order of `people`."""

    people: tuple[str, ...]
    foci: tuple[str, ...]
    worked: Mapping[tuple[str, str], int]  # (who, focus)
    responded: Mapping[tuple[str, str], int]  # (who responded, to whom)

    def turns_of(self, person: str) -> int:
        return sum(self.worked.get((person, focus), 0) for focus in self.foci)

    def responses_by(self, person: str) -> int:
        return sum(self.responded.get((person, other), 0) for other in self.people)

    def responses_to(self, person: str) -> int:
        return sum(self.responded.get((other, person), 0) for other in self.people)

    @property
    def total(self) -> int:
        return sum(self.worked.values())

    def share_of(self, person: str) -> float | None:
        """This person's part of all turns; unknown while nobody has worked, which is not the same as none."""
        return self.turns_of(person) / self.total if self.total else None


def matrix(turns: Iterable[Turn], people: Sequence[str]) -> Matrix:
    """Count turns and responses.

    >>> found = matrix([Turn(1, "a", "grief", ("b", "c")), Turn(2, "a", "grief"), Turn(2, "b", "dispute", ("a",))], "abc")
    >>> found.turns_of("a"), found.responses_to("a"), found.responses_by("c"), round(found.share_of("a"), 2)
    (2, 2, 1, 0.67)
    """
    worked: Counter[tuple[str, str]] = Counter()
    responded: Counter[tuple[str, str]] = Counter()
    for turn in turns:
        worked[turn.worker, turn.focus] += 1
        for other in dict.fromkeys(turn.responders):
            if other != turn.worker:
                responded[other, turn.worker] += 1
    return Matrix(
        tuple(people), tuple(sorted({focus for _who, focus in worked})), dict(worked), dict(responded)
    )


def quiet(
    came: Mapping[str, Sequence[int]], turns: Iterable[Turn], *, sessions: int = QUIET_FOR
) -> tuple[str, ...]:
    """Members who came to their latest sessions and neither worked in them nor responded to anybody.

    `came` holds for each member the numbers of the sessions they came to. Somebody who came to fewer is not known to
    be quiet.

    >>> quiet({"a": [1, 2, 3], "b": [1, 2, 3], "c": [3]}, [Turn(2, "a", "grief")])
    ('b',)
    """
    spoke: dict[str, set[int]] = {}
    for turn in turns:
        for person in (turn.worker, *turn.responders):
            spoke.setdefault(person, set()).add(turn.session)
    return tuple(
        person
        for person, numbers in came.items()
        if len(numbers) >= sessions and not spoke.get(person, set()) & set(sorted(numbers)[-sessions:])
    )


def next_to_work(came: Mapping[str, Sequence[int]], turns: Iterable[Turn]) -> tuple[str, ...]:
    """Members in the order in which a turn is due: longest ago first, those who never worked before all others.

    >>> next_to_work({"a": [1, 2], "b": [1, 2], "c": [2]}, [Turn(2, "a", "grief"), Turn(1, "b", "grief")])
    ('c', 'b', 'a')
    """
    latest: dict[str, int] = {}
    for turn in turns:
        latest[turn.worker] = max(latest.get(turn.worker, 0), turn.session)
    order = list(came)
    return tuple(sorted(order, key=lambda person: (latest.get(person, 0), order.index(person))))
