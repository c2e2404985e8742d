"""Putting somebody on a client's care team, once it is known that the two can be placed together."""

import datetime as dt

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import DomainError
from reknit.base.races import hold
from reknit.care.network.conflicts import is_kept_apart
from reknit.care.people.actions import join_care_team
from reknit.care.people.models import CareTeamMember, Client
from reknit.care.people.queries import zone


@action
def add_to_team(*, by: User, at: dt.datetime, client: Client, clinician: User, part: str) -> CareTeamMember:
    """Put a clinician on the team from today on. Of a conflict with somebody they work with it says no, and never why."""
    today = local_date(at, zone())
    client = hold(client)
    if is_kept_apart(client, clinician, on=today):
        raise DomainError(
            _("This client cannot be placed there. Choose another clinician."), field="clinician"
        )
    return join_care_team(by=by, at=at, client=client, clinician=clinician, starts_on=today, part=part)
