"""How far a change reaches: one session, it and those after it, or all that are to come."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from reknit.care.encounters.models import Appointment

ONE, FOLLOWING, ALL = "one", "following", "all"
SCOPES = {
    ONE: _("Only this one"),
    FOLLOWING: _("This one and those after it"),
    ALL: _("All that are to come"),
}


def in_scope(appointment: Appointment, scope: str, *, at: dt.datetime) -> list[Appointment]:
    """Booked sessions that a change reaches, in the order of their numbers. Never one that is over. One query."""
    if scope == ONE or appointment.series_id is None or appointment.number is None:
        return [appointment]
    rows = (
        Appointment.objects.select_for_update(of=("self",))
        .filter(
            series=appointment.series_id,
            status=Appointment.Status.BOOKED,
            starts_at__gte=at,
            number__isnull=False,
        )
        .order_by("number")
    )
    if scope == FOLLOWING:
        rows = rows.filter(number__gte=appointment.number)
    return [appointment if row.pk == appointment.pk else row for row in rows]
