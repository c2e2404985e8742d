"""Leave: what waits for a human changes hands here, and comes back. Who covers is decided in `coordination`."""

import datetime as dt

from reknit.base.accounts.models import User
from reknit.base.audit.record import action
from reknit.care.people.absences.actions import end_absence
from reknit.care.people.models import Absence
from reknit.care.safety.models import RiskItem

from .items import hand_back, hand_on


@action
def hand_on_to_cover(*, at: dt.datetime, person: User) -> None:
    """What waits for somebody whose leave has begun waits for the cover."""
    for item in RiskItem.objects.filter(status=RiskItem.Status.OPEN, owner=person):
        hand_on(by=None, at=at, item=item)


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
