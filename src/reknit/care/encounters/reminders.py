"""Reminders of sessions: which are due, in which words, and what became of them."""

import datetime as dt
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.care.contact.messages.allowed import needs_a_call, sentence_of
from reknit.care.contact.models import Message, MessageKind, SafeContact
from reknit.care.people.models import Client, Site

from .models import Appointment

# When a reminder is written and until when it may still go: our default, no rule of a source.
AHEAD = dt.timedelta(days=2)
AT_LATEST = dt.timedelta(hours=4)
AT_A_TIME = 500
ANSWER_PAGE = "encounters:answer-show"


@dataclass(frozen=True, slots=True)
class Row:
    """One session with its reminder, as the page lists it."""

    appointment: Appointment
    message: Message | None
    contact: SafeContact | None

    @property
    def needs_a_call(self) -> bool:
        """Whether somebody of the team has to ring: the reminder did not go, or the client says that they cannot come."""
        if self.appointment.declined_at:
            return True
        return self.message is not None and needs_a_call(self.message)

    @property
    def why(self) -> str:
        """Why it did not go by itself."""
        if self.appointment.declined_at:
            return _("They say that they cannot come. Find a new time with them, or cancel this one.")
        return sentence_of(self.message.why) if self.message else ""


def due_for_reminder(*, at: dt.datetime) -> QuerySet[Appointment]:
    """Booked sessions of the next two days that have no reminder yet. Practice courses get none."""
    written = Message.objects.filter(
        kind=MessageKind.REMINDER, about=OuterRef("pk"), about_at=OuterRef("starts_at")
    )
    return (
        Appointment.objects.filter(
            ~Exists(written),
            status=Appointment.Status.BOOKED,
            client__sandbox_of=None,
            starts_at__gt=at + AT_LATEST,
            starts_at__lte=at + AHEAD,
        )
        .select_related("client")
        .order_by("starts_at", "pk")[:AT_A_TIME]
    )


def asked_about(message: Message, *, at: dt.datetime) -> Appointment | None:
    """The session a reminder asks about, while it is still booked for that time. One query."""
    found = Appointment.objects.filter(pk=message.about, starts_at=message.about_at, client=message.client_id)
    return found.filter(status=Appointment.Status.BOOKED, starts_at__gt=at).first()


def words_of(starts_at: dt.datetime, *, zone: str, clinic: Site | None) -> str:
    """A reminder that tells a stranger nothing: no name, no clinic, no reason. The time is that of the clinic's clock."""
    return with_phone(_("A reminder: we meet on %(when)s.") % {"when": spoken(starts_at, zone)}, clinic)


def spoken(moment: dt.datetime, zone: str) -> str:
    """A day and a time by the clinic's clock, as a client reads them."""
    starts = moment.astimezone(zoneinfo.ZoneInfo(zone))
    return _("%(day)s at %(time)s") % {
        "day": date_format(starts, "l j F"),
        "time": date_format(starts, "H:i"),
    }


def with_phone(said: str, clinic: Site | None) -> str:
    """Words to a client, with the number to ring if they cannot come."""
    if clinic and clinic.phone:
        return said + " " + _("If you cannot come, please ring %(phone)s.") % {"phone": clinic.phone}
    return said


def rows_of(user: User, *, at: dt.datetime, until: dt.datetime, today: dt.date) -> list[Row]:
    """One's own booked sessions of a span with their reminders, by time. Three queries."""
    booked = (
        Appointment.objects.filter(
            clinician=user,
            client__in=Client.objects.visible_to(user, on=today),
            client__sandbox_of=None,
            status=Appointment.Status.BOOKED,
            starts_at__gte=at,
            starts_at__lt=until,
        )
        .select_related("client", "room")
        .order_by("starts_at", "pk")
    )
    return with_messages(list(booked))


def with_messages(booked: Sequence[Appointment]) -> list[Row]:
    """These sessions with their reminders. Two queries."""
    found = Message.objects.filter(kind=MessageKind.REMINDER, about__in=[one.pk for one in booked])
    messages = {(one.about, one.about_at): one for one in found}
    contacts = {
        one.client_id: one
        for one in SafeContact.objects.filter(
            client__in={one.client_id for one in booked}, superseded_at=None
        )
    }
    return [Row(one, messages.get((one.pk, one.starts_at)), contacts.get(one.client_id)) for one in booked]
