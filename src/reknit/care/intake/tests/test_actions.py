"""What intake writes down, and what follows from it."""

import datetime as dt
import uuid

import pytest
from tests.cast import Cast

from reknit.base.audit.models import AuditEvent
from reknit.base.errors import DomainError
from reknit.care.consent.models import Consent
from reknit.care.intake import actions
from reknit.care.intake.models import Referral
from reknit.care.people.models import CareTeamMember, Client
from reknit.care.people.queries import lead_of
from reknit.care.programme.models import Episode
from reknit.care.safety.models import RiskItem
from reknit.core.safety.triggers import PHONE_SAFETY

from .factories import a_referral, acceptance

ALL_NO = {question.key: "no" for question in PHONE_SAFETY}


def open_reasons(referral: Referral) -> set[str]:
    items = RiskItem.objects.filter(client=referral.client, status="open")
    return set(items.values_list("reason", flat=True))


def test_referral_makes_a_client_who_is_referred_and_keeps_source_and_time(
    cast: Cast, at: dt.datetime
) -> None:
    referral = a_referral(cast, at)
    assert referral.client.status == Client.Status.REFERRED
    assert (referral.source, referral.received_at) == ("health", at - dt.timedelta(hours=1))


def test_referral_sent_twice_adds_one(cast: Cast, at: dt.datetime) -> None:
    key, before = uuid.uuid4(), Client.objects.count()
    assert a_referral(cast, at, key=key) == a_referral(cast, at, key=key)
    assert (Referral.objects.count(), Client.objects.count()) == (1, before + 1)


@pytest.mark.parametrize("away", [dt.timedelta(minutes=1), dt.timedelta(days=-400)])
def test_referral_with_an_impossible_time_is_refused_and_leaves_nothing(
    cast: Cast, at: dt.datetime, away: dt.timedelta
) -> None:
    before = Client.objects.count()
    with pytest.raises(DomainError, match="Check the date"):
        a_referral(cast, at, received_at=at + away)
    assert (Referral.objects.count(), Client.objects.count()) == (0, before)


def test_referral_with_a_birth_date_to_come_is_refused(cast: Cast, at: dt.datetime) -> None:
    with pytest.raises(DomainError, match="future"):
        a_referral(cast, at, birth_date=at.date() + dt.timedelta(days=1))


def test_phone_safety_yes_opens_an_item_with_owner_and_due_time_before_any_consent(
    cast: Cast, at: dt.datetime
) -> None:
    referral = a_referral(cast, at)
    opened = actions.record_phone_safety(
        by=cast.ina, at=at, referral=referral, answers={**ALL_NO, "suicide": "yes"}
    )
    (item,) = opened
    assert (item.reason, item.klass, item.owner) == ("phone_suicide", "critical", cast.ben)
    assert item.due_at == at + dt.timedelta(hours=4)


def test_phone_safety_all_no_opens_nothing(cast: Cast, at: dt.datetime) -> None:
    referral = a_referral(cast, at)
    assert actions.record_phone_safety(by=cast.ina, at=at, referral=referral, answers=ALL_NO) == []


def test_phone_safety_blank_suicide_question_opens_the_lower_class(cast: Cast, at: dt.datetime) -> None:
    referral = a_referral(cast, at)
    answers = {**ALL_NO, "suicide": "not_answered"}
    (item,) = actions.record_phone_safety(by=cast.ina, at=at, referral=referral, answers=answers)
    assert (item.reason, item.klass) == ("phone_suicide_blank", "ask_next_contact")


def test_phone_safety_asked_again_refreshes_and_does_not_double(cast: Cast, at: dt.datetime) -> None:
    referral = a_referral(cast, at)
    for later in (0, 1):
        actions.record_phone_safety(
            by=cast.ina,
            at=at + dt.timedelta(hours=later),
            referral=referral,
            answers={**ALL_NO, "suicide": "yes"},
        )
    item = RiskItem.objects.get(client=referral.client)
    assert (item.seen_count, item.due_at) == (2, at + dt.timedelta(hours=4))


def test_phone_safety_answer_closes_the_item_that_said_to_ask(cast: Cast, at: dt.datetime) -> None:
    referral = a_referral(cast, at)
    actions.record_phone_safety(by=cast.ina, at=at, referral=referral, answers={})
    assert "phone_suicide_blank" in open_reasons(referral)
    actions.record_phone_safety(by=cast.ina, at=at, referral=referral, answers={"suicide": "yes"})
    assert "phone_suicide_blank" not in open_reasons(referral)
    assert "phone_suicide" in open_reasons(referral)


