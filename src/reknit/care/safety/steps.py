"""Where an open item goes next, and why: the facts of the clinic put to the rule of `reknit.core.safety.escalation`."""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from reknit.base.accounts.models import User
from reknit.care.people.absences.queries import absence_of, away_on
from reknit.care.people.models import CareTeamMember, SupervisoryLine, current
from reknit.care.people.queries import lead_of, site
from reknit.core.safety.escalation import Because, Rung, Standing, because, next_rung

from .access import may_own
from .models import RiskItem


@dataclass(frozen=True, slots=True)
class Step:
    """Why an item goes on, and to whom. Without an owner nobody is left to go to."""

    because: Because
    rung: Rung | None = None
    owner: User | None = None


def step_for(item: RiskItem, *, at: dt.datetime, on: dt.date) -> Step | None:
    """The step that is due now, or None while the item stays. A practice item stays with whose course it is."""
    if item.client and item.client.is_sandbox:
        return None
    away = away_on(on)
    duty = _duty()
    rung = Rung(item.rung)
    standing = Standing(
        rung=rung,
        until=item.held_until,
        is_away=item.owner_id in away,
        is_gone=_is_gone(item, duty=duty, on=on),
    )
    why = because(standing, at=at)
    if why is None:
        return None
    if why is Because.GONE and (same := _in_their_place(item, rung, duty=duty, away=away, on=on)):
        return Step(why, rung, same)
    found = dict(_above(item, rung, duty=duty, away=away, on=on))
    to = next_rung(rung, found)
    return Step(why) if to is None else Step(why, to, found[to])


def _duty() -> User | None:
    here = site()
    duty = here.duty_clinician if here else None
    return duty if duty and duty.is_active and duty.reads_charts else None


def _is_gone(item: RiskItem, *, duty: User | None, on: dt.date) -> bool:
    """Whether the owner left the clinic, the care team or the duty. Whoever is on duty keeps what came to them."""
    if duty and item.owner_id == duty.pk:
        return False
    if item.rung == Rung.DUTY and duty:
        return True
    return not may_own(item.owner, item, on=on)


def _in_their_place(
    item: RiskItem, rung: Rung, *, duty: User | None, away: set[uuid.UUID], on: dt.date
) -> User | None:
    """Who holds the same place now: the client's therapist of today, or the clinician now on duty."""
    if rung is Rung.DUTY:
        return duty
    if rung is not Rung.OWNER or item.client is None:
        return None
    lead = lead_of(item.client, on=on)
    return lead if lead and lead.pk not in away and may_own(lead, item, on=on) else None


def _above(
    item: RiskItem, rung: Rung, *, duty: User | None, away: set[uuid.UUID], on: dt.date
) -> Iterator[tuple[Rung, User]]:
    """The nearest person of each rung above who is at work and may own the item; the clinician on duty always may."""
    people = ((Rung.COVER, _covers(item, on=on)), (Rung.SUPERVISOR, _supervisors(item, on=on)))
    for one, there in people:
        if one <= rung:
            continue
        able = (p for p in there if p.pk != item.owner_id and p.pk not in away)
        if person := next((p for p in able if may_own(p, item, on=on)), None):
            yield one, person
    if duty and duty.pk != item.owner_id:
        yield Rung.DUTY, duty


def _covers(item: RiskItem, *, on: dt.date) -> Iterator[User]:
    """Who covers for the person it was given to, then whoever is on the client's team as cover."""
    absence = absence_of(item.entrusted_to, on=on)
    if absence:
        yield absence.cover
    members = CareTeamMember.objects.filter(
        current(on), client=item.client_id, part=CareTeamMember.Part.COVER
    )
    for member in members.select_related("clinician").order_by("starts_on", "id"):
        yield member.clinician


def _supervisors(item: RiskItem, *, on: dt.date) -> Iterator[User]:
    lines = SupervisoryLine.objects.filter(current(on), supervisee=item.entrusted_to_id)
    for line in lines.select_related("supervisor").order_by("starts_on", "id"):
        yield line.supervisor
