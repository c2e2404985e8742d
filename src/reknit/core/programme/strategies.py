"""The strategy steps of the four focus areas, and how deep a step went: the one door to their file."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from reknit.core.data import Table, read_table

PACKAGE: Final = "reknit.core.programme"
AREAS: Final = ("grief", "dispute", "transition", "sensitivity")
"""The four problem areas of IPT, in the order they are considered."""


@dataclass(frozen=True, slots=True)
class Step:
    """One strategy step of one focus area."""

    code: str
    area: str
    title: str


@dataclass(frozen=True, slots=True)
class Depth:
    """How far a step went. The number is for reports; people read the words."""

    depth: int
    title: str
    meaning: str


@cache
def steps() -> Mapping[str, Step]:
    """Every step by code, area by area. Raises `DefinitionError`.

    >>> steps()["DIS2"].area
    'dispute'
    """
    return MappingProxyType(steps_in(_file()))


def steps_in(file: Table) -> dict[str, Step]:
    """Every step of a file of strategies. Raises `DefinitionError`."""
    table = file.table("steps")
    return {code: _step(code, table.table(code)) for code in table.names()}


@cache
def depths() -> tuple[Depth, ...]:
    """The four depths, shallowest first. Raises `DefinitionError`.

    >>> [one.title for one in depths()]
    ['Touched', 'Worked', 'With feeling', 'Led to change']
    """
    return depths_in(_file())


def depths_in(file: Table) -> tuple[Depth, ...]:
    """Every depth of a file of strategies. Raises `DefinitionError`."""
    found = tuple(
        Depth(one.whole("depth"), one.text("title"), one.text("meaning")) for one in file.tables("depths")
    )
    if [one.depth for one in found] != list(range(len(found))):
        file.refuse("the depths must be numbered from 0 upwards without a gap.", "depths")
    return found


def steps_of(area: str) -> tuple[Step, ...]:
    """The steps of one focus area, in order; none for an area that is not known.

    >>> [step.code for step in steps_of("grief")]
    ['GRF1', 'GRF2', 'GRF3', 'GRF4', 'GRF5', 'GRF6']
    """
    return tuple(step for step in steps().values() if step.area == area)


def _step(code: str, table: Table) -> Step:
    return Step(code, table.choice("area", AREAS), table.text("title"))


@cache
def _file() -> Table:
    return read_table(PACKAGE, "library", "strategies.toml")
