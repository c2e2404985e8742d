"""Reads about the focus, the formulation and the timeline that pages and other rooms share."""

import datetime as dt
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from reknit.care.measures.models import Administration
from reknit.care.measures.queries import scores_for
from reknit.care.medication.queries import medications_of
from reknit.care.network.models import CircleVersion
from reknit.care.people.models import Client
from reknit.care.people.queries import zone as clinic_zone
from reknit.care.programme.models import CourseFact, Episode
from reknit.care.substance_use.queries import (
    any_substance,
    bare_days,
    cravings,
    ever_monitored,
    results_of_tests,
)
from reknit.core.programme.template import template

from .lanes import Sources, facts_of, gains_of, lanes_of, returns_of
from .line import MOOD, ClientLine, Held, bounds, days_of, put_together, scores_of
from .models import DisputeStage, FocusArea, Formulation, FormulationAnswer, LeftQuestion, TimelineEvent

MID_COURSE = "M09"
CLIENT_LABELS = {
    FocusArea.Area.GRIEF: _("Losing someone"),
    FocusArea.Area.DISPUTE: _("A relationship under strain"),
    FocusArea.Area.TRANSITION: _("A big life change"),
    FocusArea.Area.SENSITIVITY: _("Finding it hard to connect"),
}


@dataclass(frozen=True, slots=True)
class Focus:
    """A focus area for a page: its code, the words for staff and for the client, and with whom."""

    row: FocusArea
    area: str
    label: str
    client_label: str
    aliases: tuple[str, ...]

    @property
    def title(self) -> str:
        """What it is called: the name given to it, else the people, else the label alone."""
        return self.row.named or ", ".join(self.aliases) or (self.row.event.title if self.row.event else "")


def foci(episode: Episode) -> list[Focus]:
    """Every focus area of a course with its people, in the order they were proposed. Two queries."""
    rows = FocusArea.objects.filter(episode=episode).select_related("event", "proposed_by")
    return [_focus(row) for row in rows.prefetch_related("relationships").order_by("proposed_at", "id")]


def active_foci(episode: Episode) -> list[Focus]:
    """The one or two areas worked on now. Two queries."""
    rows = FocusArea.objects.filter(episode=episode, status=FocusArea.Status.ACTIVE).select_related("event")
    return [_focus(row) for row in rows.prefetch_related("relationships").order_by("proposed_at", "id")]


def active_focus(episode: Episode) -> Focus | None:
    """The area worked on now, the first of two; nothing until one is agreed. Two queries."""
    return next(iter(active_foci(episode)), None)


def _focus(row: FocusArea) -> Focus:
    return Focus(
        row=row,
        area=row.area,
        label=row.get_area_display(),
        client_label=str(CLIENT_LABELS[FocusArea.Area(row.area)]),
        aliases=tuple(person.alias for person in row.relationships.all()),
    )


def dispute_stage(focus: FocusArea) -> DisputeStage | None:
    """Where a dispute stands now: the stage with the latest date, the one entered last among equals. One query."""
    return DisputeStage.objects.filter(focus=focus).order_by("-on", "-at").first()


def versions(episode: Episode) -> QuerySet[Formulation]:
    """Every version of the formulation, the newest first, a draft on top."""
    return (
        Formulation.objects.filter(episode=episode)
        .select_related("shared_by", "saved_by")
        .order_by("-number")
    )


def current_formulation(episode: Episode) -> Formulation | None:
    """The version that stands: shared, and not replaced. Nothing while there is only a draft. One query."""
    return versions(episode).filter(state__in=Formulation.STANDING).first()


def latest_answer(formulation: Formulation) -> FormulationAnswer | None:
    """What the client said last to a version. One query."""
    return FormulationAnswer.objects.filter(formulation=formulation).order_by("-at").first()


def events_of(client: Client) -> QuerySet[TimelineEvent]:
    """The events of a client's timeline that stand, oldest first, with their people."""
    rows = TimelineEvent.objects.filter(client=client, set_aside_at=None)
    return rows.prefetch_related("relationships", "linked").order_by("starts_on", "added_at", "id")


