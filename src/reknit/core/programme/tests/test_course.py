"""A course read from its facts: the invariants hold in whatever order things happen."""

import datetime as dt
from dataclasses import replace
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reknit.core.programme.course import Course
from reknit.core.programme.due import at_hand, done_before, tasks_at
from reknit.core.programme.extension import planned_for
from reknit.core.programme.facts import Fact
from reknit.core.programme.fidelity import completeness
from reknit.core.programme.gates import blocking
from reknit.core.programme.reading import read_course
from reknit.core.programme.sets import availability, set_state, sets_due
from reknit.core.programme.template import template

IPT16 = template("ipt-16")
BEGIN = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
ELEMENTS = ["condition", "focus", "anchor", "time_link", "hope"]


def at(day: int) -> dt.datetime:
    return BEGIN + dt.timedelta(days=day)


def held(slot: int, day: int | None = None) -> Fact:
    return Fact(
        "session", at(7 * (slot - 1) if day is None else day), slot, {"slot": slot, "outcome": "attended"}
    )


def agreed(day: int = 14, slot: int = 3) -> list[Fact]:
    """Everything that G02 asks for."""
    return [
        Fact("inventory_signed", at(day), slot, {"version": 1}),
        Fact("focus_agreed", at(day), slot, {"area": "grief", "focus": "f"}),
        Fact("formulation_shared", at(day), slot, {"version": 1, "elements": ELEMENTS}),
        Fact("formulation_agreed", at(day), slot, {"version": 1, "how": "client"}),
        Fact("contract_agreed", at(day), slot, {"version": 1}),
        Fact("ending_date_set", at(day), slot, {"by": "contract"}),
    ]


def test_middle_mark_is_reached_in_the_first_session_of_the_phase_once_the_focus_is_agreed() -> None:
    early = read_course(IPT16, [held(1), held(2), held(3), *agreed(), held(4)])
    late = read_course(IPT16, [held(1), held(2), held(3), held(4), *agreed(day=30)])
    assert [(one.phase, one.at) for one in early.entered] == [("initial", at(0)), ("middle", at(21))]
    assert [(one.phase, one.at) for one in late.entered] == [("initial", at(0)), ("middle", at(30))]


def test_without_agreement_the_sessions_go_on_and_the_mark_waits() -> None:
    course = read_course(IPT16, [held(slot) for slot in range(1, 8)])
    assert (course.slot, course.phase.code, course.planned_phase.code) == (7, "initial", "middle")
    assert "formulation_agreed" in blocking(course, "enter_middle")[0].missing


def test_an_override_enters_the_phase_and_is_told() -> None:
    facts = [*(held(slot) for slot in range(1, 5)), Fact("gate_override", at(22), 4, {"gate": "G02"})]
    assert read_course(IPT16, facts).entered[-1].overridden == ("G02",)


def test_a_phase_once_entered_stays_when_a_formulation_is_revised() -> None:
    taken_back = [replace(f, withdrawn_at=at(40)) if f.kind == "formulation_agreed" else f for f in agreed()]
    course = read_course(IPT16, [*(held(slot) for slot in range(1, 8)), *taken_back])
    assert course.phase.code == "middle"
    assert not course.stands("formulation_agreed")


def test_an_extension_lengthens_the_middle_and_keeps_the_closing_whole() -> None:
    longer = planned_for(IPT16, 20)
    assert [(p.code, p.from_slot, p.to_slot) for p in longer.phases] == [
        ("initial", 1, 3),
        ("middle", 4, 17),
        ("closure", 18, 20),
    ]
    due = {
        task.code: task.latest_slot
        for task in longer.tasks
        if task.code in ("C01", "C03", "C12", "M03", "M09")
    }
    assert due == {"C01": 18, "C03": 19, "C12": 20, "M03": 10, "M09": 8}
    assert next(task.every for task in longer.tasks if task.code == "E01") == (1, 20)
    course = read_course(IPT16, [held(1), Fact("amendment", at(60), 9, {"what": "extension", "sessions": 4})])
    assert course.planned == 20


