"""Each template that ships: its phases, what is due when, and what sets it apart."""

import datetime as dt
import hashlib
import tomllib
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.core.data import Table
from reknit.core.errors import DefinitionError, UnknownTemplate
from reknit.core.programme.contract import sessions_allowed
from reknit.core.programme.course import Course
from reknit.core.programme.due import tasks_at
from reknit.core.programme.extension import planned_for
from reknit.core.programme.facts import Fact
from reknit.core.programme.gates import standing
from reknit.core.programme.loading import build_template
from reknit.core.programme.overlays import build_overlay
from reknit.core.programme.reading import read_course
from reknit.core.programme.recurrence import recurrence
from reknit.core.programme.replan import replan
from reknit.core.programme.sets import sets_due
from reknit.core.programme.template import (
    for_one_person,
    library,
    overlays,
    tasks_due,
    template,
    versions_in_files,
)

BEGIN = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
SHIPPED = [one for one, is_own in versions_in_files() if not is_own]
EVERY = (*for_one_person(SHIPPED), *(one for one in SHIPPED if one.format == "group"))
"""Every template that a course or a group may follow, alone and with each overlay that fits."""


def at(day: int) -> dt.datetime:
    return BEGIN + dt.timedelta(days=day)


def held(slot: int, gap: int = 7) -> Fact:
    return Fact("session", at(gap * (slot - 1)), slot, {"slot": slot, "outcome": "attended"})


def own(code: str, slot: int) -> list[str]:
    """Codes due in exactly this slot, every-session tasks left out, all earlier work done."""
    plan = template(code)
    found = tasks_due(plan, slot, {task.key for task in plan.tasks})
    return sorted(one.code for one in found if not one.is_every_session)


@pytest.mark.parametrize(
    ("code", "ends", "minutes", "window"),
    [
        ("ipt-16", [3, 13, 16], 50, 140),
        ("ipt-12", [3, 9, 12], 50, 112),
        ("ipt-b", [2, 7, 8], 50, 84),
        ("ipt-p", [2, 7, 8], 50, 168),
        ("ipt-sr", [3, 12, 14], 50, 126),
        ("sober-network", [3, 15, 18], 50, 154),
        ("ipt-m", [1, 10, 12], 50, 730),
        ("ipt-g-20", [5, 15, 20], 90, 182),
        ("ipt-g-8", [1, 7, 8], 90, 84),
    ],
)
def test_template_has_its_phases_and_frame(code: str, ends: list[int], minutes: int, window: int) -> None:
    plan = template(code)
    assert [phase.to_slot for phase in plan.phases] == ends
    assert (plan.session_minutes, plan.course_window_days) == (minutes, window)


@pytest.mark.parametrize(
    ("code", "slot", "codes"),
    [
        ("ipt-12", 0, "I01 I02 I05"),
        ("ipt-12", 2, "I10 I11 I12 I20"),
        ("ipt-12", 6, "M09 M14"),
        ("ipt-12", 9, "C01"),
        ("ipt-12", 11, "C03 C05 C06 C07"),
        ("ipt-12", 12, "C04 C08 C09 C10 C11 C12"),
        ("ipt-b", 0, "I01 I05 I21"),
        ("ipt-b", 2, "I11 I12 I13 I14 I15 I16 I17 I18 I19 I22"),
        ("ipt-b", 4, "M08 M09"),
        ("ipt-b", 6, "C01 M14"),
        ("ipt-b", 7, "C02 C05 C07"),
        ("ipt-b", 8, "C03 C04 C06 C08 C09 C10 C11 C12"),
        ("ipt-p", 0, "I01 I05 I21 P06"),
        ("ipt-p", 1, "I02 I03 I04 I06 I07 I08 I09 P01 P02 P07"),
        ("ipt-p", 3, "P03"),
        ("ipt-p", 4, "M08 M09 P04"),
        ("ipt-p", 6, "C01 M14 P03"),
        ("ipt-m", 0, "X01"),
        ("ipt-m", 6, "X06"),
        ("ipt-g-20", 0, "GR01 GR02 GR03 I01 I02 I03 I04 I05 I06 I07 I08 I10 I12 I13 I14 I15 I16 I17 I18 I19 I22"),
        ("ipt-g-8", 5, "GR14 M08 M09 M14"),
        ("ipt-12+sud", 1, "I03 I04 I05 I06 I07 I08 I09"),
        ("ipt-12+sud", 10, "C02 C06"),
        ("ipt-16+pain", 0, "I01 I02 I05 P06"),
    ],
)  # fmt: skip
def test_slot_lists_its_own_tasks(code: str, slot: int, codes: str) -> None:
    assert own(code, slot) == sorted(codes.split())


