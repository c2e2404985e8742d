"""Orders of no contact: written down, and lifted with a reason. They need no consent on record: safety comes first."""

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.errors import DomainError
from reknit.base.fields import CONTROL_CHARACTERS
from reknit.care.people.models import Client
from reknit.care.safety.models import NoContactOrder

NAME_LENGTH, REASON_LENGTH = 80, 2000
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2200, 1, 1)


@action
def record_no_contact(
    *,
    by: User,
    at: dt.datetime,
    client: Client,
    key: uuid.UUID,
    kind: str,
    given_name: str,
    family_name: str,
    starts_on: dt.date,
    birth_date: dt.date | None = None,
    ends_on: dt.date | None = None,
    reason: str = "",
) -> NoContactOrder:
    """Write down that a client and a named person stay apart. `key` comes from the page: a double send makes one."""
    if known := NoContactOrder.objects.filter(pk=key).first():
        if known.client_id != client.pk:
            raise DomainError(_("This page is out of date. Open it again, then try once more."))
        audit.unchanged()
        return known
    if kind not in NoContactOrder.Kind.values:
        raise DomainError(_("Choose who decided it."), field="kind")
    given = _words(given_name, most=NAME_LENGTH, field="given_name", required=True)
    family = _words(family_name, most=NAME_LENGTH, field="family_name", required=True)
    if ends_on and ends_on < starts_on:
        raise DomainError(_("The last day cannot come before the first."), field="ends_on")
    if birth_date and birth_date > at.date():
        raise DomainError(_("A day of birth cannot lie ahead."), field="birth_date")
    for field, day in (("birth_date", birth_date), ("starts_on", starts_on), ("ends_on", ends_on)):
        if day and not EARLIEST <= day <= LATEST:
            raise DomainError(_("Check the year of this day."), field=field)
    order = NoContactOrder.objects.create(
        id=key,
        client=client,
        kind=kind,
        given_name=given,
        family_name=family,
        birth_date=birth_date,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=_words(reason, most=REASON_LENGTH, field="reason"),
        by=by,
        at=at,
    )
    audit.record("record no contact", by=by, at=at, subject=order, client=client, detail={"kind": kind})
    return order


@action
def lift_no_contact(*, by: User, at: dt.datetime, order: NoContactOrder, why: str) -> NoContactOrder:
    """End an order before its day, with a reason. It stays in the record."""
    held = NoContactOrder.objects.select_for_update().get(pk=order.pk)
    if held.lifted_at:
        audit.unchanged()
        return held
    held.lifted_why = _words(why, most=REASON_LENGTH, field="why", required=True)
    held.lifted_by, held.lifted_at = by, at
    held.save(update_fields=["lifted_why", "lifted_by", "lifted_at"])
    audit.record("lift no contact", by=by, at=at, subject=held, client=held.client_id, detail={})
    return held


def _words(text: str, *, most: int, field: str, required: bool = False) -> str:
    text = text.strip()
    if len(text) > most or CONTROL_CHARACTERS & set(text):
        raise DomainError(
            _("Keep this under %(n)s characters, without invisible ones.") % {"n": most}, field=field
        )
    if required and not text:
        raise DomainError(_("Fill this in."), field=field)
    return text
