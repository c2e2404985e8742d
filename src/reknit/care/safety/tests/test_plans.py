"""The rules of screens and plans: they route, they are kept for good, and a client sees only what was shown to them."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction
from django.test.utils import CaptureQueriesContext
from tests.cast import Cast

from reknit.base.audit.models import AuditEvent
from reknit.base.errors import Conflict, DomainError
from reknit.care.consent.actions import revoke_consent
from reknit.care.consent.models import Consent
from reknit.care.people.actions import add_client
from reknit.care.programme.models import CourseFact
from reknit.care.safety.actions import (
    close_risk_item,
    flag_violence,
    open_risk_item,
    record_medical_review,
    record_withdrawal_screen,
    release_safety_plan,
    save_overdose_plan,
    save_safety_plan,
    withdraw_safety_plan,
)
from reknit.care.safety.models import (
    MedicalReview,
    OverdosePlan,
    RiskItem,
    SafetyPlan,
    ViolenceFlag,
    WithdrawalScreen,
)
from reknit.care.safety.queries import is_conjoint_barred, plans_of, released_plan
from reknit.core.safety.withdrawal import RED_FLAGS

NO = {one.key: "no" for one in RED_FLAGS}


def facts(kind: str) -> list[dict[str, Any]]:
    rows = CourseFact.objects.filter(kind=kind, withdrawn_at=None).order_by("at")
    return list(rows.values_list("value", flat=True))


def screened(cast: Cast, at: dt.datetime, **answers: str) -> WithdrawalScreen:
    return record_withdrawal_screen(
        by=cast.ana, at=at, client=cast.cleo, key=uuid.uuid4(), answers=NO | answers
    )


def plan(cast: Cast, at: dt.datetime, based_on: int = 0, **words: str) -> SafetyPlan:
    return save_safety_plan(by=cast.ana, at=at, client=cast.cleo, based_on=based_on, words=words)


def test_course_is_told_when_danger_opens_and_when_none_is_open_any_more(cast: Cast, at: dt.datetime) -> None:
    first, second = (
        open_risk_item(by=None, at=at, client=cast.cleo, reason=reason, source="test")
        for reason in ("phq9_item9", "phone_overdose")
    )
    open_risk_item(by=None, at=at, client=cast.cleo, reason="phq9_item9", source="test")
    assert facts("acute_safety") == [{"open": True}]
    close_risk_item(by=cast.ana, at=at, item=first, closing="spoken")
    assert facts("acute_safety") == [{"open": True}]
    later = at + dt.timedelta(hours=1)
    close_risk_item(by=cast.ana, at=later, item=second, closing="spoken")
    assert facts("acute_safety") == [{"open": True}, {"open": False}]
    assert {fact.source_id for fact in CourseFact.objects.filter(kind="acute_safety")} == {
        first.pk,
        second.pk,
    }


def test_blank_and_client_without_a_course_tell_no_course(cast: Cast, at: dt.datetime) -> None:
    open_risk_item(by=None, at=at, client=cast.cleo, reason="phq9_item9_blank", source="test")
    new = add_client(by=cast.ina, at=at, programme=cast.programme, family_name="New")
    open_risk_item(by=None, at=at, client=new, reason="phone_suicide", source="test")
    assert facts("acute_safety") == []


def test_one_red_flag_asks_for_a_medical_view_the_same_day(cast: Cast, at: dt.datetime) -> None:
    row = screened(cast, at, past_severe="yes", age="unknown")
    item = RiskItem.objects.get()
    assert (item.reason, item.due_at, item.source_id) == ("withdrawal", at + dt.timedelta(hours=8), row.pk)
    assert item.facts == {"flags": 1}
    assert facts("withdrawal_screen") == [{"positive": True, "unknown": 1}]
    assert plans_of(cast.cleo).review_is_due
    record_medical_review(
        by=cast.ana,
        at=at + dt.timedelta(hours=2),
        client=cast.cleo,
        key=uuid.uuid4(),
        reviewed_on=at.date(),
        outcome="detox",
    )
    assert not plans_of(cast.cleo).review_is_due
    assert facts("medical_review") == [{}]
    assert RiskItem.objects.get(reason="withdrawal").status == "open"  # its owner closes it
    assert RiskItem.objects.get(reason="detox_arrival").status == "open"  # a referral is not an arrival


def test_no_red_flag_opens_nothing_and_what_was_not_asked_is_not_known(cast: Cast, at: dt.datetime) -> None:
    row = record_withdrawal_screen(
        by=cast.ana, at=at, client=cast.cleo, key=uuid.uuid4(), answers={"age": "no"}
    )
    assert not RiskItem.objects.exists()
    assert row.answers == {one.key: "unknown" for one in RED_FLAGS} | {"age": "no"}
    assert facts("withdrawal_screen") == [{"positive": False, "unknown": len(RED_FLAGS) - 1}]


@pytest.mark.parametrize("answers", [{}, {"age": "perhaps"}, {"mood": "yes"}, {"age": "unknown"}])
def test_screen_that_asked_nothing_or_something_else_is_refused(
    cast: Cast, at: dt.datetime, answers: dict[str, str]
) -> None:
    with pytest.raises(DomainError):
        record_withdrawal_screen(by=cast.ana, at=at, client=cast.cleo, key=uuid.uuid4(), answers=answers)
    assert not WithdrawalScreen.objects.exists()


def test_safety_is_written_down_without_consent(cast: Cast, at: dt.datetime) -> None:
    revoke_consent(by=cast.ina, at=at, consent=Consent.objects.get(client=cast.cleo))
    screened(cast, at, alone="yes")
    plan(cast, at, signs="I stop answering.")
    assert (RiskItem.objects.count(), SafetyPlan.objects.count()) == (1, 1)


def test_review_that_was_declined_is_kept_and_is_no_review(cast: Cast, at: dt.datetime) -> None:
    record_medical_review(
        by=cast.ana, at=at, client=cast.cleo, key=uuid.uuid4(), reviewed_on=at.date(), outcome="declined"
    )
    assert MedicalReview.objects.count() == 1
    assert facts("medical_review") == []
    for wrong in ({"outcome": "fine"}, {"reviewed_on": dt.date(2026, 4, 1)}, {"note": "a\0"}):
        said: dict[str, Any] = {"reviewed_on": at.date(), "outcome": "detox"} | wrong
        with pytest.raises(DomainError):
            record_medical_review(by=cast.ana, at=at, client=cast.cleo, key=uuid.uuid4(), **said)


def test_overdose_plan_keeps_every_version(cast: Cast, at: dt.datetime) -> None:
    first = save_overdose_plan(by=cast.ana, at=at, client=cast.cleo, based_on=0, naloxone_client="yes")
    again = save_overdose_plan(by=cast.ana, at=at, client=cast.cleo, based_on=0, naloxone_client="yes")
    assert first == again
    save_overdose_plan(
        by=cast.ana, at=at, client=cast.cleo, based_on=1, naloxone_client="yes", medication_offer="accepted"
    )
    assert [row.version for row in OverdosePlan.objects.order_by("version")] == [1, 2]
    assert (first.trained_circle, facts("overdose_plan")) == ("unknown", [{}, {}])
    with pytest.raises(Conflict):
        save_overdose_plan(by=cast.ben, at=at, client=cast.cleo, based_on=1, tolerance_talk="no")
    with pytest.raises(DomainError, match="Nothing is filled in"):
        save_overdose_plan(by=cast.ana, at=at, client=cast.eli, based_on=0)
    with pytest.raises(DomainError, match="yes, no"):
        save_overdose_plan(by=cast.ana, at=at, client=cast.eli, based_on=0, naloxone_client="maybe")


def test_plan_is_a_new_version_each_time_and_the_same_words_are_none(cast: Cast, at: dt.datetime) -> None:
    plan(cast, at, signs="I stop answering.")
    plan(cast, at, signs="I stop answering.")
    second = plan(cast, at, 1, signs="I stop answering.", alone="A walk.")
    assert (second.version, SafetyPlan.objects.count()) == (2, 2)
    assert [part.title for part in plans_of(cast.cleo).parts] == ["Warning signs", "What helps alone"]
    assert facts("safety_plan") == [{}, {}]
    event = AuditEvent.objects.filter(verb="save safety plan").last()
    assert event is not None and event.detail == {"version": 2, "parts": ["alone", "signs"]}


def test_two_who_write_one_plan_are_told_of_each_other(cast: Cast, at: dt.datetime) -> None:
    plan(cast, at, signs="One.")
    with pytest.raises(Conflict) as theirs:
        plan(cast, at, 0, signs="Two.")
    assert theirs.value.theirs.words["signs"] == "One."


@pytest.mark.parametrize("words", [{}, {"signs": "  "}, {"signs": "x" * 2001}, {"signs": "a\0"}])
def test_empty_or_impossible_plan_is_refused(cast: Cast, at: dt.datetime, words: dict[str, str]) -> None:
    with pytest.raises(DomainError):
        save_safety_plan(by=cast.ana, at=at, client=cast.cleo, based_on=0, words=words)
    assert not SafetyPlan.objects.exists()


def test_client_reads_the_version_shown_to_them_and_no_other(cast: Cast, at: dt.datetime) -> None:
    first = plan(cast, at, signs="One.")
    assert released_plan(cast.cleo) == []
    release_safety_plan(by=cast.ana, at=at, plan=first)
    second = plan(cast, at, 1, signs="Two.")
    assert [part.words for part in released_plan(cast.cleo)] == ["One."]
    for _turn in range(2):
        release_safety_plan(by=cast.ana, at=at, plan=second)
    assert [part.words for part in released_plan(cast.cleo)] == ["Two."]
    with pytest.raises(DomainError, match="Only the latest"):
        release_safety_plan(by=cast.ana, at=at, plan=first)
    withdraw_safety_plan(by=cast.ana, at=at, client=cast.cleo)
    assert released_plan(cast.cleo) == released_plan(cast.eli) == []
    assert plans_of(cast.cleo).plan == second
    release_safety_plan(by=cast.ana, at=at, plan=plan(cast, at, 2, signs="Two."))
    assert [part.words for part in released_plan(cast.cleo)] == ["Two."]


def test_flag_about_violence_bars_a_session_with_somebody_else(cast: Cast, at: dt.datetime) -> None:
    assert not is_conjoint_barred(cast.cleo)
    with pytest.raises(DomainError, match="Write why"):
        flag_violence(by=cast.ana, at=at, client=cast.cleo, is_on=True, reason=" ")
    for _turn in range(2):
        flag_violence(by=cast.ana, at=at, client=cast.cleo, is_on=True, reason="Afraid at home")
    assert is_conjoint_barred(cast.cleo)
    later = at + dt.timedelta(days=30)
    flag_violence(by=cast.ana, at=later, client=cast.cleo, is_on=False, reason="Moved out")
    assert not is_conjoint_barred(cast.cleo)
    assert facts("violence_flag") == [{"on": True}, {"on": False}]
    assert ViolenceFlag.objects.count() == 2
    assert "Afraid" not in str(list(AuditEvent.objects.values_list("detail", flat=True)))


def test_what_stands_takes_seven_queries(cast: Cast, at: dt.datetime) -> None:
    release_safety_plan(by=cast.ana, at=at, plan=plan(cast, at, signs="One."))
    for number in range(1, 9):
        plan(cast, at, number, signs=f"Version {number}.")
        screened(cast, at)
    with CaptureQueriesContext(connection) as queries:
        found = plans_of(cast.cleo)
    assert len(queries) == 7
    assert found.plan and found.shown and (found.plan.version, found.shown.version) == (9, 1)


def rows(cast: Cast, at: dt.datetime) -> list[models.QuerySet[Any]]:
    screened(cast, at)
    record_medical_review(
        by=cast.ana, at=at, client=cast.cleo, key=uuid.uuid4(), reviewed_on=at.date(), outcome="detox"
    )
    save_overdose_plan(by=cast.ana, at=at, client=cast.cleo, based_on=0, naloxone_client="no")
    release_safety_plan(by=cast.ana, at=at, plan=plan(cast, at, signs="One."))
    flag_violence(by=cast.ana, at=at, client=cast.cleo, is_on=True, reason="Afraid")
    kept = (WithdrawalScreen, MedicalReview, OverdosePlan, SafetyPlan, ViolenceFlag)
    return [model._default_manager.all() for model in kept]


def test_database_refuses_to_change_or_remove_any_of_it(cast: Cast, at: dt.datetime) -> None:
    later = at + dt.timedelta(days=1)
    for kept in rows(cast, at):
        with pytest.raises(DatabaseError, match="never"), transaction.atomic():
            kept.update(at=later)
        with pytest.raises(DatabaseError, match="never"), transaction.atomic():
            kept.delete()
    shown = SafetyPlan.objects.all()
    with pytest.raises(DatabaseError, match="never"), transaction.atomic():
        shown.update(released_at=later)
    shown.update(withdrawn_at=later, withdrawn_by=cast.ana)
    with pytest.raises(DatabaseError, match="never"), transaction.atomic():
        shown.update(withdrawn_at=None, withdrawn_by=None)
