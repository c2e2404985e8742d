"""Who sees practice courses: their owner, and the supervisors who answer for the owner's work."""

import datetime as dt

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from reknit.base.access import YES, Decision, no
from reknit.base.accounts.models import User
from reknit.care.people.models import Client


def practice_open_to(user: User, *, on: dt.date) -> QuerySet[Client]:
    """Practice courses this person may open, those of others too where they supervise them."""
    return Client.objects.open_to(user, on=on).filter(sandbox_of__isnull=False)


def may_run(user: User, client: Client) -> Decision:
    """Moving a practice course on, and putting it away, is its owner's."""
    if client.sandbox_of_id == user.pk and client.sandbox_ended_at is None:
        return YES
    return no(_("Only the person whose practice course this is can do this."))
