"""Refusing a definition that would score wrongly: the rule it breaks, in words, with the file's name.

Bands must cover the score range without gap or overlap, so that every total has exactly one band.
"""

from reknit.core.data import Table
from reknit.core.measures.definition import Band, Item, Measure

RESERVED = frozenset({"status", "total", "band", "flags", "n_missing", "reason", "definition"})


def check(measure: Measure, table: Table) -> None:
    """Look at a measure as a whole. Raises `DefinitionError`.

    >>> from dataclasses import replace
    >>> from reknit.core.measures.catalogue import measure
    >>> gad_2 = measure("gad-2")
    >>> check(gad_2, Table({}, "gad-2.toml"))
    >>> check(replace(gad_2, bands=gad_2.bands[:1]), Table({}, "gad-2.toml"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    reknit.core.errors.DefinitionError: gad-2.toml: ...
    """
    _check_items(measure, table)
    _check_range(measure, table)
    _check_missing(measure, table)
    _check_bands(measure, table)
    _check_critical(measure, table)
    _check_results(measure, table)
    _check_helpers(measure, table)
    _check_licence(measure, table)


def _check_items(measure: Measure, table: Table) -> None:
    ids = [item.id for item in measure.items]
    columns = [name for item in measure.items for name in (item.column, *item.also) if name]
    if not measure.scored_items or len(set(ids)) != len(ids) or len(set(columns)) != len(columns):
        table.refuse("there must be at least one scored item, and item ids must differ.")
    for item in measure.items:
        values = [option.value for option in measure.options_for(item)]
        if not values or len(set(values)) != len(values) or not 0 <= min(values) <= max(values) <= 99:
            table.refuse(f"the options of `{item.id}` must be different values of zero or more.")
        if min(option.points for option in measure.options_for(item)) < 0:
            table.refuse(f"the points of `{item.id}` must be zero or more.")


def _check_range(measure: Measure, table: Table) -> None:
    if measure.scoring == "none":
        return
    lows = [min(_points(measure, item)) for item in measure.scored_items]
    highs = [max(_points(measure, item)) for item in measure.scored_items]
    divisor = 1 if measure.scoring == "sum" else len(lows)
    if (sum(lows), sum(highs)) != (measure.score_range[0] * divisor, measure.score_range[1] * divisor):
        table.refuse("`score_range` does not match the options of the scored items.")


def _points(measure: Measure, item: Item) -> list[int]:
    return [option.points for option in measure.options_for(item)]


def _check_missing(measure: Measure, table: Table) -> None:
    allowed = measure.missing.max_missing
    if not 0 <= allowed < len(measure.scored_items) or (measure.missing.kind == "none" and allowed):
        table.refuse("`max_missing` does not fit the missing rule and the number of scored items.")


def _check_bands(measure: Measure, table: Table) -> None:
    if measure.scoring == "none":
        return
    for bands in [measure.bands, *(one.bands for one in measure.band_sets)]:
        if [band.key for band in bands] != [band.key for band in measure.bands]:
            table.refuse("the sets of bands must hold the same bands.")
        _check_cover(measure, table, bands)


def _check_cover(measure: Measure, table: Table, bands: tuple[Band, ...]) -> None:
    if not bands:
        return
    low, high = measure.score_range
    step = 0 if measure.band_rule == "exact" else 1
    expected = low
    for band in bands:
        if band.low != expected or band.high < band.low:
            table.refuse(f"band `{band.key}` leaves a gap, overlaps its neighbour or is upside down.")
        expected = band.high + step
    if expected != high + step:
        table.refuse("the bands do not end at the top of the score range.")


def _check_licence(measure: Measure, table: Table) -> None:
    if measure.licence.text_shippable != (measure.licence.state != "site_permission"):
        table.refuse("`text_shippable` does not fit the state of the licence.")


def _check_critical(measure: Measure, table: Table) -> None:
    known = {item.id for item in measure.items}
    for rule in measure.critical:
        if rule.item not in known:
            table.refuse(f"the critical item `{rule.item}` is not one of the items.")
    for one in measure.checks:
        if not {one.higher, one.than} <= known:
            table.refuse(f"the check of `{one.higher}` names an item that is not there.")


def _check_results(measure: Measure, table: Table) -> None:
    names = measure.results
    if len(set(names)) != len(names) or RESERVED & set(names):
        table.refuse("results must have different names, and none that every measure has.")
    if measure.band_on != "total" and measure.band_on not in names:
        table.refuse(f"bands stand on `{measure.band_on}`, which is no result.")
    if measure.computed and not measure.special:
        table.refuse("computed results need a special module.")
    for one in measure.subscales:
        if not one.items or not 0 < one.min_answered <= len(one.items):
            table.refuse(f"`min_answered` of `{one.id}` does not fit its items.")


def _check_helpers(measure: Measure, table: Table) -> None:
    helpers = {item.id: {o.value for o in measure.options_for(item)} for item in measure.items if item.helper}
    for name, values in [
        *((one.when, one.values) for one in measure.not_applicable),
        *((one.item, one.values) for one in measure.band_sets),
    ]:
        if name not in helpers or not set(values) <= helpers[name]:
            table.refuse(f"`{name}` must be a helper with the values {values}.")
    for item in measure.items:
        if item.ask and (not item.helper or len(item.ask.answers) != len(item.options)):
            table.refuse(
                f"`ask` of `{item.id}` needs a helper, and one answer in words for each of its options."
            )
