"""The view on suicide stays apart from scores; each loss of tolerance opens its tasks; a referral is followed to its arrival."""

import datetime as dt
import uuid
from typing import Any

import pytest
from tests.cast import Cast

from reknit.base.audit.models import AuditEvent
from reknit.base.clock import now
from reknit.base.errors import Conflict, DomainError
from reknit.care.safety.actions import (
    close_risk_item,
    open_risk_item,
    record_medical_review,
    save_safety_plan,
)
from reknit.care.safety.models import RiskFormulation, RiskItem, ToleranceLoss
from reknit.care.safety.suicide.actions import save_risk_formulation
from reknit.care.safety.tolerance.actions import record_tolerance_loss, settle_tolerance_task

from .test_clinician_pages import browser

DAY = dt.timedelta(days=1)


def view(cast: Cast, at: dt.datetime, **more: Any) -> RiskFormulation:
    fields: dict[str, Any] = {
        "based_on": 0,
        "level": "moderate",
        "review_on": at.date() + 7 * DAY,
        "reasons": "Alone since the move; her sister is near.",
        "plan": "Plan made today; Ana rings on Thursday.",
    }
    return save_risk_formulation(by=cast.ana, at=at, client=cast.cleo, **(fields | more))


def waiting() -> dict[str, RiskItem]:
    return {one.reason: one for one in RiskItem.objects.filter(status="open").select_related("owner")}


def high(cast: Cast, at: dt.datetime, **more: Any) -> RiskFormulation:
    return view(
        cast, at, level="high", means="Tablets with her sister.", told="Her sister, by her word.", **more
    )


def test_no_answer_sets_a_level_and_no_level_closes_an_item(cast: Cast, at: dt.datetime) -> None:
    open_risk_item(by=None, at=at, client=cast.cleo, reason="cssrs_intent", source="test")
    assert not RiskFormulation.objects.exists()
    assert view(cast, at, level="lower").level == "lower"
    assert set(waiting()) == {"cssrs_intent"}


def test_high_asks_a_senior_colleague_within_the_hour(cast: Cast, at: dt.datetime) -> None:
    high(cast, at)
    item = waiting()["suicide_senior_review"]
    assert (item.owner, item.due_at) == (cast.ben, at + dt.timedelta(hours=1))
    assert waiting()["suicide_follow_up"].due_at == at + dt.timedelta(hours=72)
    with pytest.raises(DomainError, match="does not fit"):
        close_risk_item(by=cast.ben, at=at, item=item, closing="spoken")
    close_risk_item(by=cast.ben, at=at, item=item, closing="reviewed")


@pytest.mark.parametrize("field", ["means", "told"])
def test_high_needs_means_and_who_was_told(cast: Cast, at: dt.datetime, field: str) -> None:
    with pytest.raises(DomainError) as refused:
        view(cast, at, level="high", **({"means": "a", "told": "b"} | {field: " "}))
    assert refused.value.field == field
    assert not RiskItem.objects.exists()


def test_intoxicated_is_asked_again_when_sober(cast: Cast, at: dt.datetime) -> None:
    view(cast, at, level="lower", intoxicated="yes")
    assert set(waiting()) == {"suicide_sober"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"level": ""}, "level"),
        ({"reasons": ""}, "reasons"),
        ({"plan": " "}, "plan"),
        ({"days": -1}, "review_on"),
    ],
)
def test_a_view_needs_level_reasons_plan_and_a_day(
    cast: Cast, at: dt.datetime, change: dict[str, Any], field: str
) -> None:
    if "days" in change:
        change = {"review_on": at.date() + change["days"] * DAY}
    with pytest.raises(DomainError) as refused:
        view(cast, at, **change)
    assert refused.value.field == field


def test_two_who_write_at_once_lose_nothing_and_the_plan_is_linked(cast: Cast, at: dt.datetime) -> None:
    plan = save_safety_plan(by=cast.ana, at=at, client=cast.cleo, based_on=0, words={"signs": "I pace."})
    first = view(cast, at)
    assert first.safety_plan == plan
    with pytest.raises(Conflict) as taken:
        view(cast, at)
    assert taken.value.theirs == first
    assert view(cast, at, based_on=1).version == 2
    assert not any("Alone" in str(one.detail) for one in AuditEvent.objects.all())


