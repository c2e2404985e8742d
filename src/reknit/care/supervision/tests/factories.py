"""Hours and ratings of the cast, made through the room's own actions."""

import datetime as dt
import uuid

from tests.cast import BEGIN, Cast, staff

from reknit.base.accounts.models import Role, User
from reknit.care.encounters.actions import start_encounter
from reknit.care.supervision import actions
from reknit.care.supervision.models import SampledSession, SupervisionHour
from reknit.core.supervision.fidelity import form

WEEK = dt.timedelta(days=7)


def sessions(cast: Cast, n: int, *, at: dt.datetime = BEGIN) -> None:
    """Ana and Cleo meet once a week."""
    for week in range(n):
        when = at + week * WEEK
        start_encounter(by=cast.ana, at=when, episode=cast.cleo_episode, outcome="attended", starts_at=when)


def an_hour(cast: Cast, at: dt.datetime, *people: User) -> SupervisionHour:
    """An hour of Ben's, with Ana where nobody else is named."""
    return actions.begin_hour(
        by=cast.ben, at=at, key=uuid.uuid4(), supervisees=people or (cast.ana,), on=at.date()
    )


def a_signed_hour(cast: Cast, at: dt.datetime) -> SupervisionHour:
    """An hour in which Cleo's course was talked about and something was decided."""
    hour = an_hour(cast, at)
    case = actions.save_case(
        by=cast.ben, at=at, hour=hour, episode=cast.cleo_episode, revision=0, discussed="Heron talk.",
        advice="Heron advice.",
    )  # fmt: skip
    actions.add_decision(
        by=cast.ben, at=at, hour=hour, key=uuid.uuid4(), supervisee=cast.ana, words="Heron task.",
        owner=cast.ana, due_on=at.date() + WEEK, case=case,
    )  # fmt: skip
    actions.save_hour(
        by=cast.ben, at=at, hour=hour, revision=0, on=hour.on, minutes=60, own_notes="Heron note."
    )
    return actions.sign_hour(by=cast.ben, at=at, hour=hour)


def drawn(cast: Cast, at: dt.datetime, *, seed: int = 1) -> list[SampledSession]:
    """Ana's sessions, drawn by Ben."""
    made = actions.draw_sessions(by=cast.ben, at=at, supervisee=cast.ana, seed=seed)
    return list(made.sessions.order_by("encounter__starts_at"))


def rate(sampled: SampledSession, by: User, at: dt.datetime, score: int = 4, said: str = "") -> None:
    """Every item the same, handed in."""
    kept = actions.save_rating(
        by=by,
        at=at,
        sampled=sampled,
        revision=0,
        scores={one.key: score for one in form().items},
        comments=[(754, said)] if said else [],
    )
    actions.hand_in_rating(by=by, at=at, sampled=sampled, revision=kept.revision)


def another_supervisor() -> User:
    """Sue supervises nobody of the cast."""
    return staff("Sue", Role.SUPERVISOR)
