"""What is written into the timeline and into a focus: plain values, checked before they become rows."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reknit.base.errors import DomainError
from reknit.base.fields import no_control_characters
from reknit.care.network.models import Relationship
from reknit.care.people.models import Client
from reknit.care.programme.models import Episode

from .models import TimelineEvent

EARLIEST = dt.date(1900, 1, 1)
AHEAD = dt.timedelta(days=2 * 366)
MOST_TITLE, MOST_REASON, MOST_WORDS = 120, 400, 1000
SEASONS = {12: 0, 1: 0, 2: 0, 3: 1, 4: 1, 5: 1, 6: 2, 7: 2, 8: 2, 9: 3, 10: 3, 11: 3}


@dataclass(frozen=True, slots=True)
class EventEntry:
    """One event as it was told. None means not asked or not told."""

    title: str
    starts_on: dt.date
    lane: str = "life"
    kind: str = ""
    precision: str = "day"
    ends_on: dt.date | None = None
    relationships: Sequence[Relationship] = ()
    linked: Sequence[TimelineEvent] = ()
    impact: int | None = None
    mood_then: int | None = None
    use_change: str = ""
    source: str = "client"
    is_restricted: bool = False


@dataclass(frozen=True, slots=True)
class FocusEntry:
    """A focus area as it is proposed: which one, with whom or around what, and why."""

    area: str
    relationships: Sequence[Relationship] = ()
    event: TimelineEvent | None = None
    named: str = ""
    reason: str = ""


def check_event(entry: EventEntry, *, client: Client, today: dt.date) -> EventEntry:
    """The entry with its title trimmed. Refuses what cannot be."""
    for value, choices, field in (
        (entry.lane, TimelineEvent.Lane.values, "lane"),
        (entry.kind, TimelineEvent.Kind.values, "kind"),
        (entry.precision, TimelineEvent.Precision.values, "precision"),
        (entry.use_change, TimelineEvent.UseChange.values, "use_change"),
        (entry.source, TimelineEvent.Source.values, "source"),
    ):
        if value not in choices:
            raise DomainError(_("Choose an answer from the list."), field=field)
    for day in filter(None, (entry.starts_on, entry.ends_on)):
        if not EARLIEST <= day <= today + AHEAD:
            raise DomainError(
                _("Check the date: it lies before 1900 or more than two years ahead."), field="starts_on"
            )
    if entry.ends_on and entry.ends_on < entry.starts_on:
        raise DomainError(_("The last day cannot be before the first day."), field="ends_on")
    if entry.impact is not None and not -5 <= entry.impact <= 5:
        raise DomainError(_("Write a number from -5 to 5."), field="impact")
    if entry.mood_then is not None and not 0 <= entry.mood_then <= 10:
        raise DomainError(_("Write a number from 0 to 10."), field="mood_then")
    check_theirs(entry.relationships, client)
    check_theirs(entry.linked, client)
    return EventEntry(
        **{name: getattr(entry, name) for name in EventEntry.__slots__ if name != "title"},
        title=sentence(entry.title, field="title", most=MOST_TITLE),
    )


def check_theirs(rows: Iterable[Relationship | TimelineEvent], client: Client) -> None:
    """Refuse people and events of somebody else."""
    if any(row.client_id != client.pk for row in rows):
        raise DomainError(_("Choose people and events of this client."))


def check_open(episode: Episode) -> None:
    """Refuse to write in a closed course."""
    if episode.status != Episode.Status.OPEN:
        raise DomainError(_("This course is closed. Open a new course first."))


def sentence(value: str, *, field: str, most: int = MOST_REASON, required: bool = True, ask: str = "") -> str:
    """Words of one field: trimmed, of a length that fits, with nothing invisible in them."""
    value = value.strip()
    if required and not value:
        raise DomainError(ask or _("Write a few words first."), field=field)
    if len(value) > most:
        raise DomainError(
            _("This holds at most %(most)s characters. Shorten it.") % {"most": most}, field=field
        )
    try:
        no_control_characters(value)
    except ValidationError as error:
        raise DomainError(error.messages[0], field=field) from error
    return value


def when_words(on: dt.date, precision: str) -> str:
    """A day as exactly as it is known: 3 May 2026, May 2026, spring 2026 or 2026."""
    if precision == TimelineEvent.Precision.DAY:
        return date_format(on, "j F Y")
    if precision == TimelineEvent.Precision.MONTH:
        return date_format(on, "F Y")
    if precision == TimelineEvent.Precision.SEASON:
        names = (_("winter"), _("spring"), _("summer"), _("autumn"))
        return f"{names[SEASONS[on.month]]} {on.year}"
    return str(on.year)