def test_brief_form_asks_for_a_thing_to_try_each_session_and_warns_of_one_area() -> None:
    plan = template("ipt-b")
    asked = {task.code: task for task in plan.tasks}
    assert (asked["E08"].klass, asked["E08"].every, asked["I07"].klass) == ("REQ", (3, 7), "CORE")
    assert plan.poor_areas == ("sensitivity",) and "sensitivity" in plan.areas


def test_pain_form_says_that_it_is_no_addiction_protocol() -> None:
    plan, both = template("ipt-p"), template("ipt-p+sud")
    assert "not an addiction protocol" in plan.title and "Not an addiction protocol" in plan.label
    assert plan.telephone and {f"P0{n}" for n in range(1, 8)} <= {task.code for task in plan.tasks}
    assert both.title.endswith("untested combination") and both.label == plan.label
    assert [(one.title, one.counts_as) for one in plan.more_areas] == [
        ("Change in healthy self", "transition")
    ]


def test_three_areas_of_stuart_and_robertson_leave_sensitivity_out_and_the_sick_role_free() -> None:
    plan = template("ipt-sr")
    assert plan.areas == ("grief", "dispute", "transition")
    assert next(task.klass for task in plan.tasks if task.code == "I07") == "OPT"
    assert plan.phases[-1].title == "Conclusion of acute treatment"


def test_maintenance_is_agreed_anew_and_reviewed_every_sixth_visit_however_long() -> None:
    plan = template("ipt-m")
    assert sessions_allowed(plan) == range(6, 25)
    longer = planned_for(plan, 24)
    assert [task.due_slot for task in longer.tasks if task.code == "X06"] == [6, 12, 18, 24]
    assert [slot for slot in range(25) if "M" in [one.code for one in sets_due(longer, slot)]] == [6, 12, 18, 24]  # fmt: skip
    assert [task.due_slot for task in longer.tasks if task.code in ("C01", "C08")] == [23, 24]
    assert not plan.asks_for_formulation and template("ipt-12").asks_for_formulation


def test_recurrence_asks_for_a_new_assessment_within_seven_days_until_it_is_offered() -> None:
    plan = template("ipt-m")
    low = [held(1, 30), held(2, 30), Fact("score", at(30), 2, {"measure": "phq-9", "total": 9.0})]
    high = [*low, held(3, 30), Fact("score", at(60), 3, {"measure": "phq-9", "total": 10.0})]
    assert recurrence(read_course(plan, low)) is None
    found = recurrence(read_course(plan, high))
    assert found and (found.kind, found.by) == ("score", at(67).date())
    assert [task.klass for task in tasks_at(read_course(plan, high), 3) if task.code == "X05"] == ["REQ"]
    answered = [*high, Fact("task_done", at(61), 3, {"code": "X05"})]
    assert recurrence(read_course(plan, answered)) is None
    used = [*answered, Fact("lapse_reported", at(80), 3, {"use_episode": "u"})]
    again = recurrence(read_course(plan, used))
    assert again and again.kind == "use"


def test_overlay_takes_the_place_of_rows_and_leaves_the_rest() -> None:
    plain, both = template("ipt-16", "1"), template("ipt-16+sud", "1+1")
    assert [task.latest_slot for task in both.tasks if task.code == "M06"] == [4, 13]
    assert [task.latest_slot for task in both.tasks if task.code == "C06"] == [14]
    touched = {"E03", "I05", "I12", "I19", "I20", "M06", "M07", "M12", "M13", "C06"}
    rest = {task for task in both.tasks if task.code not in touched}
    assert rest == {task for task in plain.tasks if task.code not in touched}
    assert replace(template("ipt-16+sud").gate("G15"), from_slot=None).severity == "warn"


