"""Every answer that needs a person has a reason in words and a time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from reknit.core.errors import BadInput, UnknownReason
from reknit.core.measures.catalogue import measures
from reknit.core.safety.triggers import (
    PHONE_SAFETY,
    REASONS,
    RiskClass,
    due_at,
    phone_findings,
    reason,
)

ALL_NO: dict[str, bool | None] = {question.key: False for question in PHONE_SAFETY}


def test_every_critical_item_of_every_measure_has_a_known_reason() -> None:
    for one in measures():
        for rule in one.critical:
            assert reason(rule.reason).klass is RiskClass.CRITICAL
            assert rule.blank_reason is None or (
                reason(rule.blank_reason).klass is RiskClass.ASK_NEXT_CONTACT
            )
        for item in {rule.item for rule in one.critical}:
            assert any(rule.blank_reason for rule in one.critical if rule.item == item)


def test_every_reason_has_a_sentence_and_a_time_marked_as_setting() -> None:
    for one in REASONS.values():
        assert one.sentence and one.why_then
        assert one.due_hours > 0
        assert one.is_programme_setting


def test_phq9_item9_is_due_the_same_day() -> None:
    at = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    assert due_at(reason("phq9_item9"), at) == at + timedelta(hours=8)


def test_due_time_is_true_hours_when_the_clocks_change() -> None:
    """London, 29 March 2026: 01:00 becomes 02:00, so eight hours from midnight end at 09:00."""
    at = datetime(2026, 3, 29, 0, 0, tzinfo=ZoneInfo("Europe/London"))
    due = due_at(reason("phq9_item9"), at)
    assert (due.hour, due.astimezone(UTC) - at.astimezone(UTC)) == (9, timedelta(hours=8))


def test_due_time_needs_a_time_zone() -> None:
    with pytest.raises(BadInput, match="time zone"):
        due_at(reason("phq9_item9"), datetime(2026, 3, 2, 9, 30))


def test_unknown_reason_is_refused_by_name() -> None:
    with pytest.raises(UnknownReason, match="'mood'"):
        reason("mood")


def test_phone_questions_cover_the_five_topics() -> None:
    assert [q.key for q in PHONE_SAFETY] == ["suicide", "withdrawal", "overdose", "violence", "pregnancy"]


def test_phone_answers_of_no_raise_nothing() -> None:
    assert phone_findings(ALL_NO) == ()


@pytest.mark.parametrize("question", PHONE_SAFETY, ids=lambda q: q.key)
def test_phone_answer_of_yes_raises_its_reason(question: object) -> None:
    key = question.key  # type: ignore[attr-defined]
    assert [one.key for one in phone_findings(ALL_NO | {key: True})] == [f"phone_{key}"]


def test_phone_call_that_asked_nothing_leaves_four_questions_open() -> None:
    found = phone_findings({})
    assert all(one.klass is RiskClass.ASK_NEXT_CONTACT for one in found)
    assert [one.key for one in found] == [
        "phone_suicide_blank",
        "phone_withdrawal_blank",
        "phone_overdose_blank",
        "phone_violence_blank",
    ]


def test_unknown_phone_question_is_refused() -> None:
    with pytest.raises(BadInput, match="'sleep'"):
        phone_findings({"sleep": True})
