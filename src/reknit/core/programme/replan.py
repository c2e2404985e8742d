"""When sessions are lost: a proposed map of those that are left. Closing work is kept whole and the middle shortened.

A proposal for two people to look at. It moves nothing, and the ending date stays where it was agreed.
"""

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from reknit.core.errors import BadInput
from reknit.core.programme.protocol import Phase, ProtocolTemplate, TaskDue, phase_of


@dataclass(frozen=True, slots=True)
class Proposed:
    """One session of the proposed map: its place from now on, its phase, and the codes of the tasks it would hold."""

    place: int
    phase: Phase
    stands_for: tuple[int, ...]
    tasks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Replan:
    """The proposed map. `left_out` are tasks for which no session is left; they are said, never dropped in silence."""

    lost: int
    sessions: tuple[Proposed, ...]
    left_out: tuple[str, ...]
    middle_sessions: int
    middle_needed: int

    @property
    def is_enough(self) -> bool:
        """Whether the course could still count as completed: half of the planned middle sessions or more."""
        return self.middle_sessions >= self.middle_needed


def replan(
    template: ProtocolTemplate,
    *,
    next_slot: int,
    left: int,
    lost: Collection[int] = (),
    done: Collection[str] = (),
    middle_held: int = 0,
) -> Replan:
    """Lay out the sessions that are left after some were lost.

    `next_slot` is the next planned session, `left` how many can still be held, `lost` the slots that passed without
    a meeting, and `done` the keys or codes of tasks that are done. The last sessions are the closing phase, as many
    as the template has or as are left. Tasks of an earlier phase that lost their session move into the first
    sessions, in the order of their slots; the rest of the middle shares what remains.

    >>> from reknit.core.programme.template import template
    >>> plan = replan(template("ipt-16"), next_slot=9, left=5, lost={6, 7, 8})
    >>> [one.phase.code for one in plan.sessions]
    ['middle', 'middle', 'closure', 'closure', 'closure']
    """
    if next_slot < 1 or left < 0:
        raise BadInput("The next session is one or later, and the sessions left are none or more.")
    closing = template.phases[-1]
    ahead = [slot for slot in range(next_slot, template.planned_sessions + 1) if slot < closing.from_slot]
    closing_left = list(range(max(next_slot, closing.from_slot), template.planned_sessions + 1))
    kept = closing_left[-min(left, len(closing_left)) :] if left else []
    before = max(min(left - len(kept), len(ahead)), 0)
    early = _deal(ahead, before)
    work = [task for task in _open(template, done) if _is_before(template, task, closing)]
    ending = [task for task in _open(template, done) if not _is_before(template, task, closing)]
    sessions = [
        Proposed(place, _phase(template, slots), tuple(slots), tuple(codes))
        for place, (slots, codes) in enumerate(zip(early, _spread(work, early), strict=True), start=1)
    ]
    squeezed = _deal(closing_left, len(kept))
    sessions += [
        Proposed(len(early) + place, closing, tuple(slots), tuple(codes))
        for place, (slots, codes) in enumerate(zip(squeezed, _spread(ending, squeezed), strict=True), start=1)
    ]
    placed = {code for one in sessions for code in one.tasks}
    middle = sum(one.phase.code == _middle(template).code for one in sessions) + middle_held
    return Replan(
        lost=len(set(lost)) + max(len(ahead) + len(closing_left) - left, 0),
        sessions=tuple(sessions),
        left_out=tuple(dict.fromkeys(task.code for task in work + ending if task.code not in placed)),
        middle_sessions=middle,
        middle_needed=_needed(template),
    )


def _open(template: ProtocolTemplate, done: Collection[str]) -> list[TaskDue]:
    """Tasks with a slot of their own that are expected and not done, in the order of their slots."""
    tasks = [
        task
        for task in template.tasks
        if task.every is None
        and task.latest_slot is not None
        and task.klass in ("CORE", "REQ")
        and task.key not in done
        and task.code not in done
    ]
    return sorted(tasks, key=lambda task: task.latest_slot or 0)


def _is_before(template: ProtocolTemplate, task: TaskDue, closing: Phase) -> bool:
    return task.phase != closing.code and phase_of(template, task.latest_slot or 0) != closing


def _deal(slots: Sequence[int], into: int) -> list[list[int]]:
    """Share slots out over so many sessions, in order and as evenly as can be.

    >>> _deal([4, 5, 6, 7, 8], 2)
    [[4, 5, 6], [7, 8]]
    """
    edges = [-(-place * len(slots) // into) for place in range(into + 1)] if into else []
    return [list(slots[first:after]) for first, after in itertools.pairwise(edges)]


def _spread(tasks: Sequence[TaskDue], sessions: Sequence[Sequence[int]]) -> list[list[str]]:
    """Put each task where its slot went; one whose slot has passed goes into the first session. One a code a session."""
    found: list[list[str]] = [[] for _ in sessions]
    if not sessions:
        return found
    for task in tasks:
        slot = task.latest_slot or 0
        place = next((n for n, slots in enumerate(sessions) if slot <= slots[-1]), len(sessions) - 1)
        if task.code not in found[place]:
            found[place].append(task.code)
    return found


def _phase(template: ProtocolTemplate, slots: Sequence[int]) -> Phase:
    """The phase of a session that stands for several slots: the later one, so that opening work never grows."""
    return phase_of(template, slots[-1])


def _middle(template: ProtocolTemplate) -> Phase:
    return template.work or template.phases[0]


def _needed(template: ProtocolTemplate) -> int:
    """Half of the planned middle sessions: the least for a course to count as completed, a programme setting."""
    middle = _middle(template)
    return -(-(middle.to_slot - middle.from_slot + 1) // 2)
