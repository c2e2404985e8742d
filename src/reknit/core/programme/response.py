"""The mid-course review: when it is due, and whether the response so far asks for a talk about a plan B (gate G09).

The rule asks; it never decides. A clinician writes whether the response is adequate, and no number changes that.
"""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from reknit.core.programme.protocol import ProtocolTemplate
from reknit.core.substance_use.summaries import Abstinence

Verdict = Literal["asks", "enough", "cannot_tell"]
UseChange = Literal["lower", "same", "higher", "unknown"]
Standing = Literal["due", "overdue"]
REVIEW: Final = "M09"


@dataclass(frozen=True, slots=True)
class ResponseRules:
    """Settings of gate G09. Programme settings: 20 % is the lower end of the 20 to 25 % used for early response
    (Lambert's work on feedback, and service rules); no study fixes it for IPT in addiction recovery."""

    least_drop_percent: float = 20.0
    least_coverage: float = 0.75


@dataclass(frozen=True, slots=True)
class Response:
    """What the numbers say at the review. `drop_percent` is None where there are not two scores to compare."""

    verdict: Verdict
    drop_percent: float | None
    use_change: UseChange
    mood_asks: bool | None
    use_asks: bool | None


def review_slots(template: ProtocolTemplate) -> tuple[int, ...]:
    """The slots at which a template asks for the mid-course review.

    >>> from reknit.core.programme.template import template
    >>> review_slots(template("ipt-16"))
    (8,)
    """
    return tuple(
        sorted(
            {
                task.latest_slot
                for task in template.tasks
                if task.code == REVIEW and task.latest_slot is not None
            }
        )
    )


def review_standing(template: ProtocolTemplate, slot: int, reviewed: Collection[int] = ()) -> Standing | None:
    """Whether the review is due at this slot or overdue; a review held early counts for the next one that is due.

    `reviewed` holds the slots of the sessions in which one was held.

    >>> from reknit.core.programme.template import template
    >>> [review_standing(template("ipt-16"), slot) for slot in (7, 8, 9)]
    [None, 'due', 'overdue']
    >>> review_standing(template("ipt-16"), 10, {8}) is None
    True
    """
    asked = [due for due in review_slots(template) if due <= slot]
    if len(asked) <= len([one for one in reviewed if one <= slot]):
        return None
    return "due" if asked[-1] == slot else "overdue"


def drop_percent(first: Decimal | float | None, latest: Decimal | float | None) -> float | None:
    """By how many percent a score has come down from the first. Below zero when it went up.

    None when a score is missing, or when the first was zero and there is nothing to come down from.

    >>> drop_percent(18, 12), drop_percent(0, 4), drop_percent(None, 3)
    (33.3, None, None)
    """
    if first is None or latest is None or first <= 0:
        return None
    return round(float(100 * (Decimal(str(first)) - Decimal(str(latest))) / Decimal(str(first))), 1)


def use_change(
    baseline: Abstinence | None,
    now: Abstinence | None,
    rules: ResponseRules = ResponseRules(),  # noqa: B008
) -> UseChange:
    """Whether there are fewer use days than before the course, as a share of the days that are known.

    Not known when either window has too few known days: a day nobody told about is never a day without use.
    """
    if baseline is None or now is None:
        return "unknown"
    if min(baseline.coverage, now.coverage) < rules.least_coverage:
        return "unknown"
    before, after = baseline.use_days / baseline.reported, now.use_days / now.reported
    if after == before:
        return "same"
    return "lower" if after < before else "higher"


def response(
    *,
    first: Decimal | float | None,
    latest: Decimal | float | None,
    baseline: Abstinence | None,
    now: Abstinence | None,
    rules: ResponseRules = ResponseRules(),  # noqa: B008
) -> Response:
    """Gate G09: a drop on the PHQ-9 under the setting, or use days not lower than before, asks for a plan B talk.

    One of them is enough to ask. When neither asks and something is missing, nobody can tell; it is never taken
    as enough. Somebody who had no use day before the course cannot have fewer: no use day now is enough for them.

    >>> response(first=18, latest=17, baseline=None, now=None).verdict
    'asks'
    >>> response(first=18, latest=9, baseline=None, now=None).verdict
    'cannot_tell'
    """
    drop, change = drop_percent(first, latest), use_change(baseline, now, rules)
    mood_asks = None if drop is None else drop < rules.least_drop_percent
    use_asks = None if change == "unknown" else change != "lower" and not _stays_without(baseline, now)
    if mood_asks or use_asks:
        verdict: Verdict = "asks"
    elif mood_asks is None or use_asks is None:
        verdict = "cannot_tell"
    else:
        verdict = "enough"
    return Response(verdict, drop, change, mood_asks, use_asks)


def _stays_without(baseline: Abstinence | None, now: Abstinence | None) -> bool:
    return bool(baseline and now and baseline.use_days == 0 and now.use_days == 0)
