"""The graph of ties between the people of a circle, without the client: components, brokers, Burt's structural holes."""

from collections.abc import Hashable, Iterable, Sequence
from typing import Any


class Graph:
    """People and the undirected ties between them. A tie to nobody known is left out; a pair counts once.

    >>> Graph("ABC", [("A", "B"), ("B", "A"), ("C", "C"), ("C", "Z")]).ties
    (('A', 'B'),)
    """

    def __init__(self, nodes: Iterable[Hashable], ties: Iterable[Sequence[Hashable]]) -> None:
        self.nodes = tuple(dict.fromkeys(nodes))
        order = {node: place for place, node in enumerate(self.nodes)}
        self.neighbours: dict[Hashable, set[Hashable]] = {node: set() for node in self.nodes}
        pairs: dict[tuple[Any, Any], None] = {}
        for one, other in ties:
            if one in order and other in order and one != other:
                pairs[(one, other) if order[one] < order[other] else (other, one)] = None
                self.neighbours[one].add(other)
                self.neighbours[other].add(one)
        self.ties: tuple[tuple[Any, Any], ...] = tuple(pairs)

    def components(self, without: Hashable | None = None) -> list[set[Hashable]]:
        """Sets of people joined by ties; somebody may be left out.

        >>> [sorted(part) for part in Graph("ABC", [("A", "B")]).components()]
        [['A', 'B'], ['C']]
        """
        left = [node for node in self.nodes if node != without]
        seen: set[Hashable] = set()
        found = []
        for start in left:
            if start in seen:
                continue
            part, waiting = {start}, [start]
            while waiting:
                fresh = self.neighbours[waiting.pop()] - part - {without}
                part |= fresh
                waiting += fresh
            seen |= part
            found.append(part)
        return found

    def isolates(self) -> tuple[Hashable, ...]:
        """People without a tie to anybody else.

        >>> Graph("ABC", [("A", "B")]).isolates()
        ('C',)
        """
        return tuple(node for node in self.nodes if not self.neighbours[node])

    def degrees(self) -> dict[Hashable, int]:
        """How many of the others each person is tied to.

        >>> Graph("ABC", [("A", "B"), ("B", "C")]).degrees()
        {'A': 1, 'B': 2, 'C': 1}
        """
        return {node: len(self.neighbours[node]) for node in self.nodes}

    def brokers(self) -> tuple[Hashable, ...]:
        """People without whom the rest falls into more parts.

        >>> Graph("ABC", [("A", "B"), ("B", "C")]).brokers()
        ('B',)
        """
        parts = len(self.components())
        return tuple(node for node in self.nodes if len(self.components(without=node)) > parts)

    def effective_size(self) -> float:
        """n - 2L/n: people, less the ties among them that say the same twice (Burt 1992, unweighted). From 1 to n people.

        It needs somebody: with nobody it is undefined and raises `ZeroDivisionError`, as the two below do.

        >>> Graph("ABCDE", [("A", "B"), ("B", "C"), ("D", "E")]).effective_size()
        3.8
        """
        n = len(self.nodes)
        return n - 2 * len(self.ties) / n

    def efficiency(self) -> float:
        """Effective size over n, from 1/n to 1 (Burt 1992).

        >>> Graph("ABCDE", [("A", "B"), ("B", "C"), ("D", "E")]).efficiency()
        0.76
        """
        return self.effective_size() / len(self.nodes)

    def constraint(self) -> float:
        """Burt's constraint on the client: sum over j of (p_ij + sum over q of p_iq * p_qj) squared.

        The client is tied to everybody, each tie is as strong as another, and p is a tie's part of all ties of a person,
        the one to the client among them. Near 0 open, near 1 closed in (Burt 1992). Of a network of one it is 1, and of
        two who know each other 1.125.

        >>> round(Graph("ABCDE", [("A", "B"), ("B", "C"), ("D", "E")]).constraint(), 4)
        0.4822
        """
        own = 1 / len(self.nodes)
        reach = [
            own + sum(own / (len(self.neighbours[q]) + 1) for q in self.neighbours[j]) for j in self.nodes
        ]
        return sum(part**2 for part in reach)
