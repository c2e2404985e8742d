"""The short list of medications, read from `list.toml`."""

from collections.abc import Iterable
from dataclasses import dataclass

from reknit.core.data import read_table
from reknit.core.substance_use.catalogue import substance

KINDS = ("opioid", "alcohol", "mood", "other")


@dataclass(frozen=True, slots=True)
class KnownMedication:
    """A generic name, its group, what it is given for here, and what a test may report because of it."""

    code: str
    name: str
    group: str
    kinds: tuple[str, ...]
    shows_as: tuple[str, ...]
    source: str


def _read() -> tuple[KnownMedication, ...]:
    table = read_table("reknit.core.medication", "list.toml")
    sources = {one.text("key"): one.text("words") for one in table.tables("sources")}
    found = []
    for row in table.tables("medications"):
        kinds, source = row.texts("kinds"), row.choice("source", tuple(sources))
        if not kinds or set(kinds) - set(KINDS):
            table.refuse("`kinds` must name what a medication is given for: " + ", ".join(KINDS) + ".")
        shows_as = tuple(substance(code).code for code in row.texts("shows_as"))
        name, group = row.text("name"), row.optional_text("group") or ""
        found.append(KnownMedication(row.text("code"), name, group, kinds, shows_as, sources[source]))
    if len({one.name.lower() for one in found}) != len(found):
        table.refuse("the names of medications must differ.")
    return tuple(found)


MEDICATIONS = _read()
_BY_NAME = {one.name.casefold(): one for one in MEDICATIONS}


def known(name: str) -> KnownMedication | None:
    """The medication of the list with this generic name, however it is written; None for any other.

    >>> found = known(" methadone ")
    >>> found.shows_as if found else ()
    ('opioids',)
    >>> known("thyroxine") is None
    True
    """
    return _BY_NAME.get(" ".join(name.split()).casefold())


def explains(names: Iterable[str]) -> tuple[str, ...]:
    """Substances that a test may report because of these medications; nothing for a name not on the list.

    >>> explains(["Buprenorphine", "Sertraline", "Methadone"])
    ('opioids',)
    """
    found = (one for name in names if (one := known(name)))
    return tuple(dict.fromkeys(code for one in found for code in one.shows_as))
