"""A client's way in: referral, phone safety, safe contact, and acceptance."""

import datetime as dt
import random
import uuid

from reknit.care.contact.actions import set_safe_contact
from reknit.care.contact.models import SafeContact
from reknit.care.intake.actions import (
    accept_referral,
    close_referral,
    record_phone_safety,
    record_referral,
)
from reknit.care.intake.models import Referral
from reknit.care.people.actions import join_care_team
from reknit.care.people.models import CareTeamMember
from reknit.care.programme.models import Episode
from reknit.care.safety.actions import close_risk_item
from reknit.care.safety.models import RiskItem
from reknit.core.safety.triggers import PHONE_SAFETY, RiskClass

from . import words
from .diary import next_working_day, office_time, working_day
from .plan import Part, Stage, Trait
from .staff import Clinic

MINUTE = dt.timedelta(minutes=1)
SOURCES = (
    (Referral.Source.HEALTH, "Quayside health centre (made up)"),
    (Referral.Source.SELF, ""),
    (Referral.Source.ADDICTION, "Lantern day service (made up)"),
    (Referral.Source.FAMILY, ""),
    (Referral.Source.SOCIAL, "Mill Street advice (made up)"),
    (Referral.Source.COURT, "Probation, north office (made up)"),
)
LOST = (Referral.Lost.ELSEWHERE, Referral.Lost.NOT_NOW, Referral.Lost.NOT_REACHED)
CALM = {question.key: "no" for question in PHONE_SAFETY}


def key(rng: random.Random) -> uuid.UUID:
    """A key that the seed decides."""
    return uuid.UUID(int=rng.getrandbits(128), version=4)


def refer(clinic: Clinic, rng: random.Random, index: int, seed: int, *, received_at: dt.datetime) -> Referral:
    """Somebody asked for care for a person; intake wrote it down within the hour."""
    given, family = words.name(index, seed)
    source, source_name = rng.choice(SOURCES)
    return record_referral(
        by=clinic.intake,
        at=min(received_at + rng.randint(5, 45) * MINUTE, clinic.at),
        key=key(rng),
        programme=clinic.programme,
        given_name=given,
        family_name=family,
        birth_date=clinic.today - dt.timedelta(days=rng.randint(20 * 365, 67 * 365)),
        source=source,
        source_name=source_name,
        received_at=received_at,
    )


def stay_outside(
    clinic: Clinic, rng: random.Random, index: int, seed: int, stage: Stage, part_number: int
) -> None:
    """A referral without a course: new, urgent, waiting, or not taken up."""
    days_ago = {
        Stage.REFERRED_TODAY: 0,
        Stage.REFERRED_URGENT: 0,
        Stage.REFERRED_WAITING: rng.randint(2, 4),
    }
    back = days_ago.get(stage, rng.randint(10, 60))
    if back == 0:
        received_at = clinic.at - rng.randint(95, 130) * MINUTE
    else:
        received_at = office_time(working_day(clinic.today - dt.timedelta(days=back)), rng)
    referral = refer(clinic, rng, index, seed, received_at=received_at)
    if stage is Stage.REFERRED_TODAY:
        return
    urgent = {"suicide": "yes"} if stage is Stage.REFERRED_URGENT else {}
    asked_at = received_at + rng.randint(50, 80) * MINUTE
    answer_phone(clinic, rng, referral, at=asked_at, said=urgent, number=part_number)
    if stage is Stage.NOT_TAKEN_UP:
        decided_at = office_time(
            next_working_day(next_working_day(received_at.date())), rng, earliest=14, latest=16
        )
        reason = rng.choice(words.NOT_TAKEN_UP)
        kind = LOST[words.NOT_TAKEN_UP.index(reason)]
        close_referral(by=clinic.intake, at=decided_at, referral=referral, reason=reason, kind=kind)


def answer_phone(
    clinic: Clinic,
    rng: random.Random,
    referral: Referral,
    *,
    at: dt.datetime,
    said: dict[str, str],
    number: int,
) -> list[RiskItem]:
    """Ask the safety questions and how the person may be reached."""
    opened = record_phone_safety(by=clinic.intake, at=at, referral=referral, answers={**CALM, **said})
    channel = rng.choice((SafeContact.Channel.TEXT, SafeContact.Channel.PHONE, SafeContact.Channel.EMAIL))
    by_mail = channel == SafeContact.Channel.EMAIL
    set_safe_contact(
        by=clinic.intake,
        at=at + MINUTE,
        client=referral.client,
        channel=channel,
        value=f"person{number}@mail.example" if by_mail else f"+44 20 7946 0{200 + number % 800}",
        may_leave_message=rng.random() < 0.6,
        may_name_clinic=rng.random() < 0.2,
        safe_times=rng.choice(("", "weekdays after 5 pm", "mornings", "not at weekends", "any time")),
    )
    return opened


def take_on(
    clinic: Clinic,
    rng: random.Random,
    index: int,
    seed: int,
    part: Part,
    *,
    first_on: dt.date,
    ends_on: dt.date,
) -> Episode:
    """A referral that became a course: consent, therapist, and an answer to whatever the phone call opened."""
    received_on = working_day(first_on - dt.timedelta(days=rng.randint(6, 9)))
    if part.stage is Stage.ACCEPTED:
        received_on = working_day(min(received_on, clinic.today - dt.timedelta(days=4)))
    received_at = office_time(received_on, rng)
    referral = refer(clinic, rng, index, seed, received_at=received_at)
    said = {"overdose": "yes"} if rng.random() < 0.08 else {}
    asked_at = received_at + rng.randint(50, 90) * MINUTE
    opened = answer_phone(clinic, rng, referral, at=asked_at, said=said, number=index)
    for item in opened:
        if item.klass == RiskClass.CRITICAL:
            close_risk_item(
                by=clinic.supervisors[0],
                at=asked_at + rng.randint(20, 60) * MINUTE,
                item=item,
                closing=RiskItem.Closing.SPOKEN_SAFE,
                note=rng.choice(words.PHONE_NOTE),
            )
    accepted_on = working_day(min(first_on, clinic.today) - dt.timedelta(days=rng.randint(1, 3)))
    accepted_at = office_time(accepted_on, rng, earliest=14, latest=16)
    episode = accept_referral(
        by=clinic.intake,
        at=accepted_at,
        referral=referral,
        how="paper",
        given_at=accepted_at - 30 * MINUTE,
        clinician=clinic.therapists[part.therapist],
        starts_on=first_on,
        ends_on=ends_on,
    )
    if part.has(Trait.FACILITATOR):
        join_care_team(
            by=clinic.intake,
            at=accepted_at,
            client=referral.client,
            clinician=clinic.facilitator,
            starts_on=accepted_on,
            part=CareTeamMember.Part.FACILITATOR,
        )
    return episode
