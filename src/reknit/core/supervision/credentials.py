"""What bodies that certify ask for, as data, and how far a person has come. Data: `credentials.toml`.

A count here is no certificate. What a body accepts as evidence, it decides itself.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from reknit.core.data import Table, read_table

COUNTED: Final = frozenset(
    {
        "received_hours", "given_hours", "supervisees", "supervised_cases", "whole_cases", "rated_initial",
        "rated_later",
    }
)  # fmt: skip
"""What the record shows by itself."""
TOLD: Final = frozenset(
    {"course_hours", "booster_hours", "training_hours", "portfolios", "all_recorded", "practice_years"}
)
"""What somebody writes down, with where the proof is kept."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that is asked for: its kind, how many, and the least mean where ratings are counted."""

    kind: str
    count: float
    words: str
    least: float | None = None

    @property
    def is_counted(self) -> bool:
        return self.kind in COUNTED


@dataclass(frozen=True, slots=True)
class Credential:
    """One level of one body. `note` says what is not known here."""

    key: str
    body: str
    level: str
    title: str
    requirements: tuple[Requirement, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """One requirement and how much of it there is."""

    requirement: Requirement
    there: float

    @property
    def is_met(self) -> bool:
        return self.there >= self.requirement.count

    @property
    def missing(self) -> float:
        return max(self.requirement.count - self.there, 0)


@cache
def credentials() -> tuple[Credential, ...]:
    """Every level, in the order of the file."""
    return tuple(_credential(one) for one in _file().tables("credentials"))


def checked_on() -> dt.date:
    """When what stands in the file was last compared with what the bodies say."""
    return _file().date("checked_on")


def credential(key: str) -> Credential | None:
    """One level by its key.

    >>> [one.count for one in credential("isipt-therapist").requirements]
    [16.0, 3.0, 150.0]
    """
    return next((one for one in credentials() if one.key == key), None)


def progress(one: Credential, there: Mapping[str, float]) -> tuple[Progress, ...]:
    """How much of each requirement there is; what nobody counted or told is zero of it.

    >>> [(p.there, p.missing, p.is_met) for p in progress(credential("ipt-institute-a"), {"course_hours": 16})]
    [(16, 0, True)]
    """
    return tuple(Progress(asked, there.get(asked.kind, 0)) for asked in one.requirements)


@cache
def _file() -> Table:
    return read_table("reknit.core.supervision", "credentials.toml")


def _credential(table: Table) -> Credential:
    requirements = []
    for one in table.tables("requirements"):
        kind = one.choice("kind", tuple(sorted(COUNTED | TOLD)))
        requirements.append(
            Requirement(kind, one.number("count"), one.text("words"), one.optional_number("least"))
        )
    note = table.optional_text("note") or ""
    if not requirements and not note:
        table.refuse("say what is asked for, or in `note` that it is not known.")
    return Credential(
        key=table.text("key"),
        body=table.text("body"),
        level=table.text("level"),
        title=table.text("title"),
        requirements=tuple(requirements),
        note=note,
    )
