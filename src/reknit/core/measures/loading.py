"""From a definition file to a `Measure`, refusing anything that would score wrongly.

Item numbers come from the order of the file. Bands must cover the score range without gap or overlap,
so that every total has exactly one band.
"""

from typing import cast

from reknit.core.data import Table, read_table
from reknit.core.measures.definition import (
    Band,
    CriticalItem,
    Direction,
    Item,
    Licence,
    Measure,
    MissingKind,
    MissingRule,
    Reliability,
    ResponseOption,
    ScoringMethod,
)

PACKAGE = "reknit.core.measures"


def read_measure(measure_id: str) -> Measure:
    """Read and check `definitions/<measure_id>.toml`. Raises `DefinitionError`."""
    return build_measure(read_table(PACKAGE, "definitions", f"{measure_id}.toml"))


def build_measure(table: Table) -> Measure:
    """Turn one definition table into a `Measure` and check it as a whole. Raises `DefinitionError`."""
    low, high = _score_range(table)
    measure = Measure(
        id=table.text("id"),
        version=table.text("version"),
        title=table.text("title"),
        short_title=table.text("short_title"),
        recall_days=table.optional_whole("recall_days"),
        direction=cast(Direction, table.choice("direction", ("higher_worse", "higher_better"))),
        scoring=cast(ScoringMethod, table.choice("scoring", ("sum", "mean"))),
        items=tuple(_item(one, number) for number, one in enumerate(table.tables("items"), start=1)),
        options=_scale(table) if "scale" in table else _options(table),
        missing=_missing(table.table("missing")),
        bands=_bands(table.table("bands")) if "bands" in table else (),
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
    )
    _check(measure, table)
    return measure


def _score_range(table: Table) -> tuple[int, int]:
    values = table.wholes("score_range")
    if len(values) != 2 or values[0] >= values[1]:
        table.refuse("`score_range` must be two whole numbers, lowest first.")
    return values[0], values[1]


def _scale(table: Table) -> tuple[ResponseOption, ...]:
    """A numbered scale, one point apart; keys are v0, v1, ..."""
    scale = table.table("scale")
    return tuple(ResponseOption(n, f"v{n}") for n in range(scale.whole("low"), scale.whole("high") + 1))


def _options(table: Table) -> tuple[ResponseOption, ...]:
    return tuple(
        ResponseOption(one.whole("value"), one.text("key"), one.optional_text("loinc"))
        for one in table.tables("options")
    )


def _item(table: Table, number: int) -> Item:
    return Item(
        id=table.text("id"),
        number=number,
        topic=table.text("topic"),
        scored=table.flag("scored", default=True),
        loinc=table.optional_text("loinc"),
        options=_options(table),
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
        Band(one.text("key"), one.text("label"), one.whole("low"), one.whole("high"), source, population)
        for one in table.tables("ranges")
    )


def _critical(table: Table) -> CriticalItem:
    return CriticalItem(
        item=table.text("item"),
        at_least=table.whole("at_least"),
        reason=table.text("reason"),
        blank_reason=table.text("blank_reason"),
        source=table.text("source"),
    )


def _reliability(table: Table) -> Reliability:
    return Reliability(
        sd=table.number("sd"),
        r=table.number("r"),
        r_type=table.text("r_type"),
        population=table.text("population"),
        source=table.text("source"),
    )


def _licence(table: Table) -> Licence:
    return Licence(
        status=table.text("status"),
        holder=table.text("holder"),
        notice=table.text("notice"),
        url=table.text("url"),
        checked_on=table.text("checked_on"),
        text_shippable=table.flag("text_shippable", default=False),
    )


def _check(measure: Measure, table: Table) -> None:
    _check_items(measure, table)
    _check_missing(measure, table)
    _check_bands(measure, table)
    known = {item.id for item in measure.items}
    for rule in measure.critical:
        if rule.item not in known:
            table.refuse(f"the critical item `{rule.item}` is not one of the items.")


def _check_items(measure: Measure, table: Table) -> None:
    ids = [item.id for item in measure.items]
    if not measure.scored_items or len(set(ids)) != len(ids):
        table.refuse("there must be at least one scored item, and item ids must differ.")
    for item in measure.items:
        values = [option.value for option in measure.options_for(item)]
        if not values or len(set(values)) != len(values) or min(values) < 0:
            table.refuse(f"the options of `{item.id}` must be different values of zero or more.")
    lows = [min(o.value for o in measure.options_for(item)) for item in measure.scored_items]
    highs = [max(o.value for o in measure.options_for(item)) for item in measure.scored_items]
    divisor = 1 if measure.scoring == "sum" else len(lows)
    if (sum(lows), sum(highs)) != (measure.score_range[0] * divisor, measure.score_range[1] * divisor):
        table.refuse("`score_range` does not match the options of the scored items.")


def _check_missing(measure: Measure, table: Table) -> None:
    allowed = measure.missing.max_missing
    if not 0 <= allowed < len(measure.scored_items) or (measure.missing.kind == "none" and allowed):
        table.refuse("`max_missing` does not fit the missing rule and the number of scored items.")


def _check_bands(measure: Measure, table: Table) -> None:
    if not measure.bands:
        return
    low, high = measure.score_range
    expected = low
    for band in measure.bands:
        if band.low != expected or band.high < band.low:
            table.refuse(f"band `{band.key}` leaves a gap, overlaps its neighbour or is upside down.")
        expected = band.high + 1
    if expected != high + 1:
        table.refuse("the bands do not end at the top of the score range.")
