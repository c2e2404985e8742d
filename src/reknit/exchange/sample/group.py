"""A made-up group of eight at session 9 of 20: eight sessions behind it, the next one this evening."""

import datetime as dt
import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reknit.base.accounts.actions import add_person
from reknit.base.accounts.models import Role, User
from reknit.base.clock import local_date
from reknit.care.encounters.actions import record_contact, save_note, sign_note, tick
from reknit.care.encounters.models import Encounter
from reknit.care.encounters.places.actions import save_room
from reknit.care.groups.actions import (
    approve_summary,
    ask_for_place,
    form_group,
    hold_meeting,
    plan_for_climate,
    save_goals,
    save_session,
    save_summary,
    sign_session,
    start_member,
)
from reknit.care.groups.actions.sessions import Row, TurnTaken
from reknit.care.groups.models import GroupRun, GroupSession, Member
from reknit.care.intake.actions import accept_referral
from reknit.care.measures.actions import record_administrations
from reknit.care.measures.models import Administration
from reknit.care.measures.sheets import Sheet
from reknit.care.people.actions import give_sign_in
from reknit.core.groups.guide import GUIDE
from reknit.core.programme.template import template

from . import words
from .answers import TRENDS, Person
from .diary import ZONE, office_time, working_day
from .group_story import tell_agreed
from .referrals import MINUTE, answer_phone, key, refer
from .staff import CLIENT_ADDRESSES, PASSWORD, Clinic, address

FEWEST_CLIENTS = 14
"""A clinic smaller than this has no group."""
PROTOCOL, BEHIND, SIZE = "ipt-g-20", 8, 8
BEFORE = dt.timedelta(days=17)  # how long before the first session the group was formed
WEEK, DAY = dt.timedelta(weeks=1), dt.timedelta(days=1)
CHECK_IN = tuple(f"group_{n}" for n in range(1, 6))
AWAY = {3: (5,), 5: (1,), 7: (6,), 8: (6, 2)}  # session -> places of those who were away
LATE = {2: (3, 10), 4: (0, 5), 6: (7, 15)}  # session -> place, minutes
NO_REASON = 6
"""This member missed twice in a row: a meeting alone is owed, and one contact is still to be made."""
STARTED_EARLY = 7
"""This member started before the meeting alone was complete, with a reason."""


@dataclass
class Told:
    """The group while it is told."""

    clinic: Clinic
    rng: random.Random
    seed: int
    run: GroupRun
    members: list[Member]
    people: list[Person]
    words: dict[str, Any]
    lead: User
    co: User


def tell_group(clinic: Clinic, *, seed: int, first_index: int) -> GroupRun:
    """Form the group, take eight people in and hold eight sessions. It has a die of its own: no other story changes."""
    rng = random.Random(f"{seed} group")
    first_on = clinic.today - BEHIND * WEEK
    formed_at = office_time(working_day(first_on - BEFORE), rng)
    said = words.table("group")
    run = form_group(
        by=clinic.facilitator,
        at=formed_at,
        title=said["title"],
        protocol=PROTOCOL,
        starts_on=first_on,
        starts_time=dt.time(19, 0),
        lead=clinic.facilitator,
        co_facilitator=clinic.therapists[0],
        room=save_room(
            by=clinic.administrator, at=formed_at, name=said["place"], capacity=12, has_video=False
        ),
        key=key(rng),
    )
    told = Told(clinic, rng, seed, run, [], [], said, clinic.facilitator, clinic.therapists[0])
    for n in range(SIZE):
        _take_in(told, n, first_index + n, formed_at)
    for number in range(1, BEHIND + 1):
        _hold(told, number)
    _around(told)
    return run


def _take_in(told: Told, n: int, index: int, formed_at: dt.datetime) -> None:
    """From the referral to the first evening: accepted, asked for, met alone, taken in."""
    clinic, rng = told.clinic, told.rng
    referral = refer(clinic, rng, index, told.seed, received_at=formed_at - 5 * DAY)
    answer_phone(clinic, rng, referral, at=formed_at - 5 * DAY + 80 * MINUTE, said={}, number=index)
    accepted_at = formed_at + 30 * MINUTE
    therapist = clinic.therapists[0]
    accept_referral(
        by=clinic.intake,
        at=accepted_at,
        referral=referral,
        how="paper",
        given_at=accepted_at - 20 * MINUTE,
        clinician=therapist,
        starts_on=told.run.starts_on,
    )
    asked_at = accepted_at + 60 * MINUTE
    member = ask_for_place(by=therapist, at=asked_at, run=told.run, client=referral.client, key=key(rng))
    met_at = office_time(working_day(told.run.starts_on - (2 + n) * DAY), rng, earliest=9 + n, latest=9 + n)
    goals = told.words["members"][n]
    _meet_before(told, member, n, met_at)
    tell_agreed(member, area=goals["focus"], by=told.lead, at=met_at + 21 * MINUTE)
    person = Person(rng, TRENDS[n % len(TRENDS)])
    _sheets(told, [member], [person], 0, met_at + 20 * MINUTE)
    told.members.append(member)
    told.people.append(person)
    save_goals(
        by=told.lead, at=met_at + 50 * MINUTE, member=member, revision=0, focus=goals["focus"],
        shared_goals=goals["shared"], private_goals=goals["private"],
    )  # fmt: skip
    start_member(
        by=told.lead,
        at=met_at + 55 * MINUTE,
        member=member,
        starts_on=told.run.starts_on,
        reason="The inventory was drawn in another clinic." if n == STARTED_EARLY else "",
    )
    if n == 0:
        _give_sign_in(told, member, met_at + 58 * MINUTE)


