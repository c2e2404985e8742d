"""A template written back is the same template, differences are said once, and what is kept cannot be taken out."""

from dataclasses import replace

import pytest

from reknit.core.data import Table
from reknit.core.errors import BadInput
from reknit.core.programme.body import body_of
from reknit.core.programme.changes import changes
from reknit.core.programme.extension import planned_for
from reknit.core.programme.kept import KEPT_GATES, KEPT_TASKS, check_kept
from reknit.core.programme.loading import build_template
from reknit.core.programme.protocol import ProtocolTemplate
from reknit.core.programme.template import library, template, versions_in_files

IPT16 = template("ipt-16")


@pytest.mark.parametrize("one", [found for found, _own in versions_in_files()], ids=lambda t: t.code)
def test_a_template_written_back_reads_as_the_same(one: ProtocolTemplate) -> None:
    """Under a code of its own, as a copy has one: the plus of an overlay is no part of such a code."""
    copy = replace(one, code=one.code.replace("+", "-"))
    assert build_template(Table(body_of(copy), "draft"), library()) == copy


def test_nothing_changed_says_nothing() -> None:
    assert changes(IPT16, IPT16) == ()


def without(code: str) -> ProtocolTemplate:
    return replace(IPT16, tasks=tuple(task for task in IPT16.tasks if task.code != code))


def test_a_task_taken_out_moved_or_put_in_is_said_once() -> None:
    assert [(c.what, c.code) for c in changes(IPT16, without("I20"))] == [("removed", "I20")]
    assert [(c.what, c.code) for c in changes(without("I20"), IPT16)] == [("added", "I20")]
    moved = tuple(replace(t, due_slot=5, phase="middle") if t.code == "I20" else t for t in IPT16.tasks)
    found = changes(IPT16, replace(IPT16, tasks=moved))
    assert [(c.what, c.code, c.was.due_slot, c.now.due_slot) for c in found] == [("moved", "I20", 3, 5)]


def test_one_occasion_of_several_that_moves_is_the_only_one_said() -> None:
    moved = tuple(replace(t, due_slot=9) if t.key == "M08@8" else t for t in IPT16.tasks)
    found = changes(IPT16, replace(IPT16, tasks=moved))
    assert [(c.what, c.was.due_slot, c.now.due_slot) for c in found] == [("moved", 8, 9)]


def test_a_gate_and_a_set_that_change_are_said() -> None:
    softer = tuple(replace(g, severity="info") if g.code == "G08" else g for g in IPT16.gates)
    fewer = tuple(replace(s, items=s.items[1:]) if s.code == "M" else s for s in IPT16.sets)
    found = changes(IPT16, replace(IPT16, gates=softer, sets=fewer))
    assert [(c.part, c.what, c.code) for c in found] == [
        ("sets", "removed", "M"),
        ("gates", "changed", "G08"),
    ]


@pytest.mark.parametrize("code", [*KEPT_TASKS, "C03", "C08"])
def test_a_kept_task_cannot_be_taken_out(code: str) -> None:
    with pytest.raises(BadInput, match=code):
        check_kept(IPT16, without(code))


@pytest.mark.parametrize("code", [g.code for g in IPT16.gates if g.code in KEPT_GATES])
def test_a_kept_gate_cannot_be_softened_or_taken_out(code: str) -> None:
    softer = tuple(replace(g, severity="info") if g.code == code else g for g in IPT16.gates)
    for gates in (softer, tuple(g for g in IPT16.gates if g.code != code)):
        with pytest.raises(BadInput, match=code):
            check_kept(IPT16, replace(IPT16, gates=gates))


def test_other_tasks_and_gates_are_the_clinics_to_set() -> None:
    softer = tuple(replace(g, severity="warn") if g.code == "G09" else g for g in IPT16.gates)
    check_kept(IPT16, replace(without("I20"), gates=softer))
    check_kept(IPT16, planned_for(IPT16, 12))
