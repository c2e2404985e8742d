"""The words of an instrument, read from its content pack.

A pack is a folder with one licence: `pack.toml` says whose words they are and on what terms, and
`<measure>.<language>.toml` holds the words. A pack without a notice is refused, because the notice is
what lets the words be shown. Words under narrower terms are shown only where the site switched their pack on, and
words that are not ours to give only where the site recorded its permission (`site`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

from reknit.core.data import Table, read_file, read_table
from reknit.core.errors import UnknownWording
from reknit.core.measures.definition import Item, Measure, ResponseOption
from reknit.core.measures.loading import PACKAGE
from reknit.core.measures.site import NO_SITE, Site

WordingState = Literal["shown", "off", "needs_permission", "not_in_hand"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the words of a measure were compared with, and when. `kind`: `publisher`, `copy`, or `own` for our own."""

    measure: str
    kind: str
    source: str
    compared_on: str


@dataclass(frozen=True, slots=True)
class Pack:
    """Whose words, from where, on what terms, checked when.

    A pack that is `non_commercial` may be switched on where a clinic says that it has no commercial purpose.
    """

    id: str
    title: str
    licence: str
    source: str
    terms: str
    checked_on: str
    notice: str
    non_commercial: bool = False
    evidence: tuple[Evidence, ...] = ()


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
    """Read the terms of one pack. Raises `DefinitionError`.

    >>> read_pack("va-ptsd").licence
    'Public domain'
    """
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
        non_commercial=table.flag("non_commercial", default=False),
        evidence=tuple(
            Evidence(
                one.text("measure"),
                one.choice("kind", ("publisher", "copy", "own")),
                one.text("source"),
                one.text("compared_on"),
            )
            for one in table.tables("evidence")
        ),
    )


def lacks_evidence(pack: Pack, measure_id: str) -> str | None:
    """Why the words of a measure in a pack are not shown to be the published ones, or nothing.

    The publisher's own form is enough, and so is our own hand; copies must be two that do not come from each other.

    >>> one = Evidence("x", "copy", "A", "2026-11-26")
    >>> pack = Pack("p", "t", "l", "s", "t", "2026-11-26", "n", evidence=(one,))
    >>> lacks_evidence(pack, "x")
    'the words of x were compared with 1 copy; two are needed, or the form of the publisher.'
    """
    found = [one for one in pack.evidence if one.measure == measure_id]
    copies = {one.source for one in found if one.kind == "copy"}
    if any(one.kind != "copy" for one in found) or len(copies) >= 2:
        return None
    count = f"{len(copies)} cop{'y' if len(copies) == 1 else 'ies'}"
    return (
        f"the words of {measure_id} were compared with {count}; two are needed, or the form of the publisher."
    )


def own_packs() -> tuple[Pack, ...]:
    """Every pack that travels with the software, by name.

    >>> [one.id for one in own_packs()][:3]
    ['assist', 'audit', 'barc']
    """
    folder = files(PACKAGE).joinpath("packs")
    return tuple(read_pack(one.name) for one in sorted(folder.iterdir(), key=lambda one: one.name))


def words_in(pack_id: str) -> tuple[str, ...]:
    """The measures whose words a pack holds.

    >>> words_in("audit"), words_in("assist")
    (('audit', 'audit-c'), ())
    """
    names = [one.name for one in files(PACKAGE).joinpath("packs", pack_id).iterdir()]
    return tuple(
        sorted({name.split(".")[0] for name in names if name.count(".") == 2 and name.endswith(".toml")})
    )


def free_of_commerce() -> tuple[str, ...]:
    """Packs whose words may be shown wherever nothing is sold, if they were compared with the published form.

    >>> free_of_commerce()
    ('audit', 'dast-10')
    """
    return tuple(
        pack.id
        for pack in own_packs()
        if pack.non_commercial
        and (words := words_in(pack.id))
        and not any(lacks_evidence(pack, one) for one in words)
    )


def wording_state(measure: Measure, site: Site = NO_SITE, language: str = "en") -> WordingState:
    """Whether the words of a measure can be shown at a site, and if not, what is missing.

    `off` is said only where words are in hand: where there are none, switching their pack on would show nothing.

    >>> from reknit.core.measures.catalogue import measure
    >>> [wording_state(measure(one)) for one in ("phq-9", "audit", "wsas", "pacs", "assist")]
    ['shown', 'off', 'needs_permission', 'not_in_hand', 'not_in_hand']
    """
    if measure.licence.state == "site_permission" and measure.id not in site.permissions:
        return "needs_permission"
    if not words_in_hand(measure, language, site):
        return "not_in_hand"
    return "off" if measure.licence.state == "own_terms" and measure.pack not in site.packs else "shown"


def read_wording(measure: Measure, language: str, site: Site = NO_SITE) -> Wording:
    """Read the words of `measure` in `language`. Raises `UnknownWording` or `DefinitionError`.

    >>> from reknit.core.measures.catalogue import measure
    >>> read_wording(measure("gad-2"), "en").options["gad2_1"][3]
    (3, 'Nearly every day')
    >>> read_wording(measure("pacs"), "en")
    Traceback (most recent call last):
    reknit.core.errors.UnknownWording: There is no wording of the PACS in the language 'en'.
    """
    state = wording_state(measure, site, language)
    if state != "shown":
        raise UnknownWording(_refusal(measure, language, state))
    return build_wording(measure, _words(measure, language, site), language)


