"""Overlays: work that is laid over a protocol, such as work on substance use, as data.

An overlay says its slots by where they lie in a course, so that it fits sixteen sessions and eight. Its rows take the place
of those of the same code; what it says nothing of stays. The result pins both versions, as in `ipt-12+sud` `1+1`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final, cast

from reknit.core.data import Table, read_table
from reknit.core.programme.protocol import (
    Gate,
    Klass,
    LibraryTask,
    MeasureSet,
    ProtocolTemplate,
    SetItem,
    TaskDue,
)
from reknit.core.programme.rows import PACKAGE, gate_of, set_item, with_keys

OVERLAYS: Final = ("sud", "pain", "group")
"""Files `library/overlay_<code>.toml`, in the order in which they are offered."""
ANCHORS: Final = ("intake", "first", "opening", "middle", "mid", "closing", "last")
PHASES: Final = ("opening", "middle", "closing")
PLACE: Final = re.compile(r"(\w+?)([+-]\d+)?")


@dataclass(frozen=True, slots=True)
class Fit:
    """A protocol that an overlay is offered with, and what is to be said about the two together."""

    on: str
    note: str | None


@dataclass(frozen=True, slots=True)
class OverlayTask:
    """A row of an overlay: like a row of a template, with places of a course for slots."""

    code: str
    klass: Klass
    phase: str | None
    due: str | None
    due_by: str | None
    every: tuple[str, str] | None
    condition: str | None
    only_if: str | None


@dataclass(frozen=True, slots=True)
class OverlaySet:
    """Items added to a set, and places where it is due as well as where the protocol has it."""

    code: str
    title: str
    items: tuple[SetItem, ...]
    at: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Overlay:
    """One version of one overlay."""

    code: str
    version: str
    title: str
    adds: str
    fits: tuple[Fit, ...]
    tasks: tuple[OverlayTask, ...]
    gates: tuple[Gate, ...]
    sets: tuple[OverlaySet, ...]
    sources: tuple[str, ...]
    notes: tuple[str, ...]

    def fit(self, code: str) -> Fit | None:
        """How the overlay goes with a protocol; nothing when it is not offered with it."""
        return next((one for one in self.fits if one.on == code), None)


def read_overlay(code: str, library: Mapping[str, LibraryTask]) -> Overlay:
    """Read and check `library/overlay_<code>.toml`. Raises `DefinitionError`."""
    return build_overlay(read_table(PACKAGE, "library", f"overlay_{code}.toml"), library)


def build_overlay(table: Table, library: Mapping[str, LibraryTask]) -> Overlay:
    """Turn one table into an `Overlay`, checked as a whole. Raises `DefinitionError`."""
    rows = table.tables("rows")
    for row in rows:
        if row.text("code") not in library:
            row.refuse(f"the task `{row.text('code')}` is not in the task library.", "code")
    return Overlay(
        code=table.text("code"),
        version=table.text("version"),
        title=table.text("title"),
        adds=table.text("adds"),
        fits=tuple(Fit(one.text("on"), one.optional_text("note")) for one in table.tables("fits")),
        tasks=tuple(_task(row) for row in rows),
        gates=tuple(gate_of(one) for one in table.tables("gates")),
        sets=tuple(_set(one) for one in table.tables("sets")),
        sources=table.texts("sources"),
        notes=table.texts("notes"),
    )


def _task(row: Table) -> OverlayTask:
    places = row.texts("every")
    for key in ("due", "due_by"):
        if key in row:
            _check_place(row, row.text(key), key)
    for place in places:
        _check_place(row, place, "every")
    phase = row.choice("phase", PHASES) if "phase" in row else None
    if not places and phase is None:
        row.refuse(f"the task `{row.text('code')}` names no phase: {', '.join(PHASES)}.")
    if len(places) not in (0, 2) or len([key for key in ("due", "due_by", "every") if key in row]) > 1:
        row.refuse("`every` needs two places, and a row says once when it is due.")
    return OverlayTask(
        code=row.text("code"),
        klass=cast(Klass, row.choice("klass", ("CORE", "REQ", "COND", "OPT"))),
        phase=phase,
        due=row.optional_text("due"),
        due_by=row.optional_text("due_by"),
        every=(places[0], places[1]) if places else None,
        condition=row.optional_text("condition"),
        only_if=row.optional_text("only_if"),
    )


def _set(table: Table) -> OverlaySet:
    at = table.texts("at")
    for place in at:
        _check_place(table, place, "at")
    items = tuple(set_item(one) for one in table.tables("items"))
    return OverlaySet(table.text("code"), table.text("title"), items, at)


def _check_place(table: Table, place: str, key: str) -> None:
    found = PLACE.fullmatch(place)
    if found is None or found[1] not in ANCHORS:
        table.refuse(f"`{place}` is no place in a course. Use {', '.join(ANCHORS)}, with +1 or -1.", key)


def overlaid(template: ProtocolTemplate, overlay: Overlay) -> ProtocolTemplate:
    """The protocol with the overlay, under a code and a version that name both.

    >>> from reknit.core.programme.template import template
    >>> both = template("ipt-12+sud")
    >>> both.code, both.version, [task.klass for task in both.tasks if task.code == "C06"]
    ('ipt-12+sud', '1+1', ['CORE'])
    """
    fit = overlay.fit(template.code)
    said = ", ".join(one for one in (overlay.adds, fit.note if fit else None) if one)
    return replace(
        _laid(template, overlay),
        code=f"{template.code}+{overlay.code}",
        version=f"{template.version}+{overlay.version}",
        title=f"{template.title}, {said}",
    )


def built_in(template: ProtocolTemplate, overlay: Overlay) -> ProtocolTemplate:
    """The protocol with an overlay that its own file names: code, version and title are the file's."""
    return _laid(template, overlay)


