"""From a template file to a `ProtocolTemplate`, refusing what could not be followed.

One clear error names the file and the rule that is broken.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from reknit.core.data import Table, read_table
from reknit.core.errors import UnknownMeasure
from reknit.core.measures.catalogue import measure
from reknit.core.programme.follow_up import FollowUpPlan
from reknit.core.programme.gates import Gate, Severity
from reknit.core.programme.protocol import (
    Klass,
    LibraryTask,
    MeasureDue,
    Phase,
    ProtocolTemplate,
    TaskDue,
)

PACKAGE = "reknit.core.programme"


def read_library() -> dict[str, LibraryTask]:
    """Read the task library, by code. Raises `DefinitionError`."""
    tasks = read_table(PACKAGE, "library", "tasks.toml").table("tasks")
    return {code: _library_task(code, tasks.table(code)) for code in tasks.names()}


def read_template(name: str, library: Mapping[str, LibraryTask]) -> ProtocolTemplate:
    """Read and check `templates/<name>.toml`. Raises `DefinitionError`."""
    return build_template(read_table(PACKAGE, "templates", f"{name}.toml"), library)


def build_template(table: Table, library: Mapping[str, LibraryTask]) -> ProtocolTemplate:
    """Turn one template table into a `ProtocolTemplate`, checked as a whole. Raises `DefinitionError`."""
    template = ProtocolTemplate(
        code=table.text("code"),
        version=table.text("version"),
        title=table.text("title"),
        format=table.choice("format", ("individual", "group", "maintenance")),
        planned_sessions=table.whole("planned_sessions"),
        session_minutes=table.whole("session_minutes"),
        cadence_days=table.whole("cadence_days"),
        course_window_days=table.whole("course_window_days"),
        phases=tuple(_phase(one) for one in table.tables("phases")),
        tasks=_with_keys(tuple(_task(one) for one in table.table("tasks").tables("rows"))),
        measures=tuple(_measure(one) for one in table.tables("measures")),
        gates=tuple(_gate(one) for one in table.tables("gates")),
        sources=table.texts("sources"),
        follow_up=_follow_up(table.table("follow_up")) if "follow_up" in table else FollowUpPlan(),
    )
    _check_shape(template, table)
    _check_tasks(template, table, library)
    _check_measures(template, table)
    return template


def _library_task(code: str, table: Table) -> LibraryTask:
    return LibraryTask(code, table.text("title"), table.text("kind"), table.text("record"))


def _phase(table: Table) -> Phase:
    return Phase(
        table.text("code"),
        table.text("title"),
        table.text("client_title"),
        table.whole("from_slot"),
        table.whole("to_slot"),
    )


def _task(table: Table) -> TaskDue:
    return TaskDue(
        code=table.text("code"),
        phase=table.optional_text("phase"),
        klass=cast(Klass, table.choice("klass", ("CORE", "REQ", "COND", "OPT"))),
        due_slot=table.optional_whole("due_slot"),
        due_by_slot=table.optional_whole("due_by_slot"),
        every=_span(table, "every") if "every" in table else None,
        condition=table.optional_text("condition"),
    )


def _measure(table: Table) -> MeasureDue:
    return MeasureDue(
        measure=table.text("measure"),
        slots=table.wholes("slots"),
        every=table.optional_whole("every"),
        span=_span(table, "span") if "span" in table else None,
        respondent=table.optional_text("respondent") or "client",
    )


def _follow_up(table: Table) -> FollowUpPlan:
    months = table.wholes("months")
    if not months or list(months) != sorted(set(months)) or months[0] < 1:
        table.refuse("`months` must be whole months after the end, the soonest first.")
    return FollowUpPlan(months=months, measures=table.texts("measures"))


def _gate(table: Table) -> Gate:
    return Gate(
        code=table.text("code"),
        title=table.text("title"),
        when=table.text("when"),
        requires=table.texts("requires"),
        severity=cast(Severity, table.choice("severity", ("block", "block_phase", "warn"))),
        override_role=table.optional_text("override_role"),
        refusal=table.text("refusal"),
    )


def _span(table: Table, key: str) -> tuple[int, int]:
    values = table.wholes(key)
    if len(values) != 2 or values[0] > values[1]:
        table.refuse(f"`{key}` must be two slots, the earlier first.")
    return values[0], values[1]


def _with_keys(tasks: tuple[TaskDue, ...]) -> tuple[TaskDue, ...]:
    """A task asked for more than once gets a key per occasion, `M08@4`; others keep their code."""
    times = Counter(task.code for task in tasks)
    return tuple(
        replace(task, key=task.code if times[task.code] == 1 else f"{task.code}@{task.latest_slot}")
        for task in tasks
    )


def _check_shape(template: ProtocolTemplate, table: Table) -> None:
    expected = 1
    for phase in template.phases:
        if phase.from_slot != expected or phase.to_slot < phase.from_slot:
            table.refuse(f"the phase `{phase.code}` leaves a gap, overlaps or is upside down.")
        expected = phase.to_slot + 1
    if expected != template.planned_sessions + 1:
        table.refuse("the phases do not end at the number of planned sessions.")
    if template.course_window_days < template.cadence_days * (template.planned_sessions - 1):
        table.refuse("the course window is too short for the planned sessions.")
    if not template.sources:
        table.refuse("the sources are missing.")


def _check_tasks(template: ProtocolTemplate, table: Table, library: Mapping[str, LibraryTask]) -> None:
    phases = {phase.code for phase in template.phases}
    for task in template.tasks:
        if task.code not in library:
            table.refuse(f"the task `{task.code}` is not in the task library.")
        if task.every is None and task.phase not in phases:
            table.refuse(f"the task `{task.code}` names no phase of this template.")
        if sum(when is not None for when in (task.due_slot, task.due_by_slot, task.every)) > 1:
            table.refuse(f"the task `{task.code}` says more than once when it is due.")
        if task.klass == "COND" and task.condition is None:
            table.refuse(f"the task `{task.code}` is conditional and gives no condition.")
        slots = (task.latest_slot, *(task.every or ()))
        if any(slot is not None and not 0 <= slot <= template.planned_sessions for slot in slots):
            table.refuse(f"the task `{task.code}` is due outside the planned sessions.")
    keys = [task.key for task in template.tasks]
    if len(set(keys)) != len(keys):
        table.refuse("the same task is due twice at the same slot.")


def _check_measures(template: ProtocolTemplate, table: Table) -> None:
    for due in template.measures:
        try:
            measure(due.measure)
        except UnknownMeasure as error:
            table.refuse(str(error))
        if (due.every is None) != (due.span is None) or (due.every is not None and due.every < 1):
            table.refuse(
                f"the measure `{due.measure}` needs both `every` (1 or more) and `span`, or neither."
            )
