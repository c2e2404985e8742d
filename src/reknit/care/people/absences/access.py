"""Who may write down that somebody is away, read a handover, and hand the work back."""

import datetime as dt

from django.utils.translation import gettext as _

from reknit.base.access import YES, Decision, no
from reknit.base.accounts.models import User
from reknit.care.people.models import Absence

from .queries import seen_by, supervises


def may_record_absence(user: User, person: User, *, on: dt.date) -> Decision:
    """Everybody who sees clients writes down their own leave, and a supervisor that of the line."""
    if user.is_active and person.reads_charts and (user.pk == person.pk or supervises(user, person, on=on)):
        return YES
    return no(_("Only the person who is away, or their supervisor, can write this down."))


def may_hand_back(user: User, absence: Absence, *, on: dt.date) -> Decision:
    """Who wrote it down could also say that it is over."""
    return may_record_absence(user, absence.person, on=on)


def may_see_absence(user: User, absence: Absence, *, on: dt.date) -> Decision:
    """The two people, and the supervisor of the one who is away."""
    if user.is_active and user.reads_charts and seen_by(user, on=on).filter(pk=absence.pk).exists():
        return YES
    return no(_("This leave is not yours, nor of somebody you cover or supervise."))