def _meet_before(told: Told, member: Member, n: int, at: dt.datetime) -> None:
    """The meeting alone before the group, with what gate G14 asks for, and its note."""
    meeting = hold_meeting(by=told.lead, at=at + 5 * MINUTE, meeting=member.meetings.get(), starts_at=at)
    encounter = meeting.encounter
    assert encounter
    asked = template(PROTOCOL).gate("G14").requires
    for code in asked[1:] if n == STARTED_EARLY else asked:
        tick(by=told.lead, at=at + 40 * MINUTE, encounter=encounter, code=code, done=True)
    note = save_note(
        by=told.lead, at=at + 45 * MINUTE, note=encounter.note, revision=0,
        words={"focus": "The group, its rules and what stays in the room were explained. Goals were sorted into shared and private."},
    )  # fmt: skip
    sign_note(by=told.lead, at=at + 46 * MINUTE, note=note, revision=1)


def _give_sign_in(told: Told, member: Member, at: dt.datetime) -> None:
    user = add_person(
        by=told.clinic.administrator,
        at=at,
        email=address(CLIENT_ADDRESSES[2][0]),
        name=member.client.name,
        roles=[Role.CLIENT],
        password=PASSWORD,
    )
    give_sign_in(by=told.clinic.administrator, at=at, client=member.client, user=user)


def _sheets(
    told: Told, members: Sequence[Member], people: Sequence[Person], slot: int, at: dt.datetime
) -> None:
    """The mood sheet and, in a session, the group check-in of each member who came."""
    found = []
    for member, person in zip(members, people, strict=True):
        given: dict[str, dict[str, int | None]] = {"phq-9": person.mood(slot)}
        if slot:
            level = 6.5 + 0.2 * slot - (2.5 if member is told.members[4] and slot in (2, 5) else 0)
            given["group-checkin"] = {
                item: max(0, min(10, round(told.rng.gauss(level, 0.8)))) for item in CHECK_IN
            }
        found += [
            Sheet(
                client=member.client, measure=measure, answers=answers, mode=Administration.Mode.PAPER,
                answered_at=at, at=at, by=told.co, episode=member.episode, slot=slot, key=key(told.rng),
            )
            for measure, answers in given.items()
        ]  # fmt: skip
    record_administrations(by=told.co, at=at, sheets=found)


def _hold(told: Told, number: int) -> None:
    """One evening: forms, the record, the signature, the summary."""
    session = GroupSession.objects.get(run=told.run, number=number)
    session.run = told.run
    away, at = AWAY.get(number, ()), session.starts_at
    here = [n for n in range(SIZE) if n not in away]
    _sheets(told, [told.members[n] for n in here], [told.people[n] for n in here], number, at + 5 * MINUTE)
    written_at = at + 100 * MINUTE
    session = save_session(
        by=told.co,
        at=written_at,
        session=session,
        revision=0,
        note=told.words["notes"][number - 1],
        rows=[_row(told, number, n, is_away=n in away) for n in range(SIZE)],
        turns=_turns(told, number, here),
        done=[part.code for part in GUIDE],
    )
    sign_session(by=told.lead, at=written_at + 8 * MINUTE, session=session, revision=1)
    if number < BEHIND:
        _summarise(told, session, number, written_at + 15 * MINUTE)


def _row(told: Told, number: int, n: int, *, is_away: bool) -> Row:
    member, rng = told.members[n].pk, told.rng
    if is_away:
        reason = told.words["away"][2 if n == NO_REASON else rng.randrange(2)]
        return Row(member, outcome="no_show" if n == NO_REASON else "cancelled", absent_because=reason)
    late = LATE.get(number, (None, 0))
    line = rng.choice(told.words["lines"]) if rng.random() < 0.4 else ""
    return Row(
        member,
        minutes_late=late[1] if late[0] == n else 0,
        safety="no_concern",
        private_line=line,
        to_try=told.words["tries"][(n + number) % len(told.words["tries"])] if rng.random() < 0.7 else "",
    )


def _turns(told: Told, number: int, here: Sequence[int]) -> list[TurnTaken]:
    """Two or three turns; two members take more of them than the others, and one hardly any."""
    weights = [3 if n in (0, 3) else 0.3 if n == 4 else 1 for n in here]
    workers = list(dict.fromkeys(told.rng.choices(here, weights, k=3)))
    return [
        TurnTaken(
            told.members[n].pk,
            told.words["members"][n]["focus"],
            tuple(
                told.members[other].pk
                for other in told.rng.sample([one for one in here if one != n], k=told.rng.randint(1, 3))
            ),
        )
        for n in workers
    ]


def _summarise(told: Told, session: GroupSession, number: int, at: dt.datetime) -> None:
    """Written by one, approved by both; the one of the latest week but one waits for its second approval."""
    text = told.words["summaries"][number - 1]
    summary = save_summary(by=told.co, at=at, session=session, revision=0, text=text)
    approve_summary(by=told.co, at=at + 5 * MINUTE, summary=summary, revision=1)
    if number < BEHIND - 1:
        approve_summary(by=told.lead, at=at + DAY, summary=summary, revision=1)


def _around(told: Told) -> None:
    """A contact after the first miss, and a plan for the climate."""
    missed = Encounter.objects.filter(client=told.members[NO_REASON].client, outcome="no_show")
    first = missed.order_by("starts_at").first()
    assert first
    on = local_date(first.starts_at, ZONE) + DAY
    record_contact(
        by=told.co, at=first.starts_at + DAY, encounter=first, on=on, how="phone", answer="left",
        key=uuid.uuid5(first.pk, "contact"),
    )  # fmt: skip
    session = told.run.sessions.get(number=5)
    session.run = told.run
    plan_for_climate(
        by=told.lead, at=session.starts_at + DAY, session=session,
        plan="Ask the quiet ones first next week; look at it again at session 10.",
    )  # fmt: skip
