"""Writing down a safe way of contact."""

import datetime as dt
import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.errors import Conflict, DomainError
from reknit.base.races import hold
from reknit.care.people.models import Client

from .models import SafeContact

PHONE = re.compile(r"\+?[0-9 ()./-]{5,24}(\s*(x|ext\.?)\s*[0-9]{1,6})?")


def check_value(channel: str, value: str) -> None:
    """Refuse a number or address that cannot be one."""
    if channel in {SafeContact.Channel.PHONE, SafeContact.Channel.TEXT} and not PHONE.fullmatch(value):
        raise DomainError(_("Write the phone number in digits, such as +44 20 7946 0000."), field="value")
    if channel == SafeContact.Channel.EMAIL:
        try:
            validate_email(value)
        except ValidationError:
            raise DomainError(
                _("Write the whole e-mail address, such as name@example.org."), field="value"
            ) from None
    if channel == SafeContact.Channel.POST and len(value) < 8:
        raise DomainError(_("Write the whole postal address."), field="value")


@action
def set_safe_contact(
    *,
    by: User,
    at: dt.datetime,
    client: Client,
    channel: str,
    value: str = "",
    may_leave_message: bool = False,
    may_name_clinic: bool = False,
    safe_times: str = "",
    stands: str | None = None,
) -> SafeContact:
    """Write down the safe way to reach a client; the one before is kept as superseded.

    `stands` is the key of the one that was on the page, empty for none: another written meanwhile is a conflict, since
    a way that somebody has just called unsafe must not come back unseen.
    """
    value = value.strip()
    check_value(channel, value)
    hold(client)
    before = SafeContact.objects.filter(client=client, superseded_at=None).first()
    if stands is not None and stands != (str(before.pk) if before else ""):
        raise Conflict(
            _(
                "Somebody else changed this while you wrote. Read what stands now, then save again to keep yours."
            )
        )
    SafeContact.objects.filter(client=client, superseded_at=None).update(superseded_at=at)
    contact = SafeContact.objects.create(
        client=client,
        channel=channel,
        value=value,
        may_leave_message=may_leave_message,
        may_name_clinic=may_name_clinic,
        safe_times=safe_times.strip(),
        recorded_by=by,
        recorded_at=at,
    )
    audit.record(
        "set safe contact", by=by, at=at, subject=contact, client=client, detail={"channel": channel}
    )
    return contact
