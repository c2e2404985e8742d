"""Where courses stand with missed sessions, and the shorter way to the end that could be proposed."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from reknit.base.accounts.models import User
from reknit.base.clock import local_date
from reknit.care.people.models import SupervisoryLine, about_clients_seen_by, current
from reknit.care.people.queries import zone
from reknit.care.programme.models import Episode
from reknit.care.programme.queries import course_of
from reknit.care.safety.models import RiskItem
from reknit.core.programme.attendance import Meeting, MissedStanding, standing
from reknit.core.programme.due import done_before
from reknit.core.programme.replan import Replan, replan
from reknit.core.programme.template import library, phase_of

from .models import ContactAfterMiss, Encounter, ReEngagementPlan

MOST_COURSES = 300


@dataclass(frozen=True, slots=True)
class Standing:
    """One course with what its missed sessions ask for, and the latest session that was missed."""

    episode: Episode
    asks: MissedStanding
    missed: Encounter | None


@dataclass(frozen=True, slots=True)
class ProposedRow:
    """One session of the proposed map in words."""

    place: int
    phase: str
    stands_for: tuple[int, ...]
    tasks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A shorter way to the end. It moves nothing."""

    plan: Replan
    rows: tuple[ProposedRow, ...]
    left_out: tuple[str, ...]
    left: int
    ends_on: dt.date | None


def standings(episodes: Sequence[Episode], *, today: dt.date) -> dict[uuid.UUID, Standing]:
    """Where each of these courses stands. Four queries, however many."""
    here = zone()
    keys = [one.pk for one in episodes]
    held: dict[uuid.UUID, list[Encounter]] = defaultdict(list)
    for row in Encounter.objects.filter(episode__in=keys).order_by("starts_at"):
        held[row.episode_id].append(row)
    contacts: dict[uuid.UUID, list[ContactAfterMiss]] = defaultdict(list)
    for tried in ContactAfterMiss.objects.filter(encounter__episode__in=keys).select_related("encounter"):
        contacts[tried.encounter.episode_id].append(tried)
    plans: dict[uuid.UUID, list[dt.date]] = defaultdict(list)
    for plan in ReEngagementPlan.objects.filter(episode__in=keys):
        plans[plan.episode_id].append(local_date(plan.at, here))
    at_risk = _with_critical_item({one.client_id for one in episodes})
    return {
        one.pk: _standing(
            one,
            held[one.pk],
            contacts[one.pk],
            plans[one.pk],
            one.client_id in at_risk,
            today=today,
            zone=here,
        )
        for one in episodes
    }


def _with_critical_item(client_ids: Collection[uuid.UUID]) -> set[uuid.UUID | None]:
    items = RiskItem.objects.filter(client__in=client_ids, status=RiskItem.Status.OPEN, klass="critical")
    return set(items.values_list("client_id", flat=True))


def _standing(
    episode: Episode,
    held: Sequence[Encounter],
    contacts: Sequence[ContactAfterMiss],
    plans: Sequence[dt.date],
    is_at_risk: bool,
    *,
    today: dt.date,
    zone: str,
) -> Standing:
    meetings = [Meeting(local_date(row.starts_at, zone), row.outcome) for row in held]
    asks = standing(
        meetings,
        starts_on=episode.starts_on,
        today=today,
        contacts=[one.on for one in contacts],
        reached=[one.on for one in contacts if one.answer == ContactAfterMiss.Answer.REACHED],
        plans=plans,
        risk_is_raised=is_at_risk,
    )
    missed = [row for row in held if asks.missed_on and local_date(row.starts_at, zone) == asks.missed_on]
    return Standing(episode, asks, missed[-1] if missed else None)


def supervised(user: User, *, today: dt.date) -> list[Episode]:
    """Open courses of the clinicians this person supervises, oldest first. One query."""
    lines = SupervisoryLine.objects.filter(current(today), supervisor=user).values("supervisee")
    return list(
        Episode.objects.filter(
            about_clients_seen_by(user, on=today),
            status=Episode.Status.OPEN,
            client__care_team__clinician__in=lines,
        )
        .select_related("client")
        .distinct()
        .order_by("starts_on", "pk")[:MOST_COURSES]
    )


def for_supervisor(episodes: Sequence[Episode], *, today: dt.date) -> list[Standing]:
    """Those of these courses whose missed sessions ask for a look, the longest silence first. Five queries."""
    found = [one for one in standings(episodes, today=today).values() if one.asks.asks_for_review]
    return sorted(found, key=lambda one: -one.asks.silent_for)


def proposal(episode: Episode, *, today: dt.date) -> Proposal | None:
    """A shorter way to the end when sessions were lost or no longer fit before the ending date. Two queries."""
    course = course_of(episode)
    plan = course.template
    held = list(Encounter.objects.filter(episode=episode))
    used = [row.slot for row in held if row.slot]
    next_slot = max(used, default=0) + 1
    planned = max(episode.planned_sessions - next_slot + 1, 0)
    left = min(planned, _fitting(episode, plan.cadence_days, today=today))
    lost = {row.slot for row in held if row.slot and row.outcome not in Encounter.HELD}
    if not planned or (not lost and left == planned):
        return None
    done = done_before(course, next_slot)
    middle = [
        row
        for row in held
        if row.slot
        and row.outcome == Encounter.Outcome.ATTENDED
        and phase_of(plan, row.slot) not in (plan.phases[0], plan.phases[-1])
    ]
    found = replan(plan, next_slot=next_slot, left=left, lost=lost, done=done, middle_held=len(middle))
    titles = library()
    return Proposal(
        plan=found,
        rows=tuple(
            ProposedRow(
                place=next_slot + one.place - 1,
                phase=one.phase.title,
                stands_for=one.stands_for,
                tasks=tuple(titles[code].title for code in one.tasks),
            )
            for one in found.sessions
        ),
        left_out=tuple(titles[code].title for code in found.left_out),
        left=left,
        ends_on=episode.ends_on,
    )


def _fitting(episode: Episode, cadence_days: int, *, today: dt.date) -> int:
    """How many sessions at the usual pace fit from today to the ending date; without one, as many as are planned."""
    if episode.ends_on is None:
        return episode.planned_sessions
    if episode.ends_on < today:
        return 0
    return (episode.ends_on - today).days // cadence_days + 1