def timeline_of(
    client: Client, episode: Episode | None, *, today: dt.date, window: str = "course"
) -> ClientLine:
    """The line of a client: events, mood, use and sessions. Eight queries, however long the line."""
    return _line(client, episode, today=today, window=window, asked=None, whole=False)


def whole_timeline(
    client: Client,
    episode: Episode | None,
    *,
    today: dt.date,
    window: str = "course",
    asked: tuple[dt.date, dt.date] | None = None,
) -> ClientLine:
    """The same with craving, tests, medication, measures and circles, over the days asked for. Thirteen queries."""
    return _line(client, episode, today=today, window=window, asked=asked, whole=True)


def _line(
    client: Client,
    episode: Episode | None,
    *,
    today: dt.date,
    window: str,
    asked: tuple[dt.date, dt.date] | None,
    whole: bool,
) -> ClientLine:
    zone = clinic_zone()
    events = list(events_of(client))
    start, end = asked or bounds(events, episode, today=today, window=window)
    days = bare_days(client, end=today)
    first = min([start, *(day.on for day in days[:1])])
    use = any_substance(days, ever_monitored(client), start=first, end=today) if first <= today else None
    sheets, told = scores_for([client.pk], MOOD).get(client.pk, []), days_of(use)
    found = _beside(client) if whole else Sources()
    return put_together(
        events,
        scores_of(sheets, zone=zone),
        told,
        sessions_held(episode, zone=zoneinfo.ZoneInfo(zone)) if episode else [],
        start=start,
        end=end,
        today=today,
        begins=episode.starts_on if episode else None,
        more=lanes_of(found, zone=zone),
        notes=[*gains_of(sheets, mood=MOOD, zone=zone), *returns_of(told)] if whole else [],
        facts=facts_of(found, zone=zone),
        left=frozenset(LeftQuestion.objects.filter(event__client=client).values_list("event_id", "on")),
    )


def _beside(client: Client) -> Sources:
    sheets = Administration.objects.filter(client=client, superseded_at=None).exclude(measure=MOOD)
    circles = CircleVersion.objects.filter(client=client, state=CircleVersion.State.SIGNED)
    return Sources(
        craving=list(cravings(client).order_by("told_at")),
        tests=list(results_of_tests(client).order_by("taken_at")),
        medication=sorted(medications_of(client), key=lambda one: one.starts_on),
        sheets=list(sheets.defer("answers").order_by("answered_at")),
        circles=list(circles.defer("snapshot").order_by("signed_at")),
    )


def sessions_held(episode: Episode, *, zone: dt.tzinfo) -> list[Held]:
    """Sessions as reported to the course, oldest first. One query.

    The day is the reported `on` where the fact names it, else the day it was written down.
    """
    rows = CourseFact.objects.filter(episode=episode, kind="session", withdrawn_at=None).order_by("at", "id")
    found = [
        Held(
            on=_day(value.get("on")) or at.astimezone(zone).date(),
            slot=value.get("slot"),
            outcome=str(value.get("outcome", "")),
        )
        for value, at in rows.values_list("value", "at")
    ]
    return sorted(found, key=lambda one: one.on)


def _day(written: object) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(written)) if written else None
    except ValueError:
        return None


def slot_at_hand(episode: Episode) -> int:
    """The planned number of the latest session reported to the course; 0 before the first. One query."""
    rows = CourseFact.objects.filter(episode=episode, kind="session", withdrawn_at=None)
    slots = [value.get("slot") for value in rows.values_list("value", flat=True)]
    return max((slot for slot in slots if isinstance(slot, int)), default=0)


def slot_latest(held: Sequence[Held]) -> int:
    """The planned number of the latest session; 0 before the first."""
    return max((one.slot for one in held if one.slot), default=0)


def mid_course_slot(episode: Episode) -> int | None:
    """The slot of the mid-course review in the course's own protocol, if it has one."""
    plan = template(episode.protocol, episode.protocol_version)
    return next((task.latest_slot for task in plan.tasks if task.code == MID_COURSE), None)
