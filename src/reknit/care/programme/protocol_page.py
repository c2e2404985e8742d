"""The protocol pages: every version there is, and one of them laid out as a map of its sessions."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from django.db.models import Count
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reknit.base.accounts.models import Role, User
from reknit.base.ui.figures import MapGate, MapRow, slot_map
from reknit.base.ui.figures import Phase as Stretch
from reknit.core.programme.changes import changes
from reknit.core.programme.conditions import title
from reknit.core.programme.course import Course
from reknit.core.programme.kept import KEPT_GATES, KEPT_TASKS, severities, why_task_stays
from reknit.core.programme.protocol import Gate, MeasureSet, Phase, ProtocolTemplate, TaskDue
from reknit.core.programme.template import template, versions_in_files
from reknit.core.suppression import suppress

from . import protocol_words as words
from .models import Episode, ProtocolVersion
from .shelf import read

Origin = Literal["shipped", "folder", "own"]
ORIGINS = {
    "shipped": gettext_lazy("Comes with Reknit"),
    "folder": gettext_lazy("A file of this clinic, read only"),
    "own": gettext_lazy("This clinic’s own"),
}
AT_ONCE = 6  # of one kind; more are counted


@dataclass(frozen=True, slots=True)
class Version:
    """One version of one protocol, from wherever it is kept. `row` is there for those of the clinic's own."""

    code: str
    version: str
    title: str
    origin: Origin
    row: ProtocolVersion | None = None
    courses: int | None = 0  # open ones; None where so few are hidden
    is_offered: bool = False  # whether new courses begin with it

    @property
    def origin_words(self) -> str:
        """Where it is kept."""
        return str(ORIGINS[self.origin])

    @property
    def state(self) -> str:
        """Its state in words."""
        return str(self.row.get_state_display()) if self.row else _("In force")


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task as the protocol has it."""

    task: TaskDue
    title: str
    when: str
    klass: str
    stays: str  # why it cannot be taken out; empty when it can
    is_fixed: bool  # cannot be moved either


@dataclass(frozen=True, slots=True)
class SlotRow:
    """A session with the tasks of its own and the sets asked for at it."""

    slot: int
    tasks: tuple[TaskRow, ...]
    sets: tuple[MeasureSet, ...]


@dataclass(frozen=True, slots=True)
class GateRow:
    """A gate, how hard it holds, and whether that is the clinic's to set."""

    gate: Gate
    severity: str
    needs: tuple[str, ...]
    kept: str


@dataclass(frozen=True, slots=True)
class PhaseRow:
    """A phase: its sessions, what has no session of its own, and the gates before the next phase."""

    phase: Phase
    span: str
    slots: tuple[SlotRow, ...]
    at_hand: tuple[TaskRow, ...]
    gates: tuple[GateRow, ...]


@dataclass(frozen=True, slots=True)
class ProtocolMap:
    """Everything the page shows."""

    plan: ProtocolTemplate
    picture: SafeString
    every: tuple[TaskRow, ...]
    phases: tuple[PhaseRow, ...]
    any_time: tuple[GateRow, ...]
    sets: tuple[tuple[MeasureSet, str], ...]
    tasks: tuple[TaskRow, ...]
    misses: str
    extension: int
    kept: tuple[tuple[str, str, str], ...]


def versions_for(user: User) -> list[Version]:
    """Every version this person may read, by protocol, newest first. Two queries."""
    rows = ProtocolVersion.objects.defer("body").order_by("title", "code", "-number")
    if not user.has(Role.DIRECTOR, Role.SUPERVISOR):
        rows = rows.filter(published_at__isnull=False)
    running = _running()
    newest: dict[str, str] = {}
    filed = [
        Version(plan.code, plan.version, _(plan.title), "folder" if is_own else "shipped")
        for plan, is_own in versions_in_files()
    ]
    filed.sort(key=lambda one: one.origin == "folder")
    for one in filed:
        newest[one.code] = one.version  # the latest one read is the one that is offered
    own = [Version(row.code, row.version, row.title, "own", row) for row in rows]
    for one in reversed(own):
        if one.row and one.row.state == ProtocolVersion.State.PUBLISHED:
            newest[one.code] = one.version
    return [
        Version(
            one.code, one.version, one.title, one.origin, one.row,
            running.get((one.code, one.version), 0), newest.get(one.code) == one.version,
        )
        for one in (*own, *filed)
    ]  # fmt: skip


def _running() -> dict[tuple[str, str], int | None]:
    """How many open courses run on each version; small numbers are hidden, as on every page of totals."""
    rows = Episode.objects.filter(
        status=Episode.Status.OPEN, client__programme__is_imported=False, client__sandbox_of=None
    )
    found = rows.order_by().values_list("protocol", "protocol_version").annotate(n=Count("pk"))
    counted = {f"{code}\n{version}": n for code, version, n in found}
    told = suppress(counted).items()
    return {(key.split("\n")[0], key.split("\n")[1]): n for key, n in told}


