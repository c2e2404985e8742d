"""What the actions of this room check before they write."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.clock import local_date
from reknit.base.errors import DomainError
from reknit.base.fields import no_control_characters
from reknit.base.races import hold
from reknit.care.people.access import may_write_chart
from reknit.care.people.queries import zone
from reknit.care.programme.models import Episode
from reknit.care.programme.queries import clinical_content

from .models import Appointment, Encounter, ProgressNote, Room, Where
from .sections import EMERGENCY

MINUTES = range(5, 481)
BEFORE_COURSE = dt.timedelta(days=366)
AHEAD = dt.timedelta(days=2 * 366)
HTTPS = URLValidator(schemes=["https"])


def check_open(episode: Episode) -> None:
    """Refuse to write in a course that is over."""
    if episode.status != Episode.Status.OPEN:
        raise DomainError(_("This course is closed. Open a new course first."))


def check_time(episode: Episode, starts_at: dt.datetime, minutes: int, *, at: dt.datetime) -> None:
    """Refuse a session that cannot be: long before the course, far ahead, or of no length."""
    earliest = dt.datetime.combine(episode.starts_on, dt.time.min, dt.UTC) - BEFORE_COURSE
    if starts_at < earliest:
        raise DomainError(_("Check the date: it lies more than a year before this course began."), field="on")
    if starts_at > at + AHEAD:
        raise DomainError(_("Check the date: it lies more than two years ahead."), field="on")
    if minutes not in MINUTES:
        raise DomainError(_("A session lasts between 5 minutes and 8 hours."), field="minutes")


def check_clinician(clinician: User, episode: Episode, *, at: dt.datetime) -> None:
    """Refuse somebody who is not on the client's team."""
    if not may_write_chart(clinician, episode.client, on=local_date(at, zone())):
        raise DomainError(_("Choose a clinician of this client's care team."), field="clinician")


def check_place(way: str, room: Room | None, link: str) -> str:
    """The link of a session as it is kept. A room has to be in use; a link is https and belongs to video."""
    if way not in Where.values:
        raise DomainError(_("Choose how you meet from the list."), field="way")
    room = hold(room) if room else None  # nobody gives it up meanwhile
    if room is not None and room.given_up_at is not None:
        raise DomainError(_("This room was given up. Choose another."), field="room")
    if room is not None and way == Where.VIDEO and not room.has_video:
        raise DomainError(_("This room is not set up for video. Choose another, or none."), field="room")
    link = link.strip()
    if link and way != Where.VIDEO:
        raise DomainError(_("A link goes with video. Choose video, or leave it out."), field="link")
    if not link:
        return ""
    most = Appointment._meta.get_field("link").max_length or 0
    try:
        HTTPS(link)
    except ValidationError:
        raise DomainError(_("Write the whole link. It begins with https://"), field="link") from None
    if len(link) > most:
        raise DomainError(_("This link is too long. Ask for a short one."), field="link")
    return link


def check_key(model: type[models.Model], key: uuid.UUID | None) -> None:
    """Refuse a key that stands for something else already: no page of ours makes one twice."""
    if key and model._default_manager.filter(pk=key).exists():
        raise DomainError(_("This page was used before. Open it again, then fill it in once more."))


def check_characters(value: str, *, field: str) -> None:
    try:
        no_control_characters(value)
    except ValidationError as error:
        raise DomainError(error.messages[0], field=field) from error


def sentence(value: str, *, field: str, most: int = 400, required: bool = True) -> str:
    """Words of one field: trimmed, of a length that fits, with nothing invisible in them."""
    value = value.strip()
    if required and not value:
        raise DomainError(_("Write a few words first."), field=field)
    if len(value) > most:
        raise DomainError(
            _("This holds at most %(most)s characters. Shorten it.") % {"most": most}, field=field
        )
    check_characters(value, field=field)
    return value


def clean(row: models.Model, fields: Iterable[str]) -> None:
    """Hold a row that is about to be written to the shape its model states: choices, lengths, ranges, no odd characters.

    Words are trimmed. The first fault is told with its field; keys of other rows are the caller's to check.
    """
    for name in fields:
        field = row._meta.get_field(name)
        if not isinstance(field, models.Field) or isinstance(
            field, models.ForeignKey | models.ManyToManyField
        ):
            continue
        value = getattr(row, name)
        if isinstance(field, models.CharField | models.TextField):
            value = sentence(
                value or "",
                field=name,
                most=field.max_length or 400,
                required=not field.blank and not field.choices,
            )
        try:
            value = field.clean(value, row)
        except ValidationError as error:
            raise DomainError(error.messages[0], field=name) from error
        setattr(row, name, value)


def check_consent(note: ProgressNote, words: Mapping[str, str], *, at: dt.datetime) -> bool:
    """Gate G01: consent stood when the client was seen, or stands now; else an emergency needs its reason."""
    encounter = note.encounter
    if clinical_content(encounter.client, at=at).allowed:
        return True
    if clinical_content(encounter.client, at=encounter.starts_at).allowed:
        return True
    gate = clinical_content(encounter.client, at=at, emergency_reason=words.get(EMERGENCY))
    if not gate.allowed:
        raise DomainError(gate.reason, field=EMERGENCY)
    return False


def check_unlocked(encounter: Encounter) -> ProgressNote:
    """The note of a session while it is still a draft, held until the write is done so that nobody signs meanwhile."""
    if encounter.outcome not in Encounter.HELD:
        raise DomainError(_("This session did not take place, so there is nothing to write in it."))
    note = ProgressNote.objects.select_for_update().filter(encounter=encounter).first()
    if note is None or note.state != ProgressNote.State.DRAFT:
        raise DomainError(_("This session's note is signed. Add an addendum to it instead."))
    note.encounter = encounter
    return note
