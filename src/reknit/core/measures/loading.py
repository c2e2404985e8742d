"""From a definition file to a `Measure`, each part read by its own function.

Item numbers come from the order of the file unless the printed form numbers them otherwise. `checking` refuses
what would score wrongly.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from reknit.core.data import Table, read_table
from reknit.core.measures.checking import check
from reknit.core.measures.definition import (
    Asked,
    Band,
    BandRule,
    BandSet,
    Check,
    Computed,
    ComputedKind,
    CriticalItem,
    Direction,
    Item,
    Licence,
    LicenceState,
    Measure,
    MissingKind,
    MissingRule,
    NotApplicable,
    Reliability,
    ResponseOption,
    ScoringMethod,
    Skip,
    Subscale,
    SumFlag,
)

PACKAGE = "reknit.core.measures"
METHODS = ("sum", "mean", "none")


def read_measure(measure_id: str) -> Measure:
    """Read and check `definitions/<measure_id>.toml`. Raises `DefinitionError`.

    >>> read_measure("gad-2").score_range
    (0, 6)
    """
    return build_measure(read_table(PACKAGE, "definitions", f"{measure_id}.toml"))


def build_measure(table: Table) -> Measure:
    """Turn one definition table into a `Measure` and check it as a whole. Raises `DefinitionError`.

    >>> table = read_table(PACKAGE, "definitions", "gad-2.toml")
    >>> [band.key for band in build_measure(table).bands]
    ['negative', 'positive']
    >>> build_measure(Table({}, "x.toml"))
    Traceback (most recent call last):
    reknit.core.errors.DefinitionError: x.toml: `scoring` must be text that is not empty.
    """
    low, high = _score_range(table)
    options = _scale(table) if "scale" in table else _options(table)
    items = tuple(_item(one, number, options) for number, one in enumerate(table.tables("items"), start=1))
    bands = _bands(table.table("bands")) if "bands" in table else ()
    sets = tuple(_band_set(one) for one in table.tables("band_sets"))
    measure = Measure(
        id=table.text("id"),
        version=table.text("version"),
        title=table.text("title"),
        short_title=table.text("short_title"),
        recall_days=table.optional_whole("recall_days"),
        recall=table.optional_text("recall"),
        direction=cast(Direction, table.choice("direction", ("higher_worse", "higher_better"))),
        scoring=cast(ScoringMethod, table.choice("scoring", METHODS)),
        items=items,
        options=options,
        missing=_missing(table.table("missing")),
        bands=bands or (sets[0].bands if sets else ()),
        band_sets=sets,
        band_rule=cast(
            BandRule,
            table.choice("band_rule", ("rounded", "exact")) if "band_rule" in table else "rounded",
        ),
        band_on=table.optional_text("band_on") or "total",
        critical=tuple(_critical(one) for one in table.tables("critical")),
        reliability=tuple(_reliability(one) for one in table.tables("reliability")),
        licence=_licence(table.table("licence")),
        score_range=(low, high),
        pack=table.text("pack"),
        loinc_panel=table.optional_text("loinc_panel"),
        loinc_total=table.optional_text("loinc_total"),
        validated=table.flag("validated", default=True),
        notes=table.texts("notes"),
        sources=table.texts("sources"),
        unverified=table.texts("unverified"),
        subscales=tuple(_subscale(one, items) for one in table.tables("subscales")),
        computed=tuple(_computed(one) for one in table.tables("computed")),
        skips=tuple(_skip(one, items) for one in table.tables("skips")),
        not_applicable=tuple(_not_applicable(one, items) for one in table.tables("not_applicable")),
        checks=tuple(
            Check(one.text("higher"), one.text("than"), one.text("source")) for one in table.tables("checks")
        ),
        sum_flags=tuple(_sum_flag(one, items) for one in table.tables("sum_flags")),
        special=table.optional_text("special"),
    )
    check(measure, table)
    return measure


def _score_range(table: Table) -> tuple[int, int]:
    if table.text("scoring") == "none":
        return 0, 0
    bounds = table.wholes("score_range")
    if len(bounds) != 2:
        table.refuse("`score_range` must be the lowest and the highest possible score.")
    return bounds[0], bounds[1]


def _scale(table: Table) -> tuple[ResponseOption, ...]:
    """A run of whole numbers in place of one table per option; `labels` names the words of some."""
    scale = table.table("scale")
    return tuple(
        ResponseOption(n, f"v{n}", points=n) for n in range(scale.whole("low"), scale.whole("high") + 1)
    )


def _options(table: Table) -> tuple[ResponseOption, ...]:
    return tuple(
        ResponseOption(
            value=one.whole("value"),
            key=one.text("key"),
            loinc=one.optional_text("loinc"),
            points=one.whole("points") if "points" in one else one.whole("value"),
            written=tuple(word.lower() for word in one.texts("written")),
        )
        for one in table.tables("options")
    )


def _item(table: Table, place: int, shared: tuple[ResponseOption, ...]) -> Item:
    number = table.whole("number") if "number" in table else place
    scored = table.flag("scored", default=True)
    own = _options(table)
    reverse = table.flag("reverse", default=False)
    if points := table.wholes("points"):
        own = _with_points(table, own or shared, points)
    if reverse:
        own = _reversed(own or shared)
    return Item(
        id=table.text("id"),
        number=number,
        topic=table.text("topic"),
        scored=scored,
        loinc=table.optional_text("loinc"),
        options=own,
        column=table.optional_text("column") or (f"q{number}" if scored else None),
        also=table.texts("also"),
        reverse=reverse,
        helper=table.flag("helper", default=False),
        lenient=table.flag("lenient", default=False),
        required=table.flag("required", default=False),
        optional=table.flag("optional", default=False),
        ask=_asked(table.table("ask")) if "ask" in table else None,
    )


def _asked(table: Table) -> Asked:
    return Asked(table.text("question"), table.text("why"), table.text("blank"), table.texts("answers"))


def _with_points(
    table: Table, options: tuple[ResponseOption, ...], points: Sequence[int]
) -> tuple[ResponseOption, ...]:
    """The same answers, each counting what the key of this item says."""
    if len(points) != len(options):
        table.refuse(f"`points` of `{table.text('id')}` must name one number for each answer.")
    return tuple(replace(option, points=point) for option, point in zip(options, points, strict=True))


def _reversed(options: tuple[ResponseOption, ...]) -> tuple[ResponseOption, ...]:
    """The same answers, counted from the other end: lowest plus highest, less the points."""
    ends = min(one.points for one in options) + max(one.points for one in options)
    return tuple(replace(one, points=ends - one.points) for one in options)


def _ids(table: Table, key: str, items: tuple[Item, ...]) -> tuple[str, ...]:
    """Item ids from the numbers on the printed form, which is how keys are published."""
    numbers = table.wholes(key)
    by_number = {item.number: item.id for item in items if not item.helper}
    for number in numbers:
        if number not in by_number:
            table.refuse(f"`{key}` names item {number}, which is not there.")
    return tuple(by_number[number] for number in numbers)


def _subscale(table: Table, items: tuple[Item, ...]) -> Subscale:
    ids = _ids(table, "items", items)
    return Subscale(
        id=table.text("id"),
        title=table.text("title"),
        items=ids,
        scoring=cast(ScoringMethod, table.choice("scoring", ("sum", "mean"))),
        min_answered=table.whole("min_answered") if "min_answered" in table else len(ids),
        within_missing_rule=table.flag("within_missing_rule", default=False),
        note=table.optional_text("note"),
    )


def _computed(table: Table) -> Computed:
    return Computed(
        id=table.text("id"),
        title=table.text("title"),
        kind=cast(ComputedKind, table.choice("kind", ("points", "number", "choice", "truth"))),
        values=table.texts("values"),
    )


def _skip(table: Table, items: tuple[Item, ...]) -> Skip:
    return Skip(_ids(table, "when", items), _ids(table, "items", items), table.text("source"))


def _not_applicable(table: Table, items: tuple[Item, ...]) -> NotApplicable:
    return NotApplicable(
        _ids(table, "items", items), table.text("when"), table.wholes("values"), table.text("source")
    )


def _sum_flag(table: Table, items: tuple[Item, ...]) -> SumFlag:
    return SumFlag(
        table.text("flag"), _ids(table, "items", items), table.whole("at_least"), table.text("source")
    )


def _missing(table: Table) -> MissingRule:
    return MissingRule(
        kind=cast(MissingKind, table.choice("kind", ("mean_substitution", "none"))),
        max_missing=table.whole("max_missing"),
        source=table.text("source"),
    )


def _bands(table: Table) -> tuple[Band, ...]:
    source, population = table.text("source"), table.text("population")
    return tuple(
        Band(
            key=one.text("key"),
            label=one.text("label"),
            low=one.whole("low"),
            high=one.whole("high"),
            source=source,
            population=population,
            above=one.flag("above", default=False),
        )
        for one in table.tables("ranges")
    )


def _band_set(table: Table) -> BandSet:
    return BandSet(table.text("item"), table.wholes("values"), _bands(table))


def _critical(table: Table) -> CriticalItem:
    return CriticalItem(
        item=table.text("item"),
        at_least=table.whole("at_least"),
        reason=table.text("reason"),
        blank_reason=table.optional_text("blank_reason"),
        source=table.text("source"),
        flag=table.optional_text("flag") or "",
    )


def _reliability(table: Table) -> Reliability:
    return Reliability(
        sd=table.optional_number("sd"),
        r=table.number("r"),
        r_type=table.text("r_type"),
        population=table.text("population"),
        source=table.text("source"),
    )


def _licence(table: Table) -> Licence:
    return Licence(
        state=cast(LicenceState, table.choice("state", ("shipped", "own_terms", "site_permission"))),
        status=table.text("status"),
        holder=table.text("holder"),
        notice=table.text("notice"),
        url=table.text("url"),
        checked_on=table.text("checked_on"),
        text_shippable=table.flag("text_shippable", default=False),
    )
