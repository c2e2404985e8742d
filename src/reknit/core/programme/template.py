"""The one door to protocol templates: which ones ship, and what is due at a slot.

To add a template: write its file, name it in `TEMPLATES`, and add a test of its slots. A changed template
is a new file with a new version; courses under way keep the one they started with. A clinic puts its own files in a folder
beside its data (`add_folder`) and needs no code.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, Protocol

from reknit.core.data import read_file
from reknit.core.errors import BadInput, UnknownTemplate
from reknit.core.programme.loading import build_template, read_library, read_template
from reknit.core.programme.overlays import OVERLAYS, Overlay, overlaid, read_overlay
from reknit.core.programme.protocol import (
    Klass,
    LibraryTask,
    Phase,
    ProtocolTemplate,
    TaskDue,
    phase_of,
)

__all__ = [
    "Klass",
    "LibraryTask",
    "Phase",
    "ProtocolTemplate",
    "Task",
    "Shelf",
    "TaskDue",
    "add_folder",
    "add_shelf",
    "for_one_person",
    "library",
    "overlays",
    "phase_of",
    "tasks_at_hand",
    "tasks_due",
    "template",
    "templates",
    "versions_in_files",
]

TEMPLATES: Final = MappingProxyType(
    {
        ("ipt-16", "1"): "ipt_16",
        ("ipt-12", "1"): "ipt_12",
        ("ipt-b", "1"): "ipt_b",
        ("ipt-p", "1"): "ipt_p",
        ("ipt-sr", "1"): "ipt_sr",
        ("sober-network", "1"): "sober_network",
        ("ipt-m", "1"): "ipt_m",
        ("ipt-g-20", "1"): "ipt_g_20",
        ("ipt-g-8", "1"): "ipt_g_8",
    }
)
"""File of each code and version, oldest version first."""


@dataclass(frozen=True, slots=True)
class Task:
    """A task as it stands at one slot.

    `key` tells occasions apart: the code alone for a task that comes once, `M08@4` for one of several
    occasions, `E01@7` for one that comes every session.
    """

    code: str
    key: str
    title: str
    kind: str
    record: str
    klass: Klass
    phase: str
    due_slot: int | None
    condition: str | None
    is_every_session: bool
    is_done: bool
    overdue: bool


_own: dict[tuple[str, str], Path] = {}


class Shelf(Protocol):
    """Another place that templates are kept, such as a table of the clinic's database. It keeps codes of its own."""

    def find(self, code: str, version: str | None) -> ProtocolTemplate | None:
        """That version, or the newest one on offer; nothing where the code is not of this shelf."""

    def on_offer(self) -> Iterable[ProtocolTemplate]:
        """The newest version of each code that new courses may begin with."""


_shelves: list[Shelf] = []


def add_shelf(shelf: Shelf) -> None:
    """Look for templates there as well. Called once, when the program starts."""
    _shelves[:] = [*(one for one in _shelves if type(one) is not type(shelf)), shelf]


def add_folder(folder: Path) -> None:
    """Read the templates of a clinic beside those that ship. Each file is checked as a whole when it is first used.

    A clinic's file may carry the code of one that ships, with a version of its own; a course keeps the version that it
    began with. Raises `DefinitionError` for a file that says neither code nor version, or one that is taken.
    """
    found: dict[tuple[str, str], Path] = {}
    for path in sorted(folder.glob("*.toml")):
        table = read_file(path)
        key = (table.text("code").lower(), table.text("version"))
        if key in TEMPLATES or key in found:
            table.refuse(
                f"the version `{key[1]}` of `{key[0]}` is taken. Give the changed template a version of its own."
            )
        found[key] = path
    _own.clear()
    _own.update(found)
    _from_file.cache_clear()
    _overlaid_once.cache_clear()


@cache
def library() -> Mapping[str, LibraryTask]:
    """All therapist tasks by code.

    >>> library()["E01"].title
    'Open with how things have been'
    """
    return MappingProxyType(read_library())


