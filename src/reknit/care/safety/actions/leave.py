"""The end of a leave: what waits for a human comes back in the same transaction. It begins in `coordination`."""

import datetime as dt

from reknit.base.accounts.models import User
from reknit.base.audit.record import action
from reknit.care.people.absences.actions import end_absence
from reknit.care.people.models import Absence
from reknit.care.safety.models import RiskItem

from .items import hand_back


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
