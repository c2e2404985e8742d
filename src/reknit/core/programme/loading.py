"""From a template file to a `ProtocolTemplate`, refusing what could not be followed.

One clear error names the file, the line and the rule that is broken.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, cast

from reknit.core.data import Table, read_table
from reknit.core.programme.conditions import CONDITIONS, is_known
from reknit.core.programme.extension import repeated
from reknit.core.programme.overlays import OVERLAYS, built_in, read_overlay
from reknit.core.programme.protocol import AreaScheme, Attendance, LibraryTask, ProtocolTemplate
from reknit.core.programme.rows import (
    PACKAGE,
    MissPolicy,
    attendance_row,
    gate_of,
    library_task,
    more_area,
    phase_row,
    recurrence_row,
    set_row,
    task_row,
    with_keys,
)

ATTENDANCE: tuple[MissPolicy, int, int, int, int, float] = ("roll_then_consume", 2, 24, 3, 30, 0.25)
FORMATS: Final = ("individual", "group", "maintenance")
SCHEMES: Final = ("FOUR_AREA", "THREE_AREA", "FOUR_PLUS")
MOMENTS = (
    "clinical_content",
    "share_formulation",
    "move_ending_date",
    "conjoint_session",
    "show_client",
    "complete_course",
    "group_start",
    "watch",
)
"""When a gate may be asked, besides `enter_PHASE`: `watch` is asked all the time and only speaks."""


def read_library() -> dict[str, LibraryTask]:
    """Read the task library, by code. Raises `DefinitionError`."""
    return tasks_of(read_table(PACKAGE, "library", "tasks.toml"))


def tasks_of(table: Table) -> dict[str, LibraryTask]:
    """Every task of the file of tasks. Raises `DefinitionError`."""
    tasks = table.table("tasks")
    return {code: library_task(code, tasks.table(code)) for code in tasks.names()}


def read_template(name: str, library: Mapping[str, LibraryTask]) -> ProtocolTemplate:
    """Read and check `templates/<name>.toml`. Raises `DefinitionError`."""
    return build_template(read_table(PACKAGE, "templates", f"{name}.toml"), library)


def build_template(table: Table, library: Mapping[str, LibraryTask]) -> ProtocolTemplate:
    """Turn one template table into a `ProtocolTemplate`, checked as a whole. Raises `DefinitionError`.

    `with_overlays` names overlays that are part of it; they are laid over it once its own rows are checked.
    """
    template = ProtocolTemplate(
        code=table.text("code"),
        version=table.text("version"),
        title=table.text("title"),
        format=table.choice("format", FORMATS),
        planned_sessions=table.whole("planned_sessions"),
        session_minutes=table.whole("session_minutes"),
        cadence_days=table.whole("cadence_days"),
        course_window_days=table.whole("course_window_days"),
        phases=tuple(phase_row(one) for one in table.tables("phases")),
        tasks=with_keys(tuple(task_row(one) for one in table.table("tasks").tables("rows"))),
        gates=tuple(gate_of(one) for one in table.tables("gates")),
        sources=table.texts("sources"),
        sets=tuple(set_row(one) for one in table.tables("sets")),
        attendance=attendance_row(table.table("attendance"))
        if "attendance" in table
        else Attendance(*ATTENDANCE),
        library=library,
        area_scheme=cast(AreaScheme, table.choice("area_scheme", SCHEMES))
        if "area_scheme" in table
        else "FOUR_AREA",
        more_areas=tuple(more_area(one) for one in table.tables("more_areas")),
        poor_areas=table.texts("poor_areas"),
        label=table.optional_text("label") or "",
        notes=table.texts("notes"),
        telephone=table.flag("telephone", default=False),
        fewest_sessions=table.optional_whole("fewest_sessions"),
        most_sessions=table.optional_whole("most_sessions"),
        recurrence=recurrence_row(table.table("recurrence")) if "recurrence" in table else None,
        overlays=table.texts("overlays"),
    )
    _check_shape(template, table)
    _check_tasks(template, table, library)
    _check_sets(template, table)
    _check_gates(template, table, library)
    template = replace(template, tasks=repeated(template.tasks, template.planned_sessions))
    for code in table.texts("with_overlays"):
        if code not in OVERLAYS:
            table.refuse(f"the overlay `{code}` is none of {', '.join(OVERLAYS)}.", "with_overlays")
        template = built_in(template, read_overlay(code, library))
    return template


def _check_shape(template: ProtocolTemplate, table: Table) -> None:
    expected = 1
    if "+" in template.code or not template.phases:
        table.refuse("the code holds no `+`, and there is at least one phase.", "code")
    for n, phase in enumerate(template.phases):
        if phase.from_slot != expected or phase.to_slot < phase.from_slot:
            table.refuse(f"the phase `{phase.code}` leaves a gap, overlaps or is upside down.", "phases", n)
        expected = phase.to_slot + 1
    if expected != template.planned_sessions + 1:
        table.refuse("the phases do not end at the number of planned sessions.", "planned_sessions")
    if template.course_window_days < template.cadence_days * (template.planned_sessions - 1):
        table.refuse("the course window is too short for the planned sessions.", "course_window_days")
    fewest = template.fewest_sessions or template.planned_sessions
    if not 1 <= fewest <= template.planned_sessions <= (template.most_sessions or template.planned_sessions):
        table.refuse("the planned sessions lie outside the fewest and the most.", "fewest_sessions")
    if (template.area_scheme == "FOUR_PLUS") != bool(template.more_areas):
        table.refuse("`more_areas` belongs to the scheme FOUR_PLUS, and that scheme needs it.", "area_scheme")
    if strange := set(template.poor_areas) - set(template.areas):
        table.refuse(
            f"`poor_areas` names {', '.join(sorted(strange))}, which cannot be chosen.", "poor_areas"
        )
    if not template.sources:
        table.refuse("the sources are missing.")


def _check_tasks(template: ProtocolTemplate, table: Table, library: Mapping[str, LibraryTask]) -> None:
    phases = {phase.code for phase in template.phases}
    for n, task in enumerate(template.tasks):
        at = ("tasks", "rows", n)
        if task.code not in library:
            table.refuse(f"the task `{task.code}` is not in the task library.", *at)
        if task.every is None and task.phase not in phases:
            table.refuse(f"the task `{task.code}` names no phase of this template.", *at)
        if sum(when is not None for when in (task.due_slot, task.due_by_slot, task.every)) > 1:
            table.refuse(f"the task `{task.code}` says more than once when it is due.", *at)
        if task.klass == "COND" and task.condition is None:
            table.refuse(f"the task `{task.code}` is conditional and gives no condition.", *at)
        slots = (task.latest_slot, *(task.every or ()))
        if any(slot is not None and not 0 <= slot <= template.planned_sessions for slot in slots):
            table.refuse(f"the task `{task.code}` is due outside the planned sessions.", *at)
    keys = [task.key for task in template.tasks]
    if len(set(keys)) != len(keys):
        table.refuse("the same task is due twice at the same slot.")


def _check_sets(template: ProtocolTemplate, table: Table) -> None:
    codes = [one.code for one in template.sets]
    if len(set(codes)) != len(codes):
        table.refuse("two measure sets have the same code.")
    for n, one in enumerate(template.sets):
        if (one.every is None) != (one.span is None) or (one.every is not None and one.every < 1):
            table.refuse(
                f"the set `{one.code}` needs both `every` (1 or more) and `span`, or neither.", "sets", n
            )
        if not one.items or not (one.slots or one.every or one.months_after_end):
            table.refuse(f"the set `{one.code}` holds nothing or is never due.", "sets", n)
        if any(not 0 <= slot <= template.planned_sessions for slot in (*one.slots, *(one.span or ()))):
            table.refuse(f"the set `{one.code}` is due outside the planned sessions.", "sets", n)


def _check_gates(template: ProtocolTemplate, table: Table, library: Mapping[str, LibraryTask]) -> None:
    moments = {*MOMENTS, *(f"enter_{phase.code}" for phase in template.phases)}
    codes = [gate.code for gate in template.gates]
    for n, gate in enumerate(template.gates):
        if gate.code in codes[:n]:
            table.refuse(f"the gate `{gate.code}` stands there twice.", "gates", n)
        for moment in gate.when:
            if moment not in moments:
                table.refuse(
                    f"the gate `{gate.code}` is asked at `{moment}`, which is no moment of a course.",
                    "gates",
                    n,
                )
        for name in gate.requires:
            if name != "consent" and not is_known(name, library):
                table.refuse(
                    f"the gate `{gate.code}` needs `{name}`, which is no fact, task or condition.", "gates", n
                )
    for n, task in enumerate(template.tasks):
        if task.only_if is not None and task.only_if not in CONDITIONS:
            table.refuse(
                f"the task `{task.code}` is due only if `{task.only_if}`, which is no condition.",
                "tasks",
                "rows",
                n,
            )
