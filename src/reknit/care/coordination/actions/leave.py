"""Leave with cover: people change teams in `people`, what waits for a human changes hands in `safety`, in one transaction."""

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import DomainError
from reknit.base.races import hold
from reknit.care.network.conflicts import is_any_kept_apart
from reknit.care.people.absences.actions import record_absence
from reknit.care.people.absences.queries import clients_in, on_team_throughout
from reknit.care.people.models import Absence
from reknit.care.people.queries import zone
from reknit.care.safety.actions import hand_on
from reknit.care.safety.models import RiskItem


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
    apart_why: str = "",
) -> Absence:
    """Write down a leave. From its first day on what waits for the person waits for the cover.

    A cover whose own client is kept apart from one of these asks for a reason. Of the conflict it says that it is there.
    """
    hold(person)
    apart_why = apart_why.strip()
    if not Absence.objects.filter(pk=key).exists():
        is_apart = _is_kept_apart(person, cover, max(starts_on, local_date(at, zone())), ends_on)
        if is_apart and not apart_why:
            raise DomainError(
                _(
                    "This colleague works with somebody who is not to be placed with one of these clients. Choose another colleague, or write why it is this one all the same."
                ),
                field="apart_why",
            )
        apart_why = apart_why if is_apart else ""
    absence = record_absence(
        by=by, at=at, key=key, person=person, cover=cover, starts_on=starts_on, ends_on=ends_on,
        apart_why=apart_why,
    )  # fmt: skip
    for item in RiskItem.objects.filter(status=RiskItem.Status.OPEN, owner=person):
        hand_on(by=None, at=at, item=item)
    return absence


def _is_kept_apart(person: User, cover: User, starts_on: dt.date, ends_on: dt.date) -> bool:
    """Whether the cover would join the team of somebody they are not to be placed with."""
    there = on_team_throughout(cover, starts_on=starts_on, ends_on=ends_on).values_list("client", flat=True)
    joins = {one.pk for one in clients_in(person, starts_on=starts_on, ends_on=ends_on)} - set(there)
    return is_any_kept_apart(joins, cover, on=starts_on)