def test_phone_safety_yes_taken_back_stays_open_for_a_clinician(cast: Cast, at: dt.datetime) -> None:
    referral = a_referral(cast, at)
    for answer in ("yes", "no"):
        actions.record_phone_safety(
            by=cast.ina, at=at, referral=referral, answers={**ALL_NO, "suicide": answer}
        )
    assert open_reasons(referral) == {"phone_suicide"}


def test_phone_safety_audit_keeps_counts_and_no_answer(cast: Cast, at: dt.datetime) -> None:
    referral = a_referral(cast, at)
    actions.record_phone_safety(by=cast.ina, at=at, referral=referral, answers={**ALL_NO, "suicide": "yes"})
    detail = AuditEvent.objects.get(verb="record phone safety").detail
    assert detail == {"answered": len(PHONE_SAFETY), "opened": 1}


def test_accept_gives_consent_team_course_status_and_hands_items_over(cast: Cast, at: dt.datetime) -> None:
    referral = a_referral(cast, at)
    actions.record_phone_safety(by=cast.ina, at=at, referral=referral, answers={**ALL_NO, "overdose": "yes"})
    episode = actions.accept_referral(referral=referral, **acceptance(cast, at))
    client = Client.objects.get(pk=referral.client_id)
    assert client.status == Client.Status.IN_CARE
    assert (episode.planned_sessions, lead_of(client, on=at.date())) == (16, cast.ana)
    assert RiskItem.objects.get(client=client).owner == cast.ana
    referral.refresh_from_db()
    assert (referral.status, referral.decided_by) == ("accepted", cast.ina)


def test_accept_when_nobody_asked_leaves_the_questions_to_the_therapist(cast: Cast, at: dt.datetime) -> None:
    referral = a_referral(cast, at)
    actions.accept_referral(referral=referral, **acceptance(cast, at))
    item = RiskItem.objects.get(client=referral.client, reason="phone_suicide_blank")
    assert item.owner == cast.ana


@pytest.mark.parametrize(
    "changes",
    [
        {"ends_on": dt.date(2026, 3, 1)},
        {"starts_on": dt.date(2026, 3, 1)},
        {"starts_on": dt.date(2028, 3, 1), "ends_on": None},
        {"ends_on": dt.date(2031, 3, 1)},
        {"given_at": dt.datetime(2026, 5, 1, tzinfo=dt.UTC)},
        {"how": "spoken"},
    ],
)
def test_accept_that_breaks_a_rule_leaves_nothing_behind(
    cast: Cast, at: dt.datetime, changes: dict[str, object]
) -> None:
    referral = a_referral(cast, at)
    with pytest.raises(DomainError):
        actions.accept_referral(referral=referral, **acceptance(cast, at, **changes))
    client = Client.objects.get(pk=referral.client_id)
    assert client.status == Client.Status.REFERRED
    for table in (Consent, CareTeamMember, Episode):
        assert not table._default_manager.filter(client=client).exists()


def test_accept_that_fails_in_the_middle_leaves_no_audit_event_of_its_parts(
    cast: Cast, at: dt.datetime
) -> None:
    referral = a_referral(cast, at)
    before = AuditEvent.objects.count()
    with pytest.raises(DomainError, match="at work here"):
        actions.accept_referral(referral=referral, **acceptance(cast, at, clinician=cast.dara))
    assert AuditEvent.objects.count() == before


def test_referral_decided_once_stays_decided(cast: Cast, at: dt.datetime) -> None:
    referral = a_referral(cast, at)
    stale = Referral.objects.get(pk=referral.pk)
    actions.accept_referral(referral=referral, **acceptance(cast, at))
    with pytest.raises(DomainError, match="already decided"):
        actions.close_referral(by=cast.ina, at=at, referral=stale, reason="Moved away")
    with pytest.raises(DomainError, match="already decided"):
        actions.record_phone_safety(by=cast.ina, at=at, referral=stale, answers=ALL_NO)


def test_close_needs_a_reason(cast: Cast, at: dt.datetime) -> None:
    referral = a_referral(cast, at)
    with pytest.raises(DomainError, match="why"):
        actions.close_referral(by=cast.ina, at=at, referral=referral, reason="  ")
    actions.close_referral(by=cast.ina, at=at, referral=referral, reason="Chose another service")
    assert Client.objects.get(pk=referral.client_id).status == Client.Status.NOT_TAKEN_UP


def test_close_waits_while_a_critical_item_is_open(cast: Cast, at: dt.datetime) -> None:
    referral = a_referral(cast, at)
    actions.record_phone_safety(by=cast.ina, at=at, referral=referral, answers={**ALL_NO, "suicide": "yes"})
    with pytest.raises(DomainError, match="urgent risk item"):
        actions.close_referral(by=cast.ina, at=at, referral=referral, reason="Moved away")
    assert Referral.objects.get(pk=referral.pk).status == "open"
