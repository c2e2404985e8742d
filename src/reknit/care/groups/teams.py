"""The care-team parts that a place opens for whoever leads its run, day by day. Called inside the actions of this room alone."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from reknit.base.accounts.models import User
from reknit.base.clock import local_date
from reknit.care.groups.models import Facilitation, Member
from reknit.care.network.conflicts import is_any_kept_apart, kept_apart
from reknit.care.people.actions import call_off_part, join_care_team, leave_care_team
from reknit.care.people.models import CareTeamMember, current
from reknit.care.people.queries import zone

LINGERS = dt.timedelta(days=14)
"""Days after a place, or after the meeting of a month later, in which its facilitators still write (our default)."""


def open_parts(member: Member, *, by: User, at: dt.datetime, on: dt.date) -> None:
    """Put everybody who leads the run, now or later, on the care team for those days, where they are not; keep the keys."""
    opened = []
    for span in leading(member.run_id, on=on):
        starts_on = max(on, span.starts_on)
        if _is_covered(member.client_id, span, starts_on):
            continue
        part = join_care_team(
            by=by,
            at=at,
            client=member.client,
            clinician=span.person,
            starts_on=starts_on,
            ends_on=span.ends_on,
            part=CareTeamMember.Part.FACILITATOR,
        )
        opened.append(str(part.pk))
    if opened:
        member.teams = [*member.teams, *opened]
        member.save(update_fields=["teams"])


def leading(run_id: uuid.UUID, *, on: dt.date) -> QuerySet[Facilitation]:
    """Everybody who leads a run from a day on. One query."""
    spans = Facilitation.objects.filter(run=run_id).filter(Q(ends_on=None) | Q(ends_on__gte=on))
    return spans.select_related("person").order_by("-part", "starts_on")


def is_anybody_apart(clients: Iterable[uuid.UUID], spans: Iterable[Facilitation], *, on: dt.date) -> bool:
    """Whether one of these joins, by leading, the team of somebody kept apart from a person they work with. Never whom."""
    clients = list(clients)
    for span in spans:
        starts_on = max(on, span.starts_on)
        joins = [key for key in clients if not _is_covered(key, span, starts_on)]
        if is_any_kept_apart(joins, span.person, on=starts_on):
            return True
    return False


def apart_from(
    clients: Collection[uuid.UUID], spans: Iterable[Facilitation], *, on: dt.date
) -> set[uuid.UUID]:
    """Which of these could not join whoever leads. Five queries at most for each who leads, however many they are."""
    apart: set[uuid.UUID] = set()
    for span in spans:
        starts_on = max(on, span.starts_on)
        theirs = CareTeamMember.objects.filter(
            current(starts_on), clinician=span.person_id, client__in=clients
        )
        joins = set(clients) - set(theirs.values_list("client", flat=True))
        apart |= kept_apart(joins, span.person, on=starts_on)
    return apart


def _is_covered(client_id: uuid.UUID, span: Facilitation, starts_on: dt.date) -> bool:
    """Whether they are on the team for all of these days anyway."""
    rows = CareTeamMember.objects.filter(client=client_id, clinician=span.person_id, starts_on__lte=starts_on)
    lasts = Q(ends_on=None) | Q(ends_on__gte=span.ends_on) if span.ends_on else Q(ends_on=None)
    return rows.filter(lasts).exists()


def close_parts(
    member: Member, *, by: User, at: dt.datetime, on: dt.date, people: Iterable[uuid.UUID] | None = None
) -> None:
    """End what this place opened, for everybody or for some, from the day after `on`. What another place needs goes over to it."""
    rows = CareTeamMember.objects.filter(pk__in=member.teams).filter(Q(ends_on=None) | Q(ends_on__gt=on))
    for part in rows if people is None else rows.filter(clinician__in=people):
        other = _needed_by(member, part, on=on)
        if other:
            other.teams = [*other.teams, str(part.pk)]
            other.save(update_fields=["teams"])
        elif part.starts_on > local_date(at, zone()):
            call_off_part(by=by, at=at, member=part)
        else:
            leave_care_team(by=by, at=at, member=part, ends_on=max(on, part.starts_on))


def _needed_by(member: Member, part: CareTeamMember, *, on: dt.date) -> Member | None:
    """Another place of this client, in a run that the same person leads after that day."""
    leads = Facilitation.objects.filter(Q(ends_on=None) | Q(ends_on__gt=on), person=part.clinician_id)
    places = Member.objects.filter(
        Exists(leads.filter(run=OuterRef("run"))), client=member.client_id, ended_at=None
    )
    return places.exclude(pk=member.pk).exclude(run=member.run_id).first()