def test_overlay_that_is_not_there_is_refused() -> None:
    for code, version in (("ipt-16+moon", None), ("ipt-16+sud", "1"), ("ipt-16+sud", "1+9")):
        with pytest.raises(UnknownTemplate):
            template(code, version)


def test_other_treatment_or_a_reason_ends_the_notice_about_ipt_alone() -> None:
    plan = template("ipt-12+sud")
    course = [held(1)]
    assert "G15" in [gate.code for gate, _said in standing(read_course(plan, course))]
    for more in (
        Fact("treatment_beside", at(1), 1, {"any": True}),
        Fact("gate_override", at(1), 1, {"gate": "G15", "reason": "Waits for a place."}),
    ):
        assert "G15" not in [gate.code for gate, _said in standing(read_course(plan, [*course, more]))]


def test_ending_talk_keeps_its_distance_from_the_closing_when_a_course_is_extended() -> None:
    longer = planned_for(template("ipt-12"), 15)
    assert [task.due_slot for task in longer.tasks if task.code == "C01"] == [12]


@given(st.sampled_from(EVERY), st.integers(0, 30))
def test_every_template_lists_each_task_once_at_every_slot(plan: Any, slot: int) -> None:
    keys = [task.key for task in tasks_due(plan, slot)]
    assert len(keys) == len(set(keys))


@given(st.sampled_from(EVERY), st.data())
def test_every_template_can_be_planned_longer_and_replanned(plan: Any, data: st.DataObject) -> None:
    sessions = data.draw(st.sampled_from(sessions_allowed(plan)))
    held_so_far = data.draw(st.integers(0, sessions))
    shaped = planned_for(plan, sessions)
    assert shaped.phases[-1].to_slot == shaped.planned_sessions == sessions
    left = data.draw(st.integers(0, sessions - held_so_far))
    found = replan(shaped, next_slot=held_so_far + 1, left=left)
    assert len(found.sessions) <= left
    assert all(task.latest_slot is None or task.latest_slot <= sessions for task in shaped.tasks)


def test_courses_of_version_one_of_sixteen_sessions_mean_what_they_meant() -> None:
    """Running courses keep this version: its file may never change. Make a new version instead."""
    text = files("reknit.core.programme").joinpath("templates", "ipt_16.toml").read_bytes()
    assert (
        hashlib.sha256(text).hexdigest() == "9ce1b2fc46ab2b1b56e07c510dbdc1329fdcf1e4127e4fff9116b64b7ac0382b"
    )


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ({"code": "Z1", "klass": "REQ", "phase": "middle"}, "not in the task library"),
        ({"code": "E03", "klass": "REQ", "phase": "middle", "due": "moon+1"}, "no place in a course"),
        ({"code": "E03", "klass": "REQ"}, "names no phase"),
        ({"code": "E03", "klass": "REQ", "every": ["first"]}, "two places"),
    ],
)
def test_overlay_that_could_not_be_followed_is_refused(row: dict[str, Any], rule: str) -> None:
    values = {"code": "x", "version": "1", "title": "X", "adds": "x", "rows": [row]}
    with pytest.raises(DefinitionError, match=rule):
        build_overlay(Table(values, "x.toml"), library())


def test_refusal_knows_its_line() -> None:
    text = files("reknit.core.programme").joinpath("templates", "ipt_12.toml").read_text(encoding="utf-8")
    broken = text.replace('{ code = "M09", klass = "CORE"', '{ code = "M99", klass = "CORE"')
    with pytest.raises(DefinitionError) as found:
        build_template(Table(tomllib.loads(broken), "x.toml", broken), library())
    line = next(n for n, one in enumerate(broken.splitlines(), 1) if "M99" in one)
    assert (found.value.line, "M99" in found.value.rule) == (line, True)


def test_overlays_are_offered_where_they_fit() -> None:
    assert {one.code: [fit.on for fit in one.fits] for one in overlays()} == {
        "sud": ["ipt-16", "ipt-12", "ipt-sr", "ipt-b", "ipt-p"],
        "pain": ["ipt-16", "ipt-12"],
        "group": [],
    }
    assert Course(template("sober-network")).template.overlays == ("sud",)
