"""People who wait, what came by the public form, what clinicians can take on, and who pays.

Told after everybody else and with a random stream of its own, so that nothing else of the clinic changes. The few extra
people stand beside the clients that were asked for; a clinic smaller than the first fourteen has none of this.
"""

import datetime as dt
import random
from typing import Any

from reknit.care.contact.actions import set_safe_contact
from reknit.care.intake.actions import (
    add_cover,
    agree_at_intake,
    change_intake_settings,
    give_baseline,
    log_contact,
    offer_slots,
    open_barrier,
    propose_course,
    receive_public_referral,
    record_phone_safety,
    save_wishes,
    send_baseline,
    send_on,
    set_public_aside,
    set_waiting_place,
    settle_transfer,
)
from reknit.care.intake.actions.offers import Slot
from reknit.care.intake.models import Referral
from reknit.care.people.actions import save_profile
from reknit.care.people.models import Client

from .diary import next_working_day, office_time, wall, working_day
from .referrals import CALM, MINUTE, key, refer
from .staff import Clinic

FEWEST_WITH_A_WAIT = 14
NOON = 13  # no sample session is at this hour
LANGUAGES = (["en"], ["en", "es"], ["en", "fr"], ["en"])
SKILLS = (["opioids", "trauma"], ["perinatal"], ["pain", "older"], ["young"])
PROTOCOLS = (["ipt-16", "ipt-12", "ipt-b"], ["ipt-16", "ipt-b"], ["ipt-16", "ipt-p"], ["ipt-16"])
CAPACITY = (14, 16, 9, 6)


def tell_waiting(clinic: Clinic, *, seed: int, first_index: int) -> None:
    """All of it, a few dozen rows and one profile for each therapist."""
    rng = random.Random(f"{seed} waiting")
    change_intake_settings(
        by=clinic.administrator, at=clinic.begins_at, revision=0, target_days=14, public_form=True
    )
    _profiles(clinic)
    offered = _waits(clinic, rng, first_index, seed, days=6)
    _offered(clinic, offered)
    chased = _waits(clinic, rng, first_index + 1, seed, days=9)
    _chased(clinic, rng, chased)
    _prepared(clinic, random.Random(f"{seed} preparing"), offered, chased)
    _over_target(clinic, _waits(clinic, rng, first_index + 2, seed, days=19))
    _from_the_form(clinic, rng)
    _covers(clinic, rng)


def _profiles(clinic: Clinic) -> None:
    """What each therapist can take on. Nobody wrote one for the supervisor or the facilitator."""
    for number, therapist in enumerate(clinic.therapists):
        kind = number % len(CAPACITY)
        save_profile(
            by=clinic.intake,
            at=clinic.begins_at,
            clinician=therapist,
            revision=0,
            capacity=CAPACITY[kind] if number < len(CAPACITY) else 30,
            languages=LANGUAGES[kind],
            skills=SKILLS[kind],
            protocols=PROTOCOLS[kind],
            days=[0, 1, 2, 3, 4],
            taking_new=number != 1,
        )


def _waits(clinic: Clinic, rng: random.Random, index: int, seed: int, *, days: int) -> Referral:
    """Somebody referred some days ago, whose safety was asked about and who may be texted."""
    received_at = office_time(working_day(clinic.today - dt.timedelta(days=days)), rng)
    referral = refer(clinic, rng, index, seed, received_at=received_at)
    at = received_at + 70 * MINUTE
    record_phone_safety(by=clinic.intake, at=at, referral=referral, answers=CALM)
    set_safe_contact(
        by=clinic.intake,
        at=at,
        client=referral.client,
        channel="text",
        value=f"+44 20 7946 0{rng.randint(300, 999)}",
        may_leave_message=True,
        safe_times="weekdays after 5 pm",
    )
    return referral


def _offered(clinic: Clinic, referral: Referral) -> None:
    """Two times were offered yesterday; the answer has not come."""
    first = next_working_day(next_working_day(clinic.today))
    save_wishes(
        by=clinic.intake, at=clinic.at, referral=referral, revision=0, protocol="ipt-16", days=[0, 2, 4]
    )
    set_waiting_place(
        by=clinic.intake, at=clinic.at, referral=referral, revision=0, priority="soon",
        priority_reason="A baby is due in eight weeks.", waits_for="answer",
    )  # fmt: skip
    slots = [
        Slot(clinic.therapists[0], wall(first, NOON)),
        Slot(clinic.therapists[2], wall(next_working_day(first), NOON)),
    ]
    offer_slots(by=clinic.intake, at=clinic.at, referral=referral, slots=slots)