def build_wording(measure: Measure, table: Table, language: str) -> Wording:
    """Put the words of a table to the items and answers of a measure. Raises `DefinitionError`.

    `[options]` holds the words of an answer by its key; `[options.<item>]` those of one item whose answers differ.

    >>> from reknit.core.measures.catalogue import measure
    >>> build_wording(measure("gad-2"), Table({"items": {"gad2_1": "One"}, "options": {}}, "gad-2.en.toml"), "en")
    Traceback (most recent call last):
    reknit.core.errors.DefinitionError: gad-2.en.toml: the items with words are not exactly the items of the definition.
    """
    items, labels = table.table("items"), table.table("options")
    if set(items.names()) != {item.id for item in measure.items if not item.helper}:
        table.refuse("the items with words are not exactly the items of the definition.")
    return Wording(
        title=table.text("title"),
        instruction=table.optional_text("instruction") or "",
        items=MappingProxyType(
            {one.id: one.ask.question if one.ask else items.text(one.id) for one in measure.asked_items}
        ),
        options=MappingProxyType({one.id: _labels(measure, one, labels) for one in measure.asked_items}),
        notice=_notice(measure),
        language=language,
    )


def bare_wording(measure: Measure) -> Wording:
    """What stands in for the words where they may not be shown, on a sheet that was given when they might: topics
    and values, and none of the holder's words.

    >>> from reknit.core.measures.catalogue import measure
    >>> bare_wording(measure("wsas")).items["wsas_1"]
    'work'
    """
    options = {
        item.id: _own_labels(item)
        or tuple((option.value, str(option.value)) for option in measure.options_for(item))
        for item in measure.asked_items
    }
    return Wording(
        title=measure.title,
        instruction="",
        items=MappingProxyType(
            {item.id: item.ask.question if item.ask else item.topic for item in measure.asked_items}
        ),
        options=MappingProxyType(options),
        notice=measure.licence.notice,
    )


def _refusal(measure: Measure, language: str, state: WordingState) -> str:
    if state == "off":
        return (
            f"The wording of the {measure.short_title} has terms of its own; switch on the pack "
            f"'{measure.pack}' where they fit."
        )
    if state == "needs_permission":
        return f"The wording of the {measure.short_title} may be shown once this site has recorded its permission."
    return f"There is no wording of the {measure.short_title} in the language '{language}'."


def _notice(measure: Measure) -> str:
    """The notice of the pack, or of the licence where the words are the site's own copy."""
    return read_pack(measure.pack).notice if in_pack(measure) else measure.licence.notice


def _file_name(measure: Measure, language: str) -> str | None:
    return f"{measure.id}.{language}.toml" if language.replace("-", "").isalnum() else None


def in_pack(measure: Measure, language: str = "en") -> bool:
    """Whether the words of a measure came with the software.

    >>> from reknit.core.measures.catalogue import measure
    >>> in_pack(measure("audit")), in_pack(measure("wsas")), in_pack(measure("audit"), "de")
    (True, False, False)
    """
    name = _file_name(measure, language)
    return name is not None and files(PACKAGE).joinpath("packs", measure.pack, name).is_file()


def words_in_hand(measure: Measure, language: str, site: Site) -> bool:
    """Whether words are there, from a pack or from the site, before it is asked whether they may be shown.

    >>> from reknit.core.measures.catalogue import measure
    >>> own = Site(words={"wsas.en": Table({}, "wsas.en.toml")})
    >>> words_in_hand(measure("wsas"), "en", NO_SITE), words_in_hand(measure("wsas"), "en", own)
    (False, True)
    """
    name = _file_name(measure, language)
    if name is None:
        return False
    own = f"{measure.id}.{language}" in site.words or (
        site.folder is not None and (site.folder / name).is_file()
    )
    return own or in_pack(measure, language)


def _words(measure: Measure, language: str, site: Site) -> Table:
    """Words of a pack come first: they were compared with the published form."""
    name = f"{measure.id}.{language}.toml"
    if in_pack(measure, language):
        return read_table(PACKAGE, "packs", measure.pack, name)
    if recorded := site.words.get(f"{measure.id}.{language}"):
        return recorded
    assert site.folder is not None
    return read_file(site.folder / name)


def _own_labels(item: Item) -> tuple[tuple[int, str], ...]:
    """The answers of a helper, in our own words, whoever holds those of the questions."""
    words = item.ask.answers if item.ask else ()
    return tuple((option.value, label) for option, label in zip(item.options, words, strict=False))


def _labels(measure: Measure, item: Item, labels: Table) -> tuple[tuple[int, str], ...]:
    if item.ask:
        return _own_labels(item)
    own = labels.table(item.id) if item.id in labels else labels
    return tuple(
        (option.value, _label(option, own if option.key in own else labels))
        for option in measure.options_for(item)
    )


def _label(option: ResponseOption, labels: Table) -> str:
    """The words of an answer; a place on a run of numbers that has none is its number."""
    bare = option.key == f"v{option.value}" and option.key not in labels
    return str(option.value) if bare else labels.text(option.key)
