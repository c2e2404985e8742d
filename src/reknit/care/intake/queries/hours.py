"""When a clinician is free: nothing booked, no group, not away, and not offered to somebody else meanwhile."""

import datetime as dt
import zoneinfo
from collections.abc import Sequence
from itertools import groupby

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.clock import local_date
from reknit.base.errors import DomainError
from reknit.care.encounters.clashes import LONGEST, Span, clashes
from reknit.care.encounters.times import instant
from reknit.care.intake.models import OfferedSlot, Referral
from reknit.care.people.absences.queries import overlapping
from reknit.care.people.models import ClinicianProfile

AHEAD = 14
"""How many days are looked at [D]: the usual target from referral to first session."""
WALL_HOURS = tuple(dt.time(hour) for hour in range(9, 17))
"""Hours that are looked at [D]. Another can be typed: the clinic's own opening hours are written down nowhere."""
CLOSES = dt.time(17)
WEEKDAYS = range(5)
MINUTES = 50


def free_hours(
    clinician: User, *, at: dt.datetime, zone: str, besides: Referral | None = None
) -> list[dt.datetime]:
    """Free hours of the coming two weeks on the days they work, soonest first. Five queries at most."""
    profile = ClinicianProfile.objects.filter(clinician=clinician).first()
    works = set(profile.days) if profile and profile.days else set(WEEKDAYS)
    today = local_date(at, zone)
    days = [today + dt.timedelta(days=n) for n in range(1, AHEAD + 1)]
    leaves = list(overlapping(clinician, starts_on=days[0], ends_on=days[-1]))
    days = [
        on
        for on in days
        if on.weekday() in works and not any(one.starts_on <= on <= one.ends_on for one in leaves)
    ]
    asked = [found for on in days for time in WALL_HOURS if (found := _instant(on, time, zone))]
    spans = [Span(starts_at, MINUTES) for starts_at in asked]
    taken = _taken(spans, clinician, besides=besides)
    return [span.starts_at for span in spans if span not in taken]


def unusual_time(clinician: User, *, starts_at: dt.datetime, minutes: int, zone: str) -> str:
    """Why a time that was typed is not among the hours offered, in a sentence; empty where it is usual. Two queries."""
    here = starts_at.astimezone(zoneinfo.ZoneInfo(zone))
    ends = here + dt.timedelta(minutes=minutes)
    profile = ClinicianProfile.objects.filter(clinician=clinician).first()
    works = set(profile.days) if profile and profile.days else set(WEEKDAYS)
    words = {"name": clinician.name, "when": date_format(here, "l j F, H:i")}
    if overlapping(clinician, starts_on=here.date(), ends_on=here.date()).exists():
        return _("%(name)s is away then: %(when)s.") % words
    if here.weekday() not in works:
        return _("%(when)s is not a day on which %(name)s works.") % words
    if here.time() < WALL_HOURS[0] or ends.date() != here.date() or ends.time() > CLOSES:
        return _("%(when)s is not between nine and five.") % words
    return ""


def by_day(hours: Sequence[dt.datetime], zone: str) -> list[tuple[dt.date, list[dt.datetime]]]:
    """Hours in the order of time under the days they fall on, by the clinic's clock."""
    return [(on, list(found)) for on, found in groupby(hours, key=lambda one: local_date(one, zone))]


def is_busy(clinician: User, *, starts_at: dt.datetime, minutes: int, besides: Referral) -> bool:
    """Whether the clinician has something then, or the time is offered to somebody else. Three queries."""
    return bool(_taken([Span(starts_at, minutes)], clinician, besides=besides))


def _taken(spans: Sequence[Span], clinician: User, *, besides: Referral | None) -> set[Span]:
    if not spans:
        return set()
    found = {clash.span for clash in clashes(spans, clinician=clinician, room=None)}
    first, last = min(span.starts_at for span in spans) - LONGEST, max(span.ends_at for span in spans)
    offers = OfferedSlot.objects.filter(
        clinician=clinician, state=OfferedSlot.State.OFFERED, starts_at__gt=first, starts_at__lt=last
    )
    if besides:
        offers = offers.exclude(referral=besides)
    others = [Span(*one) for one in offers.values_list("starts_at", "minutes")]
    meets = (
        span
        for span in spans
        if any(one.starts_at < span.ends_at and span.starts_at < one.ends_at for one in others)
    )
    return found | set(meets)


def _instant(on: dt.date, time: dt.time, zone: str) -> dt.datetime | None:
    try:
        return instant(on, time, zone)
    except DomainError:  # the hour that the clocks skip
        return None