def _laid(template: ProtocolTemplate, overlay: Overlay) -> ProtocolTemplate:
    taken = {task.code for task in overlay.tasks}
    rows = [task for task in template.tasks if task.code not in taken]
    rows += [_row(template, task) for task in overlay.tasks]
    gates = {gate.code: gate for gate in (*template.gates, *overlay.gates)}
    return replace(
        template,
        tasks=with_keys(_in_order(template, rows)),
        gates=tuple(gates[code] for code in sorted(gates)),
        sets=tuple(_sets(template, overlay.sets)),
        sources=tuple(dict.fromkeys((*template.sources, *overlay.sources))),
        notes=tuple(dict.fromkeys((*template.notes, *overlay.notes))),
        overlays=(*template.overlays, overlay.code),
    )


def slot_of(template: ProtocolTemplate, place: str) -> int:
    """The slot of a place in this course, never outside it.

    >>> from reknit.core.programme.template import template
    >>> [slot_of(template("ipt-12"), place) for place in ("intake", "opening", "middle+1", "mid", "last-2")]
    [0, 3, 5, 6, 10]
    """
    found = PLACE.fullmatch(place)
    assert found is not None
    reviews = [task.latest_slot for task in template.tasks if task.code == "M09" and task.latest_slot]
    work = template.work or template.phases[0]
    slots = {
        "intake": 0,
        "first": 1,
        "opening": template.phases[0].to_slot,
        "middle": work.from_slot,
        "mid": reviews[0] if reviews else (template.planned_sessions + 1) // 2,
        "closing": template.phases[-1].from_slot,
        "last": template.planned_sessions,
    }
    return min(max(slots[found[1]] + int(found[2] or 0), 0), template.planned_sessions)


def _row(template: ProtocolTemplate, task: OverlayTask) -> TaskDue:
    phases = {
        "opening": template.phases[0],
        "middle": template.work or template.phases[0],
        "closing": template.phases[-1],
    }
    return TaskDue(
        code=task.code,
        phase=phases[task.phase].code if task.phase else None,
        klass=task.klass,
        due_slot=slot_of(template, task.due) if task.due else None,
        due_by_slot=slot_of(template, task.due_by) if task.due_by else None,
        every=(slot_of(template, task.every[0]), slot_of(template, task.every[1])) if task.every else None,
        condition=task.condition,
        only_if=task.only_if,
    )


def _in_order(template: ProtocolTemplate, rows: Sequence[TaskDue]) -> tuple[TaskDue, ...]:
    """The order of work: every-session tasks first, then by the code and by when it is due. Each occasion once."""
    order = list(dict.fromkeys(task.code for task in template.tasks))
    known = {code: place for place, code in enumerate(order)}

    def place(task: TaskDue) -> tuple[bool, int, str, int]:
        return task.every is None, known.get(task.code, len(known)), task.code, task.latest_slot or 0

    once = {(task.code, task.latest_slot, task.every): task for task in rows}
    return tuple(sorted(once.values(), key=place))


def _sets(template: ProtocolTemplate, added: Sequence[OverlaySet]) -> list[MeasureSet]:
    more = {one.code: one for one in added}
    found = [_longer(template, one, more[one.code]) if one.code in more else one for one in template.sets]
    codes = {one.code for one in template.sets}
    for one in added:
        if one.code not in codes:
            slots = tuple(dict.fromkeys(slot_of(template, place) for place in one.at))
            found.append(MeasureSet(one.code, one.title, one.items, slots, None, None, ()))
    return found


def _longer(template: ProtocolTemplate, one: MeasureSet, more: OverlaySet) -> MeasureSet:
    """The set with the items added, and due at the places added where it is due at slots."""
    places = {slot_of(template, place) for place in more.at} if one.slots else set()
    return replace(one, items=_items(one.items, more.items), slots=tuple(sorted(places.union(one.slots))))


def _items(here: Sequence[SetItem], more: Sequence[SetItem]) -> tuple[SetItem, ...]:
    return tuple({(item.kind, item.id): item for item in chain(here, more)}.values())
