"""A place on the wait list: why a person waits, and how soon they should be seen."""

import datetime as dt

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.errors import DomainError
from reknit.care.intake.models import Referral, WaitingPlace

from .common import check_revision, held, words

Priority = WaitingPlace.Priority


@action
def set_waiting_place(
    *,
    by: User,
    at: dt.datetime,
    referral: Referral,
    revision: int,
    priority: str = "",
    priority_reason: str = "",
    waits_for: str = "",
    waits_words: str = "",
) -> WaitingPlace:
    """Write down what a person waits for and how soon they should be seen. A person sets it; nothing works it out."""
    held(referral)
    if priority not in Priority.values or waits_for not in WaitingPlace.WaitsFor.values:
        raise DomainError(_("Choose from the list."), field="priority")
    reason = words(priority_reason, field="priority_reason")
    if priority in (Priority.URGENT, Priority.SOON) and not reason:
        raise DomainError(_("Write why this person is seen before others."), field="priority_reason")
    place = WaitingPlace.objects.filter(referral=referral).first() or WaitingPlace(referral=referral)
    check_revision(place.revision, revision)
    told = {
        "priority": priority,
        "priority_reason": reason,
        "waits_for": waits_for,
        "waits_words": words(waits_words, field="waits_words"),
    }
    changed = sorted(name for name, value in told.items() if getattr(place, name) != value)
    if not changed:
        audit.unchanged()
        return place
    for name, value in told.items():
        setattr(place, name, value)
    place.revision, place.changed_by, place.changed_at = revision + 1, by, at
    place.save()
    audit.record(
        "set waiting place",
        by=by,
        at=at,
        subject=place,
        client=referral.client_id,
        detail={"fields": changed, "priority": priority, "waits_for": waits_for},
    )
    return place