def _chased(clinic: Clinic, rng: random.Random, referral: Referral) -> None:
    """Tried on days 1 and 3; getting here is hard, and somebody sees to it."""
    begun = referral.received_at.date()
    for day, answer in ((1, "sent"), (4, "spoke")):
        on = working_day(begun + dt.timedelta(days=day))
        log_contact(
            by=clinic.intake, at=wall(on, 16, 20), referral=referral, key=key(rng), on=on, how="text",
            answer=answer, barrier_asked=answer == "spoke",
        )  # fmt: skip
    open_barrier(
        by=clinic.intake, at=clinic.at, referral=referral, kind="transport", owner=clinic.intake,
        due_on=clinic.today + dt.timedelta(days=1), barrier_words="Two buses, and the fare.",
    )  # fmt: skip


def _prepared(clinic: Clinic, rng: random.Random, whole: Referral, begun: Referral) -> None:
    """One is prepared: consents, both questionnaires, a course proposed, a transfer answered. One has links on the phone."""
    at = whole.received_at + 100 * MINUTE
    ina: dict[str, Any] = {"by": clinic.intake, "at": at, "referral": whole}
    for kind in ("care", "recording"):
        agree_at_intake(**ina, key=key(rng), kind=kind, how="paper", given_at=at)
    for measure, answers in (
        ("phq-9", {f"phq9_{n}": 2 for n in range(1, 8)} | {"phq9_8": 1, "phq9_9": 0}),
        ("gad-7", {f"gad7_{n}": 1 for n in range(1, 7)}),  # one question was left blank
    ):
        give_baseline(**ina, measure=measure, answers=answers, mode="session", answered_at=at, key=key(rng))
    propose_course(**ina, key=key(rng), chosen="ipt-16", people_problem="yes", unsettled="no", opioids="none")
    transfer = send_on(
        **ina, key=key(rng), kind="service", place="Quayside health centre (made up), liver clinic",
        expected_at=at + 30 * MINUTE, due_at=at + 90 * MINUTE,
    )  # fmt: skip
    settle_transfer(by=clinic.intake, at=at + 80 * MINUTE, transfer=transfer, state="arrived")
    ina = {"by": clinic.intake, "at": clinic.at, "referral": begun}
    agree_at_intake(
        **ina, key=key(rng), kind="care", how="spoken", witness="Tamsin (made up)", given_at=clinic.at
    )
    send_baseline(**ina, measures=["phq-9", "gad-7"], hours=72)


def _over_target(clinic: Clinic, referral: Referral) -> None:
    """Past the target: an interpreter is looked for."""
    set_waiting_place(
        by=clinic.intake, at=clinic.at, referral=referral, revision=0, priority="routine",
        waits_for="interpreter", waits_words="Portuguese, a woman if there is one.",
    )  # fmt: skip


def _from_the_form(clinic: Clinic, rng: random.Random) -> None:
    """Two wait, one was set aside."""
    sent = [
        receive_public_referral(
            at=clinic.at - hours * 60 * MINUTE,
            key=key(rng),
            who=who,
            given_name=given,
            family_name=family,
            channel="phone",
            value=f"+44 20 7946 0{rng.randint(300, 999)}",
            tie=tie,
            referrer_name=by,
            safe_times="any day after 4",
        )
        for hours, who, given, family, tie, by in (
            (20, "self", "Perrin", "Askew (made up)", "", ""),
            (16, "other", "Lowen", "Marsh (made up)", "family", "Tamsin (made up)"),
            (44, "self", "Perrin", "Askew (made up)", "", ""),
        )
    ]
    set_public_aside(by=clinic.intake, at=clinic.at, sent=sent[2], aside="twice")


def _covers(clinic: Clinic, rng: random.Random) -> None:
    """Who pays for the first clients in care: enough, not enough, and nobody said how much."""
    people = Client.objects.filter(status=Client.Status.IN_CARE).order_by("made_at", "pk")[:3]
    for client, (kind, payer, sessions) in zip(
        people, (("private", "Quay Mutual (made up)", 12), ("public", "Shire fund (made up)", 20), ("free", "", None)),
        strict=False,
    ):  # fmt: skip
        add_cover(
            by=clinic.intake,
            at=clinic.at,
            client=client,
            key=key(rng),
            kind=kind,
            payer=payer,
            member_id=f"QM-{rng.randint(10000, 99999)}" if payer else "",
            sessions=sessions,
            starts_on=clinic.begins_at.date(),
        )
