"""From a template file to a `ProtocolTemplate`, refusing what could not be followed.

One clear error names the file and the rule that is broken.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal, cast

from reknit.core.data import Table, read_table
from reknit.core.programme.conditions import CONDITIONS, is_known
from reknit.core.programme.protocol import (
    Attendance,
    Gate,
    Klass,
    LibraryTask,
    MeasureSet,
    Phase,
    ProtocolTemplate,
    SetItem,
    Severity,
    TaskDue,
)

PACKAGE = "reknit.core.programme"
MissPolicy = Literal["roll", "consume", "roll_then_consume"]
ATTENDANCE: tuple[MissPolicy, int, int, int, int, float] = ("roll_then_consume", 2, 24, 3, 30, 0.25)
MOMENTS = (
    "clinical_content",
    "share_formulation",
    "move_ending_date",
    "conjoint_session",
    "show_client",
    "complete_course",
    "watch",
)
"""When a gate may be asked, besides `enter_PHASE`: `watch` is asked all the time and only speaks."""


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
        gates=tuple(_gate(one) for one in table.tables("gates")),
        sources=table.texts("sources"),
        sets=tuple(_set(one) for one in table.tables("sets")),
        attendance=_attendance(table.table("attendance"))
        if "attendance" in table
        else Attendance(*ATTENDANCE),
        library=library,
    )
    _check_shape(template, table)
    _check_tasks(template, table, library)
    _check_sets(template, table)
    _check_gates(template, table, library)
    return template


def _library_task(code: str, table: Table) -> LibraryTask:
    task = LibraryTask(
        code,
        table.text("title"),
        table.text("kind"),
        table.text("record"),
        table.texts("left_by"),
        table.texts("left_by_all"),
    )
    for name in (*task.left_by, *task.left_by_all):
        if not is_known(name, ()):
            table.refuse(f"the task `{code}` is left by `{name}`, which is no kind of fact.")
    return task


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
        only_if=table.optional_text("only_if"),
    )


def _gate(table: Table) -> Gate:
    return Gate(
        code=table.text("code"),
        title=table.text("title"),
        when=tuple(table.text("when").split()),
        requires=table.texts("requires"),
        severity=cast(Severity, table.choice("severity", ("block", "block_phase", "warn", "info"))),
        override_role=table.optional_text("override_role"),
        refusal=table.text("refusal"),
        from_slot=table.optional_whole("from_slot"),
    )


def _set(table: Table) -> MeasureSet:
    return MeasureSet(
        code=table.text("code"),
        title=table.text("title"),
        items=tuple(_set_item(one) for one in table.tables("items")),
        slots=table.wholes("slots"),
        every=table.optional_whole("every"),
        span=_span(table, "span") if "span" in table else None,
        months_after_end=table.wholes("months_after_end"),
    )


def _set_item(table: Table) -> SetItem:
    """A questionnaire by its id, or a record of a room by the fact it leaves."""
    if "measure" in table:
        measure_id = table.text("measure")
        return SetItem(measure_id, "measure", table.text("title"), f"score/{measure_id}")
    fact = table.text("fact")
    if not is_known(fact, ()):
        table.refuse(f"the set asks for `{fact}`, which is no kind of fact.")
    return SetItem(table.text("record"), "record", table.text("title"), fact)


def _attendance(table: Table) -> Attendance:
    share = table.number("extension_share")
    if not 0 <= share <= 1:
        table.refuse("`extension_share` must lie between 0 and 1.")
    return Attendance(
        miss_policy=cast(MissPolicy, table.choice("miss_policy", ("roll", "consume", "roll_then_consume"))),
        rolls=table.whole("rolls"),
        late_cancel_hours=table.whole("late_cancel_hours"),
        most_misses_in_a_row=table.whole("most_misses_in_a_row"),
        most_days_without_contact=table.whole("most_days_without_contact"),
        extension_share=share,
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


def _check_sets(template: ProtocolTemplate, table: Table) -> None:
    codes = [one.code for one in template.sets]
    if len(set(codes)) != len(codes):
        table.refuse("two measure sets have the same code.")
    for one in template.sets:
        if (one.every is None) != (one.span is None) or (one.every is not None and one.every < 1):
            table.refuse(f"the set `{one.code}` needs both `every` (1 or more) and `span`, or neither.")
        if not one.items or not (one.slots or one.every or one.months_after_end):
            table.refuse(f"the set `{one.code}` holds nothing or is never due.")
        if any(not 0 <= slot <= template.planned_sessions for slot in (*one.slots, *(one.span or ()))):
            table.refuse(f"the set `{one.code}` is due outside the planned sessions.")


def _check_gates(template: ProtocolTemplate, table: Table, library: Mapping[str, LibraryTask]) -> None:
    moments = {*MOMENTS, *(f"enter_{phase.code}" for phase in template.phases)}
    for gate in template.gates:
        for moment in gate.when:
            if moment not in moments:
                table.refuse(
                    f"the gate `{gate.code}` is asked at `{moment}`, which is no moment of a course."
                )
        for name in gate.requires:
            if name != "consent" and not is_known(name, library):
                table.refuse(f"the gate `{gate.code}` needs `{name}`, which is no fact, task or condition.")
    for task in template.tasks:
        if task.only_if is not None and task.only_if not in CONDITIONS:
            table.refuse(f"the task `{task.code}` is due only if `{task.only_if}`, which is no condition.")