def template(code: str, version: str | None = None) -> ProtocolTemplate:
    """The template of this code, in the newest version unless one is named. Raises `UnknownTemplate`.

    Capitals make no difference: people write IPT-16.

    >>> template("IPT-16").code
    'ipt-16'

    An overlay is asked for with a plus, and its version likewise.

    >>> template("ipt-12+sud", "1+1").title
    'IPT, 12 sessions, with the substance use overlay'
    """
    base, *over = code.lower().split("+")
    if over:
        # A version never changes, so one that is named is laid over once; the newest may be another one tomorrow.
        return (_overlaid_once if version else _overlaid)(base, tuple(over), version)
    for shelf in _shelves:
        if found := shelf.find(code.lower(), version):
            return found
    return _from_file(code, version)


@cache
def _from_file(code: str, version: str | None) -> ProtocolTemplate:
    for (known, known_version), path in reversed(tuple(_own.items())):
        if known == code.lower() and version in (None, known_version):
            return build_template(read_file(path), library())
    for (known, known_version), name in reversed(tuple(TEMPLATES.items())):
        if known == code.lower() and version in (None, known_version):
            return read_template(name, library())
    wanted = f"'{code}'" if version is None else f"'{code}' in version '{version}'"
    raise UnknownTemplate(f"There is no protocol template {wanted}.")


def _overlaid(base: str, over: Sequence[str], version: str | None) -> ProtocolTemplate:
    """The protocol with its overlays, in the versions named or the newest."""
    of_base, *of_over = version.split("+") if version else [None] * (1 + len(over))
    found = template(base, of_base)
    if len(of_over) == len(over):
        known = {one.code: one for one in overlays()}
        pairs = [(known.get(code), wanted) for code, wanted in zip(over, of_over, strict=True)]
        if all(one and wanted in (None, one.version) for one, wanted in pairs):
            for one, _wanted in pairs:
                assert one is not None
                found = overlaid(found, one)
            return found
    raise UnknownTemplate(f"There is no overlay '{'+'.join(over)}' for '{base}' in version '{version}'.")


_overlaid_once = cache(_overlaid)


@cache
def overlays() -> tuple[Overlay, ...]:
    """Every overlay, in the order they are offered."""
    return tuple(read_overlay(code, library()) for code in OVERLAYS)


def for_one_person(among: Iterable[ProtocolTemplate] | None = None) -> tuple[ProtocolTemplate, ...]:
    """What a course of one person may follow: each template that is no group, alone and with each overlay that fits it.

    All templates on offer are looked through unless some are given.

    >>> [one.code for one in for_one_person([template("ipt-16"), template("ipt-g-8")])]
    ['ipt-16', 'ipt-16+sud', 'ipt-16+pain']
    """
    found = []
    for one in templates() if among is None else among:
        if one.format != "group":
            found.append(one)
            found += [template(f"{one.code}+{over.code}") for over in overlays() if over.fit(one.code)]
    return tuple(found)


def templates() -> tuple[ProtocolTemplate, ...]:
    """Every template in its newest version, in the order they are offered."""
    files = dict.fromkeys(code for code, _ in (*TEMPLATES, *_own))
    kept = (one for shelf in _shelves for one in shelf.on_offer())
    return (*(_from_file(code, None) for code in files), *kept)


def versions_in_files() -> tuple[tuple[ProtocolTemplate, bool], ...]:
    """Every version that a file holds, and with each overlay that fits; whether the file is of the clinic's own folder."""
    found = []
    for known, is_own in ((TEMPLATES, False), (_own, True)):
        for code, version in known:
            found.append((_from_file(code, version), is_own))
            fitting = (over for over in overlays() if over.fit(code))
            found += [
                (template(f"{code}+{over.code}", f"{version}+{over.version}"), is_own) for over in fitting
            ]
    return tuple(found)


