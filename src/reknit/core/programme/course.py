"""Where a course stands: read from its facts and its protocol, and from nothing else.

`Course` is what the facts add up to; `reading.read_course` goes through them in the order of time.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from reknit.core.errors import BadInput
from reknit.core.programme.extension import planned_for
from reknit.core.programme.facts import Fact
from reknit.core.programme.protocol import Phase, ProtocolTemplate, phase_of

ATTENDED = "attended"
MISSED = frozenset({"no_show", "late_cancel"})
HELD = frozenset({ATTENDED, "safety", "before"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A phase that was entered: when, and whether a gate was passed with a reason."""

    phase: str
    at: dt.datetime
    overridden: tuple[str, ...] = ()


@dataclass(slots=True)
class Course:
    """One course as its facts tell it. `slot` is the latest planned session used; 0 before the first.

    `template` is the course's protocol over the sessions that were agreed; `base` is the protocol as it is written.
    """

    base: ProtocolTemplate
    template: ProtocolTemplate = field(init=False)
    slot: int = 0
    attended: int = 0
    misses_in_a_row: int = 0
    latest_contact: dt.datetime | None = None
    standing: Counter[str] = field(default_factory=Counter)
    latest: dict[str, Fact] = field(default_factory=dict)
    done: dict[str, list[int]] = field(default_factory=dict)
    focuses: dict[str, str] = field(default_factory=dict)
    switches: int = 0
    lapses: dict[str, dt.datetime] = field(default_factory=dict)  # open ones, and since when
    overrides: set[str] = field(default_factory=set)
    entered: list[Entry] = field(default_factory=list)
    slot_of: dict[str, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.template = self.base

    @property
    def planned(self) -> int:
        """Planned sessions with what an extension added."""
        return self.template.planned_sessions

    @property
    def phase(self) -> Phase:
        """The phase whose mark was reached; the first before anything was."""
        return self.template.phase(self.entered[-1].phase) if self.entered else self.template.phases[0]

    @property
    def planned_phase(self) -> Phase:
        """The phase the number of the next session belongs to, whatever marks were reached."""
        return phase_of(self.template, self.slot + 1)

    def stands(self, name: str) -> bool:
        """Whether a fact of this kind, or of this narrower name, holds now."""
        return self.standing[name] > 0

    def value(self, kind: str, key: str) -> Any:
        """One value of the latest fact of a kind that holds; nothing when none does."""
        fact = self.latest.get(kind)
        return fact.value.get(key) if fact else None


def take(course: Course, fact: Fact) -> None:
    """Let one more fact count."""
    for name in {fact.kind, fact.named()}:
        course.standing[name] += 1
        course.latest[name] = fact
        if fact.slot is not None:
            course.slot_of.setdefault(name, []).append(fact.slot)
    handler = HANDLERS.get(fact.kind)
    if handler:
        handler(course, fact)


def _session(course: Course, fact: Fact) -> None:
    outcome = fact.value.get("outcome")
    course.slot = max(course.slot, fact.slot or int(fact.value.get("slot") or 0))
    if outcome == ATTENDED:
        course.attended += 1
    if outcome in MISSED:
        course.misses_in_a_row += 1
    elif outcome in HELD:
        course.misses_in_a_row = 0
        course.latest_contact = fact.at


def _task(course: Course, fact: Fact) -> None:
    course.done.setdefault(str(fact.value.get("code", "")), []).append(fact.slot or 0)


def _focus(course: Course, fact: Fact) -> None:
    focus, area = str(fact.value.get("focus", "")), str(fact.value.get("area", ""))
    if fact.kind == "focus_switched":
        course.focuses.pop(str(fact.value.get("from", "")), None)
        course.switches += 1
    if fact.kind == "focus_resolved":
        course.focuses.pop(focus, None)
    elif fact.kind != "focus_proposed":
        course.focuses[focus] = area


def _agreement(course: Course, fact: Fact) -> None:
    _plan(course, int(fact.value.get("planned") or 0) or course.planned)


def _amendment(course: Course, fact: Fact) -> None:
    if fact.value.get("what") == "extension":
        _plan(course, course.planned + max(0, int(fact.value.get("sessions") or 0)))


def _plan(course: Course, sessions: int) -> None:
    try:
        course.template = planned_for(course.base, sessions)
    except BadInput:
        return  # fewer sessions than the protocol can be told in: its own map stands


def _lapse(course: Course, fact: Fact) -> None:
    episode = str(fact.value.get("use_episode", ""))
    if fact.kind == "lapse_reported":
        course.lapses.setdefault(episode, fact.at)
    else:
        course.lapses.pop(episode, None)


def _override(course: Course, fact: Fact) -> None:
    course.overrides.add(str(fact.value.get("gate", "")))


HANDLERS: Final = MappingProxyType[str, Callable[[Course, Fact], None]](
    {
        "session": _session,
        "task_done": _task,
        "focus_agreed": _focus,
        "focus_switched": _focus,
        "focus_resolved": _focus,
        "amendment": _amendment,
        "contract_agreed": _agreement,
        "lapse_reported": _lapse,
        "lapse_reviewed": _lapse,
        "gate_override": _override,
    }
)
