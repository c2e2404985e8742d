"""One answer sheet: a row of `columns.score_columns`, with the words that say what is wrong with it."""

import operator
import reprlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

import numpy as np

from reknit.core.measures.columns import STATE_CODES, ScoreColumns, score_codes, score_columns, score_sheet
from reknit.core.measures.definition import Computed, Item, Measure
from reknit.core.measures.missing import ScoreState
from reknit.core.measures.plan import BLANK, ILLEGAL

__all__ = [
    "STATE_CODES",
    "CriticalFinding",
    "Score",
    "ScoreColumns",
    "ScoreState",
    "result_of",
    "score",
    "score_codes",
    "score_columns",
]

Answers = Mapping[str, int | None]
Result = float | str | bool | None


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
    """One scored answer sheet. `band` is a band key; `values` holds every legal answer by item id.

    `results` holds subscales and computed results by name, nothing for undefined; `flags` are names.
    """

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
    results: Mapping[str, Result] = field(default_factory=dict, hash=False)
    flags: tuple[str, ...] = ()


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
    codes = [_code(item, answers.get(item.id), values[item.id]) for item in measure.items]
    row, blank = score_sheet(measure, np.array(codes, dtype=np.int8)[:, None])
    problem = _problem(measure, answers, values) if set(answers) - set(values) or row.states[0] == 3 else None
    state = ScoreState.INVALID if problem else STATE_CODES[row.states[0]]
    return Score(
        measure_id=measure.id,
        definition_version=measure.version,
        state=state,
        total=None if problem else _total(measure, state, row),
        band=measure.bands[row.bands[0]].key if row.bands[0] >= 0 and not problem else None,
        answered=int(row.answered[0]),
        n_items=len(measure.scored_items),
        missing=blank,
        critical=_critical(measure, values, row),
        problem=problem,
        values=values,
        results=MappingProxyType(
            {
                name: None if problem else result_of(measure, name, row.results[name][0])
                for name in row.results
            }
        ),
        flags=tuple(name for bit, name in enumerate(row.flag_names) if row.flags[0] >> bit & 1),
    )


def result_of(measure: Measure, name: str, value: float) -> Result:
    """A result as a person reads it: a number, a word of its values, true or false, or nothing.

    >>> from reknit.core.measures.catalogue import measure
    >>> phq = measure("phq-9")
    >>> result_of(phq, "algorithm", 2.0), result_of(phq, "phq_2", 3.0), result_of(phq, "phq_2", np.nan)
    ('major', 3.0, None)
    """
    if np.isnan(value):
        return None
    computed = next((one for one in measure.computed if one.id == name), None)
    return float(value) if computed is None else _computed(computed, float(value))


def _computed(computed: Computed, value: float) -> Result:
    if computed.kind == "choice":
        return computed.values[int(value)]
    return bool(value) if computed.kind == "truth" else value


def _code(item: Item, given: object, legal: int | None) -> int:
    if legal is not None:
        return legal
    return BLANK if given is None or item.lenient else ILLEGAL


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
        f"which is not one of its answers: {choices(measure, item)}."
        for item in measure.items
        if answers.get(item.id) is not None and values[item.id] is None and not item.lenient
    ]
    sentences += [
        f"The {measure.short_title} has no item called {reprlib.repr(name)}."
        for name in answers
        if name not in values
    ]
    return " ".join(sentences) or None


def choices(measure: Measure, item: Item) -> str:
    """The answers of an item, for a sentence.

    >>> from reknit.core.measures.catalogue import measure
    >>> audit = measure("audit")
    >>> choices(audit, audit.items[8])
    '0, 2, 4'
    """
    return ", ".join(str(option.value) for option in measure.options_for(item))


def _total(measure: Measure, state: ScoreState, row: ScoreColumns) -> Decimal | None:
    if np.isnan(row.totals[0]):
        return None
    if state is ScoreState.COMPLETE and measure.scoring == "sum":
        return Decimal(int(row.totals[0]))
    return Decimal(round(row.totals[0] * 100)).scaleb(-2)


def _critical(measure: Measure, values: Answers, row: ScoreColumns) -> tuple[CriticalFinding, ...]:
    """Findings of all critical items. An answer that cannot be read is asked again, like a blank one."""
    raised = {name for bit, name in enumerate(row.flag_names) if row.flags[0] >> bit & 1}
    findings = []
    for rule in measure.critical:
        item = next(one for one in measure.items if one.id == rule.item)
        if rule.blank_reason and f"item-{item.number}-missing" in raised:
            findings.append(CriticalFinding(rule.item, rule.blank_reason, None, True))
        elif (rule.flag or f"item-{item.number}") in raised:
            findings.append(CriticalFinding(rule.item, rule.reason, values[rule.item], False))
    return tuple(findings)
