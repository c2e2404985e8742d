"""The recurrence rule of maintenance (X05): when symptoms or use come back over the mark, and by when to answer.

The rule asks for a new assessment and a step up that is offered; it decides nothing and ends nothing. The marks and the
days are settings of a template, and no published rule.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from reknit.core.programme.course import Course
from reknit.core.programme.facts import Fact

ANSWER = "task_done/X05"


@dataclass(frozen=True, slots=True)
class Recurrence:
    """What came back and when, and the day by which a new assessment is to be offered."""

    kind: Literal["score", "use"]
    on: dt.date
    by: dt.date
    total: float | None = None


def recurrence(course: Course) -> Recurrence | None:
    """What has come back and was not answered since; nothing under a protocol without the rule.

    >>> from reknit.core.programme.template import template
    >>> course = Course(template("ipt-m"))
    >>> at = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
    >>> course.latest["score/phq-9"] = Fact("score", at, 3, {"measure": "phq-9", "total": 14.0})
    >>> recurrence(course).by
    datetime.date(2026, 3, 9)
    """
    rule = course.template.recurrence
    if rule is None:
        return None
    answered = course.latest.get(ANSWER)
    score, use = course.latest.get(f"score/{rule.measure}"), course.latest.get("lapse_reported")
    total = score.value.get("total") if score else None
    crossed: list[tuple[Fact, float | None]] = []
    if score and total is not None and total >= rule.from_total:
        crossed.append((score, total))
    if use:
        crossed.append((use, None))
    open_now = [one for one in crossed if answered is None or one[0].at > answered.at]
    if not open_now:
        return None
    fact, total = min(open_now, key=lambda one: one[0].at)
    on = fact.at.date()
    return Recurrence("use" if total is None else "score", on, on + dt.timedelta(days=rule.days), total)