def test_an_agreement_for_fewer_sessions_shortens_the_middle_and_keeps_the_closing_whole() -> None:
    course = read_course(IPT16, [held(1), Fact("contract_agreed", at(14), 3, {"planned": 12})])
    assert [(p.from_slot, p.to_slot) for p in course.template.phases] == [(1, 3), (4, 9), (10, 12)]
    due = {task.key: task.latest_slot for task in course.template.tasks}
    assert (due["C01"], due["C12"], due["M09"], due["M08@12"], due["M03"]) == (10, 12, 8, 9, 9)
    later = [
        held(1),
        Fact("contract_agreed", at(14), 3, {"planned": 12}),
        Fact("amendment", at(60), 8, {"what": "extension", "sessions": 3}),
    ]
    assert read_course(IPT16, later).planned == 15


def test_too_few_sessions_leave_the_map_of_the_protocol() -> None:
    assert read_course(IPT16, [Fact("contract_agreed", at(14), 3, {"planned": 4})]).planned == 16


def test_switching_the_focus_keeps_the_numbers_of_sessions() -> None:
    facts = [*(held(slot) for slot in range(1, 7)), *agreed()]
    switched = [*facts, Fact("focus_switched", at(36), 6, {"area": "dispute", "focus": "g", "from": "f"})]
    before, after = read_course(IPT16, facts), read_course(IPT16, switched)
    assert (before.slot, before.planned, before.attended) == (after.slot, after.planned, after.attended)
    assert (after.focuses, after.switches) == ({"g": "dispute"}, 1)


def test_a_record_ticks_its_task_and_taking_it_back_unticks_it() -> None:
    analysis = Fact("communication_analysis", at(28), 5)
    facts = [*(held(slot) for slot in range(1, 6)), analysis]
    ticked = {task.code: task.is_done for task in tasks_at(read_course(IPT16, facts), 5)}
    assert ticked["M02"]
    facts[-1] = replace(analysis, withdrawn_at=at(29))
    assert not {task.code: task.is_done for task in tasks_at(read_course(IPT16, facts), 5)}["M02"]


def test_both_letters_are_needed_for_their_task() -> None:
    one = Fact("letter_issued", at(110), 16, {"kind": "closing"})
    assert "C11" not in done_before(read_course(IPT16, [one]), 17)
    assert "C11" in done_before(read_course(IPT16, [one, replace(one, value={"kind": "plain"})]), 17)


def test_a_return_to_use_asks_for_its_review_until_it_is_reviewed() -> None:
    lapse = Fact("lapse_reported", at(40), 6, {"use_episode": "u"})
    course = read_course(IPT16, [*(held(slot) for slot in range(1, 7)), lapse])
    assert [t.klass for t in tasks_at(course, 7) if t.code == "M12"] == ["REQ"]
    reviewed = read_course(IPT16, [held(6), lapse, Fact("lapse_reviewed", at(43), 7, {"use_episode": "u"})])
    assert "M12" not in [t.code for t in [*tasks_at(reviewed, 8), *at_hand(reviewed, 8)]]


def test_conjoint_session_is_not_offered_while_the_violence_flag_is_on() -> None:
    flag = Fact("violence_flag", at(30), 5, {"on": True})
    assert "M10" in [t.code for t in at_hand(read_course(IPT16, []), 6)]
    assert "M10" not in [t.code for t in at_hand(read_course(IPT16, [flag]), 6)]


def test_what_is_not_loaded_is_listed_and_leaves_the_denominator() -> None:
    baseline = sets_due(IPT16, 0)[0]
    state = set_state(read_course(IPT16, [Fact("score", at(0), 0, {"measure": "phq-9"})]), baseline, 0)
    said = {one.item.id: one.state for one in state.items}
    assert said["phq-9"] == "done"
    missing = [item.id for item in baseline.items if availability(item) == "not_loaded"]
    assert all(said[name] == "not_loaded" for name in missing)
    assert state.asked == len(baseline.items) - sum(one.state.startswith("not_") for one in state.items)


def test_completeness_names_what_is_missing() -> None:
    facts = [
        held(1),
        Fact("task_done", at(0), 1, {"code": "E01"}),
        Fact("task_done", at(0), 1, {"code": "I06"}),
    ]
    result = completeness(read_course(IPT16, facts))
    assert {"I07", "I08", "I02"} <= {task.code for task in result.missing}
    assert not {"E01", "I06"} & {task.code for task in result.missing}
    assert result.done <= result.due


