"""Facts of a course: what the rooms reported, in the shape the engine reads.

The words, one for each kind of fact, are data: `library/facts.toml`.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any

from reknit.core.data import Table, read_table

PACKAGE = "reknit.core.programme"


@dataclass(frozen=True, slots=True)
class FactKind:
    """One kind of fact: its name in words, the room that reports it, and the part of its value that names it further."""

    kind: str
    title: str
    room: str
    key: str | None


@dataclass(frozen=True, slots=True)
class Fact:
    """One reported fact. `slot` is the planned session it belongs to; `withdrawn_at` is when it ceased to hold."""

    kind: str
    at: dt.datetime
    slot: int | None = None
    value: Mapping[str, Any] = field(default_factory=dict)
    withdrawn_at: dt.datetime | None = None

    def named(self) -> str:
        """What a task or a gate may ask for more narrowly than the kind: `score/phq-9`.

        >>> at = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
        >>> Fact("score", at, value={"measure": "phq-9"}).named()
        'score/phq-9'
        """
        kind = fact_kinds().get(self.kind)
        return f"{self.kind}/{self.value.get(kind.key)}" if kind and kind.key else self.kind


@cache
def fact_kinds() -> Mapping[str, FactKind]:
    """Every kind of fact, by its name."""
    return MappingProxyType(kinds_of(read_table(PACKAGE, "library", "facts.toml")))


def kinds_of(table: Table) -> dict[str, FactKind]:
    """Every kind of fact of the file of facts. Raises `DefinitionError`."""
    rows = table.table("facts")
    found = {}
    for name in rows.names():
        row = rows.table(name)
        found[name] = FactKind(name, row.text("title"), row.text("room"), row.optional_text("key"))
    return found
