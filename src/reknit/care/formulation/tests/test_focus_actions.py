"""What a course works on: proposed, agreed, switched and resolved, each step with its date."""

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from tests.cast import Cast

from reknit.base.errors import DomainError
from reknit.care.formulation.actions import (
    agree_focus,
    resolve_focus,
    set_aside_focus,
    set_dispute_stage,
    switch_focus,
)
from reknit.care.formulation.entries import FocusEntry
from reknit.care.formulation.models import DisputeStage, FocusArea, FocusStep
from reknit.care.formulation.queries import active_foci, active_focus, dispute_stage, foci
from reknit.care.programme.actions import close_episode, record_fact
from reknit.care.programme.models import CourseFact

from .factories import agreed, event, person, proposed

pytestmark = pytest.mark.django_db


def standing(kind: str) -> list[dict[str, Any]]:
    return list(CourseFact.objects.filter(kind=kind, withdrawn_at=None).values_list("value", flat=True))


def held(cast: Cast, at: dt.datetime, slot: int) -> None:
    record_fact(
        by=cast.ana, at=at, episode=cast.cleo_episode, kind="session", source="encounter",
        value={"slot": slot, "outcome": "attended"},
    )  # fmt: skip


def test_focus_is_proposed_then_agreed_and_each_step_is_kept(cast: Cast, at: dt.datetime) -> None:
    sister = person(cast.cleo, "D.", at)
    focus = proposed(
        cast, at, relationships=(sister,), event=event(cast, at), named="", reason="Closest in time."
    )
    assert active_focus(cast.cleo_episode) is None
    focus = agree_focus(by=cast.ana, at=at, focus=focus)
    found = active_focus(cast.cleo_episode)
    assert found and (found.area, found.client_label, found.aliases) == ("grief", "Losing someone", ("D.",))
    assert [step.status for step in focus.steps.order_by("at", "status")] == ["active", "proposed"]
    value = {"area": "grief", "focus": str(focus.pk)}
    assert standing("focus_proposed") == [value] and standing("focus_agreed") == [value]


@pytest.mark.parametrize("area", ["grief", "dispute", "transition"])
def test_focus_is_tied_to_a_person_an_event_or_a_role(cast: Cast, at: dt.datetime, area: str) -> None:
    with pytest.raises(DomainError, match="with whom"):
        proposed(cast, at, area, named="")
    assert proposed(cast, at, "sensitivity", named="").area == "sensitivity"


def test_focus_outside_the_four_or_with_somebody_elses_person_is_refused(cast: Cast, at: dt.datetime) -> None:
    with pytest.raises(DomainError):
        proposed(cast, at, "money")
    with pytest.raises(DomainError):
        proposed(cast, at, relationships=(person(cast.eli, "Z.", at),))


def test_second_focus_needs_its_reason_and_a_third_waits(cast: Cast, at: dt.datetime) -> None:
    agreed(cast, at)
    second = proposed(cast, at + dt.timedelta(minutes=1), "dispute", named="M.")
    with pytest.raises(DomainError, match="second"):
        agree_focus(by=cast.ana, at=at, focus=second)
    agree_focus(by=cast.ana, at=at, focus=second, second_reason="The row keeps the grief silent.")
    assert [one.area for one in active_foci(cast.cleo_episode)] == ["grief", "dispute"]
    with pytest.raises(DomainError, match="Two areas"):
        agree_focus(by=cast.ana, at=at, focus=proposed(cast, at), second_reason="More.")


def test_switch_says_why_and_moves_the_facts(cast: Cast, at: dt.datetime) -> None:
    old, entry = agreed(cast, at), FocusEntry("transition", named="leaving work")
    with pytest.raises(DomainError):
        switch_focus(by=cast.ana, at=at, focus=old, entry=entry, reason=" ")
    new = switch_focus(by=cast.ana, at=at, focus=old, entry=entry, reason="He lost his job.")
    assert new.switched_from == old and new.status == "proposed" and active_focus(cast.cleo_episode) is None
    assert standing("focus_agreed") == []
    assert standing("focus_switched") == [{"area": "transition", "focus": str(new.pk), "from": "grief"}]
    step = FocusStep.objects.get(status="switched")
    assert step.reason == "He lost his job." and not step.for_supervisor


