"""Made-up courses played through the real engine, to see where a protocol stalls before anybody is treated under it.

Attendance is random; everything else (slots, tasks due, gates, marks, the map after lost sessions, the closing word) is
what the engine decides. The chances are settings of this project, chosen to look like an ordinary clinic: they describe
nobody, and the shares that come out compare protocols and predict nothing.
"""

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from reknit.core.programme.completion import (
    CLOSING_WORK,
    Completion,
    CourseCounts,
    closing_done,
    completion,
)
from reknit.core.programme.contract import misses_that_roll
from reknit.core.programme.course import Course
from reknit.core.programme.due import done_before, tasks_at
from reknit.core.programme.facts import Fact, fact_kinds
from reknit.core.programme.gates import blocking
from reknit.core.programme.protocol import ProtocolTemplate
from reknit.core.programme.reading import go_on
from reknit.core.programme.replan import replan

BEGIN: Final = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)
ELEMENTS: Final = ["condition", "focus", "anchor", "time_link", "hope"]


@dataclass(frozen=True, slots=True)
class Chances:
    """How often things happen. `comes` and `diligence` are means over courses; each course has its own.

    `spare` says where the agreed ending date lies between the shortest course and the end of the course window.
    """

    comes: float = 0.8
    cancels_in_time: float = 0.08
    drops_out: float = 0.02
    drops_out_after_three: float = 0.35
    diligence: float = 0.85
    lapses: float = 0.06
    acute_risk: float = 0.01
    little_response: float = 0.3
    using_tie: float = 0.7
    spare: float = 0.5


@dataclass(frozen=True, slots=True)
class Played:
    """One made-up course: how far it came, what held it, what it still lacked, and what it counts as."""

    slot: int
    phase: str
    ending: Completion
    held_by: frozenset[str]
    overdue: frozenset[str]
    replanned: bool


@dataclass(slots=True)
class _Life:
    """One course being played. `day` counts from the first session."""

    course: Course
    chance: random.Random
    odds: Chances
    comes: float
    diligence: float
    day: int = 0
    misses: int = 0
    kinds: set[str] = field(default_factory=set)
    held_by: set[str] = field(default_factory=set)
    in_work: int = 0
    replanned: bool = False

    @property
    def last_day(self) -> int:
        """The ending date as it was agreed; it stays."""
        plan = self.course.base
        shortest = plan.cadence_days * (plan.planned_sessions - 1)
        return shortest + int(self.odds.spare * (plan.course_window_days - shortest))

    @property
    def at(self) -> dt.datetime:
        return BEGIN + dt.timedelta(days=self.day)

    def happens(self, odds: float) -> bool:
        return self.chance.random() < odds

    def tell(self, kind: str, session: int | None, /, **value: Any) -> None:
        self.kinds.add(kind)
        go_on(self.course, Fact(kind, self.at, session, value))


def play(
    template: ProtocolTemplate,
    chance: random.Random,
    odds: Chances = Chances(),  # noqa: B008  frozen
) -> Played:
    """Play one course from its intake meeting to its end."""
    life = _Life(
        Course(template),
        chance,
        odds,
        comes=chance.betavariate(8 * odds.comes, 8 * (1 - odds.comes)),
        diligence=chance.betavariate(20 * odds.diligence, 20 * (1 - odds.diligence)),
    )
    _work(life, 0, set())
    while life.course.slot < template.planned_sessions and life.day <= life.last_day:
        if _meet(life):
            break
        life.day += template.cadence_days
    return _told(life)


def play_many(
    template: ProtocolTemplate,
    courses: int,
    *,
    seed: int,
    odds: Chances = Chances(),  # noqa: B008  frozen
) -> Iterator[Played]:
    """So many courses, the same ones for the same seed."""
    chance = random.Random(seed)  # noqa: S311  made-up courses, no secret
    for _ in range(courses):
        yield play(template, chance, odds)


def _meet(life: _Life) -> bool:
    """One date in the diary. True when the course ends here."""
    if life.happens(life.odds.drops_out):
        return True
    if life.happens(life.odds.lapses):
        life.tell("lapse_reported", life.course.slot, use_episode=str(life.day))
    if life.happens(life.comes):
        _session(life)
    elif not life.happens(life.odds.cancels_in_time):
        _miss(life)
        return life.course.misses_in_a_row >= 3 and life.happens(life.odds.drops_out_after_three)
    return False


def _miss(life: _Life) -> None:
    rules = life.course.base.attendance
    rolls = misses_that_roll(rules.miss_policy, rules.rolls)
    uses = rolls is not None and life.misses >= rolls
    life.misses += 1
    life.tell("session", life.course.slot + 1 if uses else None, outcome="no_show")


def _session(life: _Life) -> None:
    course, slot = life.course, life.course.slot + 1
    _risk(life)
    life.tell("session", slot, outcome="attended", slot=slot)
    work = course.base.work
    life.in_work += bool(work and work.from_slot <= slot <= work.to_slot)
    _work(life, slot, _moved_here(life, slot))
    for phase in course.template.phases[len(course.entered) : len(course.entered) + 1]:
        if slot >= phase.from_slot:
            life.held_by |= {decision.gate for decision in blocking(course, f"enter_{phase.code}")}


