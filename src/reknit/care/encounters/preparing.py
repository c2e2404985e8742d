"""Everything the page of one session shows, gathered once, as it stood on the day of the session."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Q

from reknit.base.clock import local_date, start_of
from reknit.base.ui.figures import UseDay as DayCell
from reknit.care.measures.models import Administration
from reknit.care.people.queries import zone
from reknit.care.programme.models import TaskCompletion
from reknit.care.programme.queries import this_site
from reknit.care.safety.models import RiskItem
from reknit.care.substance_use.days import counted, label
from reknit.care.substance_use.models import MonitoredSubstance
from reknit.care.substance_use.queries import any_substance, current_days, ever_monitored
from reknit.core.programme.sets import measures_due
from reknit.core.programme.template import Phase, ProtocolTemplate, phase_of, template

from .models import Appointment, Encounter, Intention
from .tasks import TaskRow, keys_done, rows, rows_at_hand

MOOD, CHECK_IN = "phq-9", "session-checkin"
STATES = {1: "used", 0: "not_used", -1: "unknown"}


@dataclass(frozen=True)
class Preparation:
    """One session with the record behind it. Eight queries, however long the course."""

    encounter: Encounter
    zone: str
    course: tuple[Encounter, ...]
    sheets: dict[str, list[Administration]]
    asked: tuple[MonitoredSubstance, ...]
    days: tuple[DayCell, ...]
    risk: tuple[RiskItem, ...]
    before: Intention | None
    agreed: Intention | None
    completions: tuple[TaskCompletion, ...]
    next_appointment: Appointment | None
    plan: ProtocolTemplate = field(repr=False)

    @property
    def on(self) -> dt.date:
        """The calendar date of the session."""
        return local_date(self.encounter.starts_at, self.zone)

    @property
    def slot(self) -> int:
        return self.encounter.slot or 0

    @property
    def left(self) -> int:
        """Planned sessions after this one."""
        return max(self.encounter.episode.planned_sessions - self.slot, 0)

    @property
    def phase(self) -> Phase:
        return phase_of(self.plan, self.slot)

    @property
    def missed(self) -> tuple[int, ...]:
        """Planned sessions that were used up without a meeting."""
        return tuple(
            row.slot for row in self.course if row.slot and row.outcome != Encounter.Outcome.ATTENDED
        )

    @cached_property
    def ticked(self) -> dict[str, dt.datetime]:
        """Codes ticked in this session, with the time."""
        return {row.code: row.at for row in self.completions if row.encounter_id == self.encounter.pk}

    @cached_property
    def tasks(self) -> list[TaskRow]:
        slots = {row.pk: row.slot for row in self.course}
        done = keys_done(self.plan, self.completions, slots, self.slot)
        return rows(self.plan, self.slot, done, self.ticked)

    @cached_property
    def at_hand(self) -> list[TaskRow]:
        """Tasks of the phase that belong to no session: used when they fit."""
        return rows_at_hand(self.plan, self.slot, self.ticked)

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
        return [
            (measure, self.given(measure)) for measure in measures_due(self.plan, self.slot, site=this_site())
        ]

    def given(self, measure: str) -> Administration | None:
        """The latest sheet of this session: made in it, for its slot, or answered on its day."""
        for sheet in reversed(self.sheets.get(measure, ())):
            same_slot = sheet.episode_id == self.encounter.episode_id and sheet.slot == self.encounter.slot
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
    return Preparation(
        encounter=encounter,
        zone=here,
        course=tuple(Encounter.objects.filter(episode=encounter.episode_id).order_by("starts_at", "made_at")),
        sheets=_sheets(encounter, until=until),
        asked=asked,
        days=_days(encounter, asked, on=on),
        risk=_risk(encounter, until=until),
        before=before,
        agreed=agreed,
        completions=tuple(TaskCompletion.objects.filter(episode=encounter.episode_id)),
        next_appointment=Appointment.objects.filter(
            episode=encounter.episode_id, status=Appointment.Status.BOOKED, starts_at__gt=encounter.starts_at
        )
        .order_by("starts_at")
        .first(),
        plan=template(encounter.episode.protocol, encounter.episode.protocol_version),
    )


def _sheets(encounter: Encounter, *, until: dt.datetime) -> dict[str, list[Administration]]:
    found: dict[str, list[Administration]] = defaultdict(list)
    sheets = Administration.objects.filter(
        client=encounter.client_id, superseded_at=None, answered_at__lt=until
    )
    for sheet in sheets.order_by("answered_at", "recorded_at"):
        found[sheet.measure].append(sheet)
    return dict(found)


def _days(encounter: Encounter, asked: tuple[MonitoredSubstance, ...], *, on: dt.date) -> tuple[DayCell, ...]:
    """The seven days before the session; none when nothing is asked about."""
    start, end = on - dt.timedelta(days=7), on - dt.timedelta(days=1)
    grid = any_substance(current_days(encounter.client, start=start, end=end), asked, start=start, end=end)
    if grid is None:
        return ()
    states = grid.cells[0][0].tolist()
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
