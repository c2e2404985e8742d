"""Who else is in care, what runs beside IPT, and the level of care: what is kept, refused and never decided."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest
from tests.cast import Cast

from reknit.base.errors import Conflict, DomainError
from reknit.care.consent.actions import revoke_consent
from reknit.care.consent.models import Consent
from reknit.care.consent.queries import has_care_consent, live_sharing
from reknit.care.coordination import actions
from reknit.care.coordination.facts import facts_to_consider
from reknit.care.coordination.models import CareContact, Incentive, LevelOfCareNote, Treatment
from reknit.care.coordination.queries import care_summary, care_view, ledger_of, treatments_of
from reknit.care.measures.actions import record_administration
from reknit.care.medication.actions import add_medication
from reknit.care.programme.models import CourseFact
from reknit.care.safety.actions import flag_violence
from reknit.care.substance_use.actions import monitor, record_use_days
from reknit.care.substance_use.days import DayEntry

DAY = dt.timedelta(days=1)


@pytest.fixture
def ana(cast: Cast, at: dt.datetime) -> dict[str, Any]:
    return {"by": cast.ana, "at": at}


def contact(cast: Cast, ana: dict[str, Any], **more: Any) -> CareContact:
    said = {"key": uuid.uuid4(), "role": "doctor", "name": "Dr Bell"} | more
    return actions.add_care_contact(**ana, client=cast.cleo, **said)


def agree(ana: dict[str, Any], one: CareContact, **more: Any) -> Consent:
    until = ana["at"].date() + 90 * DAY
    said = {
        "covers": ["attendance", "medication"],
        "purpose": "Care",
        "how": "paper",
        "expires_on": until,
    } | more
    return actions.agree_sharing(**ana, contact=one, **said)


def treatment(cast: Cast, ana: dict[str, Any], kind: str, **more: Any) -> Treatment:
    said = {"key": uuid.uuid4(), "starts_on": ana["at"].date()} | more
    return actions.add_treatment(**ana, client=cast.cleo, kind=kind, **said)


def seen(cast: Cast, ana: dict[str, Any]) -> Any:
    return care_view(cast.cleo, cast.cleo_episode, today=ana["at"].date(), at=ana["at"])


# Who else is in care, and what they may be told


def test_nobody_outside_is_told_anything_until_the_client_agrees(cast: Cast, ana: dict[str, Any]) -> None:
    one = contact(cast, ana)
    (shown,) = seen(cast, ana).contacts
    assert shown.row == one and shown.sharing is None and shown.covers == []
    agree(ana, one)
    (shown,) = seen(cast, ana).contacts
    assert shown.covers == [
        "Whether the client comes, and when the course ends",
        "Medication and how it is taken",
    ]


def test_agreement_anew_takes_the_place_of_the_one_before(cast: Cast, ana: dict[str, Any]) -> None:
    one = contact(cast, ana)
    agree(ana, one)
    agree(ana, one, covers=["use"])
    (stands,) = live_sharing(cast.cleo, at=ana["at"])
    assert stands.covers == ["use"]


def test_sharing_ends_by_its_day_when_taken_back_and_with_the_contact(
    cast: Cast, ana: dict[str, Any]
) -> None:
    one = contact(cast, ana)
    consent = agree(ana, one)
    assert not live_sharing(cast.cleo, at=ana["at"] + 91 * DAY)
    actions.end_sharing(**ana, contact=one)
    consent.refresh_from_db()
    assert consent.revoked_at and not live_sharing(cast.cleo, at=ana["at"])
    agree(ana, one)
    actions.end_care_contact(**ana, contact=one, ends_on=ana["at"].date())
    assert not live_sharing(cast.cleo, at=ana["at"]) and seen(cast, ana).contacts == []


@pytest.mark.parametrize(
    "wrong",
    [{"covers": []}, {"covers": ["all"]}, {"purpose": " "}, {"expires_on": None}, {"how": "spoken"},
     {"expires_on": dt.date(2031, 1, 1)}, {"expires_on": dt.date(2026, 1, 1)}],
)  # fmt: skip
def test_agreement_names_things_a_purpose_an_end_and_a_witness(
    cast: Cast, ana: dict[str, Any], wrong: dict[str, Any]
) -> None:
    with pytest.raises(DomainError):
        agree(ana, contact(cast, ana), **wrong)
    assert not Consent.objects.filter(kind="share").exists()


def test_consent_to_share_is_no_consent_to_care(cast: Cast, ana: dict[str, Any]) -> None:
    agree(ana, contact(cast, ana))
    revoke_consent(**ana, consent=Consent.objects.get(client=cast.cleo, kind="care"))
    assert not has_care_consent(cast.cleo, at=ana["at"])


def test_going_through_the_care_team_leaves_its_task(cast: Cast, ana: dict[str, Any]) -> None:
    actions.map_care_team(**ana, client=cast.cleo)
    assert CourseFact.objects.filter(kind="care_team_mapped").count() == 1


def test_same_key_of_another_client_is_refused(cast: Cast, ana: dict[str, Any]) -> None:
    one = contact(cast, ana)
    with pytest.raises(DomainError, match="out of date"):
        actions.add_care_contact(**ana, client=cast.eli, key=one.pk, role="doctor", name="X")
    assert contact(cast, ana, key=one.pk) == one and CareContact.objects.count() == 1


# What runs beside IPT


def test_days_say_how_a_treatment_stands(cast: Cast, ana: dict[str, Any]) -> None:
    one = treatment(cast, ana, "cbt", starts_on=None)
    assert one.state == "planned"
    today = ana["at"].date()
    one = actions.change_treatment(**ana, treatment=one, revision=1, starts_on=today - DAY, given_by="Fay")
    assert one.state == "running"
    with pytest.raises(DomainError, match="how it ended"):
        actions.change_treatment(**ana, treatment=one, revision=2, starts_on=today - DAY, ends_on=today)
    one = actions.change_treatment(
        **ana, treatment=one, revision=2, starts_on=today - DAY, ends_on=today, end_reason="All modules."
    )
    assert one.state == "ended" and seen(cast, ana).past_treatments == [one]
    with pytest.raises(Conflict):
        actions.change_treatment(**ana, treatment=one, revision=2)


def test_first_meeting_begins_what_was_planned_and_unknown_is_no_zero(
    cast: Cast, ana: dict[str, Any]
) -> None:
    one = treatment(cast, ana, "mutual_help", starts_on=None, group="smart")
    entry = actions.add_entry(**ana, treatment=one, key=uuid.uuid4(), on=ana["at"].date(), liked="yes")
    one.refresh_from_db()
    assert one.state == "running" and entry.contacts is None
    (shown,) = treatments_of(cast.cleo)
    assert vars(shown)["n_entries"] == 1
    actions.take_back_line(**ana, line=entry)
    assert vars(treatments_of(cast.cleo)[0])["n_entries"] == 0


def test_mutual_help_asks_to_prepare_where_medication_is_taken(cast: Cast, ana: dict[str, Any]) -> None:
    one = treatment(cast, ana, "mutual_help", group="twelve_step")
    assert seen(cast, ana).unprepared == []
    add_medication(
        **ana, client=cast.cleo, key=uuid.uuid4(), kind="opioid", name="Methadone", starts_on=ana["at"].date()
    )
    assert seen(cast, ana).unprepared == [one]
    actions.change_treatment(
        **ana, treatment=one, revision=1, starts_on=one.starts_on, group="twelve_step", is_prepared=True
    )
    assert seen(cast, ana).unprepared == []


def test_couple_work_is_not_begun_while_the_violence_flag_is_on(cast: Cast, ana: dict[str, Any]) -> None:
    flag_violence(**ana, client=cast.cleo, is_on=True, reason="Told so.")
    with pytest.raises(DomainError, match="violence flag"):
        treatment(cast, ana, "couple_family")
    assert not Treatment.objects.exists()


def test_ledger_is_earned_by_tests_coming_and_activities_alone(cast: Cast, ana: dict[str, Any]) -> None:
    """Rewards never hang on what somebody tells in IPT: the list holds no such thing."""
    assert set(Incentive.EarnedFor.values) == {"test", "came", "activity"}
    cm, cbt = treatment(cast, ana, "cm"), treatment(cast, ana, "cbt")
    line: dict[str, Any] = {**ana, "on": ana["at"].date(), "what": "Voucher"}
    actions.add_incentive(**line, treatment=cm, key=uuid.uuid4(), earned_for="test", worth=Decimal("2.50"))
    actions.add_incentive(**line, treatment=cm, key=uuid.uuid4(), earned_for="came")
    ledger = ledger_of(cm)
    assert ledger.total == Decimal("2.50") and ledger.unknown == 1
    with pytest.raises(DomainError, match="earned for"):
        actions.add_incentive(**line, treatment=cm, key=uuid.uuid4(), earned_for="telling")
    with pytest.raises(DomainError, match="belongs to contingency"):
        actions.add_incentive(**line, treatment=cbt, key=uuid.uuid4(), earned_for="test")


def test_nothing_beside_ipt_is_a_fact_of_the_course(cast: Cast, ana: dict[str, Any]) -> None:
    """Fidelity reads facts: what runs beside leaves none, so it can neither raise nor lower it."""
    before = CourseFact.objects.count()
    cm = treatment(cast, ana, "cm")
    actions.add_entry(**ana, treatment=cm, key=uuid.uuid4(), on=ana["at"].date())
    assert CourseFact.objects.count() == before


# The level of care


def level(cast: Cast, ana: dict[str, Any], **more: Any) -> LevelOfCareNote:
    said = {"key": uuid.uuid4(), "edition": "asam-3", "wanted": "intensive", "given": "outpatient",
            "gap_reason": "No place before May.", "why": "Use on most days."} | more  # fmt: skip
    return actions.record_level(**ana, client=cast.cleo, **said)


def test_facts_carry_their_day_and_say_what_is_not_known(cast: Cast, ana: dict[str, Any]) -> None:
    today = ana["at"].date()
    said = {one.topic: one for one in facts_to_consider(cast.cleo, today=today) if one.topic == "use"}
    assert said["use"].sentence == "Use in the last four weeks is not known."
    monitor(**ana, client=cast.cleo, substance="alcohol", is_primary=True, starts_on=today)
    days = [DayEntry(today - n * DAY, "alcohol", n == 2) for n in (1, 2, 3)]
    record_use_days(**ana, client=cast.cleo, days=days, source="interview")
    record_administration(
        **ana,
        client=cast.cleo,
        measure="phq-9",
        answers={f"phq9_{n}": 1 for n in range(1, 10)},
        mode="session",
    )
    facts = facts_to_consider(cast.cleo, today=today)
    told = {one.sentence: one.on for one in facts}
    assert told["Used on 1 of 3 known days in the last four weeks."] == today
    assert told["PHQ-9 9, of 0 to 27."] == today
    assert told["The withdrawal screen was not done."] is None


def test_level_keeps_the_facts_as_they_stood_and_settles_the_plan_b(cast: Cast, ana: dict[str, Any]) -> None:
    actions.plan_from_plan_b(
        **ana, client=cast.cleo, source_id=uuid.uuid4(), choices=["level"], why="Use each day."
    )
    note = level(cast, ana)
    assert any(one["topic"] == "use" for one in note.facts)
    assert Treatment.objects.get(kind="level").state == "ended"
    assert seen(cast, ana).level == note


@pytest.mark.parametrize(
    "wrong", [{"gap_reason": " "}, {"wanted": "3.7"}, {"edition": "asam-9"}, {"why": ""}]
)
def test_gap_between_wanted_and_given_has_its_reason(
    cast: Cast, ana: dict[str, Any], wrong: dict[str, str]
) -> None:
    with pytest.raises(DomainError):
        level(cast, ana, **wrong)
    assert not LevelOfCareNote.objects.exists()


def test_facts_decide_nothing(cast: Cast, ana: dict[str, Any]) -> None:
    """The same facts stand beside any level: no rule stands between them and the person who decides."""
    for wanted in LevelOfCareNote.Level.values:
        note = level(cast, ana, wanted=wanted, given=wanted, gap_reason="")
        assert note.wanted == wanted


def test_summary_names_roles_and_kinds_and_nobody(cast: Cast, ana: dict[str, Any]) -> None:
    contact(cast, ana)
    treatment(cast, ana, "cbt")
    said = care_summary(cast.cleo, on=ana["at"].date()).sentences
    assert said == (
        "Also in care: family doctor.",
        "Beside IPT: Cognitive behavioural work or relapse prevention since 23 March 2026.",
    )
