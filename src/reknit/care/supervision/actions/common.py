"""What the actions of this room share."""

import datetime as dt

from django.utils.translation import gettext as _

from reknit.base.access import Decision as Answer
from reknit.base.clock import local_date
from reknit.base.errors import DomainError, Refused
from reknit.base.fields import CONTROL_CHARACTERS
from reknit.care.people.queries import zone

LINE, WORDS = 400, 4000


def allowed(answer: Answer) -> None:
    """Go on, or stop with the policy's own reason."""
    if not answer:
        raise Refused(answer.reason)


def clean(text: str, *, field: str, most: int = WORDS, required: str = "") -> str:
    """Words as they are kept. `required` is the sentence for an empty one."""
    text = text.strip()
    if required and not text:
        raise DomainError(required, field=field)
    if len(text) > most:
        raise DomainError(_("Write at most %(n)d characters.") % {"n": most}, field=field)
    if any(one in CONTROL_CHARACTERS for one in text):
        raise DomainError(_("Remove the invisible characters from this text, then try again."), field=field)
    return text


def not_later(on: dt.date, *, at: dt.datetime, field: str = "on") -> dt.date:
    """A day that has come."""
    today = local_date(at, zone())
    if on > today:
        raise DomainError(_("This day has not come yet."), field=field)
    if on.year < today.year - 60:
        raise DomainError(_("Write the year with four digits."), field=field)
    return on


def to_come(on: dt.date, *, at: dt.datetime, field: str = "due_on") -> dt.date:
    """A day from today on, within two years."""
    today = local_date(at, zone())
    if not today <= on <= today + dt.timedelta(days=731):
        raise DomainError(_("Choose a day from today on, within two years."), field=field)
    return on
