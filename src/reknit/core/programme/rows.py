"""Rows of the data files: tasks and gates of the library, and how a row of a template or an overlay is read."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType
from typing import Any, Literal, cast

from reknit.core.data import Table, read_table
from reknit.core.programme.conditions import is_known
from reknit.core.programme.protocol import (
    AREAS,
    Attendance,
    Gate,
    Klass,
    LibraryTask,
    MeasureSet,
    MoreArea,
    Phase,
    RecurrenceRule,
    SetItem,
    Severity,
    TaskDue,
)

PACKAGE = "reknit.core.programme"
MissPolicy = Literal["roll", "consume", "roll_then_consume"]


@cache
def gate_library() -> Mapping[str, Mapping[str, Any]]:
    """The gates in full, by code, as their file has them."""
    return MappingProxyType(gates_of(read_table(PACKAGE, "library", "gates.toml")))


def gates_of(table: Table) -> dict[str, dict[str, Any]]:
    """Every gate of the file of gates, read once so that one that is not whole is refused."""
    gates = table.table("gates")
    keys = ("title", "when", "severity", "override_role", "refusal")
    found = {}
    for code in gates.names():
        row = gates.table(code)
        whole = {key: row.optional_text(key) if key == "override_role" else row.text(key) for key in keys}
        said = {key: value for key, value in whole.items() if value is not None}
        found[code] = {**said, "requires": list(row.texts("requires"))}
    return found


def library_task(code: str, table: Table) -> LibraryTask:
    """A task of the library."""
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


def phase_row(table: Table) -> Phase:
    """A phase."""
    return Phase(
        table.text("code"),
        table.text("title"),
        table.text("client_title"),
        table.whole("from_slot"),
        table.whole("to_slot"),
    )


def task_row(table: Table) -> TaskDue:
    """A task with when it is wanted."""
    return TaskDue(
        code=table.text("code"),
        phase=table.optional_text("phase"),
        klass=cast(Klass, table.choice("klass", ("CORE", "REQ", "COND", "OPT"))),
        due_slot=table.optional_whole("due_slot"),
        due_by_slot=table.optional_whole("due_by_slot"),
        every=two_slots(table, "every") if "every" in table else None,
        condition=table.optional_text("condition"),
        only_if=table.optional_text("only_if"),
        repeat=_at_least_one(table, "repeat") if "repeat" in table else None,
    )


def _at_least_one(table: Table, key: str) -> int:
    value = table.whole(key)
    if value < 1:
        table.refuse(f"`{key}` must be 1 or more.", key)
    return value


def gate_of(table: Table) -> Gate:
    """A gate as the template has it: what it does not say comes from the library."""
    table = table.over(gate_library().get(table.text("code"), {}))
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


def set_row(table: Table) -> MeasureSet:
    """A set of measures."""
    return MeasureSet(
        code=table.text("code"),
        title=table.text("title"),
        items=tuple(set_item(one) for one in table.tables("items")),
        slots=table.wholes("slots"),
        every=table.optional_whole("every"),
        span=two_slots(table, "span") if "span" in table else None,
        months_after_end=table.wholes("months_after_end"),
    )


def set_item(table: Table) -> SetItem:
    """A questionnaire by its id, or a record of a room by the fact it leaves."""
    if "measure" in table:
        measure_id = table.text("measure")
        return SetItem(measure_id, "measure", table.text("title"), f"score/{measure_id}")
    fact = table.text("fact")
    if not is_known(fact, ()):
        table.refuse(f"the set asks for `{fact}`, which is no kind of fact.")
    return SetItem(table.text("record"), "record", table.text("title"), fact)


def attendance_row(table: Table) -> Attendance:
    """How missed sessions and extensions are handled."""
    share = table.number("extension_share")
    if not 0 <= share <= 1:
        table.refuse("`extension_share` must lie between 0 and 1.", "extension_share")
    return Attendance(
        miss_policy=cast(MissPolicy, table.choice("miss_policy", ("roll", "consume", "roll_then_consume"))),
        rolls=table.whole("rolls"),
        late_cancel_hours=table.whole("late_cancel_hours"),
        most_misses_in_a_row=table.whole("most_misses_in_a_row"),
        most_days_without_contact=table.whole("most_days_without_contact"),
        extension_share=share,
    )


def two_slots(table: Table, key: str) -> tuple[int, int]:
    """Two slots, the earlier first."""
    values = table.wholes(key)
    if len(values) != 2 or values[0] > values[1]:
        table.refuse(f"`{key}` must be two slots, the earlier first.", key)
    return values[0], values[1]


def with_keys(tasks: tuple[TaskDue, ...]) -> tuple[TaskDue, ...]:
    """A task asked for more than once gets a key per occasion, `M08@4`; others keep their code."""
    times = Counter(task.code for task in tasks)
    return tuple(
        replace(task, key=task.code if times[task.code] == 1 else f"{task.code}@{task.latest_slot}")
        for task in tasks
    )


def more_area(table: Table) -> MoreArea:
    """A problem area added by name, and which of the four it counts as."""
    return MoreArea(table.text("title"), table.choice("counts_as", AREAS))


def recurrence_row(table: Table) -> RecurrenceRule:
    """The recurrence rule of maintenance."""
    return RecurrenceRule(
        table.text("measure"), _at_least_one(table, "from_total"), _at_least_one(table, "days")
    )
