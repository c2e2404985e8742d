"""What the actions of the room share."""

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from reknit.base.clock import local_date
from reknit.base.errors import DomainError
from reknit.base.fields import CONTROL_CHARACTERS
from reknit.base.races import hold
from reknit.care.people.models import Client
from reknit.care.people.queries import zone
from reknit.care.programme.models import Episode
from reknit.care.programme.queries import clinical_content, current_episode

LONG_AGO = dt.timedelta(days=366 * 60)


def held(client: Client, *, at: dt.datetime) -> Client:
    """The client's chart, held and open for clinical content."""
    client = hold(client)
    gate = clinical_content(client, at=at)
    if not gate.allowed:
        raise DomainError(gate.reason)
    return client


def open_course(client: Client) -> Episode | None:
    """The course that is open, if one is."""
    course = current_episode(client)
    return course if course and course.status == Episode.Status.OPEN else None


def same_client(found: uuid.UUID, client: Client) -> None:
    """Refuse a key that stands for something of another client."""
    if found != client.pk:
        raise DomainError(_("This page is out of date. Open it again, then try once more."))


def words(text: str, *, field: str, most: int = 200, required: bool = False) -> str:
    """Words of one field: trimmed, of a length that fits, with nothing invisible in them."""
    text = text.strip()
    if required and not text:
        raise DomainError(_("Write a few words first."), field=field)
    if len(text) > most or CONTROL_CHARACTERS & set(text):
        raise DomainError(
            _("Keep this under %(n)s characters, without invisible ones.") % {"n": most}, field=field
        )
    return text


def check_day(on: dt.date | None, *, at: dt.datetime, field: str, required: bool = False) -> None:
    """A day that has come and is in living memory."""
    if on is None:
        if required:
            raise DomainError(_("Choose the day."), field=field)
        return
    today = local_date(at, zone())
    if on > today:
        raise DomainError(_("This day has not come yet. Correct the date."), field=field)
    if on < today - LONG_AGO:
        raise DomainError(_("This day is too long ago. Correct the date."), field=field)
