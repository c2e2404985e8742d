"""A definition as a person reads it: for the terminal, and for the page of the reference made from it."""

from collections.abc import Iterator

from reknit.core.measures.catalogue import loinc_notice
from reknit.core.measures.definition import Band, Item, Measure
from reknit.core.measures.wording import in_pack, wording_state

LICENCE = {
    "shipped": "free to show, with its credit line",
    "own_terms": "terms of its own, narrower than those of the software",
    "site_permission": "needs the site's own permission",
}
WORDING = {
    "shown": "ships with its words",
    "off": "words in a pack that is off until the site switches it on",
    "needs_permission": "words shown only with the site's own permission",
    "not_in_hand": "no words in hand: a site loads its own copy",
}
BETTER = {"higher_worse": "worse", "higher_better": "better"}


def describe(measure: Measure) -> str:
    """One definition as plain text, with its sources.

    >>> from reknit.core.measures.catalogue import measure
    >>> describe(measure("gad-2")).splitlines()[0]
    'Generalized Anxiety Disorder scale, two items (GAD-2)'
    """
    text = page(measure)
    for mark in ("`", "**"):
        text = text.replace(mark, "")
    lines = [line for line in text.splitlines() if not line.startswith("Written by")]
    lines[0] = lines[0].removeprefix("# ")
    return "\n".join(line.removeprefix("## ") for line in lines) + "\n"


def page(measure: Measure) -> str:
    """One definition as a page in Markdown.

    >>> from reknit.core.measures.catalogue import measure
    >>> page(measure("pacs")).splitlines()[0]
    '# Penn Alcohol Craving Scale (PACS)'
    """
    parts = [
        f"# {measure.title}",
        "Written by `./reknit docs` from the definition; `./reknit check` fails when it is out of date.",
        "\n".join(_facts(measure)),
        "## Items",
        "\n".join(_items(measure)),
        *_section("Results", _results(measure)),
        *_section("Bands", _bands(measure)),
        *_section("Rules", _rules(measure)),
        *_section("Flags", _flags(measure)),
        *_section("Reliability", _reliability(measure)),
        *_section("Notes", measure.notes),
        *_section("Not checked, and so not used", measure.unverified),
        *_section("Sources", measure.sources),
        "## Licence",
        "\n".join(_licence(measure)),
    ]
    return "\n\n".join(parts) + "\n"


def _section(title: str, lines: Iterator[str] | tuple[str, ...]) -> list[str]:
    found = list(lines)
    if not found:
        return []
    return [f"## {title}", "\n".join(f"- {line}" for line in found)]


def _facts(measure: Measure) -> Iterator[str]:
    yield f"- **id**: `{measure.id}`, definition version {measure.version}"
    yield f"- **about**: {recall_text(measure)}"
    if measure.scoring == "none":
        yield "- **total**: none"
    else:
        low, high = measure.score_range
        how = "sum" if measure.scoring == "sum" else "mean"
        yield f"- **total**: the {how} of the items, {low} to {high}; higher is {BETTER[measure.direction]}"
    if not measure.validated:
        yield "- **validated**: no"
    codes = [
        f"{name} {code}"
        for name, code in (("panel", measure.loinc_panel), ("total", measure.loinc_total))
        if code
    ]
    if codes:
        yield f"- **LOINC**: {', '.join(codes)}"
    yield f"- **words**: {WORDING[wording_state(measure)]}"


def recall_text(measure: Measure) -> str:
    """The time a measure asks about, in words.

    >>> from reknit.core.measures.catalogue import measure
    >>> [recall_text(measure(one)) for one in ("phq-9", "audit", "session-checkin")]
    ['the past 14 days', 'past year', "today's session"]
    """
    if measure.recall:
        return measure.recall
    return f"the past {measure.recall_days} days" if measure.recall_days else "today's session"


def _items(measure: Measure) -> Iterator[str]:
    yield "| column | item | answers | LOINC |"
    yield "|---|---|---|---|"
    for item in measure.items:
        note = ", counts the other way round" if item.reverse else ""
        note += "" if item.scored or item.helper else ", not scored"
        column = f"`{item.column}`" if item.column else ""
        yield f"| {column} | {item.topic}{note} | {_answers(measure, item)} | {item.loinc or ''} |"