def find_version(code: str, version: str) -> Version | None:
    """One version, from wherever it is kept. One query."""
    for plan, is_own in versions_in_files():
        if (plan.code, plan.version) == (code, version):
            return Version(code, version, _(plan.title), "folder" if is_own else "shipped")
    if not version.isdecimal() or len(version) > 5:
        return None
    rows = ProtocolVersion.objects.select_related(
        "made_by", "saved_by", "submitted_by", "published_by", "withdrawn_by"
    )
    row = rows.filter(code=code, number=version).first()
    return Version(row.code, row.version, row.title, "own", row) if row else None


def plan_of_version(version: Version) -> ProtocolTemplate:
    """Its template. No query."""
    return read(version.row) if version.row else template(version.code, version.version)


def told_changes(row: ProtocolVersion) -> tuple[ProtocolTemplate, list[tuple[str, list[str]]]]:
    """The version it is based on, and what changed since, in sentences by part. At most one query."""
    before, after = template(row.based_on_code, row.based_on_version), read(row)
    parts = {
        "basics": _("The course"),
        "phases": _("Phases"),
        "tasks": _("Tasks"),
        "sets": _("Measures"),
        "gates": _("Gates"),
        "attendance": _("Missed sessions and extension"),
    }
    found: dict[str, list[str]] = {}
    for change in changes(before, after):
        found.setdefault(parts[change.part], []).append(words.sentence(change, before, after))
    return before, list(found.items())


def protocol_map(plan: ProtocolTemplate) -> ProtocolMap:
    """Lay a template out by its phases and sessions. No query."""
    tasks = tuple(_task(plan, task) for task in plan.tasks)
    gates = [_gate(plan, gate) for gate in plan.gates]
    return ProtocolMap(
        plan=plan,
        picture=_picture(plan),
        every=tuple(row for row in tasks if row.task.every),
        phases=tuple(_phase(plan, n, tasks, gates) for n in range(len(plan.phases))),
        any_time=tuple(row for row in gates if not _between(plan, row.gate)),
        sets=tuple((one, words.set_when(one)) for one in plan.sets),
        tasks=tasks,
        misses=words.misses(plan.attendance),
        extension=round(plan.attendance.extension_share * 100),
        kept=tuple(_kept(plan)),
    )


def _task(plan: ProtocolTemplate, task: TaskDue) -> TaskRow:
    return TaskRow(
        task,
        plan.library[task.code].title,
        words.when(task, plan),
        str(words.KLASSES[task.klass]),
        why_task_stays(plan, task.code) or "",
        task.code in KEPT_TASKS,
    )


def _gate(plan: ProtocolTemplate, gate: Gate) -> GateRow:
    kept = KEPT_GATES.get(gate.code, "") if len(severities(gate)) == 1 else ""
    needs = tuple(title(Course(plan), name) for name in gate.requires)
    return GateRow(gate, str(words.SEVERITIES[gate.severity]), needs, kept)


def _between(plan: ProtocolTemplate, gate: Gate) -> bool:
    """Whether a gate stands between two phases or before the end."""
    moments = {f"enter_{phase.code}" for phase in plan.phases} | {"complete_course"}
    return bool(moments & set(gate.when))


def _phase(plan: ProtocolTemplate, n: int, tasks: tuple[TaskRow, ...], gates: Iterable[GateRow]) -> PhaseRow:
    phase = plan.phases[n]
    moment = f"enter_{plan.phases[n + 1].code}" if n + 1 < len(plan.phases) else "complete_course"
    slots = range(0 if n == 0 else phase.from_slot, phase.to_slot + 1)
    own = [row for row in tasks if row.task.every is None]
    return PhaseRow(
        phase,
        words.span(phase),
        tuple(
            SlotRow(
                slot,
                tuple(row for row in own if row.task.latest_slot == slot),
                tuple(one for one in plan.sets if one.is_due(slot)),
            )
            for slot in slots
        ),
        tuple(row for row in own if row.task.latest_slot is None and row.task.phase == phase.code),
        tuple(row for row in gates if moment in row.gate.when),
    )


def _picture(plan: ProtocolTemplate) -> SafeString:
    slots = range(plan.planned_sessions + 1)
    rows = [
        MapRow(_(one.title), [slot for slot in slots if one.is_due(slot)], every=one.every == 1)
        for one in plan.sets
        if not one.months_after_end
    ]
    entered = {
        f"enter_{later.code}": phase.to_slot
        for phase, later in zip(plan.phases, plan.phases[1:], strict=False)
    }
    entered["complete_course"] = plan.planned_sessions
    gates = [
        MapGate(gate.code, entered[moment])
        for gate in plan.gates
        for moment in gate.when
        if moment in entered
    ]
    return slot_map(
        [Stretch(_(phase.title), phase.from_slot, phase.to_slot) for phase in plan.phases],
        rows[:AT_ONCE],
        gates,
    )


def _kept(plan: ProtocolTemplate) -> Iterable[tuple[str, str, str]]:
    """What stays in any copy of this protocol: code, title and why."""
    held = {task.code for task in plan.tasks}
    for code, why in KEPT_TASKS.items():
        if code in held:
            yield code, plan.library[code].title, why
    for gate in plan.gates:
        if gate.code in KEPT_GATES:
            yield gate.code, gate.title, KEPT_GATES[gate.code]
