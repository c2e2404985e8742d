"""How a stored series and its appointments read as the core's rule and exceptions."""

from collections.abc import Iterable
from dataclasses import replace

from reknit.care.encounters.models import Appointment, AppointmentSeries
from reknit.core.encounters.series import Exceptions, Rule, instants

GONE = (Appointment.Status.CANCELLED,)


def exceptions_of(series: AppointmentSeries, appointments: Iterable[Appointment]) -> Exceptions:
    """What differs from the rule. No query: the appointments are handed in."""
    by_rule = instants(series.rule)
    rows = list(appointments)
    moved, cancelled, added = {}, set(series.left_out), []
    for row in rows:
        if row.number is None:
            if row.status not in GONE:
                added.append(row.starts_at)
        elif row.status in GONE:
            cancelled.add(row.number)
        elif row.starts_at != by_rule[row.number - 1]:
            moved[row.number] = row.starts_at
    return Exceptions(moved, frozenset(cancelled), tuple(sorted(added)))


def short_rule(series: AppointmentSeries) -> Rule | None:
    """The rule as far as its latest number that is still here; nothing when all of them went on to another series."""
    here = set(range(1, series.count + 1)) - set(series.left_out)
    return replace(series.rule, count=max(here)) if here else None