def _answers(measure: Measure, item: Item) -> str:
    options = measure.options_for(item)
    if item.helper:
        return ", ".join(option.key for option in options)
    values = [option.value for option in options]
    if not item.reverse and any(option.points != option.value for option in options):
        return ", ".join(f"{option.value} (counts {option.points})" for option in options)
    if len(values) > 2 and values == list(range(values[0], values[-1] + 1)):
        return f"{values[0]} to {values[-1]}"
    return ", ".join(map(str, values))


def _results(measure: Measure) -> Iterator[str]:
    for scale in measure.subscales:
        given = ""
        if scale.min_answered < len(scale.items):
            given = f", when {scale.min_answered} or more of {len(scale.items)} are answered"
        yield f"`{scale.id}`: {scale.title}; {scale.scoring}{given}"
    for one in measure.computed:
        values = f": {', '.join(one.values)}" if one.values else ""
        yield f"`{one.id}`: {one.title}{values}"


def _bands(measure: Measure) -> Iterator[str]:
    sets = [(f" ({_when(measure, one.item, one.values)})", one.bands) for one in measure.band_sets] or [
        ("", measure.bands)
    ]
    for when, bands in sets:
        if not bands:
            return
        for band in bands:
            yield f"{band.label}, `{band.key}`{_limits(measure, band)}{when}"
        yield f"From{when}: {bands[0].source}. People: {bands[0].population}."
    if measure.band_on != "total":
        yield f"The band stands on `{measure.band_on}`."


def _when(measure: Measure, item_id: str, values: tuple[int, ...]) -> str:
    item = measure.item(item_id)
    assert item is not None
    return ", ".join(option.key for option in measure.options_for(item) if option.value in values)


def _limits(measure: Measure, band: Band) -> str:
    if measure.scoring == "none":
        return ""
    if measure.band_rule == "rounded":
        return f": {band.low} to {band.high}" if band.low != band.high else f": {band.low}"
    return f": {'above' if band.above else 'from'} {band.low}, up to {band.high}"


def _rules(measure: Measure) -> Iterator[str]:
    if measure.missing.max_missing:
        yield f"Blank items: up to {measure.missing.max_missing} take the mean of the answered ones. {measure.missing.source}"
    else:
        yield f"Blank items: none may be blank. {measure.missing.source}"
    numbers = {item.id: str(item.number) for item in measure.items}
    for skip in measure.skips:
        yield f"Skip over items {', '.join(numbers[one] for one in skip.items)}: {skip.source}"
    for rule in measure.not_applicable:
        yield f"Does not apply, item {', '.join(numbers[one] for one in rule.items)}: {rule.source}"


def _flags(measure: Measure) -> Iterator[str]:
    numbers = {item.id: item.number for item in measure.items}
    for rule in measure.critical:
        flag = rule.flag or f"item-{numbers[rule.item]}"
        blank = f"; `item-{numbers[rule.item]}-missing` when blank" if rule.blank_reason else ""
        yield f"`{flag}` at {rule.at_least} or more{blank}. {rule.source}"
    for one in measure.sum_flags:
        yield f"`{one.flag}`. {one.source}"
    if measure.skips or measure.checks:
        yield "`inconsistent`: an item that should have been skipped was answered, or two answers cannot both be right."


def _reliability(measure: Measure) -> Iterator[str]:
    for one in measure.reliability:
        spread = f", SD {one.sd:g}" if one.sd else ""
        yield f"{one.r:g} ({one.r_type}){spread}. People: {one.population}. Source: {one.source}"


def _what_it_takes(measure: Measure) -> str:
    """What a site does before a page shows the words."""
    if measure.licence.state == "site_permission":
        return "the site records its permission and loads the words that it was given"
    if not in_pack(measure):
        copy = (
            "the site gets the form from its holder and loads it word for word, on the page of questionnaires"
        )
        switch = f", and switches on the pack `{measure.pack}` where its terms fit"
        return copy + (switch if measure.licence.state == "own_terms" else "")
    if measure.licence.state == "own_terms":
        return f"the site switches on the pack `{measure.pack}` where its terms fit"
    return "nothing; the credit line is shown with them"


def _licence(measure: Measure) -> Iterator[str]:
    licence = measure.licence
    yield f"- **state**: {LICENCE[licence.state]} ({licence.status})"
    yield f"- **to show the words**: {_what_it_takes(measure)}"
    yield f"- **holder**: {licence.holder}"
    yield f"- **notice**: {licence.notice}"
    yield f"- **looked up**: {licence.url}, {licence.checked_on}"
    if measure.loinc_panel or measure.loinc_total or any(item.loinc for item in measure.items):
        yield f"- **LOINC notice**: {loinc_notice()}"
