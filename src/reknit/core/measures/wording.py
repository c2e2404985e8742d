"""The words of an instrument, read from its content pack.

A pack is a folder with one licence: `pack.toml` says whose words they are and on what terms, and
`<measure>.<language>.toml` holds the words. A pack without a notice is refused, because the notice is
what lets the words be shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from types import MappingProxyType

from reknit.core.data import Table, read_table
from reknit.core.errors import UnknownWording
from reknit.core.measures.definition import Item, Measure
from reknit.core.measures.loading import PACKAGE


@dataclass(frozen=True, slots=True)
class Pack:
    """Whose words, from where, on what terms, checked when."""

    id: str
    title: str
    licence: str
    source: str
    terms: str
    checked_on: str
    notice: str


@dataclass(frozen=True, slots=True)
class Wording:
    """Everything a page needs to show a measure, in one language.

    `items` and `options` are keyed by item id; `options` holds (value, label) pairs in order. The
    `notice` must be shown wherever the words are.
    """

    title: str
    instruction: str
    items: Mapping[str, str] = field(hash=False)
    options: Mapping[str, tuple[tuple[int, str], ...]] = field(hash=False)
    notice: str
    language: str = "en"


def read_pack(pack_id: str) -> Pack:
    """Read the terms of one pack. Raises `DefinitionError`."""
    return build_pack(read_table(PACKAGE, "packs", pack_id, "pack.toml"))


def build_pack(table: Table) -> Pack:
    """Turn a `pack.toml` table into a `Pack`.

    >>> build_pack(Table({"id": "x", "notice": " "}, "packs/x/pack.toml"))
    Traceback (most recent call last):
    reknit.core.errors.DefinitionError: packs/x/pack.toml: the notice is empty, so these words may not be shown.
    """
    if not table.has_text("notice"):
        table.refuse("the notice is empty, so these words may not be shown.")
    return Pack(
        id=table.text("id"),
        title=table.text("title"),
        licence=table.text("licence"),
        source=table.text("source"),
        terms=table.text("terms"),
        checked_on=table.text("checked_on"),
        notice=table.text("notice"),
    )


def read_wording(measure: Measure, language: str) -> Wording:
    """Read the words of `measure` in `language`. Raises `UnknownWording` or `DefinitionError`."""
    name = f"{measure.id}.{language}.toml"
    if (
        not language.replace("-", "").isalnum()
        or not files(PACKAGE).joinpath("packs", measure.pack, name).is_file()
    ):
        raise UnknownWording(
            f"There is no wording of the {measure.short_title} in the language '{language}'."
        )
    table = read_table(PACKAGE, "packs", measure.pack, name)
    items, labels = table.table("items"), table.table("options")
    if set(items.names()) != {item.id for item in measure.items}:
        table.refuse("the items with words are not exactly the items of the definition.")
    return Wording(
        title=table.text("title"),
        instruction=table.text("instruction"),
        items=MappingProxyType({item.id: items.text(item.id) for item in measure.items}),
        options=MappingProxyType({item.id: _labels(measure, item, labels) for item in measure.items}),
        notice=read_pack(measure.pack).notice,
        language=language,
    )


def _labels(measure: Measure, item: Item, labels: Table) -> tuple[tuple[int, str], ...]:
    return tuple((option.value, labels.text(option.key)) for option in measure.options_for(item))
