"""Booking a series, moving and cancelling."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import Conflict, DomainError
from reknit.base.races import hold, hold_line
from reknit.care.contact.messages.actions import withdraw_messages
from reknit.care.encounters.actions import start_encounter
from reknit.care.encounters.checks import (
    check_clinician,
    check_key,
    check_open,
    check_place,
    check_time,
    sentence,
)
from reknit.care.encounters.clashes import BOOKING_LINE, Span, check_free, clashes
from reknit.care.encounters.models import (
    Appointment,
    AppointmentChange,
    AppointmentSeries,
    Encounter,
    Room,
    Where,
)
from reknit.care.encounters.times import check_year, instant
from reknit.care.people.queries import zone
from reknit.care.programme.models import Episode
from reknit.core.encounters.series import Every, Rule, days, instants, until
from reknit.core.errors import BadInput

from .scope import ONE, SCOPES, in_scope

LATE_UNDER = dt.timedelta(hours=24)
"""A client who cancels later than this cancels late: our default (ipt.md 1.5 [D]); a person may decide otherwise."""
BOOKED = Appointment.Status.BOOKED
Wish, Kind = AppointmentChange.Wish, AppointmentChange.Kind


@dataclass(frozen=True, slots=True)
class Place:
    """How and where one meets."""

    way: str = Where.HERE
    room: Room | None = None
    link: str = ""


@action
def book_series(
    *,
    by: User,
    at: dt.datetime,
    episode: Episode,
    clinician: User,
    starts_on: dt.date,
    time: dt.time,
    every: str,
    count: int,
    minutes: int = 50,
    place: Place | None = None,
    leaves_taken_out: bool = False,
    key: uuid.UUID | None = None,
) -> AppointmentSeries:
    """Book a series on one wall time. None lies after the ending date, which stands unless it is amended (G11).

    Where days are taken the series is refused with their names, or books the others (`leaves_taken_out`).
    """
    stands = hold(episode)
    if key and (known := AppointmentSeries.objects.filter(pk=key, episode=episode).first()):
        audit.unchanged()
        return known
    check_key(AppointmentSeries, key)
    check_open(stands)
    check_clinician(clinician, episode, at=at)
    place = place or Place()
    link = check_place(place.way, place.room, place.link)
    rule = _rule(starts_on, time, every, count)
    cut = until(rule, stands.ends_on)
    if cut is None:
        raise DomainError(
            _("The first day lies after the ending date. The ending date moves only by an amendment."),
            field="on",
        )
    spans = [Span(moment, minutes) for moment in instants(cut)]
    for span in (spans[0], spans[-1]):
        check_time(stands, span.starts_at, minutes, at=at)
    if spans[0].starts_at < at:
        raise DomainError(_("The first session lies in the past. Choose a day that is to come."), field="on")
    left_out = _taken(spans, clinician, place.room, stands, leaves_taken_out)
    series = AppointmentSeries.objects.create(
        **({"id": key} if key else {}),
        episode=episode, clinician=clinician, starts_on=cut.starts_on, time=cut.time, zone=cut.zone,
        every=cut.every.value, count=cut.count, minutes=minutes, left_out=left_out, made_by=by, made_at=at,
    )  # fmt: skip
    Appointment.objects.bulk_create(
        Appointment(
            client_id=episode.client_id, episode=episode, clinician=clinician, starts_at=span.starts_at,
            minutes=minutes, series=series, number=number, way=place.way, room=place.room, link=link,
            made_by=by, made_at=at,
        )
        for number, span in enumerate(spans, start=1)
        if number not in left_out
    )  # fmt: skip
    detail = {"every": every, "count": cut.count, "asked": count, "left_out": len(left_out)}
    audit.record("book series", by=by, at=at, subject=series, client=episode.client_id, detail=detail)
    return series


@action
def move_appointment(
    *,
    by: User,
    at: dt.datetime,
    appointment: Appointment,
    revision: int,
    starts_on: dt.date,
    time: dt.time,
    minutes: int = 50,
    place: Place | None = None,
    scope: str = ONE,
    wish: str = Wish.US,
    why: str = "",
) -> Appointment:
    """Move a booked session, or it and those after it, to another day, time or place. What is over never changes.

    One of a series stays in it as an exception. Several become a series that follows, with the numbers they had.
    """
    held = _held(appointment, revision, scope, wish, at=at)
    episode = held.episode
    check_open(episode)
    check_year(starts_on)
    time = time.replace(second=0, microsecond=0)
    why = sentence(why, field="why", most=300, required=False)
    place = place or Place(held.way, held.room, held.link)
    place = replace(place, link=check_place(place.way, place.room, place.link))
    rows = in_scope(held, scope, at=at)
    rule = _shifted(held, rows, scope, starts_on, time)
    moments = _moments(rule, rows) if rule else [instant(starts_on, time, zone())]
    _check_new_times(moments, episode, minutes, at=at)
    check_free(
        [Span(moment, minutes) for moment in moments],
        clinician=held.clinician,
        room=place.room,
        is_practice=held.client.is_sandbox,
        beside=[row.pk for row in rows],
    )
    if rule:
        _follow_on(held, rows, rule, minutes, by=by, at=at)
    for row, moment in zip(rows, moments, strict=True):
        _move(row, moment, minutes, place, wish=wish, why=why, by=by, at=at)
    detail = {"scope": scope, "count": len(rows), "wish": wish}
    audit.record("move appointment", by=by, at=at, subject=held, client=held.client_id, detail=detail)
    return held


@action
def cancel_appointment(
    *,
    by: User,
    at: dt.datetime,
    appointment: Appointment,
    revision: int,
    wish: str,
    is_late: bool | None = None,
    why: str = "",
    scope: str = ONE,
) -> Encounter | None:
    """Cancel a booked session, or it and those after it. One is written down as a cancelled session of the course.

    Whether the client cancelled late is read from the clock; to decide otherwise needs a reason. Several at once are
    taken out of the calendar and are no cancelled sessions, so they use up nothing.
    """
    held = _held(appointment, revision, scope, wish, at=at, may_be_over=scope == ONE)
    by_clock = is_late_now(held, wish=wish, at=at)
    late = by_clock if is_late is None else is_late and wish == Wish.CLIENT
    why = sentence(why, field="why", most=300, required=late != by_clock)
    rows = [held] if scope == ONE else in_scope(held, scope, at=at)
    detail = {"scope": scope, "count": len(rows), "wish": wish, "late": late, "by_clock": by_clock}
    audit.record("cancel appointment", by=by, at=at, subject=held, client=held.client_id, detail=detail)
    if scope == ONE:
        _note_cancelled(held, wish, why, by=by, at=at)
        return start_encounter(
            by=by, at=at, episode=held.episode, outcome=_outcome(wish, late), starts_at=held.starts_at,
            place=held.way, minutes=held.minutes, appointment=held,
        )  # fmt: skip
    for row in rows:
        _take_out(row, wish, why, by=by, at=at)
    return None


@action
def release_hours(*, by: User, at: dt.datetime, episode: Episode) -> list[Appointment]:
    """Take what is still to come out of the calendar when a course closes. None is a cancelled session of it."""
    hold(episode)
    rows = list(
        Appointment.objects.select_for_update(of=("self",)).filter(
            episode=episode, status=BOOKED, starts_at__gte=at
        )
    )
    if not rows:
        audit.unchanged()
        return rows
    for row in rows:
        _take_out(row, Wish.US, "", by=by, at=at)
    detail = {"scope": "course", "count": len(rows), "wish": Wish.US}
    audit.record("cancel appointment", by=by, at=at, subject=episode, client=episode.client_id, detail=detail)
    return rows


def is_late_now(appointment: Appointment, *, wish: str, at: dt.datetime) -> bool:
    """Whether the client cancels within a day of the session, counted from when they said that they cannot come.

    We never cancel late: that is no miss of theirs.
    """
    return wish == Wish.CLIENT and appointment.starts_at - (appointment.declined_at or at) < LATE_UNDER


def _outcome(wish: str, late: bool) -> str:
    if wish == Wish.US:
        return Encounter.Outcome.CLINICIAN
    return Encounter.Outcome.LATE_CANCEL if late else Encounter.Outcome.CANCELLED


def _rule(starts_on: dt.date, time: dt.time, every: str, count: int) -> Rule:
    check_year(starts_on)
    time = time.replace(second=0, microsecond=0)
    try:
        return Rule(starts_on, time, zone(), Every(every), count)
    except (BadInput, ValueError) as problem:
        raise DomainError(
            _("A series has between 1 and 200 sessions, every week, two weeks or month."), field="count"
        ) from problem


def _taken(
    spans: Sequence[Span], clinician: User, room: Room | None, episode: Episode, leaves_taken_out: bool
) -> list[int]:
    """Numbers whose time is taken, when they may be left out; else a refusal that names them."""
    is_practice = episode.client.is_sandbox
    if is_practice:
        return []
    if not leaves_taken_out:
        check_free(spans, clinician=clinician, room=room, is_practice=False)
        return []
    hold_line(BOOKING_LINE)
    taken = {clash.span.starts_at for clash in clashes(spans, clinician=clinician, room=room)}
    left_out = [number for number, span in enumerate(spans, start=1) if span.starts_at in taken]
    if len(left_out) == len(spans):
        raise DomainError(_("Every one of these times is taken. Choose another time."), field="time")
    return left_out


def _held(
    appointment: Appointment,
    revision: int,
    scope: str,
    wish: str,
    *,
    at: dt.datetime,
    may_be_over: bool = False,
) -> Appointment:
    """The appointment as it stands now, when it may still be changed. Its course is held first (decision 12)."""
    if scope not in SCOPES or wish not in Wish.values:
        raise DomainError(_("Choose from the list."), field="scope")
    hold(appointment.episode)
    held = (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("client", "clinician", "episode__client", "series", "room")
        .get(pk=appointment.pk)
    )
    if held.status != BOOKED:
        raise DomainError(_("What became of this session is written down already. Nothing was changed."))
    if held.revision != revision:
        raise Conflict(_("Somebody else changed this session. Read it again first."), theirs=held)
    if held.starts_at < at and not may_be_over:
        raise DomainError(_("This session is over. Say whether it took place instead."))
    return held


def _shifted(
    held: Appointment, rows: Sequence[Appointment], scope: str, on: dt.date, time: dt.time
) -> Rule | None:
    """The rule of the series that follows: the old pace, as many days later or earlier as the one that is moved.

    Nothing where one alone is moved, which stays an exception of its series.
    """
    if scope == ONE or held.series is None or held.number is None:
        return None
    old = held.series.rule
    numbers = [row.number for row in rows if row.number is not None]
    by_rule = days(old)
    if old.every == Every.MONTH and held.number != min(numbers):
        raise DomainError(_("In a monthly series choose this one and those after it."), field="scope")
    first = by_rule[min(numbers) - 1] + (on - by_rule[held.number - 1])
    return Rule(first, time, zone(), old.every, max(numbers) - min(numbers) + 1)


def _moments(rule: Rule, rows: Sequence[Appointment]) -> list[dt.datetime]:
    """Where each of the rows comes to lie. A number that is missing among them stays missing."""
    found, first = instants(rule), min(row.number or 0 for row in rows)
    return [found[(row.number or 0) - first] for row in rows]


def _check_new_times(
    moments: Sequence[dt.datetime], episode: Episode, minutes: int, *, at: dt.datetime
) -> None:
    for moment in moments:
        check_time(episode, moment, minutes, at=at)
    if min(moments) < at:
        raise DomainError(_("This time has passed already. Choose one that is to come."), field="on")
    if episode.ends_on and local_date(max(moments), zone()) > episode.ends_on:
        raise DomainError(
            _("This lies after the ending date. The ending date moves only by an amendment."), field="on"
        )


def _follow_on(
    held: Appointment,
    rows: Sequence[Appointment],
    rule: Rule,
    minutes: int,
    *,
    by: User,
    at: dt.datetime,
) -> None:
    """A series that follows the old one: these rows change over, the old one leaves their numbers out."""
    old = held.series
    assert old is not None
    numbers = [row.number for row in rows if row.number is not None]
    first = min(numbers)
    gone = [number - first + 1 for number in range(first, max(numbers) + 1) if number not in numbers]
    series = AppointmentSeries.objects.create(
        episode=old.episode, clinician=old.clinician, starts_on=rule.starts_on, time=rule.time, zone=rule.zone,
        every=rule.every.value, count=rule.count, minutes=minutes, left_out=gone, follows=old,
        made_by=by, made_at=at,
    )  # fmt: skip
    old.left_out = sorted({*old.left_out, *numbers})
    old.save(update_fields=["left_out"])
    for row in rows:
        row.series, row.number = series, (row.number or 0) - first + 1


def _move(
    row: Appointment,
    to_at: dt.datetime,
    minutes: int,
    place: Place,
    *,
    wish: str,
    why: str,
    by: User,
    at: dt.datetime,
) -> None:
    """Change one row. Only another time asks the client anew and takes a reminder back."""
    if to_at != row.starts_at:
        AppointmentChange.objects.create(
            appointment=row, kind=Kind.MOVED, wish=wish, from_at=row.starts_at, to_at=to_at, why=why, by=by, at=at
        )  # fmt: skip
        withdraw_messages(by=by, at=at, about=row.pk)
        row.confirmed_at = row.declined_at = None
    row.starts_at, row.minutes = to_at, minutes
    row.way, row.room, row.link = place.way, place.room, place.link
    fields = [
        "starts_at",
        "minutes",
        "way",
        "room",
        "link",
        "confirmed_at",
        "declined_at",
        "series",
        "number",
    ]
    _save(row, fields, at=at)


def _take_out(row: Appointment, wish: str, why: str, *, by: User, at: dt.datetime) -> None:
    """Out of the calendar, without an outcome."""
    _note_cancelled(row, wish, why, by=by, at=at)
    row.status = Appointment.Status.CANCELLED
    _save(row, ["status"], at=at)
    withdraw_messages(by=by, at=at, about=row.pk)


def _note_cancelled(row: Appointment, wish: str, why: str, *, by: User, at: dt.datetime) -> None:
    AppointmentChange.objects.create(
        appointment=row, kind=Kind.CANCELLED, wish=wish, from_at=row.starts_at, why=why, by=by, at=at
    )


def _save(row: Appointment, fields: list[str], *, at: dt.datetime) -> None:
    row.revision, row.changed_at = row.revision + 1, at
    row.save(update_fields=[*fields, "revision", "changed_at"])
