"""Scoring: answers in, a `Score` out, for one sheet or for whole columns of them.

Four rules hold for every measure.

1. A score is complete, prorated, incomplete or invalid; only the first two carry a total.
2. A prorated total keeps two decimals and takes the band of its half-up rounded value.
3. A value that is not one of the item's options makes the sheet invalid and is named.
4. Critical items speak for themselves: whatever the state, even if another item is invalid. A critical
   item left blank is a finding of its own and never counts as zero.
"""

import operator
import reprlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from reknit.core.measures.columns import STATE_CODES, ScoreColumns, score_columns
from reknit.core.measures.definition import Item, Measure
from reknit.core.measures.missing import ScoreState, half_up, state_of, total_fraction

__all__ = [
    "STATE_CODES",
    "CriticalFinding",
    "Score",
    "ScoreColumns",
    "ScoreState",
    "band_key",
    "score",
    "score_columns",
]

Answers = Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class CriticalFinding:
    """A critical item that was answered at or above its threshold, or was left blank.

    `reason` is a key of `core.safety.triggers`; a blank item carries its lower-class reason.
    """

    item: str
    reason: str
    value: int | None
    is_blank: bool


@dataclass(frozen=True, slots=True)
class Score:
    """One scored answer sheet. `band` is a band key; `values` holds every legal answer by item id."""

    measure_id: str
    definition_version: str
    state: ScoreState
    total: Decimal | None
    band: str | None
    answered: int
    n_items: int
    missing: tuple[str, ...]
    critical: tuple[CriticalFinding, ...]
    problem: str | None
    values: Answers = field(hash=False)


def score(measure: Measure, answers: Answers) -> Score:
    """Score one answer sheet.

    `answers` maps item ids to values; an absent item and `None` both mean blank. Never raises for what
    a person answered: a bad value or an unknown item gives an invalid score whose `problem` says why.

    Source of the missing rule and bands: the definition of the measure.

    >>> from reknit.core.measures.catalogue import measure
    >>> sheet = {f"phq9_{n}": 2 for n in range(1, 8)}
    >>> result = score(measure("phq-9"), sheet)
    >>> str(result.state), result.total, result.band
    ('prorated', Decimal('18.00'), 'moderately_severe')
    >>> result.critical[0].reason
    'phq9_item9_blank'
    """
    values = {item.id: _legal(measure, item, answers.get(item.id)) for item in measure.items}
    answered = [value for item in measure.scored_items if (value := values[item.id]) is not None]
    problem = _problem(measure, answers, values)
    state = ScoreState.INVALID if problem else state_of(measure, len(answered))
    total, band = _total(measure, state, sum(answered), len(answered))
    return Score(
        measure_id=measure.id,
        definition_version=measure.version,
        state=state,
        total=total,
        band=band,
        answered=len(answered),
        n_items=len(measure.scored_items),
        missing=tuple(item.id for item in measure.scored_items if answers.get(item.id) is None),
        critical=_critical(measure, values),
        problem=problem,
        values=values,
    )


def band_key(measure: Measure, rounded_total: int) -> str | None:
    """Key of the band a whole-number total falls in, or nothing when the measure has no bands.

    >>> from reknit.core.measures.catalogue import measure
    >>> band_key(measure("gad-7"), 15)
    'severe'
    """
    return next((b.key for b in measure.bands if b.low <= rounded_total <= b.high), None)


def _legal(measure: Measure, item: Item, value: object) -> int | None:
    """The value as a whole number if it is one of the item's options, else nothing."""
    if value is None or isinstance(value, bool):
        return None
    try:
        whole = operator.index(value)  # type: ignore[arg-type]  # the type is what is being tested
    except TypeError:
        return None
    return whole if any(option.value == whole for option in measure.options_for(item)) else None


def _problem(measure: Measure, answers: Answers, values: Answers) -> str | None:
    """One sentence per thing that makes the sheet invalid, or nothing."""
    sentences = [
        f"Item {item.number} of the {measure.short_title} ({item.topic}) was answered {reprlib.repr(answers[item.id])}, "
        f"which is not one of its answers: {_choices(measure, item)}."
        for item in measure.items
        if answers.get(item.id) is not None and values[item.id] is None
    ]
    sentences += [
        f"The {measure.short_title} has no item called {reprlib.repr(name)}."
        for name in answers
        if name not in values
    ]
    return " ".join(sentences) or None


def _choices(measure: Measure, item: Item) -> str:
    return ", ".join(str(option.value) for option in measure.options_for(item))


def _total(
    measure: Measure, state: ScoreState, summed: int, answered: int
) -> tuple[Decimal | None, str | None]:
    if state not in (ScoreState.COMPLETE, ScoreState.PRORATED):
        return None, None
    numerator, denominator = total_fraction(measure, summed, answered)
    band = band_key(measure, half_up(numerator, denominator))
    if state is ScoreState.COMPLETE and measure.scoring == "sum":
        return Decimal(summed), band
    return Decimal(half_up(100 * numerator, denominator)).scaleb(-2), band


def _critical(measure: Measure, values: Answers) -> tuple[CriticalFinding, ...]:
    """Findings of all critical items. An answer that cannot be read is asked again, like a blank one."""
    findings = []
    for rule in measure.critical:
        value = values[rule.item]
        if value is None:
            findings.append(CriticalFinding(rule.item, rule.blank_reason, None, True))
        elif value >= rule.at_least:
            findings.append(CriticalFinding(rule.item, rule.reason, value, False))
    return tuple(findings)
