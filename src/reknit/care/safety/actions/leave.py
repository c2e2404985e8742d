"""Leave with cover: people change teams in `people`, what waits for a human changes hands here, in one transaction."""

import datetime as dt
import uuid

from reknit.base.accounts.models import User
from reknit.base.audit.record import action
from reknit.care.people.absences.actions import end_absence, record_absence
from reknit.care.people.models import Absence
from reknit.care.safety.models import RiskItem

from .items import hand_back, hand_on


@action
def begin_leave(
    *,
    by: User,
    at: dt.datetime,
    key: uuid.UUID,
    person: User,
    cover: User,
    starts_on: dt.date,
    ends_on: dt.date,
) -> Absence:
    """Write down a leave. From its first day on what waits for the person waits for the cover."""
    absence = record_absence(
        by=by, at=at, key=key, person=person, cover=cover, starts_on=starts_on, ends_on=ends_on
    )
    for item in RiskItem.objects.filter(status=RiskItem.Status.OPEN, owner=person):
        hand_on(by=None, at=at, item=item)
    return absence


@action
def end_leave(*, by: User | None, at: dt.datetime, absence: Absence) -> Absence:
    """Hand the work back, what still waits included. `by` is empty when the last day went by."""
    absence = end_absence(by=by, at=at, absence=absence)
    went_on = RiskItem.objects.filter(
        status=RiskItem.Status.OPEN, entrusted_to=absence.person, because="away"
    )
    for item in went_on:
        hand_back(by=by, at=at, item=item)
    return absence
