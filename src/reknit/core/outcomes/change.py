"""Reliable and clinically significant change after Jacobson and Truax.

Source: Jacobson NS, Truax P (1991). Clinical significance: a statistical approach to defining meaningful
change in psychotherapy research. J Consult Clin Psychol 59:12-19.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from reknit.core.errors import BadInput
from reknit.core.measures.definition import Direction
from reknit.core.outcomes.rules import ReliableChangeRule, rule, rules

__all__ = [
    "ChangeResult",
    "Cutoffs",
    "ReliableChangeRule",
    "is_remission",
    "is_response",
    "jacobson_truax_cutoffs",
    "reliable_change",
    "rule",
    "rules",
]

Number = int | float | Decimal
Reliable = Literal["improved", "deteriorated", "no_reliable_change"]
Category = Literal["recovered", "improved", "unchanged", "deteriorated"]

RESPONSE_SHARE: Final = Decimal("0.5")
"""Response: at least half of the baseline score gone (PHQ-9: Kroenke & Spitzer 2002, Psychiatr Ann 32:509)."""

PHQ9_REMISSION_BELOW: Final = 5
"""Remission on the PHQ-9: a score below 5 (Kroenke & Spitzer 2002, Psychiatr Ann 32:509)."""


@dataclass(frozen=True, slots=True)
class ChangeResult:
    """Change from baseline to latest. `difference` is latest minus baseline in points, sign kept.

    `rci` is given when the rule has a standard deviation and reliability. Someone who
    `started_below_cutoff` (on the healthy side of it) cannot recover by this rule; `crossed_without_reliable` says that the cut-off
    was passed by a change too small to be sure of.
    """

    difference: float
    reliable: Reliable
    rci: float | None
    category: Category
    started_below_cutoff: bool
    crossed_without_reliable: bool


@dataclass(frozen=True, slots=True)
class Cutoffs:
    """The three cut-offs of Jacobson and Truax; b and c need norms and may be None."""

    a: float
    b: float | None
    c: float | None


def reliable_change(
    rule: ReliableChangeRule,
    baseline: Number,
    latest: Number,
    direction: Direction = "higher_worse",
) -> ChangeResult:
    """Compare two scores by one named rule.

    Formula: ``SEM = SD * sqrt(1 - r)``, ``Sdiff = sqrt(2) * SEM``, ``RCI = (latest - baseline) / Sdiff``;
    reliable when ``|RCI| >= z``, or when a fixed number of points is reached. Recovered means reliably
    improved and moved from the clinical to the non-clinical side; a score at the cut-off is clinical.

    >>> result = reliable_change(rule("phq-9", "jacobson-truax-retest"), 18, 6)
    >>> result.category, round(result.rci, 2)
    ('recovered', -3.86)
    """
    before, after = _exact(baseline), _exact(latest)
    difference = float(after - before)
    reliable = _reliable(rule, difference, direction)
    was_clinical = _is_clinical(rule, before, direction)
    crossed = was_clinical and rule.cutoff is not None and not _is_clinical(rule, after, direction)
    return ChangeResult(
        difference=difference,
        reliable=reliable,
        rci=None if rule.sdiff is None else difference / rule.sdiff,
        category=_category(reliable, crossed=crossed),
        started_below_cutoff=not was_clinical,
        crossed_without_reliable=crossed and reliable != "improved",
    )


def is_response(baseline: Number, latest: Number) -> bool:
    """Whether at least half of the baseline score is gone, on a measure where higher is worse.

    A baseline of zero leaves nothing to respond with and gives False.

    >>> is_response(18, 9), is_response(18, 10), is_response(0, 0)
    (True, False, False)
    """
    return _exact(baseline) > 0 and _exact(latest) <= _exact(baseline) * (1 - RESPONSE_SHARE)


def is_remission(latest: Number, below: Number = PHQ9_REMISSION_BELOW) -> bool:
    """Whether a score is in the range of remission; the default limit is that of the PHQ-9.

    >>> is_remission(4), is_remission(5)
    (True, False)
    """
    return _exact(latest) < _exact(below)


@dataclass(frozen=True, slots=True)
class ServiceOutcome:
    """The outcome of one person by the rule of the English services, over depression and anxiety together."""

    was_case: bool
    recovered: bool
    reliably_improved: bool
    reliably_deteriorated: bool

    @property
    def reliably_recovered(self) -> bool:
        """Recovered, and reliably improved on at least one of the two without reliably worsening on the other.

        >>> english_service_outcome(phq9=(15, 8), gad7=(12, 7)).reliably_recovered
        True
        >>> english_service_outcome(phq9=(10, 9), gad7=(4, 4)).reliably_recovered
        False
        """
        return self.recovered and self.reliably_improved


def english_service_outcome(*, phq9: tuple[Number, Number], gad7: tuple[Number, Number]) -> ServiceOutcome:
    """Recovery as English Talking Therapies services count it: each pair is (first, latest).

    A case scores 10 or more on the PHQ-9 or 8 or more on the GAD-7 at first; recovered means below both at the latest.
    Reliable improvement: 6 points on the PHQ-9 or 4 on the GAD-7 down, and neither up by as much. Source: NHS Talking
    Therapies for anxiety and depression, outcome definitions.

    >>> outcome = english_service_outcome(phq9=(15, 8), gad7=(12, 7))
    >>> outcome.recovered, outcome.reliably_recovered
    (True, True)
    >>> english_service_outcome(phq9=(15, 8), gad7=(6, 9)).recovered
    False
    """
    by_phq, by_gad = rule("phq-9", "english-services-6"), rule("gad-7", "english-services-4")
    results = [reliable_change(by_phq, *phq9), reliable_change(by_gad, *gad7)]
    was_case = _is_clinical(by_phq, _exact(phq9[0]), "higher_worse") or _is_clinical(
        by_gad, _exact(gad7[0]), "higher_worse"
    )
    is_case = _is_clinical(by_phq, _exact(phq9[1]), "higher_worse") or _is_clinical(
        by_gad, _exact(gad7[1]), "higher_worse"
    )
    worse = any(one.reliable == "deteriorated" for one in results)
    return ServiceOutcome(
        was_case=was_case,
        recovered=was_case and not is_case,
        reliably_improved=any(one.reliable == "improved" for one in results) and not worse,
        reliably_deteriorated=worse and not any(one.reliable == "improved" for one in results),
    )


def jacobson_truax_cutoffs(
    *,
    clinical_mean: float,
    clinical_sd: float,
    norm_mean: float | None = None,
    norm_sd: float | None = None,
) -> Cutoffs:
    """Cut-offs between a clinical and a norm group.

    a: two SDs from the clinical mean towards health. b: two SDs from the norm mean towards illness.
    c: where the two groups meet, ``(SD_norm * M_clin + SD_clin * M_norm) / (SD_clin + SD_norm)``. Prefer c
    where norms exist and the two groups overlap. Without norms higher scores are taken as worse.

    >>> jacobson_truax_cutoffs(clinical_mean=40, clinical_sd=7.5, norm_mean=60, norm_sd=7.5)
    Cutoffs(a=55.0, b=45.0, c=50.0)
    """
    if clinical_sd <= 0 or (norm_sd is not None and norm_sd <= 0):
        raise BadInput("A standard deviation must be above zero.")
    if norm_mean is None or norm_sd is None:
        return Cutoffs(clinical_mean - 2 * clinical_sd, None, None)
    towards_health = 1 if norm_mean > clinical_mean else -1
    meet = (norm_sd * clinical_mean + clinical_sd * norm_mean) / (clinical_sd + norm_sd)
    return Cutoffs(
        clinical_mean + towards_health * 2 * clinical_sd,
        norm_mean - towards_health * 2 * norm_sd,
        meet,
    )


def _exact(value: Number) -> Decimal:
    """The number as it is written. Prorated scores have two decimals, and 10.29 - 4.29 must be 6."""
    return Decimal(str(value))


def _reliable(rule: ReliableChangeRule, difference: float, direction: Direction) -> Reliable:
    if abs(difference) < rule.threshold:
        return "no_reliable_change"
    is_better = difference < 0 if direction == "higher_worse" else difference > 0
    return "improved" if is_better else "deteriorated"


def _is_clinical(rule: ReliableChangeRule, value: Decimal, direction: Direction) -> bool:
    if rule.cutoff is None:
        return True
    return value >= rule.cutoff if direction == "higher_worse" else value <= rule.cutoff


def _category(reliable: Reliable, *, crossed: bool) -> Category:
    if reliable == "no_reliable_change":
        return "unchanged"
    return "recovered" if reliable == "improved" and crossed else reliable
