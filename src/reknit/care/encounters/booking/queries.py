"""Reads for the pages of bookings."""

from django.db.models import QuerySet

from reknit.base.accounts.models import User
from reknit.care.encounters.models import Appointment, Room
from reknit.care.encounters.queries import course_position, upcoming
from reknit.care.people.models import CareTeamMember, Client, current
from reknit.care.programme.charts import Chart
from reknit.care.programme.models import Episode


def appointment_of(client: Client) -> QuerySet[Appointment]:
    """Appointments of one client, with what a page says of them."""
    return Appointment.objects.filter(client=client).select_related("clinician", "room", "series", "episode")


def rooms_in_use() -> list[Room]:
    """Rooms that can be booked, by name."""
    return list(Room.objects.filter(given_up_at=None).order_by("name", "pk"))


def team_now(chart: Chart) -> list[User]:
    """Whom a session can be booked with: the client's team today, whoever asks first."""
    members = CareTeamMember.objects.filter(current(chart.today), client=chart.client)
    people = {one.clinician for one in members.select_related("clinician") if one.clinician.is_active}
    return [chart.user, *sorted(people - {chart.user}, key=lambda one: (one.name, str(one.pk)))]


def places_left(episode: Episode) -> int:
    """Planned sessions that are neither held nor booked yet; at least one, so that a form has something to say."""
    return max(course_position(episode).left - upcoming(episode).count(), 1)


def own_times(client: Client, *, after: object) -> QuerySet[Appointment]:
    """The client's own booked times, soonest first."""
    rows = Appointment.objects.filter(client=client, status=Appointment.Status.BOOKED, starts_at__gte=after)
    return rows.select_related("clinician", "room").order_by("starts_at", "pk")