# --- Whatever happens in whatever order -------------------------------------------------------------------------------

KINDS: list[tuple[str, dict[str, Any]]] = [
    *(
        (("session", {"outcome": outcome}))
        for outcome in ("attended", "no_show", "late_cancel", "cancelled", "clinician")
    ),
    *((fact.kind, dict(fact.value)) for fact in agreed()),
    ("focus_switched", {"area": "dispute", "focus": "g", "from": "f"}),
    ("gate_override", {"gate": "G02"}),
    ("gate_override", {"gate": "G03"}),
    ("amendment", {"what": "extension", "sessions": 4}),
    ("amendment", {"what": "ending_date"}),
    ("acute_safety", {"open": True}),
    ("acute_safety", {"open": False}),
    ("midcourse_review", {"adequate": False}),
    ("plan_b", {"choice": ["other"]}),
    ("task_done", {"code": "M09"}),
    ("score", {"measure": "phq-9"}),
]


@st.composite
def histories(draw: st.DrawFn) -> list[Fact]:
    """A course as it may go: sessions numbered as they are held, and anything else at any time between."""
    slot, found = 0, []
    for day in range(draw(st.integers(0, 40))):
        kind, value = draw(st.sampled_from(KINDS))
        if kind == "session" and (value["outcome"] == "attended" or draw(st.booleans())):
            slot += 1
        withdrawn = (
            at(day + draw(st.integers(1, 10))) if kind != "session" and draw(st.integers(0, 5)) == 0 else None
        )
        found.append(Fact(kind, at(day), slot, value, withdrawn))
    return found


@given(histories(), st.randoms())
@settings(max_examples=150, deadline=None)
def test_the_order_of_rows_makes_no_difference(facts: list[Fact], chance: Any) -> None:
    shuffled = list(facts)
    chance.shuffle(shuffled)
    one, other = read_course(IPT16, facts), read_course(IPT16, shuffled)
    assert (one.slot, one.attended, one.entered, +one.standing, one.planned) == (
        other.slot,
        other.attended,
        other.entered,
        +other.standing,
        other.planned,
    )


@given(histories())
@settings(max_examples=200, deadline=None)
def test_no_course_is_in_its_middle_without_agreement_or_a_reason(facts: list[Fact]) -> None:
    """Invariant 1: agreed at the time, or passed by an override that says so."""

    def stood(kind: str, when: dt.datetime, **value: Any) -> bool:
        rows = [f for f in facts if f.kind == kind and dict(f.value) | value == dict(f.value)]
        # Of one instant, facts are taken before others are taken back.
        return any(f.at <= when and not (f.withdrawn_at and f.withdrawn_at < when) for f in rows)

    for entry in read_course(IPT16, facts).entered:
        if entry.phase == "middle":
            assert stood("formulation_agreed", entry.at) or "G02" in entry.overridden
        for gate in entry.overridden:
            assert stood("gate_override", entry.at, gate=gate)


@given(histories())
@settings(max_examples=150, deadline=None)
def test_time_only_adds_sessions_and_marks(facts: list[Fact]) -> None:
    """More of the same history never lowers a session number, takes a mark away or shortens the course."""

    def known_by(when: dt.datetime) -> list[Fact]:
        # A fact that will be taken back later still stands, and nobody knows of it yet.
        return [
            replace(f, withdrawn_at=None) if f.withdrawn_at and f.withdrawn_at > when else f
            for f in facts
            if f.at <= when
        ]

    steps: list[Course] = [read_course(IPT16, known_by(at(day))) for day in range(0, 41, 5)]
    for before, after in pairwise(steps):
        assert after.slot >= before.slot
        assert after.attended >= before.attended
        assert [e.phase for e in after.entered][: len(before.entered)] == [e.phase for e in before.entered]
        assert [e.phase for e in after.entered] == [p.code for p in IPT16.phases][: len(after.entered)]


@given(histories(), st.integers(0, 16))
@settings(max_examples=100, deadline=None)
def test_lists_can_always_be_made(facts: list[Fact], slot: int) -> None:
    course = read_course(IPT16, facts)
    assert all(task.klass in ("CORE", "REQ") for task in tasks_at(course, slot) if task.overdue)
    result = completeness(course)
    assert 0 <= result.in_time <= result.done <= result.due