def tasks_due(template: ProtocolTemplate, slot: int, done: Collection[str] = frozenset()) -> tuple[Task, ...]:
    """The therapist's list at a slot: overdue work first, then every-session tasks, then the slot's own.

    `done` holds codes or keys of tasks that are done. Tasks due at the slot are listed either way, ticked
    when done. A task with time left (due by a later slot) is listed until it is done. COND and OPT tasks
    are never overdue. For a task with several occasions, each bare code in `done` covers one, earliest
    first: `["M08", "M08"]` leaves only the third goal review.

    >>> [task.code for task in tasks_due(template("ipt-16"), 0)]
    ['I01', 'I02', 'I05']
    >>> [task.code for task in tasks_due(template("ipt-16"), 2, {"I01", "I02"}) if task.overdue][:2]
    ['I05', 'I03']
    """
    if slot < 0:
        raise BadInput("A slot is zero for the intake meeting, or a session number.")
    ticks = Counter(done)
    found = [
        _at(template, due, slot, ticks) for due in template.tasks if _is_listed(template, due, slot, ticks)
    ]
    return tuple(sorted(found, key=lambda task: (not task.overdue, not task.is_every_session)))


def tasks_at_hand(template: ProtocolTemplate, slot: int) -> tuple[Task, ...]:
    """Tasks of the slot's phase that have no slot of their own: used when they fit or a condition holds.

    >>> [task.code for task in tasks_at_hand(template("ipt-16"), 6)]
    ['M10', 'M11', 'M12']
    """
    phase = phase_of(template, slot).code
    return tuple(
        _at(template, due, slot, Counter())
        for due in template.tasks
        if due.every is None and due.latest_slot is None and due.phase == phase
    )


def _is_listed(template: ProtocolTemplate, due: TaskDue, slot: int, done: Counter[str]) -> bool:
    if due.every is not None:
        return due.every[0] <= slot <= due.every[1]
    if due.due_slot == slot:
        return True
    if _is_done(template, due, done):
        return False
    return _is_overdue(due, slot) or _has_time_left(template, due, slot)


def _has_time_left(template: ProtocolTemplate, due: TaskDue, slot: int) -> bool:
    """Whether a due-by task is open at this slot; a second occasion opens when the first has passed."""
    if due.due_by_slot is None or due.phase is None:
        return False
    earlier = [
        other.due_by_slot
        for other in template.tasks
        if other.code == due.code and other.due_by_slot is not None and other.due_by_slot < due.due_by_slot
    ]
    opens = max(earlier, default=template.phase(due.phase).from_slot - 1) + 1
    return opens <= slot <= due.due_by_slot


def _is_overdue(due: TaskDue, slot: int) -> bool:
    return due.klass in ("CORE", "REQ") and due.latest_slot is not None and due.latest_slot < slot


def _is_done(template: ProtocolTemplate, due: TaskDue, done: Counter[str]) -> bool:
    """Whether this occasion is done: by its key, or by enough bare codes for it and the ones before."""
    if done[due.key]:
        return True
    occasions = [other for other in template.tasks if other.code == due.code]
    return occasions.index(due) < done[due.code]


def _at(template: ProtocolTemplate, due: TaskDue, slot: int, done: Counter[str]) -> Task:
    words = library()[due.code]
    key = due.key if due.every is None else f"{due.code}@{slot}"
    is_done = done[key] > 0 if due.every is not None else _is_done(template, due, done)
    return Task(
        code=due.code,
        key=key,
        title=words.title,
        kind=words.kind,
        record=words.record,
        klass=due.klass,
        phase=due.phase or phase_of(template, slot).code,
        due_slot=slot if due.every is not None else due.latest_slot,
        condition=due.condition,
        is_every_session=due.every is not None,
        is_done=is_done,
        overdue=due.every is None and not is_done and _is_overdue(due, slot),
    )
