"""Reads about who is away."""

import datetime as dt
import uuid

from django.db.models import Count, Q, QuerySet

from reknit.base.accounts.models import Role, User
from reknit.care.people.models import Absence, CareTeamMember, Client, Handover, SupervisoryLine, current


def in_force(*, on: dt.date) -> QuerySet[Absence]:
    """Absences that cover a date and were not handed back."""
    return Absence.objects.filter(current(on), ended_at=None)


def away_on(on: dt.date) -> set[uuid.UUID]:
    """Everybody who is away on a date. One query."""
    return set(in_force(on=on).values_list("person_id", flat=True))


def absence_of(person: User, *, on: dt.date) -> Absence | None:
    """The absence that a person is on, with who covers."""
    return in_force(on=on).filter(person=person).select_related("cover").order_by("starts_on", "id").first()


def overlapping(person: User, *, starts_on: dt.date, ends_on: dt.date) -> QuerySet[Absence]:
    """The person's absences that touch these days and were not handed back."""
    return Absence.objects.filter(
        person=person, ended_at=None, starts_on__lte=ends_on, ends_on__gte=starts_on
    )


def without_cover(absence: Absence) -> list[Absence]:
    """Leaves that cross this one: those its person was to cover, and those of its own cover. One query.

    Somebody who falls ill is written down all the same; what waits then climbs past the cover, and a person sets it right.
    """
    if absence.ended_at:
        return []
    touching = Absence.objects.filter(
        ended_at=None, starts_on__lte=absence.ends_on, ends_on__gte=absence.starts_on
    )
    crossed = touching.filter(Q(cover=absence.person_id) | Q(person=absence.cover_id))
    return list(crossed.select_related("person", "cover").order_by("starts_on", "id"))


def over_by(on: dt.date) -> QuerySet[Absence]:
    """Absences whose last day went by, and which nobody handed back."""
    return Absence.objects.filter(ended_at=None, ends_on__lt=on).select_related("person", "cover")


def seen_by(user: User, *, on: dt.date) -> QuerySet[Absence]:
    """Absences this person has to do with: their own, those they cover, and for a supervisor those of the line."""
    seen = Q(person=user) | Q(cover=user)
    if user.has(Role.SUPERVISOR):
        seen |= Q(
            person__in=SupervisoryLine.objects.filter(current(on), supervisor=user).values("supervisee")
        )
    found = Absence.objects.filter(seen).select_related("person", "cover", "ended_by")
    return found.annotate(
        n_clients=Count("handovers"), n_read=Count("handovers", filter=Q(handovers__read_at__isnull=False))
    ).order_by("-starts_on", "id")


def handovers_of(absence: Absence) -> QuerySet[Handover]:
    """The clients of an absence, by name."""
    found = absence.handovers.select_related("client", "read_by", "member")
    return found.order_by("client__family_name", "client__given_name", "client_id")


def clients_in(person: User, *, starts_on: dt.date, ends_on: dt.date) -> list[Client]:
    """The person's own clients in these days; whom they only cover for somebody else is not passed on. One query."""
    rows = CareTeamMember.objects.filter(clinician=person, starts_on__lte=ends_on)
    rows = rows.exclude(part=CareTeamMember.Part.COVER).exclude(ends_on__lt=starts_on)
    return list(Client.objects.filter(pk__in=rows.values("client"), sandbox_of=None).order_by("pk"))


def on_team_throughout(person: User, *, starts_on: dt.date, ends_on: dt.date) -> QuerySet[CareTeamMember]:
    """The teams this person is on in all of these days."""
    rows = CareTeamMember.objects.filter(clinician=person, starts_on__lte=starts_on)
    return rows.exclude(ends_on__lt=ends_on)


def cover_for(client: Client, *, on: dt.date) -> Absence | None:
    """Who sees to a client while their therapist is away: the absence of today, with both names. One query."""
    leads = client.care_team.filter(current(on), part="lead").values("clinician")
    here = in_force(on=on).filter(person__in=leads, handovers__client=client)
    return here.select_related("person", "cover").order_by("starts_on", "id").first()


def supervises(user: User, person: User, *, on: dt.date) -> bool:
    """Whether the one answers for the work of the other on a date."""
    lines = SupervisoryLine.objects.filter(current(on), supervisor=user, supervisee=person)
    return user.has(Role.SUPERVISOR) and lines.exists()


def people_of(user: User, *, on: dt.date) -> list[User]:
    """Whose leave this person may write down: their own, and that of the people they supervise, by name."""
    found = [user] if user.reads_charts else []
    if user.has(Role.SUPERVISOR):
        lines = SupervisoryLine.objects.filter(current(on), supervisor=user).select_related("supervisee")
        found += [line.supervisee for line in lines if line.supervisee.is_active]
    return sorted({person.pk: person for person in found}.values(), key=lambda person: person.name)
