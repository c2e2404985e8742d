"""A plan B begins what it chose beside IPT: planned at once, dropped while only planned, never undone once begun."""

import datetime as dt
import uuid
from typing import Any

import pytest
from tests.cast import Cast

from reknit.care.coordination.actions import add_entry, map_care_team
from reknit.care.coordination.models import Treatment
from reknit.care.encounters import actions
from reknit.care.encounters.models import Encounter, PlanB
from reknit.care.encounters.preparing import prepare
from reknit.care.encounters.techniques.actions import keep_plan_b, remove_record
from reknit.care.programme.models import CourseFact


@pytest.fixture
def ana(cast: Cast, at: dt.datetime) -> dict[str, Any]:
    return {"by": cast.ana, "at": at}


def meet(cast: Cast, at: dt.datetime) -> Encounter:
    return actions.start_encounter(
        by=cast.ana, at=at, episode=cast.cleo_episode, outcome="attended", starts_at=at
    )


def plan_b(cast: Cast, ana: dict[str, Any], *choices: str, **more: Any) -> PlanB:
    said = {"reason": "Use has not gone down.", "decided_on": ana["at"].date(), "key": uuid.uuid4()} | more
    return keep_plan_b(**ana, choices=list(choices), **said)


def test_plan_b_plans_what_it_chose(cast: Cast, ana: dict[str, Any]) -> None:
    session = meet(cast, ana["at"])
    plan_b(cast, ana, "cbt", "cm", "stay", encounter=session)
    planned = Treatment.objects.filter(source="plan-b").order_by("kind")
    assert [(one.kind, one.state, one.why) for one in planned] == [
        ("cbt", "planned", "Use has not gone down."),
        ("cm", "planned", "Use has not gone down."),
    ]


def test_changed_plan_b_drops_what_was_only_planned(cast: Cast, ana: dict[str, Any]) -> None:
    session = meet(cast, ana["at"])
    plan = plan_b(cast, ana, "cbt", "cm", encounter=session)
    begun = Treatment.objects.get(kind="cm")
    add_entry(**ana, treatment=begun, key=uuid.uuid4(), on=ana["at"].date())
    plan_b(cast, ana, "mutual_help", encounter=session, key=plan.pk, revision=1)
    states = dict(Treatment.objects.values_list("kind", "state"))
    assert states == {"cbt": "not_begun", "cm": "running", "mutual_help": "planned"}
    plan_b(cast, ana, "cbt", encounter=session, key=plan.pk, revision=2)
    assert Treatment.objects.get(kind="cbt").state == "planned"


def test_plan_b_taken_away_drops_what_was_only_planned(cast: Cast, ana: dict[str, Any]) -> None:
    plan = plan_b(cast, ana, "level", encounter=meet(cast, ana["at"]))
    remove_record(**ana, record=plan, revision=1)
    assert Treatment.objects.get().state == "not_begun"


def test_gone_through_care_team_leaves_the_task_of_the_protocol(cast: Cast, ana: dict[str, Any]) -> None:
    session = meet(cast, ana["at"])
    map_care_team(**ana, client=cast.cleo)
    assert CourseFact.objects.filter(kind="care_team_mapped").exists()
    assert "I20" in prepare(session).recorded
