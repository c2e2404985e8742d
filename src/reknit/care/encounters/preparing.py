"""Everything the page of one session shows, gathered once, as it stood on the day of the session."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Q

from reknit.base.clock import local_date, start_of
from reknit.base.ui.figures import UseDay as DayCell
from reknit.care.materials.queries import Given, given_in
from reknit.care.measures.models import Administration
from reknit.care.people.queries import zone
from reknit.care.programme.models import CourseFact
from reknit.care.programme.queries import course_from, facts_of, this_site
from reknit.care.safety.models import RiskItem
from reknit.care.substance_use.days import counted, label
from reknit.care.substance_use.models import MonitoredSubstance
from reknit.care.substance_use.queries import any_substance, current_days, ever_monitored
from reknit.core.programme.course import Course
from reknit.core.programme.protocol import INTAKE_SLOT
from reknit.core.programme.response import Standing, review_standing
from reknit.core.programme.sets import measures_due
from reknit.core.programme.template import Phase, ProtocolTemplate, phase_of
from reknit.core.substance_use.timeline import Grid

from .models import Appointment, Encounter, Intention
from .tasks import TaskRow, left_in, rows, rows_at_hand, rows_beside
from .techniques.figures import Focus, focus_of
from .techniques.reading import CravingTold, RecordLine, Waiting, latest_craving, records_of, waiting

MOOD, CHECK_IN = "phq-9", "session-checkin"
WEEK = dt.timedelta(days=7)
STATES = {1: "used", 0: "not_used", -1: "unknown"}


@dataclass(frozen=True)
class Preparation:
    """One session with the record behind it. Fourteen queries, however long the course; `records` asks its own."""

    encounter: Encounter
    zone: str
    course: tuple[Encounter, ...]
    sheets: dict[str, list[Administration]]
    asked: tuple[MonitoredSubstance, ...]
    days: tuple[DayCell, ...]
    days_before: tuple[DayCell, ...]
    focus: tuple[Focus, ...]
    waiting: Waiting
    craving: CravingTold | None
    risk: tuple[RiskItem, ...]
    before: Intention | None
    agreed: Intention | None
    facts: tuple[CourseFact, ...]
    standing: Course = field(repr=False)
    next_appointment: Appointment | None
    given_to_read: tuple[Given, ...] = ()

    @property
    def plan(self) -> ProtocolTemplate:
        """The protocol over the sessions that were agreed."""
        return self.standing.template

    @property
    def on(self) -> dt.date:
        """The calendar date of the session."""
        return local_date(self.encounter.starts_at, self.zone)

    @property
    def is_beside(self) -> bool:
        """Whether this is a safety session that stands beside the planned ones."""
        return self.encounter.slot is None

    @property
    def is_before(self) -> bool:
        """Whether this is the meeting before session 1."""
        return self.encounter.slot == INTAKE_SLOT

    @property
    def slot(self) -> int:
        """The planned session; of a session beside them, the latest one used up before it."""
        if self.encounter.slot is not None:
            return self.encounter.slot
        earlier = [row.slot for row in self.course if row.slot and row.starts_at <= self.encounter.starts_at]
        return max(earlier, default=0)

    @property
    def stitch(self) -> int | None:
        """Where in the course, for the row of stitches; None before session 1."""
        return self.slot or None

    @property
    def still_to_come(self) -> int:
        """Planned sessions after this one."""
        return max(self.encounter.episode.planned_sessions - self.slot, 0)

    @property
    def phase(self) -> Phase:
        return phase_of(self.plan, self.slot)

    @property
    def missed(self) -> tuple[int, ...]:
        """Planned sessions that were used up without a meeting."""
        return tuple(row.slot for row in self.course if row.slot and row.outcome not in Encounter.HELD)

    @cached_property
    def ticked(self) -> dict[str, dt.datetime]:
        """Codes ticked in this session, with the time."""
        mine = [row for row in self.facts if row.source_id == self.encounter.pk and row.withdrawn_at is None]
        return {str(row.value["code"]): row.at for row in mine if row.kind == "task_done"}

    @cached_property
    def recorded(self) -> dict[str, dt.datetime]:
        """Codes whose record was left in this session, with the time."""
        return left_in(self.standing, self.slot, self.facts)

    @cached_property
    def records(self) -> tuple[RecordLine, ...]:
        """The records made in this session, a line each."""
        return records_of(self.encounter)

    @property
    def review(self) -> Standing | None:
        """Whether the mid-course review is due in this session or overdue."""
        return None if self.is_beside else review_standing(self.plan, self.slot, self.waiting.reviewed)

    @cached_property
    def tasks(self) -> list[TaskRow]:
        if self.is_beside:
            is_alone = (self.encounter.kind, self.encounter.outcome) == ("individual", "attended")
            return rows_beside(self.plan, self.ticked, is_alone=is_alone)
        return rows(self.standing, self.slot, self.ticked, self.recorded)

    @cached_property
    def at_hand(self) -> list[TaskRow]:
        """Tasks of the phase that belong to no session: used when they fit."""
        if self.is_beside:
            return []
        return rows_at_hand(self.standing, self.slot, self.ticked, self.recorded)

    @property
    def due_now(self) -> list[TaskRow]:
        """What today asks for, and whatever else was ticked today."""
        return [
            row for row in [*self.tasks, *self.at_hand] if row.done_at or row in self.tasks and not row.later
        ]

    @property
    def may_wait(self) -> list[TaskRow]:
        """What a later session will do for, and what only fits at times."""
        return [row for row in [*self.tasks, *self.at_hand] if row not in self.due_now]

    @cached_property
    def substances(self) -> tuple[str, ...]:
        """Labels of the substances that the days count."""
        return tuple(label(code) for code in counted([one.substance for one in self.asked]))

    @property
    def measures(self) -> list[tuple[str, Administration | None]]:
        """The measures due in this session, each with the sheet given for it."""
        if self.is_beside:
            return []
        due = measures_due(self.plan, self.slot, site=this_site())
        return [(measure, self.given(measure)) for measure in due]

    def given(self, measure: str) -> Administration | None:
        """The latest sheet of this session: made in it, for its slot, or answered on its day."""
        for sheet in reversed(self.sheets.get(measure, ())):
            same_slot = sheet.slot is not None and (sheet.episode_id, sheet.slot) == (
                self.encounter.episode_id,
                self.encounter.slot,
            )
            same_day = local_date(sheet.answered_at, self.zone) == self.on
            if sheet.encounter_id == self.encounter.pk or same_slot or same_day:
                return sheet
        return None


def prepare(encounter: Encounter) -> Preparation:
    """Gather a session. Nothing that was recorded for a later day enters, so an old draft reads as it was."""
    here = zone()
    on = local_date(encounter.starts_at, here)
    until = start_of(on + dt.timedelta(days=1), here)
    asked = tuple(ever_monitored(encounter.client))
    before, agreed = _intentions(encounter)
    course = tuple(Encounter.objects.filter(episode=encounter.episode_id).order_by("starts_at", "made_at"))
    days, days_before = _days(encounter, asked, on=on, earlier=_met_before(encounter, course, zone=here))
    facts = tuple(facts_of(encounter.episode))
    return Preparation(
        encounter=encounter,
        zone=here,
        course=course,
        sheets=_sheets(encounter, until=until),
        asked=asked,
        days=days,
        days_before=days_before,
        focus=focus_of(encounter),
        waiting=waiting(encounter.episode, until=until),
        craving=latest_craving(encounter, until=until),
        risk=_risk(encounter, until=until),
        before=before,
        agreed=agreed,
        facts=facts,
        standing=course_from(encounter.episode, facts),
        next_appointment=Appointment.objects.filter(
            episode=encounter.episode_id, status=Appointment.Status.BOOKED, starts_at__gt=encounter.starts_at
        )
        .order_by("starts_at")
        .first(),
        given_to_read=tuple(given_in(encounter.pk)),
    )


def _sheets(encounter: Encounter, *, until: dt.datetime) -> dict[str, list[Administration]]:
    found: dict[str, list[Administration]] = defaultdict(list)
    sheets = Administration.objects.filter(
        client=encounter.client_id, superseded_at=None, answered_at__lt=until
    )
    for sheet in sheets.order_by("answered_at", "recorded_at"):
        found[sheet.measure].append(sheet)
    return dict(found)


def _met_before(encounter: Encounter, course: tuple[Encounter, ...], *, zone: str) -> dt.date | None:
    """The day the client was last met before this session."""
    days = [
        local_date(row.starts_at, zone)
        for row in course
        if row.outcome in Encounter.HELD and row.starts_at < encounter.starts_at
    ]
    return max(days, default=None)


def _days(
    encounter: Encounter, asked: tuple[MonitoredSubstance, ...], *, on: dt.date, earlier: dt.date | None
) -> tuple[tuple[DayCell, ...], tuple[DayCell, ...]]:
    """The seven days before the session, and the seven before the one before; none when nothing is asked about."""
    start, end = min(on, earlier or on) - WEEK, on - dt.timedelta(days=1)
    grid = any_substance(current_days(encounter.client, start=start, end=end), asked, start=start, end=end)
    if grid is None:
        return (), ()
    return _cells(grid, before=on), _cells(grid, before=earlier) if earlier else ()


def _cells(grid: Grid, *, before: dt.date) -> tuple[DayCell, ...]:
    start = before - WEEK
    states = grid.between(start, before - dt.timedelta(days=1)).cells[0][0].tolist()
    return tuple(DayCell(start + dt.timedelta(days=n), STATES[state]) for n, state in enumerate(states))  # type: ignore[arg-type]


def _risk(encounter: Encounter, *, until: dt.datetime) -> tuple[RiskItem, ...]:
    """Items that were open on the day."""
    still_open = Q(closed_at=None) | Q(closed_at__gte=until)
    items = RiskItem.objects.filter(still_open, client=encounter.client_id, opened_at__lt=until)
    return tuple(items.select_related("owner").order_by("due_at"))


def _intentions(encounter: Encounter) -> tuple[Intention | None, Intention | None]:
    """The latest intention of an earlier session, and the one agreed in this session."""
    near = list(
        Intention.objects.filter(
            encounter__episode=encounter.episode_id, encounter__starts_at__lte=encounter.starts_at
        )
        .select_related("encounter")
        .order_by("-encounter__starts_at")[:2]
    )
    agreed = next((one for one in near if one.encounter_id == encounter.pk), None)
    before = next((one for one in near if one.encounter_id != encounter.pk), None)
    return before, agreed
