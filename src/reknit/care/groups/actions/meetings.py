"""Meetings alone: booked in the diary and begun in the member's own course. Held is one whose note says something."""

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import DomainError
from reknit.base.races import hold
from reknit.care.encounters.actions import book_appointment, start_encounter, tick
from reknit.care.encounters.models import Appointment, Encounter
from reknit.care.groups.checks import facilitator
from reknit.care.groups.models import MeetingAlone, Member
from reknit.care.network.conflicts import conflicts_with
from reknit.care.people.queries import zone
from reknit.care.programme.queries import latest_slot, plan_of

CONFLICT_CHECK = "GR03"


@action
def book_meeting(
    *, by: User, at: dt.datetime, meeting: MeetingAlone, starts_at: dt.datetime, minutes: int = 50,
    key: uuid.UUID | None = None,
) -> MeetingAlone:  # fmt: skip
    """Put a meeting alone into one's own diary. Booking again moves it: the earlier time is called off."""
    facilitator(by, meeting.member.run, at=at)
    stands = hold(meeting)
    if stands.begun_at:
        raise DomainError(_("This meeting has begun. Go on with it in the member’s chart."))
    if key and stands.appointment_id == key:
        audit.unchanged()
        return stands
    earlier = stands.appointment
    if earlier and earlier.status == Appointment.Status.BOOKED:
        earlier.status = Appointment.Status.CANCELLED
        earlier.save(update_fields=["status"])
    meeting.appointment = book_appointment(
        by=by,
        at=at,
        episode=meeting.member.episode,
        clinician=by,
        starts_at=starts_at,
        minutes=minutes,
        key=key,
    )
    meeting.save(update_fields=["appointment"])
    detail = {"kind": meeting.kind}
    audit.record(
        "book meeting alone", by=by, at=at, subject=meeting, client=meeting.member.client_id, detail=detail
    )
    return meeting


@action
def hold_meeting(
    *, by: User, at: dt.datetime, meeting: MeetingAlone, starts_at: dt.datetime | None = None
) -> MeetingAlone:
    """Begin a meeting alone: a session in the member's own chart with its note, in which the forms are gone through.

    In a course of the group's own protocol it stands where the protocol has it; in another course, which goes on
    with somebody else, it takes none of the planned sessions.

    It counts as held once its note has words (see `MeetingAlone`), and no task of it is ticked beforehand. The check for
    people who cannot be placed together is made here, and ticked when it found nobody.
    """
    facilitator(by, meeting.member.run, at=at)
    stands = hold(meeting)
    if stands.begun_at:
        audit.unchanged()
        return stands
    member, kind = meeting.member, MeetingAlone.Kind(meeting.kind)
    is_own_course = member.episode.protocol == member.run.protocol
    may_be_before = is_own_course and latest_slot(member.episode) == 0 and not _had_before(member.episode_id)
    is_before = kind == MeetingAlone.Kind.BEFORE and may_be_before
    meeting.encounter = start_encounter(
        by=by,
        at=at,
        episode=member.episode,
        outcome=Encounter.Outcome.BEFORE if is_before else Encounter.Outcome.ATTENDED,
        starts_at=starts_at or at,
        appointment=meeting.appointment if meeting.is_booked else None,
        is_beside=not is_own_course,
        key=uuid.uuid5(meeting.pk, "held"),
    )
    meeting.begun_at = at
    meeting.save(update_fields=["encounter", "begun_at"])
    known = {task.code for task in plan_of(member.episode).tasks}
    if kind == MeetingAlone.Kind.BEFORE and CONFLICT_CHECK in known and not _is_apart(member, at=at):
        tick(by=by, at=at, encounter=meeting.encounter, code=CONFLICT_CHECK, done=True)
    detail = {"kind": meeting.kind}
    audit.record("hold meeting alone", by=by, at=at, subject=meeting, client=member.client_id, detail=detail)
    return meeting


def _had_before(episode_id: uuid.UUID) -> bool:
    return Encounter.objects.filter(episode=episode_id, outcome=Encounter.Outcome.BEFORE).exists()


def _is_apart(member: Member, *, at: dt.datetime) -> bool:
    """Whether somebody with a place in the group cannot be placed with them."""
    others = member.run.members.filter(ended_at=None).exclude(pk=member.pk)
    keys = others.values_list("client_id", flat=True)
    return bool(conflicts_with(member.client_id, keys, on=local_date(at, zone())))