def _risk(life: _Life) -> None:
    """An acute risk opens now and then; it is answered by the next meeting."""
    if life.course.value("acute_safety", "open"):
        life.tell("acute_safety", None, open=False)
    elif life.happens(life.odds.acute_risk):
        life.tell("acute_safety", None, open=True)


def _moved_here(life: _Life, slot: int) -> set[str]:
    """Tasks of later slots that the new map puts into this session, when fewer sessions fit than are planned."""
    plan = life.course.template
    left = (life.last_day - life.day) // plan.cadence_days + 1
    if left >= plan.planned_sessions - slot + 1:
        return set()
    life.replanned = True
    found = replan(plan, next_slot=slot, left=left, done=done_before(life.course, slot))
    return set(found.sessions[0].tasks) if found.sessions else set()


def _work(life: _Life, slot: int, moved: set[str]) -> None:
    """Do what the session asks for, as far as this therapist gets."""
    course = life.course
    for task in tasks_at(course, slot):
        if not task.is_done and task.klass != "OPT" and life.happens(life.diligence):
            _leave(life, task.code, slot)
            moved.discard(task.code)
    for code in sorted(moved):
        if life.happens(life.diligence):
            _leave(life, code, slot)


def _leave(life: _Life, code: str, slot: int) -> None:
    """Leave what a task leaves behind: its facts, or a tick."""
    words = life.course.template.library[code]
    names = words.left_by_all or words.left_by[:1]
    for name in names:
        kind, _, rest = name.partition("/")
        key = fact_kinds()[kind].key
        life.tell(kind, slot, **({key: rest} if key and rest else {}), **_value(life, kind))
    if not names:
        life.tell("task_done", slot, code=code)
    if (
        code == "M09"
        and life.course.value("midcourse_review", "adequate") is False
        and life.happens(life.diligence)
    ):
        life.tell("plan_b", slot)


def _value(life: _Life, kind: str) -> dict[str, Any]:
    """What a fact says where the engine looks inside it."""
    if kind == "formulation_shared":
        return {"elements": ELEMENTS}
    if kind == "use_map":
        return {"using": int(life.happens(life.odds.using_tie))}
    if kind == "lapse_reviewed":
        return {"use_episode": next(iter(sorted(life.course.lapses)), "")}
    if kind == "midcourse_review":
        return {"adequate": not life.happens(life.odds.little_response)}
    return {}


def _told(life: _Life) -> Played:
    course, plan = life.course, life.course.base
    work = plan.work
    gate = next((one for one in plan.gates if one.code == "G10"), None)
    life.held_by |= {
        one.gate for one in blocking(course, "complete_course") if course.slot >= plan.planned_sessions
    }
    counts = CourseCounts(
        attended=course.attended,
        middle_planned=work.to_slot - work.from_slot + 1 if work else 0,
        middle_attended=life.in_work,
        formulation_agreed="formulation_agreed" in life.kinds,
        closing_done=closing_done(life.kinds),
        needs_formulation=plan.asks_for_formulation,
    )
    due = tasks_at(course, course.slot) if course.slot else ()
    return Played(
        slot=course.slot,
        phase=course.phase.code,
        ending=completion(counts, gate.requires if gate else CLOSING_WORK),
        held_by=frozenset(life.held_by),
        overdue=frozenset(task.code for task in due if task.overdue),
        replanned=life.replanned,
    )


@dataclass(frozen=True, slots=True)
class Stall:
    """One line of the report: where, what, and how many courses."""

    where: str
    code: str
    title: str
    courses: int


def stalls(template: ProtocolTemplate, played: list[Played]) -> list[Stall]:
    """Where courses stall, most first in each part: what they count as, where they stopped, gates, tasks, the map."""
    words: Counter[str] = Counter(one.ending.word for one in played)
    stopped = Counter(one.slot for one in played if not one.ending.is_completed)
    lacked = Counter(code for one in played for code in one.ending.missing)
    gates = Counter(code for one in played for code in one.held_by)
    tasks = Counter(code for one in played for code in one.overdue)
    phases = Counter(one.phase for one in played if not one.ending.is_completed)
    titles = {code: words_of.title for code, words_of in template.library.items()}
    found = [Stall("counts as", word, WORDS[word], words[word]) for word in WORDS if word != "ended_early"]
    found += _ranked("stopped in phase", phases, {one.code: one.title for one in template.phases})
    found += _ranked("stopped after session", stopped, {})
    found += _ranked("held by gate", gates, {one.code: one.title for one in template.gates})
    found += _ranked("not completed for", lacked, {**titles, **LACKS})
    found += _ranked("task overdue at the end", tasks, titles)
    again = sum(one.replanned for one in played)
    return [*found, Stall("map", "replan", "Laid out anew after lost sessions", again)]


WORDS: Final = {
    "completed": "Completed",
    "partial_dose": "Partial dose",
    "ended_early": "Ended early",
    "did_not_engage": "Did not engage",
}
LACKS: Final = {
    "formulation_agreed": "The formulation agreed",
    "middle_sessions": "Half of the planned sessions between the opening and the closing",
}


def _ranked(where: str, counts: Counter[Any], titles: dict[str, str]) -> list[Stall]:
    rows = sorted(counts.items(), key=lambda row: (-row[1], str(row[0])))
    return [Stall(where, str(code), titles.get(str(code), ""), count) for code, count in rows]
