"""However a sheet arrives, it is scored, kept and looked through in the same way."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import Cast

from reknit.base.audit.models import AuditEvent
from reknit.base.clock import local_date
from reknit.base.errors import Conflict, DomainError
from reknit.care.consent.actions import revoke_consent
from reknit.care.consent.models import Consent
from reknit.care.measures.actions import (
    correct_administration,
    record_administrations,
    save_draft,
    submit_link,
)
from reknit.care.measures.links import LinkEnded
from reknit.care.measures.models import Administration, FormLink
from reknit.care.measures.queries import link_for, scores_for, series
from reknit.care.measures.sheets import Sheet
from reknit.care.programme.actions import record_fact
from reknit.care.programme.models import CourseFact
from reknit.care.safety.models import RiskItem

from .factories import CALM, GAD, HEAVY, link_to, phq, recorded


def test_complete_sheet_keeps_score_band_and_version(cast: Cast, at: dt.datetime) -> None:
    row = recorded(cast, at, phq(2, item9=0))
    assert (row.state, row.total) == ("complete", Decimal(16))
    assert (row.band, row.definition_version) == ("moderately_severe", "1")


def test_two_blanks_are_prorated_and_three_carry_no_number(cast: Cast, at: dt.datetime) -> None:
    two = recorded(cast, at, {**phq(2, item9=0), "phq9_1": None, "phq9_2": None})
    three = recorded(cast, at, {**phq(2, item9=0), "phq9_1": None, "phq9_2": None, "phq9_3": None})
    assert (two.state, two.total) == ("prorated", Decimal("15.43"))
    assert (three.state, three.total, three.band) == ("incomplete", None, "")


@pytest.mark.parametrize("value", [4, -1, 10**30, 1.5, "2", float("nan"), True])
def test_answer_no_item_offers_is_refused_by_name(cast: Cast, at: dt.datetime, value: object) -> None:
    with pytest.raises(DomainError, match="Item 3 of the PHQ-9"):
        recorded(cast, at, {**CALM, "phq9_3": value})  # type: ignore[dict-item]
    assert not Administration.objects.exists()
    assert not RiskItem.objects.exists()


def test_item_that_does_not_exist_is_refused_by_name(cast: Cast, at: dt.datetime) -> None:
    with pytest.raises(DomainError, match="no item called 'phq9_10'"):
        recorded(cast, at, {**CALM, "phq9_10": 1})


def test_answers_from_the_future_are_refused(cast: Cast, at: dt.datetime) -> None:
    with pytest.raises(DomainError, match="future"):
        recorded(cast, at, CALM, answered_at=at + dt.timedelta(hours=1))


def test_same_key_sent_twice_is_one_sheet(cast: Cast, at: dt.datetime) -> None:
    key = uuid.uuid4()
    assert recorded(cast, at, HEAVY, key=key) == recorded(cast, at, HEAVY, key=key)
    assert RiskItem.objects.get().seen_count == 1


def test_key_of_another_clients_sheet_is_refused(cast: Cast, at: dt.datetime) -> None:
    row = recorded(cast, at, CALM)
    with pytest.raises(DomainError, match="used before"):
        recorded(cast, at, CALM, client=cast.eli, key=row.pk)


@pytest.mark.parametrize("mode", Administration.Mode.values)
def test_critical_answer_opens_one_item_whatever_recorded_it(cast: Cast, at: dt.datetime, mode: str) -> None:
    first, second = recorded(cast, at, phq(0, item9=1), mode=mode), recorded(cast, at, HEAVY, mode=mode)
    item = RiskItem.objects.get()
    assert (item.reason, item.klass, item.seen_count, item.owner) == ("phq9_item9", "critical", 2, cast.ana)
    assert first.total == 1
    assert (item.source_id, item.facts) == (first.pk, {"item": "phq9_9", "value": 3})
    assert second.state == "complete"


def test_blank_critical_item_asks_at_the_next_contact(cast: Cast, at: dt.datetime) -> None:
    recorded(cast, at, phq(0, item9=None))
    item = RiskItem.objects.get()
    assert (item.reason, item.klass) == ("phq9_item9_blank", "ask_next_contact")


def test_empty_sheet_still_asks_about_the_blank_critical_item(cast: Cast, at: dt.datetime) -> None:
    assert recorded(cast, at, {}).state == "incomplete"
    assert RiskItem.objects.get().klass == "ask_next_contact"


def test_score_is_reported_to_the_course(cast: Cast, at: dt.datetime) -> None:
    recorded(cast, at, GAD, measure="gad-7", episode=cast.cleo_episode)
    fact = CourseFact.objects.get()
    assert (fact.kind, fact.value) == ("score", {"measure": "gad-7", "total": 7.0, "state": "complete"})


def test_audit_of_a_sheet_holds_no_answer(cast: Cast, at: dt.datetime) -> None:
    row = recorded(cast, at, HEAVY)
    detail = AuditEvent.objects.get(subject_id=row.pk).detail
    assert detail == {"measure": "phq-9", "mode": "session", "state": "complete", "fact": False}


def test_sheet_needs_consent_or_an_emergency_reason(cast: Cast, at: dt.datetime) -> None:
    revoke_consent(by=cast.ana, at=at, consent=Consent.objects.get(client=cast.cleo))
    with pytest.raises(DomainError):
        recorded(cast, at, CALM)
    recorded(cast, at, CALM, emergency_reason="Found unconscious; the ward asked")


def sheets(cast: Cast, at: dt.datetime, n: int) -> list[Sheet]:
    return [
        Sheet(cast.cleo, "phq-9", HEAVY, "import", at, at, cast.ana, episode=cast.cleo_episode)
        for _ in range(n)
    ]


def test_imported_history_opens_no_item(cast: Cast, at: dt.datetime) -> None:
    record_administrations(by=cast.ana, at=at, sheets=sheets(cast, at, 3), live=False)
    assert not RiskItem.objects.exists()
    assert CourseFact.objects.count() == 3


def test_many_sheets_take_as_many_queries_as_one(cast: Cast, at: dt.datetime) -> None:
    counts = []
    for n in (1, 40):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            record_administrations(by=cast.ana, at=at, sheets=sheets(cast, at, n), live=False)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_one_bad_sheet_refuses_the_batch(cast: Cast, at: dt.datetime) -> None:
    bad = Sheet(cast.cleo, "phq-9", {"phq9_1": 9}, "import", at, at, None)
    with pytest.raises(DomainError):
        record_administrations(by=None, at=at, sheets=[*sheets(cast, at, 2), bad], live=False)
    assert not Administration.objects.exists()


def test_correction_stands_in_the_place_of_the_old_sheet(cast: Cast, at: dt.datetime) -> None:
    old = recorded(cast, at, CALM, episode=cast.cleo_episode)
    new = correct_administration(by=cast.ana, at=at, administration=old, answers=HEAVY)
    assert [row.pk for row in series(cast.cleo, "phq-9")] == [new.pk]
    assert [row.total for row in scores_for([cast.cleo.pk], "phq-9")[cast.cleo.pk]] == [27]
    assert new.corrects == old
    assert RiskItem.objects.get().reason == "phq9_item9"


def test_correction_that_leaves_the_critical_answer_alone_is_no_new_answer(
    cast: Cast, at: dt.datetime
) -> None:
    old = recorded(cast, at, HEAVY)
    correct_administration(by=cast.ana, at=at, administration=old, answers={**HEAVY, "phq9_1": 0})
    assert RiskItem.objects.get().seen_count == 1


def test_correction_of_a_corrected_sheet_shows_what_stands(cast: Cast, at: dt.datetime) -> None:
    old = recorded(cast, at, CALM)
    new = correct_administration(by=cast.ana, at=at, administration=old, answers=HEAVY)
    with pytest.raises(Conflict) as stopped:
        correct_administration(by=cast.ana, at=at, administration=old, answers=phq(1))
    assert stopped.value.theirs == new


def test_correction_that_changes_nothing_writes_nothing(cast: Cast, at: dt.datetime) -> None:
    old = recorded(cast, at, CALM)
    assert correct_administration(by=cast.ana, at=at, administration=old, answers=CALM) == old
    assert Administration.objects.count() == 1


def test_link_needs_consent_and_sending_does_not(cast: Cast, at: dt.datetime) -> None:
    link, _secret = link_to(cast, at)
    revoke_consent(by=cast.ana, at=at, consent=Consent.objects.get(client=cast.cleo))
    with pytest.raises(DomainError):
        link_to(cast, at)
    assert submit_link(at=at, link=link, device="", answers=CALM, key=uuid.uuid4()).total == 0


def test_link_keeps_only_a_fingerprint_of_a_long_secret(cast: Cast, at: dt.datetime) -> None:
    link, secret = link_to(cast, at)
    assert len(secret) >= 27  # 160 bits in base 64
    row = FormLink.objects.filter(pk=link.pk).values().get()
    assert secret not in str(row)
    assert link_for(secret) == link
    assert link_for(secret + "x") is None


def test_link_is_read_by_its_fixed_statement_as_the_orm_reads_it(cast: Cast, at: dt.datetime) -> None:
    link, secret = link_to(cast, at, episode=cast.cleo_episode, slot=3)
    save_draft(at=at, link=link, device="phone", answers={"phq9_1": 2})
    expected = FormLink.objects.get(pk=link.pk)
    found = link_for(secret)
    assert found
    fields = [field.attname for field in FormLink._meta.concrete_fields]
    assert [getattr(found, name) for name in fields] == [getattr(expected, name) for name in fields]
    assert not found._state.adding and found.get_deferred_fields() == set()


@pytest.mark.parametrize("hours", [0, -5, 15 * 24])
def test_link_works_for_a_sensible_time(cast: Cast, at: dt.datetime, hours: int) -> None:
    with pytest.raises(DomainError, match="14 days"):
        link_to(cast, at, hours=hours)


def test_newer_link_supersedes_the_older_and_forgets_its_draft(cast: Cast, at: dt.datetime) -> None:
    old, _secret = link_to(cast, at)
    save_draft(at=at, link=old, device="phone", answers={"phq9_1": 2})
    link_to(cast, at)
    old.refresh_from_db()
    assert old.draft == {}
    with pytest.raises(LinkEnded, match="newer"):
        submit_link(at=at, link=old, device="phone", answers=CALM, key=uuid.uuid4())


def test_expired_link_takes_nothing(cast: Cast, at: dt.datetime) -> None:
    link, _secret = link_to(cast, at, hours=2)
    later = at + dt.timedelta(hours=2)
    with pytest.raises(LinkEnded):
        submit_link(at=later, link=link, device="", answers=CALM, key=uuid.uuid4())
    with pytest.raises(LinkEnded):
        save_draft(at=later, link=link, device="phone", answers=CALM)
    assert not Administration.objects.exists()


def test_sending_twice_is_one_sheet_and_sending_another_is_refused(cast: Cast, at: dt.datetime) -> None:
    link, _secret = link_to(cast, at)
    key = uuid.uuid4()
    first = submit_link(at=at, link=link, device="", answers=HEAVY, key=key)
    assert submit_link(at=at, link=link, device="", answers=HEAVY, key=key) == first
    with pytest.raises(LinkEnded, match="sent already"):
        submit_link(at=at, link=link, device="", answers=CALM, key=uuid.uuid4())
    assert Administration.objects.get().recorded_by is None
    assert RiskItem.objects.get().seen_count == 1


def test_key_of_another_sheet_sent_by_link_harms_nothing(cast: Cast, at: dt.datetime) -> None:
    row = recorded(cast, at, CALM, client=cast.eli)
    link, _secret = link_to(cast, at)
    assert submit_link(at=at, link=link, device="", answers=HEAVY, key=row.pk).pk != row.pk


def test_sending_a_bad_answer_uses_nothing_up(cast: Cast, at: dt.datetime) -> None:
    link, _secret = link_to(cast, at)
    with pytest.raises(DomainError, match="Item 1"):
        submit_link(at=at, link=link, device="", answers={"phq9_1": 10**40}, key=uuid.uuid4())
    assert submit_link(at=at, link=link, device="", answers=CALM, key=uuid.uuid4()).state == "complete"


def test_draft_belongs_to_the_device_that_saved_last(cast: Cast, at: dt.datetime) -> None:
    link, _secret = link_to(cast, at)
    save_draft(at=at, link=link, device="one", answers={"phq9_1": 2})
    saved = save_draft(at=at, link=link, device="two", answers={"phq9_2": 1, "phq9_3": None})
    assert saved.draft == {"phq9_2": 1}
    begun = AuditEvent.objects.filter(verb="begin form draft", subject_id=link.pk)
    save_draft(at=at, link=link, device="two", answers={"phq9_2": 0})
    assert begun.count() == 2


def test_sending_by_link_takes_one_read_and_four_writes(cast: Cast, at: dt.datetime) -> None:
    _link, secret = link_to(cast, at, measure="gad-7", episode=cast.cleo_episode)
    with CaptureQueriesContext(connection) as queries:
        link = link_for(secret)
        assert link
        submit_link(at=at, link=link, device="phone", answers=GAD, key=uuid.uuid4())
    asked = [
        q["sql"] for q in queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))
    ]
    assert len(asked) == 5, asked


def test_sheet_given_on_the_day_of_a_session_belongs_to_it(cast: Cast, at: dt.datetime) -> None:
    episode = cast.cleo_episode
    day = local_date(at, "Europe/Paris").isoformat()
    for slot, outcome in ((3, "attended"), (4, "no_show")):
        record_fact(
            by=cast.ana, at=at, episode=episode, kind="session", source="encounter", slot=slot,
            value={"slot": slot, "outcome": outcome, "on": day},
        )  # fmt: skip
    assert recorded(cast, at, CALM, episode=episode).slot == 3
    assert recorded(cast, at, CALM, episode=episode, slot=0).slot == 0  # said to be of intake
    assert recorded(cast, at + dt.timedelta(days=1), CALM, episode=episode).slot is None
    assert recorded(cast, at, CALM, episode=episode, mode="paper").slot is None
    assert CourseFact.objects.filter(kind="score", slot=3).count() == 1
