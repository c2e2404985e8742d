"""Supervision of the made-up clinic: three hours, sessions drawn and rated by two and three people, a request, a goal.

It is told last, from a random stream of its own, so that nothing else of the clinic hangs on it.
"""

import datetime as dt
import random
from decimal import Decimal
from typing import Any

from reknit.base.accounts.models import Role, User
from reknit.base.clock import local_date
from reknit.care.formulation.queries import active_foci
from reknit.care.programme.models import Episode
from reknit.care.supervision import actions
from reknit.care.supervision.models import SampledSession, SupervisionHour
from reknit.care.supervision.queries.mine import own_courses
from reknit.care.supervision.queries.sampling import pool_of
from reknit.core.supervision.fidelity import form

from . import words
from .diary import ZONE
from .plan import TRAINEE
from .referrals import key
from .staff import Clinic, add_colleague

DAY = dt.timedelta(days=1)
SECOND = "Ines Marchetti"  # a supervisor who supervises nobody yet and rates as well


def tell_supervision(clinic: Clinic, seed: int) -> None:
    """Rukmini with Maren and Kezia: an hour each, one together, and what was drawn to be rated."""
    rng = random.Random(f"{seed} supervision")  # noqa: S311
    said = words.table("supervision")
    supervisor = clinic.supervisors[0]
    therapist, trainee = clinic.therapists[0], clinic.therapists[TRAINEE]
    _hour(clinic, rng, said, supervisor, [therapist], days=20, done=True)
    _hour(clinic, rng, said, supervisor, [trainee], days=13, done=True)
    _hour(clinic, rng, said, supervisor, [therapist, trainee], days=6, done=False)
    rater = add_colleague(
        clinic.administrator, "rater", SECOND, Role.SUPERVISOR, at=clinic.begins_at, signs_in=False
    )
    for person in (therapist, trainee):
        _ratings(clinic, rng, said, supervisor, person, rater)
    _work_towards(clinic, rng, said, trainee)
    begun = [(one, active_foci(one)) for one in _begun(therapist, clinic, clinic.today)]
    for episode, foci in [each for each in begun if each[1]][:1]:
        focus = foci[0].row
        to = next(area for area in ("transition", "dispute") if area != focus.area)
        actions.ask_approval(
            by=therapist, at=clinic.at - DAY, episode=episode, kind="switch", why=said["request"]["why"],
            focus=focus, to_area=to,
        )  # fmt: skip


def _hour(
    clinic: Clinic,
    rng: random.Random,
    said: dict[str, Any],
    supervisor: User,
    people: list[User],
    *,
    days: int,
    done: bool,
) -> SupervisionHour:
    at = clinic.at - days * DAY
    hour = actions.begin_hour(
        by=supervisor, at=at, key=key(rng), supervisees=people, on=local_date(at, ZONE), minutes=60
    )
    for person in people:
        for episode in _begun(person, clinic, local_date(at, ZONE))[:2]:
            one = said["cases"][rng.randrange(len(said["cases"]))]
            case = actions.save_case(
                by=supervisor, at=at, hour=hour, episode=episode, revision=0,
                discussed=one["discussed"], advice=one["advice"],
            )  # fmt: skip
            actions.add_decision(
                by=supervisor, at=at, hour=hour, key=key(rng), supervisee=person, words=one["decision"],
                owner=person, due_on=local_date(at, ZONE) + 7 * DAY, case=case,
            )  # fmt: skip
    actions.save_hour(
        by=supervisor, at=at, hour=hour, revision=0, on=hour.on, minutes=60, own_notes=said["hour"]["own"]
    )
    hour = actions.sign_hour(by=supervisor, at=at, hour=hour)
    if done:
        for decision in hour.decisions.order_by("pk"):
            actions.finish_decision(
                by=decision.owner, at=at + 5 * DAY, decision=decision, words=said["hour"]["done"]
            )
    return hour


def _begun(person: User, clinic: Clinic, on: dt.date) -> list[Episode]:
    """Courses that had begun by that day."""
    return [one for one in own_courses(person, on=clinic.today) if one.starts_on < on - 7 * DAY]


def _ratings(
    clinic: Clinic,
    rng: random.Random,
    said: dict[str, Any],
    supervisor: User,
    person: User,
    rater: User,
) -> None:
    """Three draws, a fortnight apart: all but the latest are rated. One in five by a second person too."""
    for n, days in enumerate((34, 20, 6)):
        at = clinic.at - days * DAY
        if not pool_of(person, at=at):
            continue
        made = actions.draw_sessions(by=supervisor, at=at, supervisee=person, seed=rng.randrange(2**31))
        for sampled in made.sessions.order_by("stage", "pk"):
            actions.keep_where(by=person, at=at + DAY, sampled=sampled, where=said["hour"]["where"])
            if n == 2:
                continue
            base = 3 + rng.random()
            raters = [person, supervisor]
            if sampled.rated_twice:
                sampled = actions.name_second_rater(by=supervisor, at=at + DAY, sampled=sampled, rater=rater)
                raters.append(rater)
            for who in raters:
                _rate(sampled, who, at + 3 * DAY, base, rng, said)


def _rate(
    sampled: SampledSession,
    who: User,
    at: dt.datetime,
    base: float,
    rng: random.Random,
    said: dict[str, Any],
) -> None:
    """Around the same level, each a little apart; two items did not come up."""
    left_out = set(rng.sample([one.key for one in form().items], 2))
    scores = {
        one.key: max(1, min(5, round(base + rng.gauss(0, 0.7))))
        for one in form().items
        if one.key not in left_out
    }
    comments = [(rng.randrange(120, 2900), rng.choice(said["comments"]["said"]))]
    kept = actions.save_rating(by=who, at=at, sampled=sampled, revision=0, scores=scores, comments=comments)
    actions.hand_in_rating(by=who, at=at, sampled=sampled, revision=kept.revision)


def _work_towards(clinic: Clinic, rng: random.Random, said: dict[str, Any], trainee: User) -> None:
    at = clinic.at - 30 * DAY
    actions.set_goal(by=trainee, at=at, credential_key="ipt-institute-b")
    actions.set_goal(by=trainee, at=at, credential_key="isipt-therapist")
    actions.add_proof(
        by=trainee, at=at, key=key(rng), person=trainee, kind="course_hours", amount=Decimal(16),
        on=local_date(at, ZONE), kept_where=said["hour"]["proof"],
    )  # fmt: skip