def test_the_page_keeps_facts_and_view_apart_and_says_what_to_do_without_the_words(cast: Cast) -> None:
    open_risk_item(by=None, at=now(), client=cast.cleo, reason="cssrs_intent", source="test")
    address = f"/clients/{cast.cleo.pk}/risk/suicide/"
    shown = browser(cast.ana).get(address).content.decode()
    assert "item 4 or 5" in shown
    assert "loads the official file under Questionnaires" in shown
    assert "checked" not in shown.split('name="level"')[1].split("</fieldset>")[0]
    sent = {
        "based_on": 0,
        "level": "moderate",
        "reasons": "a",
        "plan": "b",
        "review_on": now().date() + DAY,
        "intoxicated": "no",
    }
    assert browser(cast.ana).post(address, sent).status_code == 302
    assert browser(cast.ben).post(address, sent).status_code == 403
    assert (
        "as a clinician judged it" in browser(cast.ben).get(f"/clients/{cast.cleo.pk}/risk/").content.decode()
    )
    mine = browser(cast.cleo_user).get("/my/").content.decode()
    assert "Moderate" not in mine


def lost(cast: Cast, at: dt.datetime, kind: str = "detox") -> ToleranceLoss:
    return record_tolerance_loss(
        by=cast.ana, at=at, client=cast.cleo, key=uuid.uuid4(), kind=kind, happened_on=at.date()
    )


@pytest.mark.parametrize("kind", ["release", "hospital", "detox", "residential", "abstinent"])
def test_each_loss_of_tolerance_opens_five_tasks_and_one_item(cast: Cast, at: dt.datetime, kind: str) -> None:
    loss = lost(cast, at, kind)
    assert loss.tasks.count() == 5
    assert set(waiting()) == {"tolerance_lost"}
    assert loss.tasks.get(task="medication").due_at == at + dt.timedelta(hours=8)


def test_an_overdose_survived_adds_contact_with_intent_asked(cast: Cast, at: dt.datetime) -> None:
    loss = lost(cast, at, "overdose")
    assert {one.task for one in loss.tasks.all()} >= {"contact", "intent", "naloxone_circle"}
    assert waiting()["overdose_survived"].due_at == at + dt.timedelta(hours=48)


def test_the_item_closes_with_its_last_task_and_not_before(cast: Cast, at: dt.datetime) -> None:
    *most, last = lost(cast, at).tasks.order_by("task")
    for task in most:
        settle_tolerance_task(by=cast.ana, at=at, task=task, outcome="done")
    item = waiting()["tolerance_lost"]
    with pytest.raises(DomainError, match="not settled yet"):
        close_risk_item(by=cast.ana, at=at, item=item, closing="tasks")
    settle_tolerance_task(by=cast.ana, at=at, task=last, outcome="not_needed")
    item.refresh_from_db()
    assert (item.status, item.closing) == ("closed", "tasks")
    with pytest.raises(Conflict):
        settle_tolerance_task(by=cast.ana, at=at, task=last, outcome="done")


def test_a_referral_to_detox_is_followed_until_arrival_is_known(cast: Cast, at: dt.datetime) -> None:
    record_medical_review(
        by=cast.ana, at=at, client=cast.cleo, key=uuid.uuid4(), reviewed_on=at.date(), outcome="detox"
    )
    item = waiting()["detox_arrival"]
    with pytest.raises(DomainError):
        close_risk_item(by=cast.ana, at=at, item=item, closing="asked")
    close_risk_item(by=cast.ana, at=at, item=item, closing="arrived", note="The ward rang.")


def test_tasks_are_settled_on_the_page_by_the_team_alone(cast: Cast) -> None:
    task = lost(cast, now()).tasks.get(task="not_alone")
    address = f"/clients/{cast.cleo.pk}/risk/tolerance/{task.pk}/"
    assert browser(cast.dov).post(address, {"outcome": "done"}).status_code == 404
    assert browser(cast.ana).post(address, {"outcome": "later"}).status_code == 302
    task.refresh_from_db()
    assert task.outcome == ""
    browser(cast.ana).post(address, {"outcome": "done"})
    task.refresh_from_db()
    assert task.outcome == "done"
