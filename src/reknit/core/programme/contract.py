"""The treatment contract's arithmetic: how many sessions, until when, which misses count, how far it may be extended.

All numbers are settings of this project unless a source is named; IPT itself asks for a time limit that is agreed
at the start and kept (Weissman, Markowitz, Klerman 2018). Brief courses of 8 sessions are extended by at most 2.
"""

from datetime import date, timedelta
from typing import Final, Literal

from reknit.core.programme.protocol import ProtocolTemplate

MissRule = Literal["roll_then_consume", "consume", "roll"]
"""What a session that the client missed or cancelled late does: the first few roll on and later ones count, each
counts, or none does. The ending date stays where it was agreed in any case."""

MISSES_THAT_ROLL: Final = 2
LATE_CANCEL_HOURS: Final = 24
LARGEST_EXTENSION: Final = 0.25

EXTENSION_REASONS: Final = ("partial_response", "new_event", "sessions_lost")
"""Partial response with a clear remaining target; a new major life event; sessions lost to illness or custody.
That ending feels hard is no reason on this list: it is the work of the closing phase."""

Refusal = Literal["once", "none", "too_many", "reason"]


def misses_that_roll(rule: MissRule, number: int = MISSES_THAT_ROLL) -> int | None:
    """How many missed sessions use up no planned session; `None` when none ever does.

    >>> misses_that_roll("roll_then_consume", 2), misses_that_roll("consume"), misses_that_roll("roll")
    (2, 0, None)
    """
    return {"roll_then_consume": number, "consume": 0, "roll": None}[rule]


def sessions_allowed(template: ProtocolTemplate) -> range:
    """How many sessions a contract under this protocol may plan: no more than the protocol has, and no fewer than its
    opening, its closing and one session between, unless it says so itself. More come by an extension, and only once.

    >>> from reknit.core.programme.template import template
    >>> sessions_allowed(template("ipt-16"))
    range(7, 17)
    """
    opening, closing = template.phases[0], template.phases[-1]
    fewest = (opening.to_slot - opening.from_slot + 1) + (closing.to_slot - closing.from_slot + 1) + 1
    most = template.most_sessions or template.planned_sessions
    return range(template.fewest_sessions or min(fewest, template.planned_sessions), most + 1)


def latest_ending(template: ProtocolTemplate, starts_on: date) -> date:
    """The last day of the protocol's course window: weekly sessions with room for weeks missed.

    >>> from reknit.core.programme.template import template
    >>> latest_ending(template("ipt-16"), date(2026, 3, 2))
    datetime.date(2026, 7, 20)
    """
    return starts_on + timedelta(days=template.course_window_days)


def usual_ending(template: ProtocolTemplate, starts_on: date) -> date:
    """The ending date an agreement begins with: the end of the course window, or, where the number of sessions is open
    within wide limits as in maintenance, the day by which the planned ones are over.

    >>> from reknit.core.programme.template import template
    >>> usual_ending(template("ipt-m"), date(2026, 3, 2))
    datetime.date(2027, 2, 25)
    """
    if template.most_sessions is None:
        return latest_ending(template, starts_on)
    return starts_on + timedelta(days=template.cadence_days * template.planned_sessions)


def room_for(starts_on: date, ends_on: date, cadence_days: int) -> int:
    """How many sessions fit from the first day to the last at this distance, the first day's included.

    >>> room_for(date(2026, 3, 2), date(2026, 6, 15), 7)
    16
    """
    return max(0, (ends_on - starts_on).days) // cadence_days + 1


def largest_extension(planned: int) -> int:
    """The most sessions one extension may add: a quarter of those agreed, rounded down.

    >>> [largest_extension(planned) for planned in (16, 12, 8, 7, 3)]
    [4, 3, 2, 1, 0]
    """
    return int(planned * LARGEST_EXTENSION)


def extension_refusal(*, agreed: int, asked: int, reason: str, extended_before: bool) -> Refusal | None:
    """Why a course may not be extended like this, or `None`. `agreed` is the number in the first contract.

    >>> extension_refusal(agreed=16, asked=4, reason="new_event", extended_before=False)
    >>> extension_refusal(agreed=16, asked=5, reason="new_event", extended_before=False)
    'too_many'
    >>> extension_refusal(agreed=16, asked=2, reason="ending_feels_hard", extended_before=False)
    'reason'
    >>> extension_refusal(agreed=16, asked=2, reason="sessions_lost", extended_before=True)
    'once'
    """
    if extended_before:
        return "once"
    if asked < 1:
        return "none"
    if asked > largest_extension(agreed):
        return "too_many"
    return None if reason in EXTENSION_REASONS else "reason"
