"""Facts to consider when a level of care is talked about, sorted under the headings of an edition. Nothing here decides.

The headings are data, `dimensions.toml`. A number without a name was not checked against its edition and shows none.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from reknit.core.data import Table, read_table
from reknit.core.errors import BadInput

PACKAGE: Final = "reknit.core.coordination"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is known, with its day. `topic` is one of ours; `on` is None where the day is not known."""

    topic: str
    sentence: str
    on: dt.date | None


@dataclass(frozen=True, slots=True)
class Dimension:
    """One heading of an edition: its number, its name where that was checked, and the topics that stand under it."""

    number: int
    name: str | None
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition with its six headings and where they come from."""

    key: str
    title: str
    source: str
    dimensions: tuple[Dimension, ...]


def _read() -> tuple[dict[str, str], dict[str, Edition]]:
    table = read_table(PACKAGE, "dimensions.toml")
    topics = {one.text("key"): one.text("title") for one in table.tables("topics")}
    editions = {one.text("key"): _edition(one, topics) for one in table.tables("editions")}
    return topics, editions


def _edition(table: Table, topics: dict[str, str]) -> Edition:
    dimensions = tuple(
        Dimension(number, one.optional_text("name"), one.texts("topics"))
        for number, one in enumerate(table.tables("dimensions"), start=1)
    )
    if sorted(topic for one in dimensions for topic in one.topics) != sorted(topics):
        table.refuse("each topic must stand under exactly one dimension.")
    return Edition(table.text("key"), table.text("title"), table.text("source"), dimensions)


TOPICS, EDITIONS = _read()


def edition(key: str) -> Edition:
    """One edition by its key.

    >>> [one.name for one in edition("asam-4").dimensions][-2:]
    [None, 'Person-centred considerations']
    """
    if key not in EDITIONS:
        raise BadInput(f"No edition is called {key!r}.")
    return EDITIONS[key]


def sort_facts(facts: Iterable[Fact], of: Edition) -> tuple[tuple[Dimension, tuple[Fact, ...]], ...]:
    """Facts under the headings of an edition, none lost and none twice; the latest first.

    >>> use = Fact("use", "Used on 3 of 28 known days.", dt.date(2026, 3, 1))
    >>> [(one.number, len(found)) for one, found in sort_facts([use], edition("asam-3")) if found]
    [(5, 1)]
    """
    known = sorted(facts, key=lambda one: (one.on is None, -(one.on.toordinal() if one.on else 0)))
    return tuple((one, tuple(fact for fact in known if fact.topic in one.topics)) for one in of.dimensions)
