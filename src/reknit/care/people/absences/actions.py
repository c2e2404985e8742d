"""Every change to who is away. The cover joins the care teams for these days and leaves them again; nothing else changes hands here."""

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import DomainError, Refused
from reknit.base.races import hold
from reknit.care.people.actions import join_care_team
from reknit.care.people.models import Absence, CareTeamMember, Client, Handover
from reknit.care.people.queries import zone

from .access import may_hand_back, may_record_absence
from .queries import clients_in, on_team_throughout, overlapping

LONGEST = dt.timedelta(days=366)
LATE = dt.timedelta(days=7)  # somebody who fell ill is written down some days later [D]
COVER = CareTeamMember.Part.COVER


@action
def record_absence(
    *,
    by: User,
    at: dt.datetime,
    key: uuid.UUID,
    person: User,
    cover: User,
    starts_on: dt.date,
    ends_on: dt.date,
    apart_why: str = "",
) -> Absence:
    """Write down that somebody is away, and put the cover on the care teams of their clients for these days."""
    today = local_date(at, zone())
    hold(person)
    found = Absence.objects.filter(pk=key).first()
    if found:
        if found.person_id != person.pk:
            raise DomainError(_("This page is out of date. Open it again, then try once more."))
        audit.unchanged()
        return found
    decision = may_record_absence(by, person, on=today)
    if not decision:
        raise Refused(decision.reason)
    _check(person, cover, starts_on=starts_on, ends_on=ends_on, today=today)
    absence = Absence.objects.create(
        pk=key,
        person=person,
        cover=cover,
        starts_on=starts_on,
        ends_on=ends_on,
        apart_why=apart_why,
        made_by=by,
        made_at=at,
    )
    clients = clients_in(person, starts_on=max(starts_on, today), ends_on=ends_on)
    for client in clients:
        member = _join(client, cover, by=by, at=at, starts_on=max(starts_on, today), ends_on=ends_on)
        Handover.objects.create(absence=absence, client=client, member=member)
    detail = {"person": str(person.pk), "cover": str(cover.pk), "clients": len(clients)}
    detail |= {"in spite of a conflict": True} if apart_why else {}
    audit.record("record absence", by=by, at=at, subject=absence, detail=detail)
    return absence


def _check(person: User, cover: User, *, starts_on: dt.date, ends_on: dt.date, today: dt.date) -> None:
    if ends_on < starts_on:
        raise DomainError(_("The last day cannot be before the first."), field="ends_on")
    if starts_on < today - LATE or ends_on < today:
        raise DomainError(
            _("Choose a first day within the past week or later, and a last day not yet over."),
            field="starts_on",
        )
    if ends_on - starts_on > LONGEST:
        raise DomainError(_("Choose a last day within a year of the first."), field="ends_on")
    if overlapping(person, starts_on=starts_on, ends_on=ends_on).exists():
        raise DomainError(
            _(
                "These days touch another leave of the same person. Hand that back first, or choose other days."
            ),
            field="starts_on",
        )
    if cover.pk == person.pk or not cover.is_active or not cover.reads_charts:
        raise DomainError(_("Choose another clinician who is at work here as cover."), field="cover")
    if overlapping(cover, starts_on=starts_on, ends_on=ends_on).exists():
        raise DomainError(
            _("This colleague is away in these days too. Choose somebody who is at work."), field="cover"
        )


def _join(
    client: Client, cover: User, *, by: User, at: dt.datetime, starts_on: dt.date, ends_on: dt.date
) -> CareTeamMember | None:
    if on_team_throughout(cover, starts_on=starts_on, ends_on=ends_on).filter(client=client).exists():
        return None  # on the team anyway
    return join_care_team(
        by=by, at=at, client=client, clinician=cover, starts_on=starts_on, ends_on=ends_on, part=COVER
    )


@action
def confirm_handover(*, by: User, at: dt.datetime, handover: Handover) -> Handover:
    """The cover says that they have read what is handed over of one client."""
    handover = hold(handover)
    if handover.absence.cover_id != by.pk:
        raise Refused(_("Only the colleague who covers can confirm that they have read it."))
    if handover.absence.ended_at:
        raise DomainError(_("This leave is over. There is nothing left to confirm."))
    if handover.read_at:
        audit.unchanged()
        return handover
    handover.read_by, handover.read_at = by, at
    handover.save(update_fields=["read_by", "read_at"])
    audit.record("confirm handover", by=by, at=at, subject=handover, client=handover.client_id)
    return handover


@action
def end_absence(*, by: User | None, at: dt.datetime, absence: Absence) -> Absence:
    """Hand the work back: the person is at work again, and the cover leaves the teams after today.

    `by` is empty when the last day went by. Cover that never began is taken off the teams as if it had not been planned.
    """
    today = local_date(at, zone())
    absence = hold(absence)
    if absence.ended_at:
        audit.unchanged()
        return absence
    if by is not None:
        decision = may_hand_back(by, absence, on=today)
        if not decision:
            raise Refused(decision.reason)
    elif absence.ends_on >= today:
        raise DomainError(_("This leave is not over yet."))
    absence.ended_by, absence.ended_at = by, at
    absence.save(update_fields=["ended_by", "ended_at"])
    for handover in absence.handovers.select_related("member").exclude(member=None):
        member = handover.member
        assert member is not None
        if member.starts_on > today:
            member.delete()
        elif member.ends_on is None or member.ends_on > today:
            member.ends_on = today
            member.save(update_fields=["ends_on"])
    audit.record("end absence", by=by, at=at, subject=absence, detail={"person": str(absence.person_id)})
    return absence