def test_switch_to_which_the_client_agreed_is_active_at_once(cast: Cast, at: dt.datetime) -> None:
    entry = FocusEntry("transition", named="leaving work")
    new = switch_focus(
        by=cast.ana, at=at, focus=agreed(cast, at), entry=entry, reason="He lost his job.", client_agreed=True
    )
    assert new.status == "active" and [value["area"] for value in standing("focus_agreed")] == ["transition"]


@pytest.mark.parametrize(("slot", "late"), [(8, False), (9, True)])
def test_switch_after_the_mid_course_review_is_for_the_supervisor(
    cast: Cast, at: dt.datetime, slot: int, late: bool
) -> None:
    held(cast, at, slot)
    entry = FocusEntry("dispute", named="M.")
    switch_focus(by=cast.ana, at=at, focus=agreed(cast, at), entry=entry, reason="A row.")
    step = FocusStep.objects.get(status="switched")
    assert (step.slot, step.for_supervisor) == (slot, late)


def test_second_switch_is_for_the_supervisor_too(cast: Cast, at: dt.datetime) -> None:
    focus = agreed(cast, at)
    for area in ("dispute", "transition"):
        entry = FocusEntry(area, named="M.")
        focus = switch_focus(by=cast.ana, at=at, focus=focus, entry=entry, reason="New event.")
    flags = FocusStep.objects.filter(status="switched").order_by("focus__proposed_at", "focus__area")
    assert sorted(step.for_supervisor for step in flags) == [False, True]


def test_resolved_and_set_aside_areas_stay_and_move_no_more(cast: Cast, at: dt.datetime) -> None:
    done = resolve_focus(by=cast.ana, at=at, focus=agreed(cast, at))
    aside = set_aside_focus(by=cast.ana, at=at, focus=proposed(cast, at), reason="He does not see it.")
    assert {one.row.status for one in foci(cast.cleo_episode)} == {"resolved", "set_aside"}
    assert [value["focus"] for value in standing("focus_proposed")] == [str(done.pk)]
    for focus in (done, aside):
        with pytest.raises(DomainError):
            agree_focus(by=cast.ana, at=at, focus=focus)
    with pytest.raises(DomainError):
        resolve_focus(by=cast.ana, at=at, focus=done)


def test_dispute_has_stages_with_dates_and_others_have_none(cast: Cast, at: dt.datetime) -> None:
    focus = agreed(cast, at, "dispute", named="M.")
    for stage, on in (("impasse", dt.date(2026, 3, 10)), ("renegotiation", dt.date(2026, 3, 20))):
        set_dispute_stage(by=cast.ana, at=at, focus=focus, stage=stage, on=on)
    set_dispute_stage(by=cast.ana, at=at, focus=focus, stage="dissolution", on=dt.date(2026, 3, 1))
    now = dispute_stage(focus)
    assert now and now.stage == "renegotiation" and len(standing("dispute_stage")) == 3
    for wrong in ({"stage": "shouting"}, {"on": dt.date(2030, 1, 1)}):
        good: dict[str, Any] = {"stage": "impasse", "on": dt.date(2026, 3, 21), **wrong}
        with pytest.raises(DomainError):
            set_dispute_stage(by=cast.ana, at=at, focus=focus, **good)
    with pytest.raises(DomainError, match="Only a role dispute"):
        set_dispute_stage(
            by=cast.ana, at=at, focus=proposed(cast, at), stage="impasse", on=dt.date(2026, 3, 1)
        )


def test_history_is_only_added_to(cast: Cast, at: dt.datetime) -> None:
    focus = agreed(cast, at, "dispute", named="M.")
    set_dispute_stage(by=cast.ana, at=at, focus=focus, stage="impasse", on=dt.date(2026, 3, 1))
    for rows in (FocusStep.objects.all(), DisputeStage.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        FocusStep.objects.update(reason="Other")


def test_closed_course_takes_no_focus(cast: Cast, at: dt.datetime) -> None:
    focus = proposed(cast, at)
    close_episode(by=cast.ana, at=at, episode=cast.cleo_episode, reason="Moved.")
    with pytest.raises(DomainError, match="closed"):
        agree_focus(by=cast.ana, at=at, focus=focus)
    assert FocusArea.objects.get().status == "proposed"
